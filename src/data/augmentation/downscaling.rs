//! Making an image coarser, as if its photo had been smaller.

use super::within;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// Sometimes an image is made smaller and then as large as it was: its fine detail is gone, as that of a small photo is.
///
/// The original size of a photo tells something of its class: in the report's data set the median side is 134 pixels for
/// shock and 309 for crying. A network sees it in the blur of the photos that were enlarged; after this it sees it less.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Downscaling {
    /// How often, 0 to 1.
    pub probability: f64,
    /// Smallest length of the longer side in pixels.
    pub from: usize,
    /// Largest length of the longer side in pixels; one that the image does not have leaves it as it is.
    pub to: usize,
}

impl Default for Downscaling {
    /// Half the time, to 64 to 128 pixels; the smallest photo of the report's data set has 65.
    fn default() -> Self {
        Downscaling { probability: 0.5, from: 64, to: 128 }
    }
}

impl Downscaling {
    /// The side to which an image of `size` is reduced, if it is, from two numbers of 0 to less than 1.
    pub(super) fn draw(&self, size: (usize, usize), [chance, side]: [f64; 2]) -> Option<usize> {
        let side = self.from + (side * (self.to - self.from + 1) as f64) as usize;
        (chance < self.probability && side < size.0.max(size.1)).then_some(side)
    }

    pub(super) fn check(&self) -> Result<()> {
        within("downscaling.probability", self.probability, 0.0, 1.0)?;
        let (from, to) = (self.from, self.to);
        if from == 0 || from > to || to > crate::data::LARGEST {
            return Err(Error::Invalid(format!(
                "the augmentation's downscaling is from {from} to {to} pixels; \
                 both must be 1 to {}, the first not above the second",
                crate::data::LARGEST
            )));
        }
        Ok(())
    }
}

/// The image of shape `H, W, C` reduced until its longer side has `side` pixels, and enlarged to what it was.
pub(super) fn coarser(image: &[f32], shape: (usize, usize, usize), side: usize) -> Vec<f32> {
    let (h, w, c) = shape;
    let longer = h.max(w);
    let reduced = |length: usize| ((length * side) as f64 / longer as f64).round().max(1.0) as usize;
    let small = (reduced(h), reduced(w));
    resize(&resize(image, shape, small), (small.0, small.1, c), (h, w))
}

/// The image of shape `H, W, C` at `size` `(H, W)`, by a triangle as wide as the step between the pixels of the coarser
/// of both: Pillow's `BILINEAR`, PyTorch's `antialias=True`. Unlike `imageops::resize`, which the preparation uses, it
/// takes values beyond 0 to 1, and rounds none.
fn resize(image: &[f32], (h, w, c): (usize, usize, usize), size: (usize, usize)) -> Vec<f32> {
    let mut rows = vec![0.0; size.0 * w * c];
    for (row, (first, fractions)) in rows.chunks_exact_mut(w * c).zip(fractions(h, size.0)) {
        for (source, fraction) in image.chunks_exact(w * c).skip(first).zip(fractions) {
            row.iter_mut().zip(source).for_each(|(sum, value)| *sum += fraction * value);
        }
    }
    let columns = fractions(w, size.1);
    let mut out = vec![0.0; size.0 * size.1 * c];
    for (row, source) in out.chunks_exact_mut(size.1 * c).zip(rows.chunks_exact(w * c)) {
        for (pixel, (first, fractions)) in row.chunks_exact_mut(c).zip(&columns) {
            for (source, fraction) in source.chunks_exact(c).skip(*first).zip(fractions) {
                pixel.iter_mut().zip(source).for_each(|(sum, value)| *sum += fraction * value);
            }
        }
    }
    out
}

/// For each of `to` new pixels along a side: the first of the `from` old ones that count, and the fractions of it and those
/// that follow, which add up to 1.
fn fractions(from: usize, to: usize) -> Vec<(usize, Vec<f32>)> {
    let step = from as f64 / to as f64;
    let reach = step.max(1.0);
    let pixel = |i: usize| {
        let centre = (i as f64 + 0.5) * step;
        let first = (centre - reach).max(0.0) as usize;
        let last = ((centre + reach).ceil() as usize).min(from);
        let fraction = |k: usize| (1.0 - (k as f64 + 0.5 - centre).abs() / reach).max(0.0);
        let sum: f64 = (first..last).map(fraction).sum();
        (first, (first..last).map(|k| (fraction(k) / sum) as f32).collect())
    };
    (0..to).map(pixel).collect()
}
