//! Changed copies of photos, kept beside them.

use super::Augmentation;
use crate::data::{Images, LabelledImages};
use crate::{Error, Result};

/// Images and changed copies of them: what a data set becomes that is made larger before it is divided.
///
/// Whoever divides this at random has copies of one photo on both sides, and then measures how well a copy is recognised,
/// not a face. [`Folds::of_copies`](crate::data::Folds::of_copies) keeps them together, and
/// [`Folds::check_apart`](crate::data::Folds::check_apart) tells whether somebody forgot to.
#[derive(Clone, Debug, PartialEq)]
pub struct Copies {
    /// First the images as they are, then all of them changed once, then once more, and so on.
    pub images: LabelledImages,
    /// For each of them, of which photo it is: an index into what was copied, which is that of the photo itself, too.
    pub of: Vec<usize>,
}

impl Augmentation {
    /// `images` and `times` changed copies of each, all drawn from `seed`: what so many epochs of training would see.
    ///
    /// # Errors
    /// As [`Augmentation::apply`]; no copy.
    ///
    /// ```
    /// use manga_expressions::data::{Augmentation, Dataset, Preparation};
    /// use manga_expressions::faces::FaceSet;
    ///
    /// let dataset = Dataset::from_faces(&FaceSet::new(70, 1))?;
    /// let images = Preparation { size: 16, ..Preparation::default() }.apply(&dataset)?;
    /// let copies = Augmentation::strong().copies(&images, 3, 1)?;
    /// assert_eq!((copies.images.len(), copies.of[5], copies.of[70 + 5]), (280, 5, 5));
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn copies(&self, images: &LabelledImages, times: usize, seed: u64) -> Result<Copies> {
        if times == 0 {
            return Err(Error::Invalid("0 copies of each photo: take at least 1".into()));
        }
        let ids: Vec<usize> = (0..images.len()).collect();
        let mut values = images.images.values().to_vec();
        for epoch in 1..=times {
            values.extend_from_slice(self.apply(&images.images, &ids, seed, epoch)?.values());
        }
        let (n, h, w, c) = images.images.shape();
        let of: Vec<usize> = (0..=times).flat_map(|_| ids.iter().copied()).collect();
        let labelled = LabelledImages {
            images: Images::new((n * (times + 1), h, w, c), values)?,
            labels: of.iter().map(|&i| images.labels[i]).collect(),
            classes: images.classes.clone(),
            names: of.iter().map(|&i| images.names[i].clone()).collect(),
        };
        Ok(Copies { images: labelled, of })
    }
}
