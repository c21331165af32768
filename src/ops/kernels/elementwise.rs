//! Element by element, on all threads.

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

/// Which values are above zero: 1 where ReLU lets its input through.
pub fn positive(values: &[f32]) -> Vec<u8> {
    let mut mask = vec![0u8; values.len()];
    mask.par_chunks_mut(CHUNK).zip(values.par_chunks(CHUNK)).for_each(|(mask, values)| {
        vectorised(
            #[inline(always)]
            || mask.iter_mut().zip(values).for_each(|(m, v)| *m = (*v > 0.0) as u8),
        );
    });
    mask
}

/// Sets `values` to zero where the mask is.
pub fn apply_mask(values: &mut [f32], mask: &[u8]) {
    values.par_chunks_mut(CHUNK).zip(mask.par_chunks(CHUNK)).for_each(|(values, mask)| {
        vectorised(
            #[inline(always)]
            || values.iter_mut().zip(mask).for_each(|(v, m)| *v = if *m == 0 { 0.0 } else { *v }),
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
