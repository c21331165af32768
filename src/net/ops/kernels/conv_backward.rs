//! The two gradients of a convolution, as matrix products with the patches of [`super::conv`].

use super::columns::Shared;
use super::conv::{Conv, PATCHES};
use super::elementwise::add_assign;
use super::gemm::{Matrix, multiply, multiply_parallel};
use rayon::prelude::*;

/// Weights up to this number are summed in parts over the images; larger ones are cut by rows instead, since adding up
/// the parts would cost too much.
const SMALL_WEIGHTS: usize = 1 << 16;

impl Conv {
    /// `gw +=` patches, transposed, times the output's gradient `go`.
    pub fn add_weight_gradient(&self, x: &[f32], go: &[f32], gw: &mut [f32]) {
        if let Some(way) = self.winograd() {
            return self.winograd_weight_gradient(way, x, go, gw);
        }
        let (o, patch, pixels) = (self.o, self.patch(), self.pixels());
        if self.is_pointwise() && patch * o > SMALL_WEIGHTS {
            let x = Matrix::new(x, pixels, patch);
            multiply_parallel(x.transposed(), Matrix::new(go, pixels, o), gw, true);
        } else if patch * o > SMALL_WEIGHTS {
            // A job: some rows of `gw`, which are some columns of the patches, over all pixels.
            let width = patch.div_ceil(patch.div_ceil(256).next_multiple_of(4)).next_multiple_of(16);
            let step = (PATCHES / width).max(1);
            gw.par_chunks_mut(width * o).enumerate().for_each_init(Vec::new, |buffer, (job, gw)| {
                let (from, to) = (job * width, job * width + gw.len() / o);
                for first in (0..pixels).step_by(step) {
                    let rows = step.min(pixels - first);
                    let columns = self.patch_columns(x, first, rows, (from, to), buffer);
                    let go = Matrix::new(&go[first * o..], rows, o);
                    multiply(columns.transposed(), go, gw, o, true);
                }
            });
        } else {
            let parts = self.n.min(8);
            let sums: Vec<Vec<f32>> = (0..parts)
                .into_par_iter()
                .map_init(Vec::new, |buffer, part| {
                    let per_image = pixels / self.n;
                    let (from, to) = (self.n * part / parts * per_image, self.n * (part + 1) / parts * per_image);
                    let step = (PATCHES / patch).max(1);
                    let mut sum = vec![0.0; patch * o];
                    for first in (from..to).step_by(step) {
                        let rows = step.min(to - first);
                        let columns = self.patch_columns(x, first, rows, (0, patch), buffer);
                        let go = Matrix::new(&go[first * o..], rows, o);
                        multiply(columns.transposed(), go, &mut sum, o, true);
                    }
                    sum
                })
                .collect();
            for sum in sums {
                add_assign(gw, &sum);
            }
        }
    }

