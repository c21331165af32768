//! Batch normalisation over all rows of a matrix with one column a channel.

use super::columns::row_sums;
use super::vector::vectorised;
use rayon::prelude::*;

/// Mean and biased variance of each column of `x`.
///
/// Deviations are taken from the first row, which keeps the sums of squares small where the mean is far from zero.
pub fn moments(x: &[f32], columns: usize) -> (Vec<f32>, Vec<f32>) {
    let rows = x.len() / columns;
    let shift = &x[..columns];
    let sums = row_sums(rows, columns, 2, |range, sums| {
        let (sum, square) = sums.split_at_mut(columns);
        for row in x[range.start * columns..range.end * columns].chunks_exact(columns) {
            for i in 0..columns {
                let d = row[i] - shift[i];
                sum[i] += d;
                square[i] += d * d;
            }
        }
    });
    let (sum, square) = sums.split_at(columns);
    let mean: Vec<f64> = sum.iter().map(|s| s / rows as f64).collect();
    let variance = square.iter().zip(&mean).map(|(q, m)| (q / rows as f64 - m * m).max(0.0) as f32).collect();
    (mean.iter().zip(shift).map(|(m, s)| (m + *s as f64) as f32).collect(), variance)
}

/// Floats a job handles, in whole rows.
fn chunk(columns: usize) -> usize {
    columns * (super::elementwise::CHUNK / columns).max(1)
}

/// `out = x * scale + shift + residual`, for each column; at least zero with `relu`.
pub fn affine(x: &[f32], residual: Option<&[f32]>, scale: &[f32], shift: &[f32], relu: bool, out: &mut [f32]) {
    let columns = scale.len();
    let floor = if relu { 0.0 } else { f32::NEG_INFINITY };
    let size = chunk(columns);
    out.par_chunks_mut(size).enumerate().for_each(|(job, out)| {
        let x = &x[job * size..][..out.len()];
        let residual = residual.map(|residual| &residual[job * size..][..out.len()]);
        vectorised(
            #[inline(always)]
            || affine_rows(x, residual, scale, shift, floor, out),
        );
    });
}

/// `value`, or `floor` where it is below. NaN stays NaN, which `f32::max` would hide.
#[inline(always)]
fn at_least(floor: f32, value: f32) -> f32 {
    if value < floor { floor } else { value }
}

#[inline(always)]
fn affine_rows(x: &[f32], residual: Option<&[f32]>, scale: &[f32], shift: &[f32], floor: f32, out: &mut [f32]) {
    let columns = scale.len();
    let shift = &shift[..columns];
    let rows = out.chunks_exact_mut(columns).zip(x.chunks_exact(columns));
    match residual {
        Some(residual) => {
            for ((out, x), r) in rows.zip(residual.chunks_exact(columns)) {
                for i in 0..columns {
                    out[i] = at_least(floor, x[i] * scale[i] + shift[i] + r[i]);
                }
            }
        }
        None => {
            for (out, x) in rows {
                for i in 0..columns {
                    out[i] = at_least(floor, x[i] * scale[i] + shift[i]);
                }
            }
        }
    }
}

/// For each column the sums over rows of `go` and of `go * (x - mean)`.
pub fn gradient_sums(x: &[f32], go: &[f32], mean: &[f32]) -> (Vec<f64>, Vec<f64>) {
    let columns = mean.len();
    let mut sums = row_sums(x.len() / columns, columns, 2, |range, sums| {
        let (plain, centred) = sums.split_at_mut(columns);
        let range = range.start * columns..range.end * columns;
        for (x, g) in x[range.clone()].chunks_exact(columns).zip(go[range].chunks_exact(columns)) {
            for i in 0..columns {
                plain[i] += g[i];
                centred[i] += g[i] * (x[i] - mean[i]);
            }
        }
    });
    let centred = sums.split_off(columns);
    (sums, centred)
}

/// `gx += go * a + x * b + c`, for each column.
pub fn add_input_gradient(x: &[f32], go: &[f32], a: &[f32], b: &[f32], c: &[f32], gx: &mut [f32]) {
    let columns = a.len();
    let size = chunk(columns);
    gx.par_chunks_mut(size).enumerate().for_each(|(job, gx)| {
        let (x, go) = (&x[job * size..][..gx.len()], &go[job * size..][..gx.len()]);
        vectorised(
            #[inline(always)]
            || {
                let (b, c) = (&b[..columns], &c[..columns]);
                let rows = gx.chunks_exact_mut(columns).zip(x.chunks_exact(columns)).zip(go.chunks_exact(columns));
                for ((gx, x), g) in rows {
                    for i in 0..columns {
                        gx[i] += g[i] * a[i] + x[i] * b[i] + c[i];
                    }
                }
            },
        );
    });
}
