//! Recognising the facial expression of manga characters, step by step.
//!
//! The modules follow the method of the report, and depend on each other in one direction only:
//!
//! | module | part of the method | report |
//! |---|---|---|
//! | [`data`] | a folder of photos, or faces drawn here, becomes prepared and split images | 2.1.1, 2.2.1 |
//! | [`ops`] | differentiable operations on dfdx's tape: convolution, batch norm, pooling, … | |
//! | [`nn`] | layers made of these operations, and the [`nn::Network`] built from them | 2.1.2 |
//! | [`models`] | the networks, one a file | 2.1.2 |
//! | [`weights`] | pre-trained weights: files of PyTorch and Keras, and what must travel with them | |
//! | [`training`] | the training loop, schedules, early stopping, runs that can be resumed | 2.2.2, 3.1 |
//! | [`metrics`] | confusion matrix, classification report, intervals | 2.2.3, 3.2 |
//! | [`explain`] | activation maps, heat maps, and how faithful they are | 2.2.3, 4.2 |
//! | [`neighbours`] | k-nearest neighbours, to compare with | 2.2.5, 3.4 |
//! | [`published`] | what the report and the works it cites publish, as data | 1.1, 3 |
//! | [`experiment`] | all of this in one piece: what `manga train` does | 3 |
//! | [`ridge`] | ridge regression on features of photos, with all choices made inside the training part | |
//! | [`methods`] | what can be cross-validated: networks, neighbours, ridge, the largest class, and means of them | |
//! | [`discussion`] | published accuracies and ours side by side, and which differences are decided | 4, 5 |
//! | [`claims`] | every sentence of the report that can be checked, with its number, ours and a verdict | 1 to 5 |
//! | [`tables`], [`plots`] | results as polars frames and as figures | |
//! | [`exercises`] | says whether an exercise's answer is right | |
//! | [`notebook`] | how a Jupyter cell shows all of this | |
//! | [`lab`] | setting up Jupyter and the Rust kernel, running the notebooks without a browser | |
//!
//! A notebook starts with `use manga_expressions::prelude::*;`.

mod cache;
pub mod claims;
mod compute_version;
mod csv;
pub mod data;
pub mod discussion;
mod error;
pub mod exercises;
pub mod experiment;
pub mod explain;
mod files;
pub mod lab;
mod markup;
pub mod methods;
pub mod metrics;
pub mod models;
pub mod neighbours;
pub mod nn;
pub mod notebook;
pub mod ops;
mod optional;
pub mod plots;
pub mod prelude;
mod progress;
pub mod published;
pub mod ridge;
pub mod tables;
pub mod training;
pub mod weights;

pub use compute_version::{COMPUTE_VERSION, ComputedBy};
pub use error::{Error, Result};