    /// Some columns of the patches of `rows` output pixels, in `buffer` or as they lie in `x`.
    fn patch_columns<'a>(
        &self,
        x: &'a [f32],
        first: usize,
        rows: usize,
        (from, to): (usize, usize),
        buffer: &'a mut Vec<f32>,
    ) -> Matrix<'a> {
        if self.is_pointwise() {
            return Matrix::new(&x[first * self.c..], rows, self.c).column_range(from, to);
        }
        let needed = rows * (to - from);
        buffer.resize(buffer.len().max(needed), 0.0);
        self.patches(x, first, (from, to), &mut buffer[..needed]);
        Matrix::new(buffer, rows, to - from)
    }

    /// `gx =`, or with `accumulate` `gx +=`, the output's gradient `go` times the weights, each value added where it came
    /// from ("col2im").
    pub fn input_gradient(&self, w: &[f32], go: &[f32], gx: &mut [f32], accumulate: bool) {
        if let Some(way) = self.winograd() {
            return self.winograd_input_gradient(way, w, go, gx, accumulate);
        }
        let (o, c, patch, pixels) = (self.o, self.c, self.patch(), self.pixels());
        let weights = Matrix::new(w, patch, o);
        if self.is_pointwise() {
            multiply_parallel(Matrix::new(go, pixels, o), weights.transposed(), gx, accumulate);
            return;
        }
        let per_image = self.out_h() * self.out_w();
        if self.is_small() && c >= 64 {
            // A job: some channels of `gx`, for every place under the kernel and all pixels.
            let width = c.div_ceil(4).clamp(32, 128);
            if !accumulate {
                gx.fill(0.0);
            }
            let target = Shared::new(gx);
            (0..c.div_ceil(width)).into_par_iter().for_each(|job| {
                let (from, to) = (job * width, c.min((job + 1) * width));
                let mut columns = vec![0.0; pixels * (to - from)];
                for tap in 0..self.kh * self.kw {
                    let weights = weights.row_range(tap * c + from, tap * c + to).transposed();
                    multiply(Matrix::new(go, pixels, o), weights, &mut columns, to - from, false);
                    for (pixel, row) in columns.chunks_exact(to - from).enumerate() {
                        if let Some(place) = self.place(pixel, tap) {
                            // SAFETY: jobs write disjoint channels `from..to` of each pixel of `gx`.
                            let target = unsafe { target.part(place * c + from, to - from) };
                            for (t, v) in target.iter_mut().zip(row) {
                                *t += *v;
                            }
                        }
                    }
                }
            });
            return;
        }
        // A job: some whole images, so that no two jobs add to the same pixel.
        let images = (256usize.div_ceil(per_image)).min(self.n.div_ceil(8)).max(1);
        let step = (PATCHES / patch).max(96);
        let image = self.h * self.w * c;
        gx.par_chunks_mut(images * image).enumerate().for_each_init(Vec::new, |buffer: &mut Vec<f32>, (job, gx)| {
            let (begin, end) = (job * images * per_image, (job * images + gx.len() / image) * per_image);
            if !accumulate {
                gx.fill(0.0);
            }
            for first in (begin..end).step_by(step) {
                let rows = step.min(end - first);
                buffer.resize(buffer.len().max(rows * patch), 0.0);
                let go = Matrix::new(&go[first * o..], rows, o);
                multiply(go, weights.transposed(), buffer, patch, false);
                self.add_patches(&buffer[..rows * patch], first, job * images * self.h * self.w, gx);
            }
        });
    }

    /// The pixel of the input, over all images, that lies under place `tap` of the kernel at an output pixel.
    fn place(&self, pixel: usize, tap: usize) -> Option<usize> {
        let (out_h, out_w) = (self.out_h(), self.out_w());
        let (image, y, x) = (pixel / (out_h * out_w), pixel / out_w % out_h, pixel % out_w);
        let iy = (y * self.stride + tap / self.kw).checked_sub(self.padding[0]).filter(|&iy| iy < self.h)?;
        let ix = (x * self.stride + tap % self.kw).checked_sub(self.padding[2]).filter(|&ix| ix < self.w)?;
        Some((image * self.h + iy) * self.w + ix)
    }

    /// Adds patches of the output pixels from `first` to the part `gx` of the input's gradient that begins with the
    /// input pixel `origin`.
    fn add_patches(&self, patches: &[f32], first: usize, origin: usize, gx: &mut [f32]) {
        let (out_h, out_w, c) = (self.out_h(), self.out_w(), self.c);
        for (r, patch) in patches.chunks_exact(self.patch()).enumerate() {
            let pixel = first + r;
            let (image, y, x) = (pixel / (out_h * out_w), pixel / out_w % out_h, pixel % out_w);
            // Columns of the kernel that lie inside the image, which are neighbours there too.
            let left = (x * self.stride) as isize - self.padding[2] as isize;
            let (a, b) = ((-left).max(0) as usize, (self.w as isize - left).clamp(0, self.kw as isize) as usize);
            if a >= b {
                continue;
            }
            for ky in 0..self.kh {
                let Some(iy) = (y * self.stride + ky).checked_sub(self.padding[0]).filter(|&iy| iy < self.h) else {
                    continue;
                };
                let start = (image * self.h + iy) * self.w + (left + a as isize) as usize - origin;
                let target = &mut gx[start * c..][..(b - a) * c];
                for (t, v) in target.iter_mut().zip(&patch[(ky * self.kw + a) * c..]) {
                    *t += *v;
                }
            }
        }
    }
}
