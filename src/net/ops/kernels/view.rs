//! Looking at a tensor's values where they lie.
//!
//! dfdx 0.13 has no public way to borrow them as a slice, but it lends single elements (`&tensor[[i, j, k, l]]`), and
//! those of a tensor lie in one `Vec`. So a reference to the first, and the proof that all others follow it, is enough.

use crate::net::ops::tape::Shape4;
use dfdx::prelude::*;

/// The values of a tensor, kept alive with it; nothing is copied.
#[derive(Clone, Debug)]
pub enum View {
    /// Of an activation, `N, H, W, C`.
    Activation(Tensor<Shape4, f32, Cpu>),
    /// Of a parameter.
    Parameter(Tensor<(usize,), f32, Cpu>),
    /// Of a tensor whose elements do not lie in the order of its axes.
    Copy(Vec<f32>),
}

impl View {
    /// The values of `x`, in the order of its axes, the last fastest.
    pub fn of(x: &Tensor<Shape4, f32, Cpu>) -> Self {
        let &(n, h, w, c) = x.shape();
        if n * h * w * c == 0 {
            return View::Copy(Vec::new());
        }
        // A step along an axis of more than one element must lead over all elements of the axes after it.
        let first = &x[[0; 4]] as *const f32 as usize;
        let steps =
            [(n, h * w * c, [1, 0, 0, 0]), (h, w * c, [0, 1, 0, 0]), (w, c, [0, 0, 1, 0]), (c, 1, [0, 0, 0, 1])];
        let in_order = |(size, step, next): (usize, usize, [usize; 4])| {
            size == 1 || &x[next] as *const f32 as usize == first + step * size_of::<f32>()
        };
        if steps.into_iter().all(in_order) { View::Activation(x.clone()) } else { View::Copy(x.as_vec()) }
    }

    /// The values of a parameter.
    pub fn of_parameter(x: &Tensor<(usize,), f32, Cpu>) -> Self {
        let len = x.shape().0;
        if len == 0 || (len > 1 && &x[[1]] as *const f32 as usize != &x[[0]] as *const f32 as usize + size_of::<f32>())
        {
            return View::Copy(x.as_vec());
        }
        View::Parameter(x.clone())
    }
}

impl std::ops::Deref for View {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        let (first, len) = match self {
            View::Activation(x) => (&x[[0; 4]], x.shape().num_elements()),
            View::Parameter(x) => (&x[[0]], x.shape().0),
            View::Copy(values) => return values,
        };
        // SAFETY: `first` is the first of `len` elements of one `Vec` that follow each other, as was checked when this
        // view was made: its strides are those of its shape. The tensor, which this view owns a fraction of, keeps the
        // `Vec`, and whoever wants to write to it while it is shared makes a copy first (`Arc::make_mut`).
        unsafe { std::slice::from_raw_parts(first, len) }
    }
}
