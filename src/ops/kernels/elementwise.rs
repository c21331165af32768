//! Element by element, on all threads.

use super::finish::at_least;
use super::vector::vectorised;
use rayon::prelude::*;

/// Floats a job handles: enough to outweigh handing it over.
pub const CHUNK: usize = 1 << 15;

/// `a += b`.
pub fn add_assign(a: &mut [f32], b: &[f32]) {
    a.par_chunks_mut(CHUNK).zip(b.par_chunks(CHUNK)).for_each(|(a, b)| {
        vectorised(
            #[inline(always)]
            || a.iter_mut().zip(b).for_each(|(a, b)| *a += *b),
        );
    });
}

/// Puts the first values of `from` into `line`, or adds them.
pub fn copy_or_add(line: &mut [f32], from: &[f32], add: bool) {
    let from = &from[..line.len()];
    if add {
        line.iter_mut().zip(from).for_each(|(t, v)| *t += *v);
    } else {
        line.copy_from_slice(from);
    }
}

/// ReLU, in place.
pub fn rectify(values: &mut [f32]) {
    values.par_chunks_mut(CHUNK).for_each(|values| {
        vectorised(
            #[inline(always)]
            || values.iter_mut().for_each(|v| *v = at_least(0.0, *v)),
        );
    });
}

/// Sets the gradient `values` to zero where a rectifier put out zero.
pub fn apply_rectifier_slope(values: &mut [f32], out: &[f32]) {
    values.par_chunks_mut(CHUNK).zip(out.par_chunks(CHUNK)).for_each(|(values, out)| {
        vectorised(
            #[inline(always)]
            || values.iter_mut().zip(out).for_each(|(v, out)| *v = if *out > 0.0 { *v } else { 0.0 }),
        );
    });
}

/// ELU, in place.
pub fn apply_elu(values: &mut [f32]) {
    values.par_chunks_mut(CHUNK).for_each(|values| {
        for v in values {
            *v = if *v < 0.0 { v.exp_m1() } else { *v };
        }
    });
}

/// Multiplies `values` by the slope of ELU where it put out `out`: 1 above zero, and `exp(x)`, which is `out + 1`, below.
pub fn apply_elu_slope(values: &mut [f32], out: &[f32]) {
    values.par_chunks_mut(CHUNK).zip(out.par_chunks(CHUNK)).for_each(|(values, out)| {
        for (v, out) in values.iter_mut().zip(out) {
            *v *= out.min(0.0) + 1.0;
        }
    });
}
