//! Convolution with kernels of 3x3 by Winograd's minimal filtering: 36 multiplications where 16 outputs of one channel
//! would need 144.
//!
//! A. Lavin, S. Gray: Fast Algorithms for Convolutional Neural Networks (2015), F(4x4, 3x3). The output is cut into
//! tiles of 4x4. A tile's 6x6 inputs and the kernel are each transformed into 36 numbers; these are multiplied place by
//! place and summed over the channels, which is one matrix product for each place; and the 36 sums are transformed back:
//!
//! ```text
//! V = B' d B        d: the 6x6 inputs          U = G g G'        g: the 3x3 kernel
//! M = sum over channels of U * V               y = A' M A        y: the 4x4 outputs
//! ```
//!
//! Both gradients are of the same form: that of the input is a convolution of the output's gradient with the kernel
//! turned by half a circle, and that of the kernel is `G' (sum over tiles of V * (A dy A')) G`.
//!
//! The transforms add numbers of different size, so the result has more rounding error than the sum itself: some 1e-6 of
//! its norm, which tests hold below 1e-5 (`tests/conv_paths.rs`).

use super::columns::Shared;
use super::conv::Conv;
use super::finish::{Finish, at_least};
use super::gemm::{Matrix, multiply};
use super::memory::{recycle, scratch};
use super::vector::{LANES, lanes, load, store, vectorised};
use super::winograd_transforms::{
    Lanes, gradient_line, input_line, kernel_gradient_line, kernel_line, output_line, square,
};
use rayon::prelude::*;
use std::cell::Cell;

/// Side of a tile of outputs.
const TILE: usize = 4;
/// Side of the inputs under it.
const SPAN: usize = 6;
const POINTS: usize = SPAN * SPAN;
/// Floats of transformed tiles that a job works on, to stay near its core: 4 MiB.
const JOB: usize = 1 << 20;

/// An image that is cut into tiles, `n, h, w, c`, and the row and column where the first tile begins, in terms of which
/// padding is negative.
#[derive(Clone, Copy)]
struct Grid {
    n: usize,
    h: usize,
    w: usize,
    c: usize,
    origin: (isize, isize),
    /// Tiles in a column and in a row.
    tiles: (usize, usize),
}

impl Grid {
    fn tile_count(&self) -> usize {
        self.n * self.tiles.0 * self.tiles.1
    }

    /// Image, first row and first column of a tile.
    fn place(&self, tile: usize) -> (usize, isize, isize) {
        let (rows, columns) = self.tiles;
        let (image, y, x) = (tile / (rows * columns), tile / columns % rows, tile % columns);
        (image, (TILE * y) as isize + self.origin.0, (TILE * x) as isize + self.origin.1)
    }

    /// Where the pixel `(y, x)` of an image begins; none outside.
    #[inline(always)]
    fn pixel(&self, image: usize, y: isize, x: isize) -> Option<usize> {
        let inside = y >= 0 && x >= 0 && y < self.h as isize && x < self.w as isize;
        inside.then(|| ((image * self.h + y as usize) * self.w + x as usize) * self.c)
    }

    /// The values of channels `from..from + len` on the `S x S` pixels of a tile; zeros outside the image.
    #[inline(always)]
    fn gather<const S: usize>(&self, values: &[f32], tile: usize, from: usize, len: usize) -> [[Lanes; S]; S] {
        let (image, top, left) = self.place(tile);
        let mut all = [[[0.0; LANES]; S]; S];
        for (y, row) in all.iter_mut().enumerate() {
            for (x, lanes) in row.iter_mut().enumerate() {
                if let Some(start) = self.pixel(image, top + y as isize, left + x as isize) {
                    *lanes = load(&values[start + from..start + from + len]);
                }
            }
        }
        all
    }
}

thread_local! {
    /// Memory for transformed tiles, kept from one convolution to the next.
    static BUFFER: Cell<Vec<f32>> = const { Cell::new(Vec::new()) };
}

/// Lends `len` floats, of any value.
fn with_buffer<T>(len: usize, work: impl FnOnce(&mut [f32]) -> T) -> T {
    // Taken out while in use: a thread that waits inside `work` may begin another job, which then gets its own.
    let mut buffer = BUFFER.take();
    if buffer.len() < len {
        buffer = vec![0.0; len];
    }
    let done = work(&mut buffer[..len]);
    BUFFER.set(buffer);
    done
}

/// Transforms tiles `first..first + count` of `values` into `out`, `POINTS, count, c`.
fn transform_tiles<const S: usize>(
    grid: &Grid,
    values: &[f32],
    (first, count): (usize, usize),
    out: &mut [f32],
    line: impl Fn([f32; S]) -> [f32; SPAN] + Copy + Sync,
) {
    let c = grid.c;
    assert_eq!(out.len(), POINTS * count * c);
    let out = Shared::new(out);
    (0..count.div_ceil(16)).into_par_iter().for_each(|block| {
        vectorised(
            #[inline(always)]
            || {
                for index in 16 * block..count.min(16 * (block + 1)) {
                    for (from, len) in lanes(c) {
                        let points = square(&grid.gather::<S>(values, first + index, from, len), line);
                        for (point, lanes) in points.iter().flatten().enumerate() {
                            // SAFETY: each tile has places of its own, inside `out` by the assertion above.
                            let place = unsafe { out.part((point * count + index) * c + from, len) };
                            store(lanes, place);
                        }
                    }
                }
            },
        );
    });
}

