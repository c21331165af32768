//! Photos at other sizes: for finding out whether a method has learnt the size of the files.

use super::resize::resize;
use super::{Dataset, Filter, LARGEST, Photo};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// How photos are made smaller before they are prepared: what large files show and small ones do not is lost.
///
/// ```
/// use manga_expressions::data::{Photo, Preparation, Reduction};
///
/// let photo = Photo::from_grey("grey", 8, 4, vec![128; 32])?;
/// let small = photo.reduced(Reduction::To(4))?;
/// assert_eq!((small.width(), small.height()), (4, 2));
///
/// let preparation = Preparation { reduced: Some(Reduction::By(0.5)), size: 16, ..Preparation::default() };
/// assert_eq!(preparation.images(&[photo])?.shape(), (1, 16, 16, 1));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reduction {
    /// Until the longer side has so many pixels, as [`Dataset::equalised`]: all files are equally small, and the blur of
    /// enlarging them is the same.
    To(usize),
    /// By this factor, as [`Dataset::reduced_to_median`]: about as much detail is lost, but large and small files can
    /// still be told apart.
    By(f64),
}

impl Photo {
    /// This photo, smaller.
    ///
    /// # Errors
    /// A photo that would become larger, or no picture.
    pub fn reduced(&self, reduction: Reduction) -> Result<Photo> {
        let scale = match reduction {
            Reduction::To(side) => side as f64 / longer(self) as f64,
            Reduction::By(factor) => factor,
        };
        if scale > 1.0 {
            let (name, side) = (self.name(), longer(self));
            return Err(Error::Invalid(format!(
                "{name} has {side} pixels and cannot be reduced to {:.0}: smaller photos would stay to be told apart",
                scale * side as f64
            )));
        }
        self.scaled(scale)
    }

    /// With sides `scale` times as long.
    fn scaled(&self, scale: f64) -> Result<Photo> {
        let from = (self.width(), self.height());
        let size = ((from.0 as f64 * scale).round(), (from.1 as f64 * scale).round());
        if !scale.is_normal() || scale < 0.0 || size.0.max(size.1) > LARGEST as f64 {
            let (w, h, name) = (size.0, size.1, self.name());
            return Err(Error::Invalid(format!("{name} cannot be {w} x {h} pixels: a side has 1 to {LARGEST}")));
        }
        let to = ((size.0 as usize).max(1), (size.1 as usize).max(1));
        let grey = resize(self.grey(), from, to, Filter::Triangle);
        Photo::from_grey(self.name(), to.0, to.1, grey.into_iter().map(|value| value.round() as u8).collect())
    }
}

impl Dataset {
    /// The longer side of the smallest photo, in pixels.
    pub fn smallest_side(&self) -> usize {
        self.photos().iter().map(longer).min().unwrap_or(0)
    }

    /// The median of the photos' longer sides, in pixels; of an even number the upper one.
    pub fn median_side(&self) -> usize {
        let mut sides: Vec<usize> = self.photos().iter().map(longer).collect();
        sides.sort_unstable();
        sides[sides.len() / 2]
    }

    /// The same photos, each scaled down until its longer side has `side` pixels. Once they are prepared, the blur of
    /// photos that had to be enlarged is the same in all, and no longer tells how large the file was.
    ///
    /// # Errors
    /// A side of 0; photos that are smaller, which would stay to be told apart.
    ///
    /// ```
    /// use manga_expressions::data::{Dataset};
    /// use manga_expressions::faces::FaceSet;
    ///
    /// let dataset = Dataset::from_faces(&FaceSet::new(70, 1))?;
    /// let equal = dataset.equalised(dataset.smallest_side())?;
    /// assert!(equal.photos().iter().all(|photo| photo.width() == dataset.smallest_side()));
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn equalised(&self, side: usize) -> Result<Dataset> {
        let smaller = self.photos().iter().filter(|photo| longer(photo) < side).count();
        if smaller > 0 {
            return Err(Error::Invalid(format!(
                "{smaller} of {} photos are smaller than {side} pixels and would stay so: take at most {}",
                self.len(),
                self.smallest_side()
            )));
        }
        self.resized(&format!("all of {side} pixels"), &|photo, _| side as f64 / longer(photo) as f64)
    }

    /// The same photos, each scaled down by the same factor, until half of them have at most `side` pixels: they lose
    /// about as much detail as by [`Dataset::equalised`], but large and small ones can still be told apart.
    ///
    /// # Errors
    /// A side of 0, or more than [`Dataset::median_side`].
    pub fn reduced_to_median(&self, side: usize) -> Result<Dataset> {
        let median = self.median_side();
        if side > median {
            return Err(Error::Invalid(format!("the photos have a median side of {median} pixels, less than {side}")));
        }
        self.resized(&format!("reduced to a median of {side} pixels"), &|_, _| side as f64 / median as f64)
    }

    /// The same photos, those of each class scaled until their longer side is that of the class: `smallest` pixels for the
    /// first, `largest` for the last, the others between, each larger than the one before by the same factor. A data set whose
    /// sizes give the classes away, as if each class came from a page of its own.
    ///
    /// # Errors
    /// A side of 0, or too large.
    pub fn sized_by_class(&self, smallest: usize, largest: usize) -> Result<Dataset> {
        let last = (self.classes().len() - 1) as f64;
        let side = |label: usize| smallest as f64 * (largest as f64 / smallest as f64).powf(label as f64 / last);
        let scale = |photo: &Photo, label: usize| side(label).round() / longer(photo) as f64;
        self.resized(&format!("{smallest} to {largest} pixels by class"), &scale)
    }

    /// Each photo scaled by what `scale` says of it and its label.
    fn resized(&self, how: &str, scale: &dyn Fn(&Photo, usize) -> f64) -> Result<Dataset> {
        let scaled = |(photo, &label): (&Photo, &usize)| photo.scaled(scale(photo, label));
        let photos = self.photos().iter().zip(self.labels()).map(scaled).collect::<Result<_>>()?;
        let groups = self.groups().map(<[usize]>::to_vec);
        let mut dataset = Dataset::from_photos(self.classes().to_vec(), photos, self.labels().to_vec(), groups)?;
        dataset.source = format!("{}, {how}", self.source);
        Ok(dataset)
    }
}

fn longer(photo: &Photo) -> usize {
    photo.width().max(photo.height())
}
