//! Matrix products, by the crate `gemm`, in jobs that depend on the shapes only.

use super::columns::Shared;
use super::memory::{Unwritten, written};
use gemm::Parallelism;
use rayon::prelude::*;

/// A matrix inside a slice: element `(i, j)` is `data[i * row_stride + j * column_stride]`.
#[derive(Clone, Copy)]
pub struct Matrix<'a> {
    pub data: &'a [f32],
    pub rows: usize,
    pub columns: usize,
    pub row_stride: usize,
    pub column_stride: usize,
}

impl<'a> Matrix<'a> {
    /// Rows one after the other.
    pub fn new(data: &'a [f32], rows: usize, columns: usize) -> Self {
        Matrix { data, rows, columns, row_stride: columns, column_stride: 1 }
    }

    pub fn transposed(self) -> Self {
        Matrix {
            data: self.data,
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
        }
    }

    pub fn row_range(self, from: usize, to: usize) -> Self {
        Matrix { data: &self.data[from * self.row_stride..], rows: to - from, ..self }
    }

    pub fn column_range(self, from: usize, to: usize) -> Self {
        Matrix { data: &self.data[from * self.column_stride..], columns: to - from, ..self }
    }

    /// One more than the index of the last element.
    fn extent(&self) -> usize {
        if self.rows == 0 || self.columns == 0 {
            return 0;
        }
        (self.rows - 1) * self.row_stride + (self.columns - 1) * self.column_stride + 1
    }
}

/// `c = a b`, or `c += a b`, on the calling thread. The rows of `c` begin `row_stride` apart.
pub fn multiply(a: Matrix, b: Matrix, c: &mut [f32], row_stride: usize, accumulate: bool) {
    let (m, n, k) = (a.rows, b.columns, a.columns);
    assert_eq!(k, b.rows, "inner sizes of a product");
    assert!(a.extent() <= a.data.len() && b.extent() <= b.data.len() && n <= row_stride);
    if m == 0 || n == 0 {
        return;
    }
    assert!((m - 1) * row_stride + n <= c.len());
    // SAFETY: the three assertions above bound every element that is read or written, and `c` is borrowed mutably.
    unsafe { multiply_at(a, b, c.as_mut_ptr(), row_stride, accumulate) }
}

/// `c = a b` on the calling thread, where `c` was not written before; its rows lie one after the other.
pub fn product<'c>(a: Matrix, b: Matrix, c: &'c mut Unwritten) -> &'c mut [f32] {
    let (m, n, k) = (a.rows, b.columns, a.columns);
    assert_eq!(k, b.rows, "inner sizes of a product");
    assert!(k > 0 && a.extent() <= a.data.len() && b.extent() <= b.data.len());
    assert_eq!(c.len(), m * n);
    // SAFETY: the assertions above bound every element that is read or written, and `c` is borrowed mutably. A product
    // that is not added to anything does not read `c`, and writes all of it.
    unsafe {
        multiply_at(a, b, c.as_mut_ptr().cast(), n, false);
        written(c)
    }
}

/// # Safety
/// `c` points to `a.rows` rows of `b.columns` floats, `row_stride` apart, that nobody else uses; the extents of `a` and
/// `b` lie in their slices, and their inner sizes are equal.
unsafe fn multiply_at(a: Matrix, b: Matrix, c: *mut f32, row_stride: usize, accumulate: bool) {
    // SAFETY: as promised by the caller; alpha scales what was in `c`.
    unsafe {
        gemm::gemm(
            a.rows,
            b.columns,
            a.columns,
            c,
            1,
            row_stride as isize,
            accumulate,
            a.data.as_ptr(),
            a.column_stride as isize,
            a.row_stride as isize,
            b.data.as_ptr(),
            b.column_stride as isize,
            b.row_stride as isize,
            1.0,
            1.0,
            false,
            false,
            false,
            Parallelism::None,
        )
    }
}

/// `c = a b`, or `c += a b`, on all threads; the rows of `c` lie one after the other.
///
/// The larger side of `c` is cut: each job then packs the smaller factor again, and the larger one only once in all.
pub fn multiply_parallel(a: Matrix, b: Matrix, c: &mut [f32], accumulate: bool) {
    let (m, n) = (a.rows, b.columns);
    assert_eq!(a.columns, b.rows, "inner sizes of a product");
    assert!(a.extent() <= a.data.len() && b.extent() <= b.data.len());
    assert_eq!(c.len(), m * n);
    let by_rows = m >= n;
    let jobs = cut(m.max(n), if by_rows { 16 } else { 32 });
    let out = Shared::new(c);
    jobs.into_par_iter().for_each(|(from, to)| {
        // SAFETY: jobs are disjoint ranges of rows or of columns of `c`, inside its `m * n` floats; the extents of the
        // factors were checked above, and shrink with the range.
        unsafe {
            if by_rows {
                multiply_at(a.row_range(from, to), b, out.at(from * n), n, accumulate)
            } else {
                multiply_at(a, b.column_range(from, to), out.at(from), n, accumulate)
            }
        }
    });
}

/// Cuts `length` into a number of ranges that divides well among threads, each of at least 128 and a multiple of
/// `grain`, the size of the innermost kernel, where `length` allows.
fn cut(length: usize, grain: usize) -> Vec<(usize, usize)> {
    let jobs = match length / 128 {
        0 | 1 => {
            if length >= 2 * grain {
                2
            } else {
                1
            }
        }
        2 | 3 => 2,
        4..8 => 4,
        8..64 => 8,
        _ => 16,
    };
    let each = length.div_ceil(jobs).next_multiple_of(grain);
    (0..length.div_ceil(each)).map(|j| (j * each, length.min((j + 1) * each))).collect()
}

/// Multiplies matrices of a size that suits the processor on each of `threads` threads, `times` times, and returns the
/// number of floating-point operations: for measuring how many it can do.
pub fn matrix_products(threads: usize, times: usize) -> f64 {
    const SIZE: usize = 768;
    let factor: Vec<f32> = (0..SIZE * SIZE).map(|i| (i % 7) as f32).collect();
    let matrix = Matrix::new(&factor, SIZE, SIZE);
    let mut products = vec![vec![0.0; SIZE * SIZE]; threads];
    products.par_iter_mut().for_each(|product| {
        for _ in 0..times {
            multiply(matrix, matrix, product, SIZE, false);
        }
    });
    2.0 * (threads * times) as f64 * (SIZE as f64).powi(3)
}
