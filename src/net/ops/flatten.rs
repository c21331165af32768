//! An image as one vector.

use super::tape::{Slot, read};
use super::{Activation, tensor};
use dfdx::prelude::*;

/// `N, H, W, C` becomes `N, 1, 1, H * W * C`, channels fastest.
///
/// Equivalent to Keras's `Flatten`. PyTorch's `nn.Flatten` puts the values of one channel side by side instead, as its
/// images are `N, C, H, W`: a dense layer's weight from there has its rows in another order.
pub fn flatten(x: Activation) -> Activation {
    let &(n, h, w, c) = x.shape();
    let (x, recorder) = x.split_tape();
    let x_slot = Slot::of(&x, &recorder);
    let out = tensor(read(&x), (n, 1, 1, h * w * c));
    if !recorder.carries_gradient() {
        return recorder.pass_on(out);
    }
    recorder.record(out, move |gradients, go| x_slot.give(gradients, go))
}
