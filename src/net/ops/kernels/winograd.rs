//! Convolution with kernels of 3x3 and of 5x5 by Winograd's minimal filtering: 36 multiplications where 16 outputs of one
//! channel would need 144, or 4 outputs 100.
//!
//! A. Lavin, S. Gray: Fast Algorithms for Convolutional Neural Networks (2015), F(4x4, 3x3) and F(2x2, 5x5). The output is
//! cut into tiles of 4x4 (or 2x2). A tile's 6x6 inputs and the kernel are each transformed into 36 numbers; these are
//! multiplied place by place and summed over the channels, which is one matrix product for each place; and the 36 sums are
//! transformed back:
//!
//! ```text
//! V = B' d B        d: the 6x6 inputs          U = G g G'        g: the kernel
//! M = sum over channels of U * V               y = A' M A        y: the outputs
//! ```
//!
//! Both gradients are of the same form: that of the input is a convolution of the output's gradient with the kernel
//! turned by half a circle, and that of the kernel is `G' (sum over tiles of V * (A dy A')) G`.
//!
//! The transforms add numbers of different size, so the result has more rounding error than the sum itself: some 1e-6 of
//! its norm, which tests hold below 1e-5 (`tests/conv_paths.rs`).
//!
//! What is transformed is larger than what it was made of (36 numbers of the 9 weights of a kernel, and of 16 pixels), so it
//! should be multiplied before it leaves the processor's cache. Where tiles are many, the kernel is transformed once and the
//! tiles some at a time; where they are few and the kernel is large, the tiles once, and the kernel for some output channels
//! at a time.

use super::columns::Shared;
use super::conv::Conv;
use super::finish::Finish;
use super::gemm::{Matrix, multiply};
use super::memory::{recycle, scratch};
use super::winograd_tiles::{
    Gradients, Grid, Inputs, Kernel, POINTS, Points, Target, add_points_to_kernel, kernel_to_points, points_to_tiles,
    tiles_to_points,
};
use super::winograd_transforms::{Four, Lines, Two};
use rayon::prelude::*;
use std::cell::Cell;
use std::marker::PhantomData;
use std::ops::Range;

/// Floats of transformed tiles that a job works on, to stay near its core: 4 MiB.
const JOB: usize = 1 << 20;
/// Floats of a transformed kernel that a job works on: 1 MiB.
const KERNEL_JOB: usize = 1 << 18;

thread_local! {
    /// Memory for what is transformed, kept from one convolution to the next.
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

/// Tiles that a job works on: few enough for the cache, many enough to be worth packing the kernels for.
fn tiles_per_job(tiles: usize, channels: usize) -> usize {
    let most = (JOB / (POINTS * channels)).clamp(64, 512);
    let jobs = tiles.div_ceil(most);
    let jobs = if jobs > 1 { jobs.next_multiple_of(2) } else { 1 };
    tiles.div_ceil(jobs).max(1)
}

/// Cuts `channels` into ranges for each of which a kernel of as many `others` is transformed at a time.
fn channel_ranges(channels: usize, others: usize) -> Vec<Range<usize>> {
    let width = (KERNEL_JOB / (POINTS * others) / 16 * 16).clamp(32, 64);
    (0..channels.div_ceil(width)).map(|job| job * width..channels.min((job + 1) * width)).collect()
}

/// The matrix of a point.
fn matrix(values: &[f32], points: Points, point: usize) -> Matrix<'_> {
    Matrix::new(&values[point * points.spacing()..], points.rows, points.columns)
}

