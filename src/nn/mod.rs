//! Layers made of [`crate::ops`], and the [`Network`] built from them.

mod batch_norm;
mod conv2d;
mod dense;
mod init;
mod network;
mod simple;
mod summary;
pub(crate) mod weights;

pub use batch_norm::BatchNorm;
pub use conv2d::Conv2d;
pub use dense::Dense;
pub use init::{Init, Initializer};
pub use network::{Layer, Mode, Network, Observation, Pass, Sequential};
pub use simple::{Dropout, GlobalAvgPool, MaxPool, Relu, ZeroPad};
pub use summary::{Summary, SummaryRow};
