//! Batch normalisation over all rows of a matrix with one column a channel.

use super::columns::row_sums;
use super::finish::at_least;
use super::memory::{cleared, made};
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
    let size = chunk(scale.len());
    out.par_chunks_mut(size).enumerate().for_each(|(job, out)| {
        affine_part(x, residual, scale, shift, relu, job * size, out);
    });
}

/// As [`affine`], in memory of its own.
pub fn affine_of(x: &[f32], residual: Option<&[f32]>, scale: &[f32], shift: &[f32], relu: bool) -> Vec<f32> {
    let size = chunk(scale.len());
    made(
        x.len(),
        size,
        || (),
        |(), job, out| {
            let out = cleared(out);
            affine_part(x, residual, scale, shift, relu, job * size, out);
            out
        },
    )
}

/// The values from `first` on.
fn affine_part(
    x: &[f32],
    residual: Option<&[f32]>,
    scale: &[f32],
    shift: &[f32],
    relu: bool,
    first: usize,
    out: &mut [f32],
) {
    let floor = if relu { 0.0 } else { f32::NEG_INFINITY };
    let x = &x[first..][..out.len()];
    let residual = residual.map(|residual| &residual[first..][..out.len()]);
    vectorised(
        #[inline(always)]
        || affine_rows(x, residual, scale, shift, floor, out),
    );
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

/// Where a ReLU that followed `x * scale + shift` let it through. Recomputing that costs nothing beside reading `x`,
/// which the gradient needs anyway.
#[derive(Clone, Debug)]
pub struct Gate {
    scale: Vec<f32>,
    shift: Vec<f32>,
}

impl Gate {
    /// Of the ReLU after this scale and shift.
    pub fn relu(scale: &[f32], shift: &[f32]) -> Self {
        Gate { scale: scale.to_vec(), shift: shift.to_vec() }
    }

    /// One that lets all through.
    pub fn open(columns: usize) -> Self {
        Gate { scale: vec![0.0; columns], shift: vec![1.0; columns] }
    }

    /// The gate of each of the first `columns` columns.
    #[inline(always)]
    fn slices(&self, columns: usize) -> (&[f32], &[f32]) {
        (&self.scale[..columns], &self.shift[..columns])
    }
}

/// `g` where the gate is open, else zero.
#[inline(always)]
fn gated(g: f32, x: f32, scale: f32, shift: f32) -> f32 {
    if x * scale + shift > 0.0 { g } else { 0.0 }
}

/// For each column the sums over rows of `go`, behind the gate, and of that times `x - mean`.
pub fn gradient_sums(x: &[f32], go: &[f32], mean: &[f32], gate: &Gate) -> (Vec<f64>, Vec<f64>) {
    let columns = mean.len();
    let mut sums = row_sums(x.len() / columns, columns, 2, |range, sums| {
        let (plain, centred) = sums.split_at_mut(columns);
        let centred = &mut centred[..columns];
        let (scale, shift) = gate.slices(columns);
        let range = range.start * columns..range.end * columns;
        for (x, g) in x[range.clone()].chunks_exact(columns).zip(go[range].chunks_exact(columns)) {
            for i in 0..columns {
                let g = gated(g[i], x[i], scale[i], shift[i]);
                plain[i] += g;
                centred[i] += g * (x[i] - mean[i]);
            }
        }
    });
    let centred = sums.split_off(columns);
    (sums, centred)
}

/// The gradient of a batch norm's input: for each column `go * a + x * b + c`, with `go` behind the gate.
#[derive(Clone, Copy, Debug)]
pub struct InputGradient<'a> {
    pub a: &'a [f32],
    pub b: &'a [f32],
    pub c: &'a [f32],
    pub gate: &'a Gate,
}

impl InputGradient<'_> {
    /// The gradient of one value.
    #[inline(always)]
    fn at(&self, i: usize, x: f32, go: f32, (scale, shift): (&[f32], &[f32])) -> f32 {
        gated(go, x, scale[i], shift[i]) * self.a[i] + x * self.b[i] + self.c[i]
    }

    /// Puts it into `gx`, or adds it.
    pub fn write(&self, x: &[f32], go: &[f32], gx: &mut [f32], accumulate: bool) {
        let columns = self.a.len();
        let size = chunk(columns);
        gx.par_chunks_mut(size).enumerate().for_each(|(job, gx)| {
            let (x, go) = (&x[job * size..][..gx.len()], &go[job * size..][..gx.len()]);
            vectorised(
                #[inline(always)]
                || {
                    let (this, gate) = self.sized(columns);
                    let rows = gx.chunks_exact_mut(columns).zip(x.chunks_exact(columns)).zip(go.chunks_exact(columns));
                    for ((gx, x), go) in rows {
                        if accumulate {
                            for i in 0..columns {
                                gx[i] += this.at(i, x[i], go[i], gate);
                            }
                        } else {
                            for i in 0..columns {
                                gx[i] = this.at(i, x[i], go[i], gate);
                            }
                        }
                    }
                },
            );
        });
    }

    /// Puts it in the place of `go`.
    pub fn replace(&self, x: &[f32], go: &mut [f32]) {
        let columns = self.a.len();
        let size = chunk(columns);
        go.par_chunks_mut(size).enumerate().for_each(|(job, go)| {
            let x = &x[job * size..][..go.len()];
            vectorised(
                #[inline(always)]
                || {
                    let (this, gate) = self.sized(columns);
                    for (go, x) in go.chunks_exact_mut(columns).zip(x.chunks_exact(columns)) {
                        for i in 0..columns {
                            go[i] = this.at(i, x[i], go[i], gate);
                        }
                    }
                },
            );
        });
    }

    /// The same, of slices that the compiler knows to have `columns` values.
    #[inline(always)]
    fn sized(&self, columns: usize) -> (Self, (&[f32], &[f32])) {
        let (a, b, c) = (&self.a[..columns], &self.b[..columns], &self.c[..columns]);
        (InputGradient { a, b, c, gate: self.gate }, self.gate.slices(columns))
    }
}
