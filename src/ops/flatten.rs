//! An image as one vector.

use super::kernels::elementwise::add_assign;
use super::tape::{Slot, read};
use super::{Activation, tensor};
use dfdx::prelude::*;

/// `N, H, W, C` becomes `N, 1, 1, H * W * C`, channels fastest.
///
/// Equivalent to Keras's `Flatten`. PyTorch's `nn.Flatten` puts the values of one channel side by side instead, as its
/// images are `N, C, H, W`: a dense layer's weight from there has its rows in another order.
pub fn flatten(x: Activation) -> Activation {
    let &(n, h, w, c) = x.shape();
    let (x, mut recorder) = x.split_tape();
    let x_slot = Slot::of(&x);
    let out = tensor(read(&x), (n, 1, 1, h * w * c));
    drop(x);
    if recorder.carries_gradient() {
        let out_slot = Slot::of(&out);
        recorder.add_backward_op(move |gradients| {
            let go = out_slot.take(gradients)?;
            x_slot.add(gradients, |gx| add_assign(gx, &go))
        });
    }
    out.put_tape(recorder)
}
