//! Tiles of images and kernels on their way into the points of [`super::winograd`] and back.
//!
//! What belongs to a point is a matrix; the 36 of them lie one after the other ([`Points`]).

use super::columns::Shared;
use super::finish::Finish;
use super::vector::{Lanes, portions};
use super::winograd_transforms::{Lines, SPAN, input_line, square};
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;
use std::marker::PhantomData;
use std::ops::Range;

/// Number of points.
pub const POINTS: usize = SPAN * SPAN;
/// Tiles that are transformed in one job.
const BLOCK: usize = 16;

/// A matrix `rows, columns` for each point, in one slice.
#[derive(Clone, Copy)]
pub struct Points {
    pub rows: usize,
    pub columns: usize,
}

impl Points {
    /// From one matrix to the next: some more than its length, since places whose distance is a power of two share few
    /// lines of the processor's cache.
    pub fn spacing(&self) -> usize {
        self.rows * self.columns + 16
    }

    /// Floats of all of them.
    pub fn len(&self) -> usize {
        POINTS * self.spacing()
    }

    /// Where the value of a point, in row `y` and column `x` of the points, begins for this row and column.
    #[inline(always)]
    fn place(&self, (y, x): (usize, usize), row: usize, column: usize) -> usize {
        (SPAN * y + x) * self.spacing() + row * self.columns + column
    }
}

/// An image that is cut into tiles, `n, h, w, c`, and the row and column where the first tile begins, in terms of which
/// padding is negative.
#[derive(Clone, Copy)]
pub struct Grid {
    pub n: usize,
    pub h: usize,
    pub w: usize,
    pub c: usize,
    /// How far apart tiles begin.
    pub side: usize,
    pub origin: (isize, isize),
    /// Tiles in a column and in a row.
    pub tiles: (usize, usize),
}

impl Grid {
    pub fn tile_count(&self) -> usize {
        self.n * self.tiles.0 * self.tiles.1
    }

    /// Image, first row and first column of a tile.
    fn place(&self, tile: usize) -> (usize, isize, isize) {
        let (rows, columns) = self.tiles;
        let (image, y, x) = (tile / (rows * columns), tile / columns % rows, tile % columns);
        (image, (self.side * y) as isize + self.origin.0, (self.side * x) as isize + self.origin.1)
    }

    /// Where each of the `S x S` pixels of a tile begins; none outside of the image.
    #[inline(always)]
    fn pixels<const S: usize>(&self, tile: usize) -> [[Option<usize>; S]; S] {
        let (image, top, left) = self.place(tile);
        let mut all = [[None; S]; S];
        for (i, row) in all.iter_mut().enumerate() {
            for (j, pixel) in row.iter_mut().enumerate() {
                let (y, x) = (top + i as isize, left + j as isize);
                if y >= 0 && x >= 0 && y < self.h as isize && x < self.w as isize {
                    *pixel = Some(((image * self.h + y as usize) * self.w + x as usize) * self.c);
                }
            }
        }
        all
    }
}

/// A transform of lines of `I` values into the points.
pub trait ToPoints<const I: usize> {
    fn line<S: Simd>(values: [Lanes<S>; I]) -> [Lanes<S>; SPAN];
}

/// `B' d`, of inputs.
pub struct Inputs;

impl ToPoints<SPAN> for Inputs {
    #[inline(always)]
    fn line<S: Simd>(values: [Lanes<S>; SPAN]) -> [Lanes<S>; SPAN] {
        input_line(values)
    }
}

/// `A y`, of the output's gradient.
pub struct Gradients<L, const K: usize>(PhantomData<L>);

impl<L: Lines<T, K>, const T: usize, const K: usize> ToPoints<T> for Gradients<L, K> {
    #[inline(always)]
    fn line<S: Simd>(values: [Lanes<S>; T]) -> [Lanes<S>; SPAN] {
        L::gradient(values)
    }
}

/// Transforms the tiles `tiles` of `values`, the image of `grid`, into `out`: for each point `tiles, c`.
pub fn tiles_to_points<F: ToPoints<I>, const I: usize>(
    grid: &Grid,
    values: &[f32],
    tiles: Range<usize>,
    out: &mut [f32],
) {
    let points = Points { rows: tiles.len(), columns: grid.c };
    assert!(out.len() >= points.len() && tiles.end <= grid.tile_count());
    let out = Shared::new(out);
    (0..tiles.len().div_ceil(BLOCK)).into_par_iter().for_each(|block| {
        let rows = BLOCK * block..tiles.len().min(BLOCK * (block + 1));
        let way = PhantomData::<F>;
        Arch::new().dispatch(TilesToPoints { grid, values, first: tiles.start, rows, points, out, way });
    });
}

