//! Convolution as a matrix product: the patches under the kernel become rows ("im2col"), the weights columns.
//!
//! K. Chellapilla, S. Puri, P. Simard: High Performance Convolutional Neural Networks for Document Processing (2006).
//! Patches are laid out a few at a time, so that they are still in the processor's cache when they are multiplied.

use super::finish::Finish;
use super::gemm::{Matrix, multiply_parallel, product};
use super::memory::{made, zeros};
use rayon::prelude::*;

/// Floats of patches laid out at a time: 1 MiB.
pub(super) const PATCHES: usize = 1 << 18;

/// Sizes of a convolution: `n` images `h * w * c`, `o` kernels of `kh * kw * c`.
#[derive(Clone, Copy, Debug)]
pub struct Conv {
    pub n: usize,
    pub h: usize,
    pub w: usize,
    pub c: usize,
    pub o: usize,
    pub kh: usize,
    pub kw: usize,
    pub stride: usize,
    /// Rows and columns of zeros: top, bottom, left, right.
    pub padding: [usize; 4],
}

impl Conv {
    pub fn out_h(&self) -> usize {
        (self.h + self.padding[0] + self.padding[1] - self.kh) / self.stride + 1
    }

    pub fn out_w(&self) -> usize {
        (self.w + self.padding[2] + self.padding[3] - self.kw) / self.stride + 1
    }

    /// Output pixels of all images.
    pub fn pixels(&self) -> usize {
        self.n * self.out_h() * self.out_w()
    }

    /// Values under the kernel at one place.
    pub fn patch(&self) -> usize {
        self.kh * self.kw * self.c
    }

    /// Whether the patches are the image's pixels as they lie.
    pub(super) fn is_pointwise(&self) -> bool {
        self.kh == 1 && self.kw == 1 && self.stride == 1 && self.padding == [0; 4]
    }

    /// Whether the output has so few pixels that cutting it by rows would pack the weights too often.
    pub(super) fn is_small(&self) -> bool {
        self.pixels() <= 1024 && self.pixels() * self.patch() <= 8 * PATCHES
    }

    /// Copies columns `from..to` of the patches of output pixels `first..` into `rows`, one patch a row.
    /// Column `(ky * kw + kx) * c + i` is channel `i` under the kernel's `(ky, kx)`.
    pub(super) fn patches(&self, x: &[f32], first: usize, (from, to): (usize, usize), rows: &mut [f32]) {
        let (out_h, out_w, c) = (self.out_h(), self.out_w(), self.c);
        let (line, width) = (self.kw * c, to - from);
        for (r, row) in rows.chunks_exact_mut(width).enumerate() {
            let pixel = first + r;
            let (image, y, x_out) = (pixel / (out_h * out_w), pixel / out_w % out_h, pixel % out_w);
            let left = (x_out * self.stride) as isize - self.padding[2] as isize;
            let mut column = from;
            while column < to {
                // One line of the kernel: neighbouring columns of the image lie one after the other.
                let ky = column / line;
                let end = to.min((ky + 1) * line);
                let (a, b) = (column - ky * line, end - ky * line);
                let target = &mut row[column - from..end - from];
                column = end;
                let iy = (y * self.stride + ky) as isize - self.padding[0] as isize;
                if iy < 0 || iy >= self.h as isize {
                    target.fill(0.0);
                    continue;
                }
                let source = &x[(image * self.h + iy as usize) * self.w * c..][..self.w * c];
                // Floats a..b of the line are floats a+shift..b+shift of the image's row, where those exist.
                let shift = left * c as isize;
                let (lo, hi) = (a as isize + shift, b as isize + shift);
                let (lo_in, hi_in) = (lo.clamp(0, source.len() as isize), hi.clamp(0, source.len() as isize));
                if lo_in >= hi_in {
                    target.fill(0.0);
                    continue;
                }
                target[..(lo_in - lo) as usize].fill(0.0);
                target[(lo_in - lo) as usize..(hi_in - lo) as usize]
                    .copy_from_slice(&source[lo_in as usize..hi_in as usize]);
                target[(hi_in - lo) as usize..].fill(0.0);
            }
        }
    }

    /// `x * w`, finished; `w` is `kh, kw, c, o`.
    pub fn forward(&self, x: &[f32], w: &[f32], finish: Finish) -> Vec<f32> {
        let (o, patch, len) = (self.o, self.patch(), self.pixels() * self.o);
        if let Some(way) = self.winograd() {
            let mut out = zeros(len);
            self.winograd_forward(way, x, w, finish, &mut out);
            return out;
        }
        let weights = Matrix::new(w, patch, o);
        if self.is_small() {
            let mut laid_out = Vec::new();
            let patches = if self.is_pointwise() {
                x
            } else {
                laid_out.resize(self.pixels() * patch, 0.0);
                self.all_patches(x, &mut laid_out);
                &laid_out
            };
            let mut out = zeros(len);
            multiply_parallel(Matrix::new(patches, self.pixels(), patch), weights, &mut out, false);
            finish.all(o, &mut out);
            return out;
        }
        let rows = self.rows_per_job();
        made(len, rows * o, Vec::new, |buffer: &mut Vec<f32>, job, out| {
            let (first, rows) = (job * rows, out.len() / o);
            let patches = if self.is_pointwise() {
                &x[first * patch..]
            } else {
                buffer.resize(buffer.len().max(rows * patch), 0.0);
                self.patches(x, first, (0, patch), &mut buffer[..rows * patch]);
                &buffer[..]
            };
            let out = product(Matrix::new(patches, rows, patch), weights, out);
            finish.rows(first * o, o, out);
            out
        })
    }

    /// The patches of all output pixels.
    pub(super) fn all_patches(&self, x: &[f32], rows: &mut [f32]) {
        let (patch, each) = (self.patch(), 32);
        rows.par_chunks_mut(each * patch).enumerate().for_each(|(job, rows)| {
            self.patches(x, job * each, (0, patch), rows);
        });
    }

    /// Output pixels a job handles: few enough for the cache, many enough to be worth packing the weights for, and so
    /// that the number of jobs divides well among threads.
    pub(super) fn rows_per_job(&self) -> usize {
        let rows = (PATCHES / self.patch()).clamp(96, 4096);
        let jobs = self.pixels().div_ceil(rows).next_multiple_of(8);
        self.pixels().div_ceil(jobs).max(1)
    }
}
