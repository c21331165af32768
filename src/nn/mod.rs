//! Layers made of [`crate::ops`], and the [`Network`] built from them.

mod network;

pub use network::{Layer, Mode, Network, Observation, Pass};