/// A convolution of the tiles of `input` with a kernel, into the tiles of `output`. A kernel that is turned is also
/// transposed: its output channels are those of `input`.
fn convolve<L: Lines<T, K>, const T: usize, const K: usize>(
    input: Grid,
    x: &[f32],
    kernel: Kernel,
    output: Grid,
    out: &mut [f32],
    target: Target,
) {
    let (tiles, out) = (input.tile_count(), Shared::new(out));
    let sums = |v: &[f32], tiles: &Range<usize>, u: &[f32], channels: Range<usize>, m: &mut [f32]| {
        let v_points = Points { rows: tiles.len(), columns: input.c };
        let (rows, columns) = if kernel.turned { (channels.len(), input.c) } else { (input.c, channels.len()) };
        let m_points = Points { rows: tiles.len(), columns: channels.len() };
        m.par_chunks_mut(m_points.spacing()).enumerate().for_each(|(point, m)| {
            let u = matrix(u, Points { rows, columns }, point);
            let u = if kernel.turned { u.transposed() } else { u };
            multiply(matrix(v, v_points, point), u, m, channels.len(), false);
        });
        points_to_tiles::<L, T, K>(&output, m, tiles.clone(), channels, out, target);
    };
    let transform = |channels: Range<usize>, u: &mut [f32]| match kernel.turned {
        false => kernel_to_points::<L, T, K>(kernel, 0..input.c, channels, u),
        true => kernel_to_points::<L, T, K>(kernel, channels, 0..input.c, u),
    };
    let size = |rows, columns| Points { rows, columns }.len();
    if tiles <= output.c {
        let mut v = scratch(size(tiles, input.c));
        tiles_to_points::<Inputs, 6>(&input, x, 0..tiles, &mut v);
        channel_ranges(output.c, input.c).into_par_iter().for_each(|channels| {
            let (of_u, of_m) = (size(input.c, channels.len()), size(tiles, channels.len()));
            with_buffer(of_u + of_m, |buffer| {
                let (u, m) = buffer.split_at_mut(of_u);
                transform(channels.clone(), u);
                sums(&v, &(0..tiles), u, channels, m);
            });
        });
        return recycle(v);
    }
    let mut u = scratch(size(input.c, output.c));
    transform(0..output.c, &mut u);
    let each = tiles_per_job(tiles, input.c + output.c);
    (0..tiles.div_ceil(each)).into_par_iter().for_each(|job| {
        let part = job * each..tiles.min((job + 1) * each);
        let (of_v, of_m) = (size(part.len(), input.c), size(part.len(), output.c));
        with_buffer(of_v + of_m, |buffer| {
            let (v, m) = buffer.split_at_mut(of_v);
            tiles_to_points::<Inputs, 6>(&input, x, part.clone(), v);
            sums(v, &part, &u, 0..output.c, m);
        });
    });
    recycle(u);
}

/// A convolution in tiles of `T` by `T` outputs of a kernel of `K` by `K`.
struct Tiled<'a, L, const T: usize, const K: usize>(&'a Conv, PhantomData<L>);

impl<L: Lines<T, K>, const T: usize, const K: usize> Tiled<'_, L, T, K> {
    fn input_grid(&self) -> Grid {
        let &Conv { n, h, w, c, padding, .. } = self.0;
        let origin = (-(padding[0] as isize), -(padding[2] as isize));
        let tiles = (self.0.out_h().div_ceil(T), self.0.out_w().div_ceil(T));
        Grid { n, h, w, c, side: T, origin, tiles }
    }

    fn output_grid(&self) -> Grid {
        let (h, w) = (self.0.out_h(), self.0.out_w());
        Grid { n: self.0.n, h, w, c: self.0.o, side: T, origin: (0, 0), tiles: (h.div_ceil(T), w.div_ceil(T)) }
    }

    fn forward(&self, x: &[f32], w: &[f32], finish: Finish, out: &mut [f32]) {
        let kernel = Kernel { values: w, c: self.0.c, o: self.0.o, turned: false };
        let target = Target { finish, accumulate: false };
        convolve::<L, T, K>(self.input_grid(), x, kernel, self.output_grid(), out, target);
    }

    fn input_gradient(&self, w: &[f32], go: &[f32], gx: &mut [f32], accumulate: bool) {
        let &Conv { h, w: width, c, o, padding, .. } = self.0;
        let tiles = (h.div_ceil(T), width.div_ceil(T));
        // Turned by half a circle, the kernel reaches as far to the other side.
        let before = |padding: usize| padding as isize - (K as isize - 1);
        let go_grid = Grid { origin: (before(padding[0]), before(padding[2])), tiles, ..self.output_grid() };
        let gx_grid = Grid { origin: (0, 0), tiles, ..self.input_grid() };
        let kernel = Kernel { values: w, c, o, turned: true };
        let target = Target { finish: Finish::default(), accumulate };
        convolve::<L, T, K>(go_grid, go, kernel, gx_grid, gx, target);
    }

    fn add_weight_gradient(&self, x: &[f32], go: &[f32], gw: &mut [f32]) {
        let (c, o) = (self.0.c, self.0.o);
        assert_eq!(gw.len(), K * K * c * o);
        let (input, output) = (self.input_grid(), self.output_grid());
        let (tiles, gw) = (input.tile_count(), Shared::new(gw));
        let size = |rows, columns| Points { rows, columns }.len();
        let each = (4 * JOB / (POINTS * (c + o))).clamp(128, 1024).min(tiles);
        let (of_v, of_m) = (size(each, c), size(each, o));
        let mut both = scratch(of_v + of_m);
        let (v, m) = both.split_at_mut(of_v);
        let transform = |part: &Range<usize>, v: &mut [f32], m: &mut [f32]| {
            tiles_to_points::<Inputs, 6>(&input, x, part.clone(), v);
            tiles_to_points::<Gradients<L, K>, T>(&output, go, part.clone(), m);
        };
        let add = |v: &[f32], m: &[f32], tiles: usize, columns: &Range<usize>, u: &mut [f32], accumulate: bool| {
            let of_u = Points { rows: c, columns: columns.len() };
            u.par_chunks_mut(of_u.spacing()).enumerate().for_each(|(point, u)| {
                let v = matrix(v, Points { rows: tiles, columns: c }, point);
                let m = matrix(m, Points { rows: tiles, columns: o }, point);
                multiply(v.transposed(), m.column_range(columns.start, columns.end), u, columns.len(), accumulate);
            });
        };
        if tiles <= each {
            transform(&(0..tiles), v, m);
            channel_ranges(o, c).into_par_iter().for_each(|columns| {
                with_buffer(size(c, columns.len()), |u| {
                    add(v, m, tiles, &columns, u, false);
                    add_points_to_kernel::<L, T, K>(u, (c, o), columns, gw);
                });
            });
        } else {
            let mut u = scratch(size(c, o));
            for first in (0..tiles).step_by(each) {
                let part = first..tiles.min(first + each);
                transform(&part, v, m);
                add(v, m, part.len(), &(0..o), &mut u, first > 0);
            }
            add_points_to_kernel::<L, T, K>(&u, (c, o), 0..o, gw);
            recycle(u);
        }
        recycle(both);
    }
}

