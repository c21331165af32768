//! Histograms of oriented gradients: N. Dalal and B. Triggs 2005.

use super::{Features, Images};
use crate::{Error, Result};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// How histograms of oriented gradients are taken: which way edges run in each part of an image, and how strong they are
/// beside their surroundings.
///
/// Equal to `skimage.feature.hog` (scikit-image) with `block_norm="L2-Hys"`. As there, and other than in the paper, each
/// pixel counts for one cell and one orientation only, without being shared out over neighbouring ones.
///
/// ```
/// use manga_expressions::data::{Hog, Images};
///
/// let images = Images::new((1, 48, 48, 1), (0..48 * 48).map(|i| (i % 48) as f32).collect())?; // brighter to the right
/// let features = Hog::default().features(&images)?;
/// assert_eq!(features.columns(), 5 * 5 * 2 * 2 * 9);
/// assert!((features.row(0)[0] - 0.5).abs() < 1e-4); // gradients of 0 degrees in all four cells
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hog {
    /// Number of orientations from 0 to 180 degrees.
    pub orientations: usize,
    /// Side of a cell in pixels. Pixels at the right and lower border that do not fill one are left out.
    pub cell: usize,
    /// Side of a block in cells; blocks overlap, one begins at every cell.
    pub block: usize,
}

impl Default for Hog {
    /// The paper's: 9 orientations, cells of 8 x 8 pixels, blocks of 2 x 2 cells.
    fn default() -> Self {
        Hog { orientations: 9, cell: 8, block: 2 }
    }
}

impl Hog {
    /// A row for each image: block after block, in it cell after cell, in it the orientations. Of several channels each
    /// pixel counts with the one where its gradient is largest.
    ///
    /// # Errors
    /// A setting that is 0; images smaller than a block; as [`Features::new`].
    pub fn features(&self, images: &Images) -> Result<Features> {
        let Hog { orientations, cell, block } = *self;
        for (name, value) in [("orientations", orientations), ("cell", cell), ("block", block)] {
            if value == 0 {
                return Err(Error::Invalid(format!("{name} of a HOG is 0; it must be at least 1")));
            }
        }
        let (n, h, w, c) = images.shape();
        if h / cell < block || w / cell < block || c == 0 {
            return Err(Error::Invalid(format!(
                "images of {h} x {w} pixels and {c} channels are too small for a HOG: a block is of {block} x {block} \
                 cells of {cell} x {cell} pixels"
            )));
        }
        let rows: Vec<Vec<f32>> = (0..n).into_par_iter().map(|i| self.row(images.image(i), (h, w, c))).collect();
        Features::new(&format!("HOG {h} x {w}"), n, rows.concat())
    }

    fn row(&self, image: &[f32], (h, w, c): (usize, usize, usize)) -> Vec<f32> {
        let cells = self.cells(image, (h, w, c));
        let (rows, columns) = (h / self.cell, w / self.cell);
        let mut row = Vec::new();
        for top in 0..=rows - self.block {
            for left in 0..=columns - self.block {
                let histograms = (top..top + self.block).flat_map(|y| {
                    let first = (y * columns + left) * self.orientations;
                    &cells[first..][..self.block * self.orientations]
                });
                row.extend(normalised(histograms.copied().collect()));
            }
        }
        row
    }

    /// The histogram of each cell: the mean over its pixels of how strong the gradients of each orientation are.
    fn cells(&self, image: &[f32], (h, w, c): (usize, usize, usize)) -> Vec<f64> {
        let (rows, columns) = (h / self.cell, w / self.cell);
        let mut cells = vec![0.0; rows * columns * self.orientations];
        for y in 0..rows * self.cell {
            for x in 0..columns * self.cell {
                let gradients = (0..c).map(|channel| gradient(image, (h, w, c), (y, x, channel)));
                let strongest = gradients.map(|(down, right)| (down.hypot(right), down, right));
                let strongest = strongest.reduce(|best, other| if other.0 > best.0 { other } else { best });
                let (strength, down, right) = strongest.unwrap_or_default();
                let degrees = down.atan2(right).to_degrees().rem_euclid(180.0);
                let orientation = (degrees * self.orientations as f64 / 180.0) as usize;
                // A hair below 0 degrees is rounded to 180, which is no orientation, here as in scikit-image.
                if orientation < self.orientations {
                    let cell = y / self.cell * columns + x / self.cell;
                    cells[cell * self.orientations + orientation] += strength;
                }
            }
        }
        let pixels = (self.cell * self.cell) as f64;
        cells.iter_mut().for_each(|sum| *sum /= pixels);
        cells
    }
}

/// Central difference downwards and to the right, without a half; 0 at the borders.
fn gradient(image: &[f32], (h, w, c): (usize, usize, usize), (y, x, channel): (usize, usize, usize)) -> (f64, f64) {
    let at = |y: usize, x: usize| f64::from(image[(y * w + x) * c + channel]);
    let down = if y == 0 || y == h - 1 { 0.0 } else { at(y + 1, x) - at(y - 1, x) };
    let right = if x == 0 || x == w - 1 { 0.0 } else { at(y, x + 1) - at(y, x - 1) };
    (down, right)
}

/// "L2-Hys": of length 1, no value above 0.2, then again of length 1.
fn normalised(mut block: Vec<f64>) -> Vec<f32> {
    const EPSILON: f64 = 1e-5;
    const LARGEST: f64 = 0.2;
    let scale = |block: &mut Vec<f64>| {
        let length = (block.iter().map(|value| value * value).sum::<f64>() + EPSILON * EPSILON).sqrt();
        block.iter_mut().for_each(|value| *value /= length);
    };
    scale(&mut block);
    block.iter_mut().for_each(|value| *value = value.min(LARGEST));
    scale(&mut block);
    block.into_iter().map(|value| value as f32).collect()
}
