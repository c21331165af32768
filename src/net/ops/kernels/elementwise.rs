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

/// Sets the gradient `values` to zero where a ReLU put out zero.
pub fn apply_relu_slope(values: &mut [f32], out: &[f32]) {
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
        vectorised(
            #[inline(always)]
            || {
                for v in values {
                    let below = expm1_below_zero(*v);
                    *v = if *v < 0.0 { below } else { *v };
                }
            },
        );
    });
}

/// `exp(x) - 1` for `x` up to 0, within two units in the last place, in operations of which vectors are made; `f32::exp_m1` is
/// a call for each value. What it gives for larger `x` means nothing.
///
/// `x = n ln 2 + r` with `|r|` up to half of `ln 2`, and `exp(x) - 1 = 2^n (exp(r) - 1) + (2^n - 1)`, where `exp(r) - 1` is
/// Taylor's polynomial (as in W. Cody, W. Waite: Software Manual for the Elementary Functions, 1980).
#[inline(always)]
fn expm1_below_zero(x: f32) -> f32 {
    /// Added and taken away again, it leaves the nearest whole number.
    const ROUND: f32 = 12_582_912.0;
    // Below -17.4 the result is -1 to the last bit; 2^n must stay a number.
    let x = if x < -88.0 { -88.0 } else { x };
    let x = if x > 0.0 { 0.0 } else { x };
    let n = (x * std::f32::consts::LOG2_E + ROUND) - ROUND;
    // ln 2 in two parts, of which the first times n is exact.
    let r = (x - n * 0.693_359_4) - n * -2.121_944_4e-4;
    let p = 1.0 / 5040.0;
    let p = p * r + 1.0 / 720.0;
    let p = p * r + 1.0 / 120.0;
    let p = p * r + 1.0 / 24.0;
    let p = p * r + 1.0 / 6.0;
    let p = p * r + 0.5;
    let p = p * r * r + r;
    let power = f32::from_bits(((n as i32 + 127) << 23) as u32);
    power * p + (power - 1.0)
}

/// Multiplies `values` by the slope of ELU where it put out `out`: 1 above zero, and `exp(x)`, which is `out + 1`, below.
pub fn apply_elu_slope(values: &mut [f32], out: &[f32]) {
    values.par_chunks_mut(CHUNK).zip(out.par_chunks(CHUNK)).for_each(|(values, out)| {
        vectorised(
            #[inline(always)]
            || values.iter_mut().zip(out).for_each(|(v, out)| *v *= if *out < 0.0 { *out + 1.0 } else { 1.0 }),
        );
    });
}
