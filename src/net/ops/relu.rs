//! The ReLU activation.

use super::kernels::elementwise::{apply_relu_slope, rectify};
use super::kernels::view::View;
use super::tape::{Slot, read};
use super::{Activation, tensor};
use dfdx::prelude::*;

/// `max(x, 0)`, any shape `N, H, W, C`; the gradient at zero is zero, as Keras's and PyTorch's.
///
/// After a batch norm use [`super::batch_norm`]'s own, which costs nothing.
pub fn relu(x: Activation) -> Activation {
    let shape = *x.shape();
    let (x, recorder) = x.split_tape();
    let x_slot = Slot::of(&x, &recorder);
    let mut out = read(&x);
    drop(x);
    rectify(&mut out);
    let out = tensor(out, shape);
    if !recorder.carries_gradient() {
        return recorder.pass_on(out);
    }
    let values = View::of(&out);
    recorder.record(out, move |gradients, mut go| {
        apply_relu_slope(&mut go, &values);
        x_slot.give(gradients, go)
    })
}
