//! Whether two parts of a data set have nothing in common.

use super::LabelledImages;
use crate::{Error, Result};
use std::collections::HashMap;

impl LabelledImages {
    /// An error if an image of this part is in `other`, too, to the pixel and under whatever name: as where the test is
    /// taken for validation, and so chooses the epoch that it then judges.
    ///
    /// # Errors
    /// [`Error::Data`] that counts them and names one.
    ///
    /// ```
    /// use manga_expressions::data::{Dataset, Preparation};
    /// use manga_expressions::faces::FaceSet;
    ///
    /// let dataset = Dataset::from_faces(&FaceSet::new(70, 1))?;
    /// let images = Preparation { size: 16, ..Preparation::default() }.apply(&dataset)?;
    /// let (validation, test) = (images.select(&[0, 1, 2]), images.select(&[2, 3]));
    /// assert!(validation.check_apart(&test).unwrap_err().to_string().contains("1 of 3 images"));
    /// assert!(validation.check_apart(&images.select(&[3, 4])).is_ok());
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn check_apart(&self, other: &LabelledImages) -> Result<()> {
        let bits =
            |part: &LabelledImages, i: usize| part.images.image(i).iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        let theirs: HashMap<Vec<u32>, usize> = (0..other.len()).map(|i| (bits(other, i), i)).collect();
        let found = (0..self.len()).filter_map(|i| theirs.get(&bits(self, i)).map(|&j| (i, j)));
        let shared: Vec<(usize, usize)> = found.collect();
        let Some(&(mine, their)) = shared.first() else { return Ok(()) };
        Err(Error::Data(format!(
            "{} of {} images of the one part are in the other, too ({} is {}, for one): what is chosen or learnt on the one \
             is not new in the other. Draw both from different photos (Dataset::split)",
            shared.len(),
            self.len(),
            self.names[mine],
            other.names[their]
        )))
    }
}
