//! Augmentation: the photos a network learns from, changed a little and at random in every epoch.
//!
//! A network that sees each of a few hundred photos many times learns them by heart. Changes that leave the expression
//! what it is (a mirrored happy face is happy) make it learn the expression instead (A. Krizhevsky, I. Sutskever,
//! G. Hinton: ImageNet Classification with Deep Convolutional Neural Networks, 2012, section 4.1). Only training photos
//! are ever changed, after the split: changed copies made before it put the same face into training and test, and the
//! accuracy then is not one.

mod affine;
mod copies;
mod downscaling;
mod erasing;
mod levels;
mod line_weight;
mod transform;

pub use affine::Fill;
pub use copies::Copies;
pub use downscaling::Downscaling;
pub use erasing::{Erasing, Rectangle};
pub use transform::Transform;

use self::transform::NO_NUMBERS;
use super::Images;
use crate::{Error, Result};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// What may happen to a training photo, from top to bottom as one decides on it. [`Augmentation::default`] does nothing.
///
/// It works on prepared images of any size, number of channels and [`Scaling`](super::Scaling), and means the same for
/// all of them: whatever has to do with grey values is a fraction of the image's own range, from its darkest to its
/// lightest value. Flip, rotation, zoom and shift are one resampling, since each further one would blur the lines again.
/// [`Transform`] tells in what order things are done.
///
/// | here | Keras's layers, and its older `ImageDataGenerator` | torchvision |
/// |---|---|---|
/// | `flip` | `RandomFlip("horizontal")`, `horizontal_flip=True` | `RandomHorizontalFlip(p)` |
/// | `rotation` | `RandomRotation(degrees / 360)`, `rotation_range` | `RandomAffine(degrees)` |
/// | `zoom`, `stretch` | `RandomZoom`, `zoom_range` | `RandomAffine(scale)` |
/// | `shift` | `RandomTranslation`, `width_shift_range` and `height_shift_range` | `RandomAffine(translate)` |
/// | `fill` | `fill_mode` | `fill` |
/// | `contrast` | `RandomContrast(factor)` | `ColorJitter(contrast)` |
/// | `brightness` | `RandomBrightness(factor)` | |
/// | `line_weight` | | |
/// | `erasing` | `RandomErasing` | `RandomErasing` |
///
/// ```
/// use manga_expressions::data::{Augmentation, Images};
///
/// let flips = Augmentation { flip: 0.5, ..Augmentation::default() };
/// let photos = Images::new((2, 1, 3, 1), vec![0.0, 0.5, 1.0, 0.0, 0.5, 1.0])?;
/// let first = flips.apply(&photos, &[0, 1], 1, 1)?;
/// let mirrored = [1.0, 0.5, 0.0];
/// assert!((0..2).all(|i| first.image(i) == photos.image(i) || first.image(i) == mirrored));
/// assert_eq!(flips.apply(&photos, &[0, 1], 1, 1)?, first);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Augmentation {
    /// Probability that left and right are swapped, 0 to 1.
    pub flip: f64,
    /// Largest rotation in degrees, to either side, 0 to 180; all angles between are equally likely.
    pub rotation: f64,
    /// Largest zoom, 0 to less than 1: a factor from `1 - zoom` (the face is enlarged) to `1 + zoom` (it is reduced).
    pub zoom: f64,
    /// Whether rows and columns have zoom factors of their own, as Keras's `zoom_range` does it, which stretches faces;
    /// otherwise the proportions are kept.
    pub stretch: bool,
    /// Largest shift, as a fraction of the side, up or down and left or right, 0 to 1.
    pub shift: f64,
    /// What is seen where rotation, zoom and shift show what lay outside of the photo.
    pub fill: Fill,
    /// Whether photos are made coarser, so that their original size does not show.
    #[serde(deserialize_with = "crate::base::optional::or_false")]
    pub downscaling: Option<Downscaling>,
    /// Probability that lines are drawn thicker or thinner, 0 to 1, by up to a pixel at each side; small changes are
    /// likelier than large ones. Pen, print and scan decide how thick a line is, not the expression.
    #[serde(skip_serializing_if = "is_zero")]
    pub line_weight: f64,
    /// Largest change of contrast, 0 to 1: the differences from the image's mean are multiplied by a factor from
    /// `1 - contrast` to `1 + contrast`.
    pub contrast: f64,
    /// Largest change of brightness, 0 to 1: up to this fraction of the image's range is added to all its values, or taken
    /// from them. (torchvision multiplies instead, for which one has to know which value is black.)
    pub brightness: f64,
    /// Whether a rectangle is blotted out, so that no single feature decides alone.
    #[serde(deserialize_with = "crate::base::optional::or_false")]
    pub erasing: Option<Erasing>,
}

impl Augmentation {
    /// That of the two DCNN notebooks which the report cites (works 4 and 5), by Keras's `ImageDataGenerator`: flips,
    /// rotations by up to 30 degrees, zoom 0.2 and shifts 0.1.
    pub fn cited_dcnn() -> Augmentation {
        Augmentation {
            flip: 0.5,
            rotation: 30.0,
            zoom: 0.2,
            stretch: true,
            shift: 0.1,
            fill: Fill::Nearest,
            ..Augmentation::default()
        }
    }

