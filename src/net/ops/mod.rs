//! Differentiable operations on dfdx's tape, with the layout `N, H, W, C`.
//!
//! dfdx 0.13 has tensors, a tape, losses and optimisers, but on stable Rust neither convolution nor pooling. They are
//! added here through its public interface: each operation computes its output, and puts a closure on the tape that
//! turns the gradient of the output into the gradients of its inputs. Nothing outside this folder knows a kernel.
//!
//! dfdx's own operations work on an [`Activation`] too: where one of those is enough, there is none here.

mod average;
mod batch_norm;
mod concat;
mod conv2d;
mod dropout;
mod elu;
mod flatten;
mod kernels;
mod linear;
mod padding;
mod parameter;
mod pool;
mod relu;
mod tape;
mod zero_pad;

pub use average::average;
pub(crate) use batch_norm::running_affine;
pub use batch_norm::{BatchNorm, batch_norm};
pub use concat::concat;
#[doc(hidden)]
pub use conv2d::After;
pub use conv2d::conv2d;
pub(crate) use conv2d::conv2d_then;
pub use dropout::dropout;
pub use elu::elu;
pub use flatten::flatten;
pub(crate) use kernels::gemm::matrix_products;
pub use linear::linear;
pub use padding::Padding;
pub use parameter::{Parameter, Role};
pub use pool::{adaptive_avg_pool, avg_pool, global_avg_pool, max_pool};
pub use relu::relu;
pub use tape::{Activation, Recorder, Shape4, Tensor4, fork, start, tensor};
pub(crate) use tape::{is_recorded, unrecorded};
pub use zero_pad::zero_pad;
