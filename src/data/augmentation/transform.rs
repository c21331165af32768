//! One change of one image, and doing it.

use super::affine::{Affine, Fill};
use super::downscaling::coarser;
use super::erasing::Rectangle;
use super::levels::Levels;
use super::line_weight::redrawn;
use crate::data::Images;
use crate::{Error, Result};
use std::fmt;

/// What is wrong with images that [`Transform::change`] does not change.
pub(super) const NO_NUMBERS: &str = "have pixel values that are not finite numbers: prepare them again";

/// What is done to one image in one epoch, from top to bottom in this order. [`Transform::default`] is nothing.
///
/// Mean, darkest and lightest value are those of the image before. The names and meanings are those of Keras's
/// `ImageDataGenerator.get_random_transform` and `apply_transform`.
///
/// ```
/// use manga_expressions::data::{Images, Transform};
///
/// let image = Images::new((1, 1, 3, 1), vec![0.0, 0.25, 1.0])?;
/// let change = Transform { flipped: true, brightness: 0.5, ..Transform::default() };
/// assert_eq!(change.apply(&image)?.values(), [1.0, 0.75, 0.5]);
/// assert_eq!(change.to_string(), "mirrored, brightness +0.50");
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Transform {
    /// To how many pixels the longer side is reduced before it is enlarged again, if it is.
    pub downscaled: Option<usize>,
    /// How much thicker lines are drawn, -1 to 1: by a pixel at each side where it is 1, thinner where it is below 0.
    pub line_weight: f64,
    /// Rotation about the centre in degrees; counter-clockwise where positive.
    pub rotation: f64,
    /// Shift down and to the right, as fractions of the sides.
    pub shift: (f64, f64),
    /// Factors of height and width by which the image then is reduced about the centre (below 1: enlarged).
    pub zoom: (f64, f64),
    /// What is seen outside of the image.
    pub fill: Fill,
    /// Whether left and right are swapped.
    pub flipped: bool,
    /// Factor of the differences from the mean.
    pub contrast: f64,
    /// What is added, as a fraction of the range from the darkest to the lightest value.
    pub brightness: f64,
    /// What is replaced by the mean; what lies outside of the image is nothing.
    pub erased: Option<Rectangle>,
}

impl Default for Transform {
    fn default() -> Self {
        Transform {
            downscaled: None,
            line_weight: 0.0,
            rotation: 0.0,
            shift: (0.0, 0.0),
            zoom: (1.0, 1.0),
            fill: Fill::default(),
            flipped: false,
            contrast: 1.0,
            brightness: 0.0,
            erased: None,
        }
    }
}

impl Transform {
    /// Every one of `images` changed in this way.
    ///
    /// # Errors
    /// A number that is none or infinite, or a factor or side that must be above 0 and is not.
    pub fn apply(&self, images: &Images) -> Result<Images> {
        let (zoom, shift) = (self.zoom, self.shift);
        let finite = [self.rotation, shift.0, shift.1, zoom.0, zoom.1, self.contrast, self.brightness];
        let line_weight = (-1.0..=1.0).contains(&self.line_weight);
        let possible =
            zoom.0 > 0.0 && zoom.1 > 0.0 && self.contrast >= 0.0 && self.downscaled != Some(0) && line_weight;
        if !finite.iter().all(|number| number.is_finite()) || !possible {
            return Err(Error::Invalid(format!(
                "images cannot be changed by {self:?}: all must be finite numbers, \
                 zoom and downscaled above 0, contrast at least 0, line_weight -1 to 1"
            )));
        }
        let (n, h, w, c) = images.shape();
        let changed: Option<Vec<_>> = (0..n).map(|index| self.change(images.image(index), (h, w, c))).collect();
        let changed = changed.ok_or_else(|| Error::Invalid(format!("images to be changed {NO_NUMBERS}")))?;
        Images::new(images.shape(), changed.concat())
    }

    /// One image of shape `H, W, C` changed; none where a value of it is not a number.
    pub(super) fn change(&self, image: &[f32], shape: (usize, usize, usize)) -> Option<Vec<f32>> {
        let (h, w, c) = shape;
        let mut image = image.to_vec();
        if image.is_empty() {
            return Some(image);
        }
        let levels = Levels::of(&image, c)?;
        if let Some(side) = self.downscaled.filter(|&side| side < h.max(w)) {
            image = coarser(&image, shape, side);
        }
        if self.line_weight != 0.0 {
            image = redrawn(&image, shape, self.line_weight);
        }
        if self.moves() {
            let fill = match self.fill {
                Fill::Nearest => None,
                Fill::Mean => Some(levels.mean()),
                Fill::White => Some(levels.lightest()),
            };
            image = Affine::new(self.rotation, self.shift, self.zoom, (h, w)).resample(&image, shape, fill);
        }
        if self.flipped {
            // Turned round as a whole, the channels of each pixel are, too: those once more.
            for row in image.chunks_exact_mut(w * c) {
                row.reverse();
                row.chunks_exact_mut(c).for_each(<[f32]>::reverse);
            }
        }
        if self.contrast != 1.0 || self.brightness != 0.0 {
            levels.change(&mut image, self.contrast as f32, self.brightness as f32);
        }
        if let Some(part) = self.erased {
            part.fill(&mut image, shape, levels.mean());
        }
        Some(image)
    }

    /// Whether pixels move to places that are not pixels.
    fn moves(&self) -> bool {
        self.rotation != 0.0 || self.shift != (0.0, 0.0) || self.zoom != (1.0, 1.0)
    }
}

/// What is done, in a few words.
impl fmt::Display for Transform {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let nothing = Transform::default();
        let mut words = Vec::new();
        if let Some(side) = self.downscaled {
            words.push(format!("down to {side} pixels"));
        }
        if self.line_weight != nothing.line_weight {
            let how = if self.line_weight > 0.0 { "thicker" } else { "thinner" };
            words.push(format!("lines {:.2} {how}", self.line_weight.abs()));
        }
        if self.rotation != nothing.rotation {
            let side = if self.rotation > 0.0 { "left" } else { "right" };
            words.push(format!("turned {:.1}° {side}", self.rotation.abs()));
        }
        if self.shift != nothing.shift {
            let (down, right) = (100.0 * self.shift.0, 100.0 * self.shift.1);
            let (vertical, horizontal) =
                (if down < 0.0 { "up" } else { "down" }, if right < 0.0 { "left" } else { "right" });
            words.push(format!("{:.1} % {vertical}, {:.1} % {horizontal}", down.abs(), right.abs()));
        }
        if self.zoom != nothing.zoom {
            let (rows, columns) = self.zoom;
            words.push(if rows == columns {
                format!("zoom {rows:.2}")
            } else {
                format!("zoom {rows:.2} x {columns:.2}")
            });
        }
        if self.flipped {
            words.push("mirrored".to_string());
        }
        if self.contrast != nothing.contrast {
            words.push(format!("contrast x {:.2}", self.contrast));
        }
        if self.brightness != nothing.brightness {
            words.push(format!("brightness {:+.2}", self.brightness));
        }
        if let Some(Rectangle { height, width, .. }) = self.erased {
            words.push(format!("{height} x {width} pixels erased"));
        }
        if words.is_empty() {
            words.push("as it is".to_string());
        }
        f.write_str(&words.join(", "))
    }
}