/// What is done with the outputs of a convolution.
#[derive(Clone, Copy)]
struct Target<'a> {
    finish: Finish<'a>,
    accumulate: bool,
}

/// The channels `from..from + len` of a vector for all channels; `or` where there is none.
fn channels(values: Option<&[f32]>, from: usize, len: usize, or: f32) -> Lanes {
    let mut lanes = [or; LANES];
    if let Some(values) = values {
        lanes[..len].copy_from_slice(&values[from..from + len]);
    }
    lanes
}

/// Transforms the sums `m` (`POINTS, count, c`) of tiles `first..` back and puts them into the image.
fn write_tiles(grid: &Grid, m: &[f32], (first, count): (usize, usize), out: Shared, target: Target) {
    let (c, finish) = (grid.c, target.finish);
    let floor = finish.floor();
    (0..count.div_ceil(16)).into_par_iter().for_each(|block| {
        vectorised(
            #[inline(always)]
            || {
                for index in 16 * block..count.min(16 * (block + 1)) {
                    let (image, top, left) = grid.place(first + index);
                    for (from, len) in lanes(c) {
                        let mut points = [[[0.0; LANES]; SPAN]; SPAN];
                        for (point, lanes) in points.iter_mut().flatten().enumerate() {
                            *lanes = load(&m[(point * count + index) * c + from..][..len]);
                        }
                        let outputs = square(&points, output_line);
                        let (scale, shift) =
                            (channels(finish.scale, from, len, 1.0), channels(finish.shift, from, len, 0.0));
                        for (y, row) in outputs.iter().enumerate() {
                            for (x, lanes) in row.iter().enumerate() {
                                let Some(start) = grid.pixel(image, top + y as isize, left + x as isize) else {
                                    continue;
                                };
                                // SAFETY: tiles do not overlap, and each is written by one job.
                                let place = unsafe { out.part(start + from, len) };
                                let mut before = [0.0; LANES];
                                if target.accumulate {
                                    before = load(place);
                                } else if let Some(residual) = finish.residual {
                                    before = load(&residual[start + from..][..len]);
                                }
                                let done: Lanes = std::array::from_fn(|l| {
                                    at_least(floor, lanes[l] * scale[l] + shift[l] + before[l])
                                });
                                store(&done, place);
                            }
                        }
                    }
                }
            },
        );
    });
}

/// The 36 matrices `c, o` of a kernel `3, 3, c, o`; with `turned` those of the convolution of the input's gradient,
/// `o, c`.
fn transform_kernel(w: &[f32], (c, o): (usize, usize), turned: bool) -> Vec<f32> {
    assert_eq!(w.len(), 9 * c * o);
    let (rows, columns) = if turned { (o, c) } else { (c, o) };
    let mut u = scratch(POINTS * rows * columns);
    let out = Shared::new(&mut u);
    (0..rows.div_ceil(LANES)).into_par_iter().for_each(|block| {
        vectorised(
            #[inline(always)]
            || {
                for row in block * LANES..rows.min((block + 1) * LANES) {
                    for (from, len) in lanes(columns) {
                        let mut kernel = [[[0.0; LANES]; 3]; 3];
                        for (place, lanes) in kernel.iter_mut().flatten().enumerate() {
                            if turned {
                                let matrix = &w[(8 - place) * c * o..][..c * o];
                                for l in 0..len {
                                    lanes[l] = matrix[(from + l) * o + row];
                                }
                            } else {
                                *lanes = load(&w[(place * c + row) * o + from..][..len]);
                            }
                        }
                        for (point, lanes) in square(&kernel, kernel_line).iter().flatten().enumerate() {
                            // SAFETY: each row has places of its own, inside `u` by its length.
                            let place = unsafe { out.part((point * rows + row) * columns + from, len) };
                            store(lanes, place);
                        }
                    }
                }
            },
        );
    });
    u
}

/// A convolution of the tiles of `input` with transformed kernels `u`, into the tiles of `output`.
fn convolve(input: Grid, x: &[f32], u: &[f32], output: Grid, out: &mut [f32], target: Target) {
    let (c, o, tiles) = (input.c, output.c, input.tile_count());
    let each = tiles_per_job(tiles, c + o);
    let out = Shared::new(out);
    (0..tiles.div_ceil(each)).into_par_iter().for_each(|job| {
        let (first, count) = (job * each, each.min(tiles - job * each));
        with_buffer(POINTS * count * (c + o), |buffer| {
            let (v, m) = buffer.split_at_mut(POINTS * count * c);
            transform_tiles(&input, x, (first, count), v, input_line);
            m.par_chunks_mut(count * o).enumerate().for_each(|(point, m)| {
                let v = Matrix::new(&v[point * count * c..], count, c);
                let u = Matrix::new(&u[point * c * o..], c, o);
                multiply(v, u, m, o, false);
            });
            write_tiles(&output, m, (first, count), out, target);
        });
    });
}

