//! Layers made of [`crate::ops`], and the [`Network`] built from them.

mod auxiliary;
mod batch_norm;
mod concat;
mod conv2d;
mod dense;
mod init;
mod layer;
mod network;
mod sequential;
mod simple;
mod summary;
pub(crate) mod weights;

pub use auxiliary::AuxiliaryHead;
pub use batch_norm::BatchNorm;
pub use concat::Concat;
pub use conv2d::Conv2d;
pub use dense::Dense;
pub use init::{Init, Initializer};
pub use layer::{Layer, Mode, Observation, Pass};
pub use network::{Network, Stage};
pub use sequential::Sequential;
pub use simple::{AvgPool, Dropout, Elu, Flatten, GlobalAvgPool, MaxPool, Relu, ZeroPad};
pub use summary::{Summary, SummaryRow};
