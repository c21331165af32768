//! What is done with each value of a product as it is written, while it is still in the processor's cache.

use super::elementwise::CHUNK;
use super::vector::vectorised;
use rayon::prelude::*;

/// `y = x * scale + shift + residual`, at least zero with `relu`; scale and shift are one for each column.
#[derive(Clone, Copy, Debug, Default)]
pub struct Finish<'a> {
    pub scale: Option<&'a [f32]>,
    pub shift: Option<&'a [f32]>,
    /// As many values as the product.
    pub residual: Option<&'a [f32]>,
    pub relu: bool,
}

/// `value`, or `floor` where it is below. NaN stays NaN, which `f32::max` would hide.
#[inline(always)]
pub fn at_least(floor: f32, value: f32) -> f32 {
    if value < floor { floor } else { value }
}

impl Finish<'_> {
    fn is_nothing(&self) -> bool {
        self.scale.is_none() && self.shift.is_none() && self.residual.is_none() && !self.relu
    }

    /// What values are raised to.
    pub fn floor(&self) -> f32 {
        if self.relu { 0.0 } else { f32::NEG_INFINITY }
    }

    /// Finishes `rows`, whole rows of `columns` values that begin with the product's value `first`.
    pub fn rows(&self, first: usize, columns: usize, rows: &mut [f32]) {
        if self.is_nothing() {
            return;
        }
        // A factor of one and a term of zero change no value.
        let (ones, zeros) = (self.scale.is_none().then(|| vec![1.0; columns]), vec![0.0; columns]);
        let scale = self.scale.or(ones.as_deref()).unwrap_or_default();
        let shift = self.shift.unwrap_or(&zeros);
        let floor = self.floor();
        let residual = self.residual.map(|residual| &residual[first..first + rows.len()]);
        vectorised(
            #[inline(always)]
            || {
                let (scale, shift) = (&scale[..columns], &shift[..columns]);
                match residual {
                    Some(residual) => {
                        for (row, r) in rows.chunks_exact_mut(columns).zip(residual.chunks_exact(columns)) {
                            for i in 0..columns {
                                row[i] = at_least(floor, row[i] * scale[i] + shift[i] + r[i]);
                            }
                        }
                    }
                    None => {
                        for row in rows.chunks_exact_mut(columns) {
                            for i in 0..columns {
                                row[i] = at_least(floor, row[i] * scale[i] + shift[i]);
                            }
                        }
                    }
                }
            },
        );
    }

    /// Finishes a whole product, on all threads.
    pub fn all(&self, columns: usize, product: &mut [f32]) {
        let size = columns * (CHUNK / columns).max(1);
        product.par_chunks_mut(size).enumerate().for_each(|(job, rows)| self.rows(job * size, columns, rows));
    }
}
