//! Layers made of [`crate::ops`], and the [`Network`] built from them.

mod network;
pub(crate) mod weights;

pub use network::{Layer, Mode, Network, Observation, Pass};
