//! The transforms of [`super::winograd`], of some channels at a time.
//!
//! A tile of outputs and a kernel of any size are multiplied by way of polynomials (A. Toom, S. Cook), whose values at the
//! points 0, 1, -1, 2, -2 and infinity are taken. Six points serve every tile and kernel that together have seven rows, so
//! 4x4 outputs of a 3x3 kernel and 2x2 outputs of a 5x5 kernel share the transform of their 6x6 inputs.

use super::vector::Lanes;
use pulp::Simd;

/// Side of the inputs under a tile: the number of points.
pub const SPAN: usize = 6;

/// The transforms of lines of `T` outputs, the side of a tile, and of kernels of `K`; `T + K = 7`.
pub trait Lines<const T: usize, const K: usize> {
    /// `A' m`: from six sums to the outputs.
    fn output<S: Simd>(m: [Lanes<S>; SPAN]) -> [Lanes<S>; T];
    /// `A y`: what [`Lines::output`] does, transposed.
    fn gradient<S: Simd>(y: [Lanes<S>; T]) -> [Lanes<S>; SPAN];
    /// `G g` for one line of a kernel.
    fn kernel<S: Simd>(g: [Lanes<S>; K]) -> [Lanes<S>; SPAN];
    /// `G' u`: what [`Lines::kernel`] does, transposed.
    fn kernel_gradient<S: Simd>(u: [Lanes<S>; SPAN]) -> [Lanes<S>; K];
}

/// `B' d` for one line of inputs.
#[inline(always)]
pub fn input_line<S: Simd>(d: [Lanes<S>; SPAN]) -> [Lanes<S>; SPAN] {
    let [a, b, c, d, e, f] = d;
    let (p, q) = (e.plus(-4.0, c), d.plus(-4.0, b));
    let (r, s) = (e - c, d - b);
    let (first, last) = (e.plus(4.0, a).plus(-5.0, c), f.plus(4.0, b).plus(-5.0, d));
    [first, p + q, p - q, r.plus(2.0, s), r.plus(-2.0, s), last]
}

/// F(4x4, 3x3).
pub struct Four;

impl Lines<4, 3> for Four {
    #[inline(always)]
    fn output<S: Simd>(m: [Lanes<S>; SPAN]) -> [Lanes<S>; 4] {
        let [a, b, c, d, e, f] = m;
        let (p, q, r, s) = (b + c, b - c, d + e, d - e);
        [a + p + r, q.plus(2.0, s), p.plus(4.0, r), q.plus(8.0, s) + f]
    }

    #[inline(always)]
    fn gradient<S: Simd>(y: [Lanes<S>; 4]) -> [Lanes<S>; SPAN] {
        let [a, b, c, d] = y;
        let (p, q) = (a + c, b + d);
        let (r, s) = (a.plus(4.0, c), b.plus(4.0, d));
        [a, p + q, p - q, r.plus(2.0, s), r.plus(-2.0, s), d]
    }

    #[inline(always)]
    fn kernel<S: Simd>(g: [Lanes<S>; 3]) -> [Lanes<S>; SPAN] {
        let [a, b, c] = g;
        let (p, q) = ((a + c).times(-1.0 / 6.0), b);
        let r = c.times(1.0 / 6.0).plus(1.0 / 24.0, a);
        [a.times(0.25), p.plus(-1.0 / 6.0, q), p.plus(1.0 / 6.0, q), r.plus(1.0 / 12.0, q), r.plus(-1.0 / 12.0, q), c]
    }

    #[inline(always)]
    fn kernel_gradient<S: Simd>(u: [Lanes<S>; SPAN]) -> [Lanes<S>; 3] {
        let [a, b, c, d, e, f] = u;
        let (p, q, r, s) = ((b + c).times(-1.0 / 6.0), c - b, d + e, d - e);
        [p.plus(0.25, a).plus(1.0 / 24.0, r), q.times(1.0 / 6.0).plus(1.0 / 12.0, s), p.plus(1.0 / 6.0, r) + f]
    }
}

/// F(2x2, 5x5).
pub struct Two;

impl Lines<2, 5> for Two {
    #[inline(always)]
    fn output<S: Simd>(m: [Lanes<S>; SPAN]) -> [Lanes<S>; 2] {
        let [a, b, c, d, e, f] = m;
        [a + (b + c) + (d + e), (b - c).plus(2.0, d - e) + f]
    }

    #[inline(always)]
    fn gradient<S: Simd>(y: [Lanes<S>; 2]) -> [Lanes<S>; SPAN] {
        let [a, b] = y;
        [a, a + b, a - b, a.plus(2.0, b), a.plus(-2.0, b), b]
    }

    #[inline(always)]
    fn kernel<S: Simd>(g: [Lanes<S>; 5]) -> [Lanes<S>; SPAN] {
        let [a, b, c, d, e] = g;
        let (p, q) = ((a + c + e).times(-1.0 / 6.0), b + d);
        let r = c.times(1.0 / 6.0).plus(1.0 / 24.0, a).plus(2.0 / 3.0, e);
        let s = b.plus(4.0, d);
        [a.times(0.25), p.plus(-1.0 / 6.0, q), p.plus(1.0 / 6.0, q), r.plus(1.0 / 12.0, s), r.plus(-1.0 / 12.0, s), e]
    }

    #[inline(always)]
    fn kernel_gradient<S: Simd>(u: [Lanes<S>; SPAN]) -> [Lanes<S>; 5] {
        let [a, b, c, d, e, f] = u;
        let (p, q) = ((b + c).times(-1.0 / 6.0), (c - b).times(1.0 / 6.0));
        let (r, s) = (d + e, d - e);
        [
            p.plus(0.25, a).plus(1.0 / 24.0, r),
            q.plus(1.0 / 12.0, s),
            p.plus(1.0 / 6.0, r),
            q.plus(1.0 / 3.0, s),
            p.plus(2.0 / 3.0, r) + f,
        ]
    }
}

/// A transform of lines of `I` into lines of `O`, done to the columns and then to the rows of a square: `at` has its lanes
/// in row `y` and column `x`, and `put` is given the result's, row by row. All three must be closures marked
/// `#[inline(always)]`: what is called as a function is not compiled for the processor's vectors.
#[inline(always)]
pub fn square<S: Simd, const I: usize, const O: usize>(
    simd: S,
    at: impl Fn(usize, usize) -> Lanes<S>,
    line: impl Fn([Lanes<S>; I]) -> [Lanes<S>; O],
    mut put: impl FnMut(usize, usize, Lanes<S>),
) {
    let zero = Lanes::zero(simd);
    // Loops, as a closure given to `array::from_fn` is not compiled for the processor's vectors.
    let mut half = [[zero; I]; O];
    for x in 0..I {
        let mut column = [zero; I];
        for y in 0..I {
            column[y] = at(y, x);
        }
        let column = line(column);
        for y in 0..O {
            half[y][x] = column[y];
        }
    }
    for y in 0..O {
        let row = line(half[y]);
        for x in 0..O {
            put(y, x, row[x]);
        }
    }
}
