//! Rotation, zoom and shift in one step: each pixel is taken from where it was before.

use serde::{Deserialize, Serialize};

/// What is seen where a changed image shows what lay outside of the original.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fill {
    /// The nearest pixel of the image's edge: Keras's `fill_mode="nearest"`.
    #[default]
    Nearest,
    /// The image's mean value.
    Mean,
    /// The image's lightest value: paper.
    White,
}

/// Where in the original each pixel comes from: row and column there as sums of row and column here times the first two
/// numbers, and the third.
#[derive(Debug)]
pub(super) struct Affine {
    row: [f64; 3],
    column: [f64; 3],
}

impl Affine {
    /// About the centre of an image of `size` `(H, W)`: rotated by `degrees` counter-clockwise, then shifted down and to
    /// the right by fractions of the sides, then reduced by the factors `zoom` of rows and columns. This is the order of
    /// Keras's `apply_affine_transform`.
    pub fn new(degrees: f64, shift: (f64, f64), zoom: (f64, f64), size: (usize, usize)) -> Affine {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let middle = |side: usize| (side as f64 - 1.0) / 2.0;
        let (row, column) = (middle(size.0), middle(size.1));
        // Relative to the centre, with everything undone from the last to the first: zoom * here - shift, turned back.
        let down = -zoom.0 * row - shift.0 * size.0 as f64;
        let right = -zoom.1 * column - shift.1 * size.1 as f64;
        Affine {
            row: [cos * zoom.0, sin * zoom.1, cos * down + sin * right + row],
            column: [-sin * zoom.0, cos * zoom.1, -sin * down + cos * right + column],
        }
    }

    /// The image of shape `H, W, C` by bilinear interpolation. Outside of it is `fill`, a value for each channel, or the
    /// nearest pixel of the edge where none is given.
    pub fn resample(&self, image: &[f32], (h, w, c): (usize, usize, usize), fill: Option<&[f32]>) -> Vec<f32> {
        let pixel = |row: isize, column: isize| {
            let (inner_row, inner_column) = (row.clamp(0, h as isize - 1), column.clamp(0, w as isize - 1));
            match fill {
                Some(fill) if (inner_row, inner_column) != (row, column) => fill,
                _ => &image[(inner_row as usize * w + inner_column as usize) * c..][..c],
            }
        };
        let mut out = Vec::with_capacity(image.len());
        for y in 0..h {
            for x in 0..w {
                let at = |[down, right, start]: [f64; 3], side: usize| {
                    // Further out than one pixel nothing changes any more.
                    let at = (down * y as f64 + right * x as f64 + start).clamp(-1.0, side as f64);
                    (at.floor() as isize, (at - at.floor()) as f32)
                };
                let (row, along_rows) = at(self.row, h);
                let (column, along_columns) = at(self.column, w);
                let corners = [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(r, k)| pixel(row + r, column + k));
                for k in 0..c {
                    let [a, b, c, d] = corners.map(|corner| corner[k]);
                    let (above, below) = (a + (b - a) * along_columns, c + (d - c) * along_columns);
                    out.push(above + (below - above) * along_rows);
                }
            }
        }
        out
    }
}
