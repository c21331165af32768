//! The rectifier.

use super::kernels::elementwise::{add_assign, apply_mask, positive};
use super::tape::{Slot, read};
use super::{Activation, tensor};
use dfdx::prelude::*;

/// `max(x, 0)`, any shape `N, H, W, C`; the gradient at zero is zero, as Keras's and PyTorch's.
///
/// After a batch norm use [`super::batch_norm`]'s own, which costs nothing.
pub fn relu(x: Activation) -> Activation {
    let shape = *x.shape();
    let (x, mut recorder) = x.split_tape();
    let x_slot = Slot::of(&x);
    let mut out = read(&x);
    drop(x);
    // Not `max`, which would make a number of NaN and hide that something went wrong.
    out.iter_mut().for_each(|v| *v = if *v < 0.0 { 0.0 } else { *v });
    let mask = if recorder.carries_gradient() { positive(&out) } else { Vec::new() };
    let out = tensor(out, shape);
    if recorder.carries_gradient() {
        let out_slot = Slot::of(&out);
        recorder.add_backward_op(move |gradients| {
            let mut go = out_slot.take(gradients)?;
            apply_mask(&mut go, &mask);
            x_slot.add(gradients, |gx| add_assign(gx, &go))
        });
    }
    out.put_tape(recorder)
}