    /// Everything at once, for networks that were trained on ImageNet and are trained further on a few hundred photos.
    pub fn strong() -> Augmentation {
        Augmentation {
            flip: 0.5,
            rotation: 15.0,
            zoom: 0.15,
            stretch: false,
            shift: 0.1,
            fill: Fill::Nearest,
            downscaling: Some(Downscaling::default()),
            line_weight: 0.0,
            contrast: 0.2,
            brightness: 0.1,
            erasing: Some(Erasing::default()),
        }
    }

    /// `images` changed, each in its own way: image `i` of them is photo `ids[i]` of the training set, and how it is
    /// changed depends on the seed, the epoch and that number only; not on the batch, the order or the threads.
    ///
    /// # Errors
    /// A setting that cannot work, by its name; not one number for each image; pixel values that are not numbers.
    pub fn apply(&self, images: &Images, ids: &[usize], seed: u64, epoch: usize) -> Result<Images> {
        self.check()?;
        if ids.len() != images.len() {
            return Err(Error::Invalid(format!(
                "there are {} numbers of photos for {} images to augment; each needs its own",
                ids.len(),
                images.len()
            )));
        }
        let (_, h, w, c) = images.shape();
        let change = |(index, &id): (usize, &usize)| {
            let transform = self.draw((h, w), &mut stream(seed, epoch, id));
            let changed = transform.change(images.image(index), (h, w, c));
            changed.ok_or_else(|| Error::Invalid(format!("images to be augmented {NO_NUMBERS} (photo {id})")))
        };
        let changed = ids.par_iter().enumerate().map(change).collect::<Result<Vec<_>>>()?;
        Images::new(images.shape(), changed.concat())
    }

    /// What [`Augmentation::apply`] does to photo `id` of `size` `(H, W)` in this epoch.
    ///
    /// The choices for one operation do not depend on which others are used: without its rotation the same photo is
    /// still shifted as before.
    ///
    /// # Errors
    /// A setting that cannot work, by its name.
    ///
    /// ```
    /// use manga_expressions::data::Augmentation;
    ///
    /// let done = Augmentation::strong().transform((160, 160), 7, 1, 3)?;
    /// assert!(done.rotation.abs() <= 15.0);
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn transform(&self, size: (usize, usize), id: usize, seed: u64, epoch: usize) -> Result<Transform> {
        self.check()?;
        Ok(self.draw(size, &mut stream(seed, epoch, id)))
    }

    /// One number is drawn for each choice, in a fixed order, also for operations that are not used.
    fn draw(&self, size: (usize, usize), rng: &mut ChaCha8Rng) -> Transform {
        let mut unit = || rng.r#gen::<f64>();
        let either_way = |largest: f64, unit: f64| largest * (2.0 * unit - 1.0);
        let flipped = unit() < self.flip;
        let rotation = either_way(self.rotation, unit());
        let zoom = [1.0 + either_way(self.zoom, unit()), 1.0 + either_way(self.zoom, unit())];
        let shift = (either_way(self.shift, unit()), either_way(self.shift, unit()));
        let downscaled = [unit(), unit()];
        let contrast = 1.0 + either_way(self.contrast, unit());
        let brightness = either_way(self.brightness, unit());
        let erased = [unit(), unit(), unit(), unit(), unit()];
        let (chance, weight) = (unit(), unit() * unit());
        let line_weight = if chance >= self.line_weight {
            0.0
        } else if chance < self.line_weight / 2.0 {
            weight
        } else {
            -weight
        };
        Transform {
            downscaled: self.downscaling.as_ref().and_then(|d| d.draw(size, downscaled)),
            rotation,
            shift,
            zoom: (zoom[0], if self.stretch { zoom[1] } else { zoom[0] }),
            fill: self.fill,
            flipped,
            line_weight,
            contrast,
            brightness,
            erased: self.erasing.as_ref().and_then(|e| e.draw(size, erased)),
        }
    }

    /// An error that names the setting that cannot work, if there is one.
    pub fn check(&self) -> Result<()> {
        within("flip", self.flip, 0.0, 1.0)?;
        within("rotation", self.rotation, 0.0, 180.0)?;
        within("zoom", self.zoom, 0.0, 1.0)?;
        if self.zoom == 1.0 {
            return Err(Error::Invalid("the augmentation's zoom is 1; it must be less than 1".into()));
        }
        within("shift", self.shift, 0.0, 1.0)?;
        within("line_weight", self.line_weight, 0.0, 1.0)?;
        within("contrast", self.contrast, 0.0, 1.0)?;
        within("brightness", self.brightness, 0.0, 1.0)?;
        self.downscaling.as_ref().map_or(Ok(()), Downscaling::check)?;
        self.erasing.as_ref().map_or(Ok(()), Erasing::check)
    }
}

/// Whether a setting is not used: runs from before there was `line_weight` have settings without it.
fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

/// An error that names the setting unless `from <= value <= to`.
fn within(name: &str, value: f64, from: f64, to: f64) -> Result<()> {
    if (from..=to).contains(&value) {
        return Ok(());
    }
    Err(Error::Invalid(format!("the augmentation's {name} is {value}; it must be from {from} to {to}")))
}

/// The random numbers of one photo in one epoch. The three are the key itself, so that no two photos share a stream.
fn stream(seed: u64, epoch: usize, id: usize) -> ChaCha8Rng {
    let mut key = *b"seed....epoch...photo...augment.";
    for (part, number) in key.chunks_exact_mut(8).zip([seed, epoch as u64, id as u64]) {
        part.copy_from_slice(&number.to_le_bytes());
    }
    ChaCha8Rng::from_seed(key)
}