struct TilesToPoints<'a, F, const I: usize> {
    grid: &'a Grid,
    values: &'a [f32],
    /// The tile of the first row.
    first: usize,
    rows: Range<usize>,
    points: Points,
    out: Shared<'a>,
    way: PhantomData<F>,
}

impl<F: ToPoints<I>, const I: usize> WithSimd for TilesToPoints<'_, F, I> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let outside = Lanes::zero(simd);
        for row in self.rows {
            let pixels = self.grid.pixels::<I>(self.first + row);
            for (from, len) in portions::<S>(0..self.grid.c) {
                square(
                    simd,
                    #[inline(always)]
                    |y, x| match pixels[y][x] {
                        Some(start) => Lanes::load(simd, &self.values[start + from..][..len]),
                        None => outside,
                    },
                    #[inline(always)]
                    |lanes| F::line(lanes),
                    #[inline(always)]
                    |y, x, lanes: Lanes<S>| {
                        // SAFETY: each tile has a row of its own.
                        lanes.store(unsafe { self.out.part(self.points.place((y, x), row, from), len) });
                    },
                );
            }
        }
    }
}

/// What is done with the outputs of a convolution.
#[derive(Clone, Copy)]
pub struct Target<'a> {
    pub finish: Finish<'a>,
    pub accumulate: bool,
}

/// Transforms sums at the points `m`, for each `tiles, channels`, back and puts them into the image `out` of `grid`.
pub fn points_to_tiles<L: Lines<T, K>, const T: usize, const K: usize>(
    grid: &Grid,
    m: &[f32],
    tiles: Range<usize>,
    channels: Range<usize>,
    out: Shared,
    target: Target,
) {
    let points = Points { rows: tiles.len(), columns: channels.len() };
    assert!(m.len() >= points.len() && tiles.end <= grid.tile_count() && channels.end <= grid.c);
    (0..tiles.len().div_ceil(BLOCK)).into_par_iter().for_each(|block| {
        let rows = BLOCK * block..tiles.len().min(BLOCK * (block + 1));
        let (channels, way) = (channels.clone(), PhantomData::<L>);
        Arch::new().dispatch(PointsToTiles::<L, T, K> {
            grid,
            m,
            first: tiles.start,
            rows,
            channels,
            points,
            out,
            target,
            way,
        });
    });
}

struct PointsToTiles<'a, L, const T: usize, const K: usize> {
    grid: &'a Grid,
    m: &'a [f32],
    /// The tile of the first row.
    first: usize,
    rows: Range<usize>,
    channels: Range<usize>,
    points: Points,
    out: Shared<'a>,
    target: Target<'a>,
    way: PhantomData<L>,
}

impl<L: Lines<T, K>, const T: usize, const K: usize> WithSimd for PointsToTiles<'_, L, T, K> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Target { finish, accumulate } = self.target;
        let floor = finish.floor();
        for row in self.rows {
            let pixels = self.grid.pixels::<T>(self.first + row);
            for (from, len) in portions::<S>(self.channels.clone()) {
                let scale = finish.scale.map(|scale| Lanes::load(simd, &scale[from..][..len]));
                let shift = finish.shift.map(|shift| Lanes::load(simd, &shift[from..][..len]));
                square(
                    simd,
                    #[inline(always)]
                    |y, x| {
                        let place = self.points.place((y, x), row, from - self.channels.start);
                        Lanes::load(simd, &self.m[place..][..len])
                    },
                    #[inline(always)]
                    |lanes| L::output(lanes),
                    #[inline(always)]
                    |y, x, sums: Lanes<S>| {
                        let Some(start) = pixels[y][x] else { return };
                        // SAFETY: tiles do not overlap, and each is written by one job, or by several of disjoint channels.
                        let place = unsafe { self.out.part(start + from, len) };
                        let mut done = sums;
                        if let Some(scale) = scale {
                            done = done.affine(scale, Lanes::zero(simd));
                        }
                        if let Some(shift) = shift {
                            done = done + shift;
                        }
                        if accumulate {
                            done = done + Lanes::load(simd, place);
                        } else if let Some(residual) = finish.residual {
                            done = done + Lanes::load(simd, &residual[start + from..][..len]);
                        }
                        done.at_least(floor).store(place);
                    },
                );
            }
        }
    }
}