/// The ways there are.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Winograd {
    /// 4x4 outputs at a time of kernels of 3x3.
    Four,
    /// 2x2 outputs at a time of kernels of 5x5.
    Two,
}

/// Calls a method of [`Tiled`] in the way that is asked for.
macro_rules! tiled {
    ($way:expr, $conv:expr, $method:ident($($argument:expr),+)) => {
        match $way {
            Winograd::Four => Tiled::<Four, 4, 3>($conv, PhantomData).$method($($argument),+),
            Winograd::Two => Tiled::<Two, 2, 5>($conv, PhantomData).$method($($argument),+),
        }
    };
}

impl Conv {
    /// The way that is worth it, if one is: for a kernel of 3x3 or 5x5 that moves pixel by pixel, enough channels and tiles,
    /// and at least twice as few multiplications (some more for 3x3, whose patches cost less).
    pub(super) fn winograd(&self) -> Option<Winograd> {
        let (way, tile, least) = match (self.kh, self.kw) {
            (3, 3) => (Winograd::Four, 4, 32),
            (5, 5) => (Winograd::Two, 2, 16),
            _ => return None,
        };
        let tiles = self.n * self.out_h().div_ceil(tile) * self.out_w().div_ceil(tile);
        let saving = match way {
            Winograd::Four => 28 * tiles < 3 * self.pixels(),
            Winograd::Two => 72 * tiles < 25 * self.pixels(),
        };
        let plain = self.stride == 1 && self.padding.iter().all(|&side| side < self.kh);
        (plain && self.c >= least && self.o >= 32 && tiles >= 32 && saving).then_some(way)
    }

    /// As [`Conv::forward`].
    pub(super) fn winograd_forward(&self, way: Winograd, x: &[f32], w: &[f32], finish: Finish, out: &mut [f32]) {
        tiled!(way, self, forward(x, w, finish, out))
    }

    /// As [`Conv::input_gradient`].
    pub(super) fn winograd_input_gradient(
        &self,
        way: Winograd,
        w: &[f32],
        go: &[f32],
        gx: &mut [f32],
        accumulate: bool,
    ) {
        tiled!(way, self, input_gradient(w, go, gx, accumulate))
    }

    /// As [`Conv::add_weight_gradient`].
    pub(super) fn winograd_weight_gradient(&self, way: Winograd, x: &[f32], go: &[f32], gw: &mut [f32]) {
        tiled!(way, self, add_weight_gradient(x, go, gw))
    }
}
