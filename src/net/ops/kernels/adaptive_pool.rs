//! Means over a grid of fields.

use rayon::prelude::*;
use std::ops::Range;

/// Sizes of a pooling: `n` images `h * w * c` to `grid * grid * c` each.
#[derive(Clone, Copy, Debug)]
pub struct AdaptivePool {
    pub n: usize,
    pub h: usize,
    pub w: usize,
    pub c: usize,
    pub grid: usize,
}

impl AdaptivePool {
    /// Rows or columns, of `size`, of field `i`. Where they cannot be shared out evenly, neighbours overlap.
    fn field(&self, i: usize, size: usize) -> Range<usize> {
        i * size / self.grid..((i + 1) * size).div_ceil(self.grid)
    }

    /// For each field of an image, from top left to bottom right: its number, and its pixels.
    fn fields(&self, mut visit: impl FnMut(usize, &[usize])) {
        let mut pixels = Vec::new();
        for y in 0..self.grid {
            for x in 0..self.grid {
                pixels.clear();
                for row in self.field(y, self.h) {
                    pixels.extend(self.field(x, self.w).map(|column| row * self.w + column));
                }
                visit(y * self.grid + x, &pixels);
            }
        }
    }

    /// The mean of each field and channel; sums have double precision, as a field may be a whole photo.
    pub fn mean(&self, x: &[f32]) -> Vec<f32> {
        let (c, size) = (self.c, self.grid * self.grid * self.c);
        let mut out = vec![0.0; self.n * size];
        out.par_chunks_mut(size).zip(x.par_chunks(self.h * self.w * c)).for_each(|(out, x)| {
            let mut sums = vec![0.0f64; c];
            self.fields(|field, pixels| {
                sums.fill(0.0);
                for pixel in pixels {
                    sums.iter_mut().zip(&x[pixel * c..][..c]).for_each(|(sum, &value)| *sum += f64::from(value));
                }
                let count = pixels.len() as f64;
                out[field * c..][..c].iter_mut().zip(&sums).for_each(|(out, sum)| *out = (sum / count) as f32);
            });
        });
        out
    }

    /// Spreads the gradient `go` of each mean over its field, or adds it there.
    pub fn gradient(&self, go: &[f32], gx: &mut [f32], accumulate: bool) {
        let (c, size) = (self.c, self.grid * self.grid * self.c);
        gx.par_chunks_mut(self.h * self.w * c).zip(go.par_chunks(size)).for_each(|(gx, go)| {
            if !accumulate {
                gx.fill(0.0);
            }
            self.fields(|field, pixels| {
                let fraction = 1.0 / pixels.len() as f32;
                for pixel in pixels {
                    let to = gx[pixel * c..][..c].iter_mut();
                    to.zip(&go[field * c..][..c]).for_each(|(gx, go)| *gx += fraction * *go);
                }
            });
        });
    }
}
