//! Differentiable operations on dfdx's tape, with the layout `N, H, W, C`.
//!
//! dfdx 0.13 has tensors, a tape, losses and optimisers, but on stable Rust neither convolution nor pooling. They are
//! added here through its public interface: each operation computes its output, and puts a closure on the tape that
//! turns the gradient of the output into the gradients of its inputs. Nothing outside this folder knows a kernel.

mod parameter;
mod tape;

pub use parameter::{Parameter, Role};
pub use tape::{Activation, Recorder, Shape4, Tensor4, fork, start, tensor};
