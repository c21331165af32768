//! The report's preparation of a photo (section 2.2.1): grey, resize, pixel values, normalise, label.

use super::resize::resize;
use super::{Dataset, Filter, Images, LabelledImages, Photo, Split};
use crate::{Error, Result};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// The largest side of a prepared picture: beyond it no network here is of use, and memory is.
pub(crate) const LARGEST: usize = 4096;

/// A standard deviation up to this is rounding, not contrast.
const FLAT: f32 = 1e-6;

/// What is done with a pixel value `v` from 0 to 255.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scaling {
    /// `v / 255`: from 0 to 1, the report's "normalizing pixel values".
    #[default]
    ZeroToOne,
    /// `v / 127.5 - 1`: from -1 to 1, as Keras's `resnet_v2.preprocess_input`.
    MinusOneToOne,
    /// `(v / 255 - mean) / deviation`, as torchvision's `ToTensor` and `Normalize`. See [`Preparation::standardised`].
    Standard {
        /// Mean of the values `v / 255` of the training photos.
        mean: f32,
        /// Their standard deviation; above 0.
        deviation: f32,
    },
}

impl Scaling {
    /// The scaled value of `v`, which is from 0 to 255.
    pub fn apply(&self, v: f32) -> f32 {
        match self {
            Scaling::ZeroToOne => v / 255.0,
            Scaling::MinusOneToOne => v / 127.5 - 1.0,
            Scaling::Standard { mean, deviation } => (v / 255.0 - mean) / deviation,
        }
    }
}

/// How photos become images for a network.
///
/// ```
/// use manga_expressions::data::{Filter, Photo, Preparation, Scaling};
///
/// let report = Preparation::default();
/// assert_eq!((report.size, report.channels), (100, 1));
///
/// let small = Preparation { size: 2, scaling: Scaling::MinusOneToOne, ..report };
/// let photo = Photo::from_grey("checks", 4, 4, [[0, 0, 255, 255], [255, 255, 0, 0]].concat().repeat(2))?;
/// let images = small.images(&[photo])?;
/// assert_eq!(images.shape(), (1, 2, 2, 1));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preparation {
    /// Height and width of the images. A photo that is not square is stretched, as in the report and in Keras.
    pub size: usize,
    /// How photos are resized.
    pub filter: Filter,
    /// How pixel values are scaled.
    pub scaling: Scaling,
    /// 1; or 3 for networks made for colour: the grey value thrice.
    pub channels: usize,
}

impl Default for Preparation {
    /// The report's: 100 x 100 pixels, one channel, values from 0 to 1; by the [`Filter::Triangle`].
    fn default() -> Self {
        Preparation { size: 100, filter: Filter::Triangle, scaling: Scaling::ZeroToOne, channels: 1 }
    }
}

impl Preparation {
    /// All photos of a data set with their labels; image `i` is photo `i`.
    pub fn apply(&self, dataset: &Dataset) -> Result<LabelledImages> {
        Ok(LabelledImages {
            images: self.images(dataset.photos())?,
            labels: dataset.labels().to_vec(),
            classes: dataset.classes().to_vec(),
            names: dataset.photos().iter().map(|photo| photo.name().to_string()).collect(),
        })
    }

    /// Photos without labels, as those to recognise; shape `N, size, size, channels`.
    pub fn images(&self, photos: &[Photo]) -> Result<Images> {
        self.check()?;
        let values: Vec<Vec<f32>> = photos.par_iter().map(|photo| self.normalised(&self.resized(photo))).collect();
        Images::new((photos.len(), self.size, self.size, self.channels), values.concat())
    }

    /// The same preparation with [`Scaling::Standard`], its mean and deviation taken from the photos that `split` has
    /// for training, and from no other.
    pub fn standardised(&self, dataset: &Dataset, split: &Split) -> Result<Preparation> {
        self.check()?;
        if split.len() != dataset.len() {
            return Err(Error::Invalid(format!(
                "the split is of {} photos, the data set has {}: split this data set",
                split.len(),
                dataset.len()
            )));
        }
        let train: Vec<Vec<f32>> = split.train().par_iter().map(|&i| self.resized(&dataset.photos()[i])).collect();
        let values = || train.iter().flatten().map(|&v| v as f64 / 255.0);
        let n = (train.len() * self.size * self.size) as f64;
        let mean = values().sum::<f64>() / n;
        let variance = values().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
        let scaling = Scaling::Standard { mean: mean as f32, deviation: variance.sqrt() as f32 };
        let fitted = Preparation { scaling, ..self.clone() };
        fitted.check()?;
        Ok(fitted)
    }

    /// Photo `index` of a data set after each step, to look at.
    pub fn steps(&self, dataset: &Dataset, index: usize) -> Result<Steps> {
        self.check()?;
        let (Some(photo), Some(&label)) = (dataset.photos().get(index), dataset.labels().get(index)) else {
            return Err(Error::Invalid(format!("there is no photo {index}: the data set has {}", dataset.len())));
        };
        let values = self.resized(photo);
        Ok(Steps {
            photo: photo.clone(),
            size: self.size,
            resized: values.iter().map(|v| v.round() as u8).collect(),
            normalised: values.iter().map(|&v| self.scaling.apply(v)).collect(),
            values,
            label,
            class: dataset.classes()[label].clone(),
        })
    }

    /// Grey values from 0 to 255, `H, W`.
    fn resized(&self, photo: &Photo) -> Vec<f32> {
        resize(photo.grey(), photo.width(), photo.height(), self.size, self.filter)
    }

    /// Scaled values, `H, W, C`.
    fn normalised(&self, values: &[f32]) -> Vec<f32> {
        values.iter().flat_map(|&v| std::iter::repeat_n(self.scaling.apply(v), self.channels)).collect()
    }

    fn check(&self) -> Result<()> {
        if !(1..=LARGEST).contains(&self.size) {
            let size = self.size;
            return Err(Error::Invalid(format!("images of {size} x {size} pixels: the side must be 1 to {LARGEST}")));
        }
        if self.channels != 1 && self.channels != 3 {
            return Err(Error::Invalid(format!("{} channels: a grey image has 1, or thrice the same", self.channels)));
        }
        match self.scaling {
            Scaling::Standard { mean, deviation }
                if !(mean.is_finite() && deviation.is_finite() && deviation > FLAT) =>
            {
                Err(Error::Invalid(format!(
                    "pixel values cannot be standardised with mean {mean} and deviation {deviation}: \
                     the deviation must be above 0 (photos of one even grey have none)"
                )))
            }
            _ => Ok(()),
        }
    }
}

/// A photo after each step of its preparation: the report's figures 6 and 7.
#[derive(Clone, PartialEq)]
pub struct Steps {
    /// The original; [`Photo::rgb`] is the picture before step 1, [`Photo::grey`] after it.
    pub photo: Photo,
    /// Height and width of what follows.
    pub size: usize,
    /// Step 2: the grey pixels after resizing, `H, W`, as a picture (rounded).
    pub resized: Vec<u8>,
    /// Step 3: the same as values from 0 to 255, `H, W`.
    pub values: Vec<f32>,
    /// Step 4: the values after scaling, `H, W`, one channel.
    pub normalised: Vec<f32>,
    /// Step 5: the label, an index into the classes.
    pub label: usize,
    /// The class of that label.
    pub class: String,
}

impl std::fmt::Debug for Steps {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "Steps({:?} to {} x {}, label {} {})", self.photo, self.size, self.size, self.label, self.class)
    }
}
