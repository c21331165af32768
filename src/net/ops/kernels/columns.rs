//! Sharing a slice between jobs that write disjoint parts of it, and sums over its rows.

use super::vector::vectorised;
use rayon::prelude::*;
use std::marker::PhantomData;

/// A slice that several jobs write at once, each its own part.
#[derive(Clone, Copy)]
pub struct Shared<'a> {
    start: *mut f32,
    len: usize,
    slice: PhantomData<&'a mut [f32]>,
}

// SAFETY: a `Shared` gives out memory through `at` and `part` only, whose callers promise disjoint parts.
unsafe impl Send for Shared<'_> {}
// SAFETY: as above.
unsafe impl Sync for Shared<'_> {}

impl<'a> Shared<'a> {
    pub fn new(slice: &'a mut [f32]) -> Self {
        Shared { start: slice.as_mut_ptr(), len: slice.len(), slice: PhantomData }
    }

    /// Pointer to element `index`.
    pub fn at(&self, index: usize) -> *mut f32 {
        assert!(index < self.len);
        // SAFETY: inside the slice, by the assertion.
        unsafe { self.start.add(index) }
    }

    /// The elements from `from`, `len` of them.
    ///
    /// # Safety
    /// No other job uses an overlapping part at the same time.
    // The borrow is the slice's, not that of this handle: several parts live at once.
    #[allow(clippy::mut_from_ref)]
    pub unsafe fn part(&self, from: usize, len: usize) -> &'a mut [f32] {
        assert!(from + len <= self.len);
        // SAFETY: inside the slice by the assertion; not aliased, as promised by the caller.
        unsafe { std::slice::from_raw_parts_mut(self.start.add(from), len) }
    }
}

/// Rows that are summed in 32 bits before the sum goes on in 64: few enough that rounding does not add up.
const BLOCK: usize = 64;

/// Sums of `terms` functions of each row over all rows of matrices with `columns` columns, for each column.
///
/// `add` gets a range of rows and adds to `terms * columns` sums. Parts of the rows are summed side by side and added
/// up in order, so the result does not depend on threads.
pub fn row_sums(
    rows: usize,
    columns: usize,
    terms: usize,
    add: impl Fn(std::ops::Range<usize>, &mut [f32]) + Sync,
) -> Vec<f64> {
    let parts = (rows / (2 * BLOCK)).clamp(1, 16);
    let sums: Vec<Vec<f64>> = (0..parts)
        .into_par_iter()
        .map(|part| {
            let (from, to) = (rows * part / parts, rows * (part + 1) / parts);
            let mut sum = vec![0f64; terms * columns];
            let mut block = vec![0f32; terms * columns];
            for start in (from..to).step_by(BLOCK) {
                block.fill(0.0);
                vectorised(
                    #[inline(always)]
                    || add(start..to.min(start + BLOCK), &mut block),
                );
                for (s, b) in sum.iter_mut().zip(&block) {
                    *s += *b as f64;
                }
            }
            sum
        })
        .collect();
    let mut total = vec![0f64; terms * columns];
    for part in sums {
        for (t, p) in total.iter_mut().zip(part) {
            *t += p;
        }
    }
    total
}

/// `sums[j] +=` the sum over rows of column `j`.
pub fn add_column_sums(matrix: &[f32], sums: &mut [f32]) {
    let columns = sums.len();
    let total = row_sums(matrix.len() / columns, columns, 1, |rows, sum| {
        for row in matrix[rows.start * columns..rows.end * columns].chunks_exact(columns) {
            for (s, v) in sum.iter_mut().zip(row) {
                *s += *v;
            }
        }
    });
    for (s, t) in sums.iter_mut().zip(total) {
        *s += t as f32;
    }
}
