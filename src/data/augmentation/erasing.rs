//! Random erasing: Z. Zhong, L. Zheng, G. Kang, S. Li, Y. Yang: Random Erasing Data Augmentation (2017).

use super::within;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// Sometimes a rectangle of the image is replaced by the image's mean, wherever it is.
///
/// The paper mostly puts random values there, and torchvision 0, which is the mean of its standardised photos. Where a
/// rectangle does not fit into the image its proportions are changed until it does; paper and torchvision draw another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Erasing {
    /// How often, 0 to 1.
    pub probability: f64,
    /// Smallest and largest fraction of the image's area, 0 to 1; all between are equally likely.
    pub area: (f64, f64),
    /// Smallest and largest height divided by width; each is as likely as its inverse.
    pub aspect: (f64, f64),
}

impl Default for Erasing {
    /// Half the time, with torchvision's ranges: an area of 0.02 to 0.33, height by width 0.3 to 3.3.
    fn default() -> Self {
        Erasing { probability: 0.5, area: (0.02, 0.33), aspect: (0.3, 3.3) }
    }
}

/// A part of an image, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rectangle {
    /// First row.
    pub top: usize,
    /// First column.
    pub left: usize,
    /// Number of rows.
    pub height: usize,
    /// Number of columns.
    pub width: usize,
}

impl Erasing {
    /// What is erased of an image of `size` `(H, W)`, if something is, from five numbers of 0 to less than 1.
    pub(super) fn draw(&self, size: (usize, usize), numbers: [f64; 5]) -> Option<Rectangle> {
        let [chance, area, aspect, top, left] = numbers;
        if chance >= self.probability || size.0 * size.1 == 0 {
            return None;
        }
        let between = |(low, high): (f64, f64), unit: f64| low + (high - low) * unit;
        let (h, w) = (size.0 as f64, size.1 as f64);
        let area = between(self.area, area) * h * w;
        let aspect = between((self.aspect.0.ln(), self.aspect.1.ln()), aspect).exp();
        let aspect = aspect.max(area / (w * w)).min(h * h / area);
        let height = ((area * aspect).sqrt().round() as usize).min(size.0);
        let width = ((area / aspect).sqrt().round() as usize).min(size.1);
        let place = |free: usize, unit: f64| ((free + 1) as f64 * unit) as usize;
        Some(Rectangle { top: place(size.0 - height, top), left: place(size.1 - width, left), height, width })
    }

    pub(super) fn check(&self) -> Result<()> {
        within("erasing.probability", self.probability, 0.0, 1.0)?;
        within("erasing.area", self.area.0, 0.0, 1.0)?;
        within("erasing.area", self.area.1, self.area.0, 1.0)?;
        let (low, high) = self.aspect;
        if low > 0.0 && low <= high && high.is_finite() {
            return Ok(());
        }
        Err(Error::Invalid(format!(
            "the augmentation's erasing.aspect is {low} to {high}; both must be above 0, the first not above the second"
        )))
    }
}

impl Rectangle {
    /// The largest square in the middle of an image of `size` `(H, W)`.
    pub fn middle_square((height, width): (usize, usize)) -> Rectangle {
        let side = height.min(width);
        Rectangle { top: (height - side) / 2, left: (width - side) / 2, height: side, width: side }
    }

    /// Equal bands across an image of `size` `(H, W)`, the uppermost first; where the rows do not divide by `count`, some
    /// have one row more.
    ///
    /// # Errors
    /// No band, or more than rows.
    ///
    /// ```
    /// use manga_expressions::data::Rectangle;
    ///
    /// let bands = Rectangle::bands((10, 4), 3)?;
    /// assert_eq!(bands.iter().map(|band| (band.top, band.height)).collect::<Vec<_>>(), [(0, 3), (3, 3), (6, 4)]);
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn bands((height, width): (usize, usize), count: usize) -> Result<Vec<Rectangle>> {
        if !(1..=height).contains(&count) {
            return Err(Error::Invalid(format!("{height} rows cannot be divided into {count} bands")));
        }
        let start = |band: usize| band * height / count;
        Ok((0..count)
            .map(|band| Rectangle { top: start(band), left: 0, height: start(band + 1) - start(band), width })
            .collect())
    }

    /// Whether it has pixels, and all of them in an image of `size` `(H, W)`.
    pub fn is_within(&self, (height, width): (usize, usize)) -> bool {
        let fits = |start: usize, length: usize, most: usize| length > 0 && length <= most && start <= most - length;
        fits(self.top, self.height, height) && fits(self.left, self.width, width)
    }

    /// Sets the pixels of this part of an image of shape `H, W, C` to `value`, which has `C` channels.
    pub(crate) fn fill(&self, image: &mut [f32], (_, w, c): (usize, usize, usize), value: &[f32]) {
        for row in image.chunks_exact_mut(w * c).skip(self.top).take(self.height) {
            row.chunks_exact_mut(c).skip(self.left).take(self.width).for_each(|pixel| pixel.copy_from_slice(value));
        }
    }
}
