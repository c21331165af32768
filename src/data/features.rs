//! Rows of numbers that describe images, for methods other than networks.

use super::Images;
use crate::{Error, Result};

/// A row of numbers for each of many images.
///
/// ```
/// use manga_expressions::data::{Features, Images};
///
/// let images = Images::new((2, 1, 3, 1), vec![0.0, 0.5, 1.0, 1.0, 0.5, 0.0])?;
/// let pixels = Features::pixels(&images)?;
/// assert_eq!((pixels.name(), pixels.rows(), pixels.columns()), ("pixels 1 x 3", 2, 3));
/// assert_eq!(pixels.row(1), [1.0, 0.5, 0.0]);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Features {
    name: String,
    rows: usize,
    columns: usize,
    values: Vec<f32>,
    /// The images, by index and sorted, that whatever made these features has learnt from.
    learnt_from: Vec<usize>,
}

impl Features {
    /// Features called `name`, of `rows` images, from their values row after row.
    ///
    /// # Errors
    /// A number of values that does not make as many rows of equal length, of at least one value each; a value that is
    /// not a finite number.
    pub fn new(name: &str, rows: usize, values: Vec<f32>) -> Result<Features> {
        if rows == 0 || values.is_empty() || !values.len().is_multiple_of(rows) {
            let count = values.len();
            return Err(Error::Invalid(format!("{count} values do not make the features of {rows} images: {name}")));
        }
        let columns = values.len() / rows;
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            let (row, column, value) = (at / columns, at % columns, values[at]);
            return Err(Error::Invalid(format!(
                "feature {column} of image {row} is {value}, no finite number: {name}"
            )));
        }
        Ok(Features { name: name.into(), rows, columns, values, learnt_from: Vec::new() })
    }

    /// The pixel values of `images` as they are, `H, W, C`.
    ///
    /// # Errors
    /// As [`Features::new`].
    pub fn pixels(images: &Images) -> Result<Features> {
        let (_, h, w, _) = images.shape();
        Features::new(&format!("pixels {h} x {w}"), images.len(), images.values().to_vec())
    }

    /// The same under another name, as figures and tables show it.
    pub fn named(self, name: &str) -> Features {
        Features { name: name.into(), ..self }
    }

    /// What these features are, for figures and tables.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Number of images.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of values for each image.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The values of image `index`. Panics where there is no such image.
    pub fn row(&self, index: usize) -> &[f32] {
        &self.values[index * self.columns..][..self.columns]
    }

    /// The rows of the images at `indices`, in that order. Panics where there is no such image, or none is asked for.
    pub fn select(&self, indices: &[usize]) -> Features {
        assert!(!indices.is_empty(), "features of no image");
        let values = indices.iter().flat_map(|&i| self.row(i)).copied().collect();
        let learnt = |&place: &usize| self.learnt_from.binary_search(&indices[place]).is_ok();
        let learnt_from = (0..indices.len()).filter(learnt).collect();
        Features { name: self.name.clone(), rows: indices.len(), columns: self.columns, values, learnt_from }
    }

    /// The same, with the note that whatever made them, as a network that was trained here, has learnt from the images at
    /// `seen`. The note travels with them, and what tests them looks at it ([`Features::check_unseen`]).
    ///
    /// # Errors
    /// An image that there is not.
    ///
    /// ```
    /// use manga_expressions::data::Features;
    ///
    /// let features = Features::new("learnt", 4, vec![0.1, 0.2, 0.3, 0.4])?.learnt_from(&[0, 1, 2])?;
    /// assert!(features.check_unseen(&[3]).is_ok());
    /// assert!(features.check_unseen(&[2, 3]).unwrap_err().to_string().contains("1 of 2 test photos"));
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn learnt_from(self, seen: &[usize]) -> Result<Features> {
        if let Some(none) = seen.iter().find(|&&image| image >= self.rows) {
            return Err(Error::Invalid(format!(
                "{} have {} rows, and none {none} to learn from",
                self.name, self.rows
            )));
        }
        let mut learnt_from = seen.to_vec();
        learnt_from.sort_unstable();
        learnt_from.dedup();
        Ok(Features { learnt_from, ..self })
    }

    /// The same without the note of what they were learnt from: for showing what that leak does, and nothing else.
    pub fn forgetting_what_was_seen(self) -> Features {
        Features { learnt_from: Vec::new(), ..self }
    }

    /// An error if these features were learnt from an image at `test`. [`crate::study::neighbours`] asks this by itself.
    ///
    /// # Errors
    /// [`Error::Data`] that counts them.
    pub fn check_unseen(&self, test: &[usize]) -> Result<()> {
        let seen = test.iter().filter(|&image| self.learnt_from.binary_search(image).is_ok()).count();
        if seen == 0 {
            return Ok(());
        }
        Err(Error::Data(format!(
            "{}: {seen} of {} test photos, with their classes, were learnt from when these features were made. Learn them \
             again for every fold, without the photos of its test",
            self.name,
            test.len()
        )))
    }
}

impl std::fmt::Debug for Features {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "Features({}: {} rows of {})", self.name, self.rows, self.columns)
    }
}
