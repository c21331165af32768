//! Layers made of [`crate::net::ops`], and the [`Network`] built from them.
//!
//! A network of your own is a list of layers; everything else here takes it like those of [`crate::net::models`]:
//!
//! ```
//! use manga_expressions::prelude::*;
//!
//! let init = Initializer::keras(1);
//! let layers = Sequential::new()
//!     .then(Box::new(Conv2d::new("conv1", &init, 1, 16, (3, 3)).padding(Padding::Same)))
//!     .then(Box::new(BatchNorm::new("bn1", 16, 1e-3).relu()))
//!     .then(Box::new(MaxPool::new("pool1", 2, 2, Padding::Valid)))
//!     .then(Box::new(Conv2d::new("conv2", &init, 16, 32, (3, 3)).padding(Padding::Same)))
//!     .then(Box::new(BatchNorm::new("bn2", 32, 1e-3).relu()))
//!     .then(Box::new(GlobalAvgPool::new("mean")))
//!     .then(Box::new(Dense::new("fc", &init, 32, 7)));
//! let mut network = Network::new("mine", (24, 24, 1), 7, Box::new(layers));
//! assert_eq!(network.summary()?.total, 160 + 64 + 4640 + 128 + 231);
//!
//! let images = Preparation { size: 24, ..Preparation::default() }.apply(&Source::Drawn { count: 70, seed: 1 }.load()?)?;
//! let settings = Settings { epochs: 1, ..Settings::default() };
//! let history = Training::new(&settings).run(&mut network, &images, None)?;
//! assert!(history.epochs[0].train_loss.is_finite());
//! # Ok::<(), manga_expressions::Error>(())
//! ```
//!
//! A block with more than one way through it is a struct of layers that implements [`Layer`], with
//! [`visit_layers!`](crate::visit_layers) for its parameters: see `src/net/models/resnet.rs`.

mod auxiliary;
mod batch_norm;
mod concat;
mod conv2d;
mod dense;
mod forward;
mod heads;
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
pub use heads::Head;
pub use init::{Init, Initializer};
pub use layer::{Layer, Mode, Observation, Pass, Statistic};
pub use network::{Network, Stage};
pub use sequential::Sequential;
pub use simple::{AdaptiveAvgPool, AvgPool, Dropout, Elu, Flatten, GlobalAvgPool, MaxPool, Relu, ZeroPad};
pub(crate) use summary::grouped;
pub use summary::{Summary, SummaryRow};
