//! Maximum and mean over windows.

use super::memory::zeros;
use super::vector::vectorised;
use rayon::prelude::*;

/// Sizes of a pooling: `n` images `h * w * c`, windows `kh * kw`.
#[derive(Clone, Copy, Debug)]
pub struct Pool {
    pub n: usize,
    pub h: usize,
    pub w: usize,
    pub c: usize,
    pub kh: usize,
    pub kw: usize,
    pub stride: usize,
    /// Top, bottom, left, right.
    pub padding: [usize; 4],
}

impl Pool {
    pub fn out_h(&self) -> usize {
        (self.h + self.padding[0] + self.padding[1] - self.kh) / self.stride + 1
    }

    pub fn out_w(&self) -> usize {
        (self.w + self.padding[2] + self.padding[3] - self.kw) / self.stride + 1
    }

    /// For each window inside one image: its output pixel, and the places in the window with their input pixels.
    #[inline(always)]
    fn windows(&self, mut visit: impl FnMut(usize, &[(u8, usize)])) {
        let mut places = Vec::with_capacity(self.kh * self.kw);
        for y in 0..self.out_h() {
            for x in 0..self.out_w() {
                places.clear();
                for place in 0..self.kh * self.kw {
                    let iy = (y * self.stride + place / self.kw).wrapping_sub(self.padding[0]);
                    let ix = (x * self.stride + place % self.kw).wrapping_sub(self.padding[2]);
                    if iy < self.h && ix < self.w {
                        places.push((place as u8, iy * self.w + ix));
                    }
                }
                visit(y * self.out_w() + x, &places);
            }
        }
    }

    /// Maximum of each window, and the place in the window where it was; the first of equals, as PyTorch's. A NaN
    /// counts as a maximum, so that it does not vanish.
    pub fn max(&self, x: &[f32]) -> (Vec<f32>, Vec<u8>) {
        let (c, size) = (self.c, self.out_h() * self.out_w() * self.c);
        let mut out = zeros(self.n * size);
        let mut arg = vec![0u8; self.n * size];
        let images = out.par_chunks_mut(size).zip(arg.par_chunks_mut(size)).zip(x.par_chunks(self.h * self.w * c));
        images.for_each(|((out, arg), x)| {
            vectorised(
                #[inline(always)]
                || {
                    self.windows(
                        #[inline(always)]
                        |pixel, places| {
                            let (best, which) = (&mut out[pixel * c..][..c], &mut arg[pixel * c..][..c]);
                            // Also where every value is minus infinity the gradient goes to a place in the image.
                            which.fill(places.first().map_or(0, |p| p.0));
                            best.fill(f32::NEG_INFINITY);
                            for &(place, source) in places {
                                let values = &x[source * c..][..c];
                                // Without a branch, the compiler compares and chooses whole vectors.
                                for ((best, which), &value) in best.iter_mut().zip(which.iter_mut()).zip(values) {
                                    let larger = (value > *best) | value.is_nan();
                                    *best = if larger { value } else { *best };
                                    *which = if larger { place } else { *which };
                                }
                            }
                        },
                    );
                },
            );
        });
        (out, arg)
    }

    /// Puts the gradient `go` of each maximum to the value that it came from, or adds it.
    pub fn max_gradient(&self, go: &[f32], arg: &[u8], gx: &mut [f32], accumulate: bool) {
        let (c, size) = (self.c, self.out_h() * self.out_w() * self.c);
        let images = gx.par_chunks_mut(self.h * self.w * c).zip(go.par_chunks(size)).zip(arg.par_chunks(size));
        images.for_each(|((gx, go), arg)| {
            if !accumulate {
                gx.fill(0.0);
            }
            vectorised(
                #[inline(always)]
                || {
                    self.windows(
                        #[inline(always)]
                        |pixel, places| {
                            let (go, arg) = (&go[pixel * c..][..c], &arg[pixel * c..][..c]);
                            for &(place, source) in places {
                                let target = &mut gx[source * c..][..c];
                                for ((target, &go), &which) in target.iter_mut().zip(go).zip(arg) {
                                    *target += if which == place { go } else { 0.0 };
                                }
                            }
                        },
                    );
                },
            );
        });
    }

    /// What the sum over a window with `inside` places in the image is divided by.
    fn divisor(&self, inside: usize, count_padding: bool) -> f32 {
        if count_padding { (self.kh * self.kw) as f32 } else { inside.max(1) as f32 }
    }

    /// Mean of each window, over its places inside the image, or with zeros for the padding.
    pub fn mean(&self, x: &[f32], count_padding: bool) -> Vec<f32> {
        let (c, size) = (self.c, self.out_h() * self.out_w() * self.c);
        let mut out = vec![0.0; self.n * size];
        out.par_chunks_mut(size).zip(x.par_chunks(self.h * self.w * c)).for_each(|(out, x)| {
            vectorised(
                #[inline(always)]
                || {
                    self.windows(
                        #[inline(always)]
                        |pixel, places| {
                            let out = &mut out[pixel * c..][..c];
                            for &(_, source) in places {
                                for (o, v) in out.iter_mut().zip(&x[source * c..][..c]) {
                                    *o += *v;
                                }
                            }
                            let divisor = self.divisor(places.len(), count_padding);
                            out.iter_mut().for_each(|o| *o /= divisor);
                        },
                    );
                },
            );
        });
        out
    }

    /// Spreads the gradient `go` of each mean over its window, or adds it there.
    pub fn mean_gradient(&self, go: &[f32], count_padding: bool, gx: &mut [f32], accumulate: bool) {
        let (c, size) = (self.c, self.out_h() * self.out_w() * self.c);
        gx.par_chunks_mut(self.h * self.w * c).zip(go.par_chunks(size)).for_each(|(gx, go)| {
            if !accumulate {
                gx.fill(0.0);
            }
            vectorised(
                #[inline(always)]
                || {
                    self.windows(
                        #[inline(always)]
                        |pixel, places| {
                            let divisor = self.divisor(places.len(), count_padding);
                            for &(_, source) in places {
                                for (t, g) in gx[source * c..][..c].iter_mut().zip(&go[pixel * c..][..c]) {
                                    *t += *g / divisor;
                                }
                            }
                        },
                    );
                },
            );
        });
    }
}