/// A kernel of a convolution, `K, K, c, o`.
#[derive(Clone, Copy)]
pub struct Kernel<'a> {
    pub values: &'a [f32],
    pub c: usize,
    pub o: usize,
    /// Whether it is turned by half a circle, as the gradient of the input takes it.
    pub turned: bool,
}

/// Transforms the part of a kernel for these input channels `rows` and output channels `columns` into `out`: for each point
/// `rows, columns`.
pub fn kernel_to_points<L: Lines<T, K>, const T: usize, const K: usize>(
    kernel: Kernel,
    rows: Range<usize>,
    columns: Range<usize>,
    out: &mut [f32],
) {
    let points = Points { rows: rows.len(), columns: columns.len() };
    assert_eq!(kernel.values.len(), K * K * kernel.c * kernel.o);
    assert!(out.len() >= points.len() && rows.end <= kernel.c && columns.end <= kernel.o);
    let out = Shared::new(out);
    (0..rows.len().div_ceil(BLOCK)).into_par_iter().for_each(|block| {
        let part = BLOCK * block..rows.len().min(BLOCK * (block + 1));
        let (columns, way) = (columns.clone(), PhantomData::<L>);
        Arch::new().dispatch(KernelToPoints::<L, T, K> {
            kernel,
            first: rows.start,
            rows: part,
            columns,
            points,
            out,
            way,
        });
    });
}

struct KernelToPoints<'a, L, const T: usize, const K: usize> {
    kernel: Kernel<'a>,
    /// The input channel of the first row.
    first: usize,
    rows: Range<usize>,
    columns: Range<usize>,
    points: Points,
    out: Shared<'a>,
    way: PhantomData<L>,
}

impl<L: Lines<T, K>, const T: usize, const K: usize> WithSimd for KernelToPoints<'_, L, T, K> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Kernel { values, c, o, turned } = self.kernel;
        for row in self.rows {
            for (from, len) in portions::<S>(self.columns.clone()) {
                square(
                    simd,
                    #[inline(always)]
                    |y, x| {
                        let place = if turned { K * K - 1 - (K * y + x) } else { K * y + x };
                        Lanes::load(simd, &values[(place * c + self.first + row) * o + from..][..len])
                    },
                    #[inline(always)]
                    |lanes| L::kernel(lanes),
                    #[inline(always)]
                    |y, x, lanes: Lanes<S>| {
                        let place = self.points.place((y, x), row, from - self.columns.start);
                        // SAFETY: each row is written by one job.
                        lanes.store(unsafe { self.out.part(place, len) });
                    },
                );
            }
        }
    }
}

/// Transforms sums at the points `u`, for each `c, columns`, back and adds them to the gradient `K, K, c, o` of a kernel.
pub fn add_points_to_kernel<L: Lines<T, K>, const T: usize, const K: usize>(
    u: &[f32],
    (c, o): (usize, usize),
    columns: Range<usize>,
    gradient: Shared,
) {
    let points = Points { rows: c, columns: columns.len() };
    assert!(u.len() >= points.len() && columns.end <= o);
    (0..c.div_ceil(BLOCK)).into_par_iter().for_each(|block| {
        let rows = BLOCK * block..c.min(BLOCK * (block + 1));
        let (columns, way) = (columns.clone(), PhantomData::<L>);
        Arch::new().dispatch(PointsToKernel::<L, T, K> { u, c, o, rows, columns, points, gradient, way });
    });
}

struct PointsToKernel<'a, L, const T: usize, const K: usize> {
    u: &'a [f32],
    c: usize,
    o: usize,
    rows: Range<usize>,
    columns: Range<usize>,
    points: Points,
    gradient: Shared<'a>,
    way: PhantomData<L>,
}

impl<L: Lines<T, K>, const T: usize, const K: usize> WithSimd for PointsToKernel<'_, L, T, K> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        for row in self.rows {
            for (from, len) in portions::<S>(self.columns.clone()) {
                square(
                    simd,
                    #[inline(always)]
                    |y, x| {
                        let place = self.points.place((y, x), row, from - self.columns.start);
                        Lanes::load(simd, &self.u[place..][..len])
                    },
                    #[inline(always)]
                    |lanes| L::kernel_gradient(lanes),
                    #[inline(always)]
                    |y, x, lanes: Lanes<S>| {
                        // SAFETY: each row and column of each of the kernel's matrices is written by one job.
                        let target = unsafe { self.gradient.part(((K * y + x) * self.c + row) * self.o + from, len) };
                        (Lanes::load(simd, target) + lanes).store(target);
                    },
                );
            }
        }
    }
}
