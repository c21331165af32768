//! What is known of a photo without looking at the face: for finding out whether it gives the class away.

use super::{Dataset, Features, Photo};
use crate::Result;

impl Features {
    /// The width of each photo's file in pixels, and nothing else. Where this tells the classes apart, a network may have
    /// learnt the size of the files (and the blur of small ones that were enlarged) instead of the expression.
    ///
    /// # Errors
    /// As [`Features::new`].
    ///
    /// ```
    /// use manga_expressions::data::{Dataset, Features};
    /// use manga_expressions::faces::FaceSet;
    ///
    /// let dataset = Dataset::from_faces(&FaceSet::new(70, 1))?;
    /// let widths = Features::widths(&dataset)?;
    /// assert_eq!((widths.rows(), widths.columns()), (70, 1));
    /// assert_eq!(widths.row(3)[0], dataset.photos()[3].width() as f32);
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn widths(dataset: &Dataset) -> Result<Features> {
        of_photos("width of the file alone", dataset, &|photo| photo.width() as f32)
    }

    /// The mean grey value of each photo, from 0 (black) to 255 (white), and nothing else.
    ///
    /// # Errors
    /// As [`Features::new`].
    pub fn brightness(dataset: &Dataset) -> Result<Features> {
        of_photos("mean brightness alone", dataset, &|photo| {
            let sum: u64 = photo.grey().iter().map(|&grey| u64::from(grey)).sum();
            (sum as f64 / photo.grey().len() as f64) as f32
        })
    }
}

fn of_photos(name: &str, dataset: &Dataset, value: &dyn Fn(&Photo) -> f32) -> Result<Features> {
    Features::new(name, dataset.len(), dataset.photos().iter().map(value).collect())
}
