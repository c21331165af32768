//! Zeros around an image, as an operation of its own.

use super::kernels::elementwise::copy_or_add;
use super::kernels::memory::recycle;
use super::tape::{Slot, read};
use super::{Activation, tensor};
use dfdx::prelude::*;

/// Puts rows and columns of zeros around each image: `sides` are top, bottom, left, right; `x` is `N, H, W, C`.
///
/// A convolution pads by itself. Before a maximum it makes a difference: a zero of this padding can be the maximum.
/// Equivalent to Keras's `ZeroPadding2D`.
pub fn zero_pad(x: Activation, sides: [usize; 4]) -> Activation {
    let &(n, h, w, c) = x.shape();
    let [top, bottom, left, right] = sides;
    let shape = (n, h + top + bottom, w + left + right, c);
    // Where each row of the images begins in the output.
    let row = move |image: usize, y: usize| ((image * shape.1 + y + top) * shape.2 + left) * c;
    let (x, recorder) = x.split_tape();
    let x_slot = Slot::of(&x, &recorder);
    let mut out = vec![0.0; shape.0 * shape.1 * shape.2 * shape.3];
    for (i, line) in read(&x).chunks_exact((w * c).max(1)).enumerate() {
        out[row(i / h, i % h)..][..w * c].copy_from_slice(line);
    }
    let out = tensor(out, shape);
    if !recorder.carries_gradient() {
        return recorder.pass_on(out);
    }
    recorder.record(out, move |gradients, go| {
        x_slot.write(gradients, |gx, accumulate| {
            for (i, line) in gx.chunks_exact_mut((w * c).max(1)).enumerate() {
                copy_or_add(line, &go[row(i / h, i % h)..], accumulate);
            }
        })?;
        recycle(go);
        Ok(())
    })
}