/// Tiles that a job works on: few enough for the cache, many enough to be worth packing the kernels for.
fn tiles_per_job(tiles: usize, channels: usize) -> usize {
    let most = (JOB / (POINTS * channels)).clamp(64, 512);
    let jobs = tiles.div_ceil(most);
    let jobs = if jobs > 1 { jobs.next_multiple_of(2) } else { 1 };
    tiles.div_ceil(jobs).max(1)
}

impl Conv {
    /// Whether this way is worth it: a kernel of 3x3 that moves pixel by pixel, and enough channels and tiles.
    pub(super) fn is_winograd(&self) -> bool {
        let three = self.kh == 3 && self.kw == 3 && self.stride == 1 && self.padding.iter().all(|&side| side <= 2);
        let tiles = self.n * self.out_h().div_ceil(TILE) * self.out_w().div_ceil(TILE);
        three && self.c >= 32 && self.o >= 32 && tiles >= 32 && 28 * tiles < 3 * self.pixels()
    }

    fn input_grid(&self) -> Grid {
        let origin = (-(self.padding[0] as isize), -(self.padding[2] as isize));
        let tiles = (self.out_h().div_ceil(TILE), self.out_w().div_ceil(TILE));
        Grid { n: self.n, h: self.h, w: self.w, c: self.c, origin, tiles }
    }

    fn output_grid(&self) -> Grid {
        let (h, w) = (self.out_h(), self.out_w());
        Grid { n: self.n, h, w, c: self.o, origin: (0, 0), tiles: (h.div_ceil(TILE), w.div_ceil(TILE)) }
    }

    /// As [`Conv::forward`].
    pub(super) fn winograd_forward(&self, x: &[f32], w: &[f32], finish: Finish, out: &mut [f32]) {
        let u = transform_kernel(w, (self.c, self.o), false);
        let target = Target { finish, accumulate: false };
        convolve(self.input_grid(), x, &u, self.output_grid(), out, target);
        recycle(u);
    }

    /// As [`Conv::input_gradient`].
    pub(super) fn winograd_input_gradient(&self, w: &[f32], go: &[f32], gx: &mut [f32], accumulate: bool) {
        let u = transform_kernel(w, (self.c, self.o), true);
        let tiles = (self.h.div_ceil(TILE), self.w.div_ceil(TILE));
        let origin = (self.padding[0] as isize - 2, self.padding[2] as isize - 2);
        let go_grid = Grid { origin, tiles, ..self.output_grid() };
        let gx_grid = Grid { origin: (0, 0), tiles, ..self.input_grid() };
        convolve(go_grid, go, &u, gx_grid, gx, Target { finish: Finish::default(), accumulate });
        recycle(u);
    }

    /// As [`Conv::add_weight_gradient`].
    pub(super) fn winograd_weight_gradient(&self, x: &[f32], go: &[f32], gw: &mut [f32]) {
        let (c, o) = (self.c, self.o);
        let (input, output) = (self.input_grid(), self.output_grid());
        let tiles = input.tile_count();
        let each = (4 * JOB / (POINTS * (c + o))).clamp(128, 1024).min(tiles);
        let mut u = scratch(POINTS * c * o);
        with_buffer(POINTS * each * (c + o), |buffer| {
            for first in (0..tiles).step_by(each) {
                let count = each.min(tiles - first);
                let (v, m) = buffer[..POINTS * count * (c + o)].split_at_mut(POINTS * count * c);
                transform_tiles(&input, x, (first, count), v, input_line);
                transform_tiles(&output, go, (first, count), m, gradient_line);
                u.par_chunks_mut(c * o).enumerate().for_each(|(point, u)| {
                    let v = Matrix::new(&v[point * count * c..], count, c);
                    let m = Matrix::new(&m[point * count * o..], count, o);
                    multiply(v.transposed(), m, u, o, first > 0);
                });
            }
        });
        let gw = Shared::new(gw);
        (0..c).into_par_iter().for_each(|row| {
            vectorised(
                #[inline(always)]
                || {
                    for (from, len) in lanes(o) {
                        let mut points = [[[0.0; LANES]; SPAN]; SPAN];
                        for (point, lanes) in points.iter_mut().flatten().enumerate() {
                            *lanes = load(&u[(point * c + row) * o + from..][..len]);
                        }
                        for (place, lanes) in square(&points, kernel_gradient_line).iter().flatten().enumerate() {
                            // SAFETY: each row of each of the nine matrices is written by one job.
                            let target = unsafe { gw.part((place * c + row) * o + from, len) };
                            target.iter_mut().zip(lanes).for_each(|(t, v)| *t += *v);
                        }
                    }
                },
            );
        });
        recycle(u);
    }
}
