//! The report's preparation of a photo (section 2.2.1): grey, resize, pixel values, normalise, label.

use super::resize::resize;
use super::{Dataset, Filter, Images, LabelledImages, Photo, Reduction, Scaling, Split};
use crate::{Error, Result};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// The largest side of a prepared picture: beyond it no network here is of use, and memory is.
pub(crate) const LARGEST: usize = 4096;

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
#[serde(default, deny_unknown_fields)]
pub struct Preparation {
    /// Height and width of the images. A photo that is not square is stretched, as in the report and in Keras.
    pub size: usize,
    /// How photos are resized.
    pub filter: Filter,
    /// How pixel values are scaled.
    pub scaling: Scaling,
    /// 1; or 3 for networks made for colour: the grey value thrice.
    pub channels: usize,
    /// Whether colours stay, for photographs such as ImageNet's; then there are 3 channels. The report's are grey.
    #[serde(skip_serializing_if = "is_false")]
    pub colour: bool,
    /// Whether the middle is cut out instead of stretching a photo that is not square, as torchvision evaluates on
    /// ImageNet: the shorter side becomes 8/7 of `size` (256 for 224), and `size` x `size` are taken from the middle.
    #[serde(skip_serializing_if = "is_false")]
    pub crop: bool,
    /// Whether photos are made smaller first: a test of whether a method goes by the size of the files. In a recipe
    /// `reduced = { to = 65 }` or `reduced = { by = 0.35 }`. Grey photos only.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "crate::base::optional::or_false")]
    pub reduced: Option<Reduction>,
}

/// Settings that came later are only written where they are used, so that older runs can be compared and resumed.
fn is_false(value: &bool) -> bool {
    !value
}

impl Default for Preparation {
    /// The report's: 100 x 100 pixels, one channel, values from 0 to 1; by the [`Filter::Triangle`].
    fn default() -> Self {
        Preparation {
            size: 100,
            filter: Filter::Triangle,
            scaling: Scaling::ZeroToOne,
            channels: 1,
            colour: false,
            crop: false,
            reduced: None,
        }
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
        let values: Vec<Vec<f32>> = photos.par_iter().map(|photo| self.image(photo)).collect::<Result<_>>()?;
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
        let resized = |&i: &usize| self.resized(&dataset.photos()[i]);
        let train: Vec<Vec<f32>> = split.train().par_iter().map(resized).collect::<Result<_>>()?;
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
            return Err(Error::NotFound(format!("there is no photo {index}: the data set has {}", dataset.len())));
        };
        let values = self.resized(photo)?;
        Ok(Steps {
            photo: photo.clone(),
            size: self.size,
            resized: values.iter().map(|v| v.round() as u8).collect(),
            normalised: values.iter().map(|&v| self.scaling.apply(v, 0)).collect(),
            values,
            label,
            class: dataset.classes()[label].clone(),
        })
    }

    /// Scaled values, `H, W, C`.
    fn image(&self, photo: &Photo) -> Result<Vec<f32>> {
        if !self.colour {
            let grey = self.resized(photo)?;
            let channels = |&v: &f32| (0..self.channels).map(move |channel| self.scaling.apply(v, channel));
            return Ok(grey.iter().flat_map(channels).collect());
        }
        let rgb = photo.rgb();
        let plane = |channel: usize| {
            let colour = if self.scaling.is_bgr() { 2 - channel } else { channel };
            let values: Vec<u8> = rgb.chunks_exact(3).map(|pixel| pixel[colour]).collect();
            self.framed(photo, &values)
        };
        let planes = [plane(0)?, plane(1)?, plane(2)?];
        let pixels = 0..planes[0].len();
        let channels = |i: usize| [0, 1, 2].map(|channel| self.scaling.apply(planes[channel][i], channel));
        Ok(pixels.flat_map(channels).collect())
    }

    /// Grey values from 0 to 255, `H, W`.
    fn resized(&self, photo: &Photo) -> Result<Vec<f32>> {
        let Some(reduction) = self.reduced else {
            return self.framed(photo, photo.grey());
        };
        let small = photo.reduced(reduction)?;
        self.framed(&small, small.grey())
    }

    /// One plane of the photo at the size of the images, values from 0 to 255.
    fn framed(&self, photo: &Photo, plane: &[u8]) -> Result<Vec<f32>> {
        let (width, height) = (photo.width(), photo.height());
        if !self.crop {
            return Ok(resize(plane, (width, height), (self.size, self.size), self.filter));
        }
        let shorter = (self.size * 8 + 3) / 7; // 256 for 224
        let longer = (2 * shorter * width.max(height) / width.min(height)).div_ceil(2); // to the nearest
        if longer > 2 * LARGEST {
            let photo = photo.name();
            return Err(Error::Invalid(format!("{photo} of {width} x {height} pixels is too narrow to cut a square")));
        }
        let size = if width < height { (shorter, longer) } else { (longer, shorter) };
        let all = resize(plane, (width, height), size, self.filter);
        let (left, top) = ((size.0 - self.size) / 2, (size.1 - self.size) / 2);
        Ok(all
            .chunks_exact(size.0)
            .skip(top)
            .take(self.size)
            .flat_map(|row| &row[left..][..self.size])
            .copied()
            .collect())
    }

    fn check(&self) -> Result<()> {
        if !(1..=LARGEST).contains(&self.size) {
            let size = self.size;
            return Err(Error::Invalid(format!("images of {size} x {size} pixels: the side must be 1 to {LARGEST}")));
        }
        if self.channels != 1 && self.channels != 3 {
            return Err(Error::Invalid(format!("{} channels: a grey image has 1, or thrice the same", self.channels)));
        }
        if self.colour && self.channels != 3 {
            return Err(Error::Invalid(format!("colours take 3 channels, and not {}", self.channels)));
        }
        if self.colour && self.reduced.is_some() {
            return Err(Error::Invalid("photos in colour cannot be reduced first: that test is for grey ones".into()));
        }
        self.scaling.check()
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
