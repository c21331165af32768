//! The transforms of [`super::winograd`], for a few channels at a time.

use super::vector::LANES;

/// One value of each of some channels.
pub type Lanes = [f32; LANES];

/// `B' d` for one line of inputs.
#[inline(always)]
pub fn input_line(d: [f32; 6]) -> [f32; 6] {
    let [a, b, c, d, e, f] = d;
    let (p, q) = (e - 4.0 * c, d - 4.0 * b);
    let (r, s) = (e - c, 2.0 * (d - b));
    [4.0 * a - 5.0 * c + e, p + q, p - q, r + s, r - s, 4.0 * b - 5.0 * d + f]
}

/// `A' m`: from six sums to four outputs.
#[inline(always)]
pub fn output_line(m: [f32; 6]) -> [f32; 4] {
    let [a, b, c, d, e, f] = m;
    let (p, q, r, s) = (b + c, b - c, d + e, d - e);
    [a + p + r, q + 2.0 * s, p + 4.0 * r, q + 8.0 * s + f]
}

/// `A y`: what `output_line` does, transposed.
#[inline(always)]
pub fn gradient_line(y: [f32; 4]) -> [f32; 6] {
    let [a, b, c, d] = y;
    let (p, q) = (a + c, b + d);
    let (r, s) = (a + 4.0 * c, 2.0 * b + 8.0 * d);
    [a, p + q, p - q, r + s, r - s, d]
}

/// `G g` for one line of a kernel.
#[inline(always)]
pub fn kernel_line(g: [f32; 3]) -> [f32; 6] {
    let [a, b, c] = g;
    let (p, q) = ((a + c) * (-1.0 / 6.0), b * (1.0 / 6.0));
    let (r, s) = (a * (1.0 / 24.0) + c * (1.0 / 6.0), b * (1.0 / 12.0));
    [0.25 * a, p - q, p + q, r + s, r - s, c]
}

/// `G' u`: what `kernel_line` does, transposed.
#[inline(always)]
pub fn kernel_gradient_line(u: [f32; 6]) -> [f32; 3] {
    let [a, b, c, d, e, f] = u;
    let (p, q, r, s) = (b + c, c - b, d + e, d - e);
    [
        0.25 * a - p * (1.0 / 6.0) + r * (1.0 / 24.0),
        q * (1.0 / 6.0) + s * (1.0 / 12.0),
        r * (1.0 / 6.0) - p * (1.0 / 6.0) + f,
    ]
}

/// A transform of lines of `I` into lines of `O`, done to the columns and then to the rows of a square.
#[inline(always)]
pub fn square<const I: usize, const O: usize>(
    d: &[[Lanes; I]; I],
    line: impl Fn([f32; I]) -> [f32; O] + Copy,
) -> [[Lanes; O]; O] {
    let mut half = [[[0.0; LANES]; I]; O];
    for x in 0..I {
        for l in 0..LANES {
            let column = line(std::array::from_fn(|y| d[y][x][l]));
            for y in 0..O {
                half[y][x][l] = column[y];
            }
        }
    }
    let mut all = [[[0.0; LANES]; O]; O];
    for y in 0..O {
        for l in 0..LANES {
            let row = line(std::array::from_fn(|x| half[y][x][l]));
            for x in 0..O {
                all[y][x][l] = row[x];
            }
        }
    }
    all
}
