//! The exponential linear unit.

use super::kernels::elementwise::{apply_elu, apply_elu_slope};
use super::kernels::view::View;
use super::tape::{Slot, read};
use super::{Activation, tensor};
use dfdx::prelude::*;

/// `x` where it is above zero, `exp(x) - 1` below; any shape `N, H, W, C`.
///
/// D. Clevert, T. Unterthiner, S. Hochreiter: Fast and Accurate Deep Network Learning by Exponential Linear Units (2015).
/// Equivalent to Keras's `elu` and PyTorch's `F.elu`, with their default `alpha` of 1. Below zero it is within two units in
/// the last place.
///
/// ```
/// use manga_expressions::net::ops;
///
/// let x = ops::start(ops::tensor(vec![2.0, -1.0], (1, 1, 1, 2)), false, false);
/// let y = ops::elu(x).as_vec();
/// assert!(y[0] == 2.0 && (y[1] - (-1.0f32).exp_m1()).abs() < 1e-6);
/// ```
pub fn elu(x: Activation) -> Activation {
    let shape = *x.shape();
    let (x, recorder) = x.split_tape();
    let x_slot = Slot::of(&x, &recorder);
    let mut out = read(&x);
    drop(x);
    apply_elu(&mut out);
    let out = tensor(out, shape);
    if !recorder.carries_gradient() {
        return recorder.pass_on(out);
    }
    let values = View::of(&out);
    recorder.record(out, move |gradients, mut go| {
        apply_elu_slope(&mut go, &values);
        x_slot.give(gradients, go)
    })
}
