//! Recognising the facial expression of manga characters, step by step.
//!
//! The modules follow the method of the report, and depend on each other in one direction only:
//!
//! | module | part of the method | report |
//! |---|---|---|
//! | [`faces`] | manga faces that the library draws: a data set that may be shown anywhere | |
//! | [`data`] | a folder of photos, or drawn faces, becomes prepared and split images | 2.1.1, 2.2.1 |
//! | [`net`] | operations on dfdx's tape, layers, the networks, pre-trained weights | 2.1.2 |
//! | [`training`] | the training loop, schedules, early stopping, runs that can be resumed | 2.2.2, 3.1 |
//! | [`metrics`] | confusion matrix, classification report, intervals, paired tests | 2.2.3, 3.2 |
//! | [`study`] | experiments and methods, trained and cross-validated; nearest neighbours, ridge | 2.2.5, 3 |
//! | [`explain`] | activation maps, heat maps, and how faithful they are | 2.2.3, 4.2 |
//! | [`report`] | what the report publishes, as data; each of its claims with a verdict; the discussion | 1 to 5 |
//! | [`lessons`] | what notebooks add: budgets, leaks made on purpose, exercises that check their answers | |
//! | [`show`] | results as figures and as polars frames | |
//! | [`lab`] | setting up Jupyter and the Rust kernel, running the notebooks without a browser | |
//!
//! A notebook starts with `use manga_expressions::prelude::*;`.

mod base;
pub mod data;
pub mod explain;
pub mod faces;
pub mod lab;
pub mod lessons;
pub mod metrics;
pub mod net;
pub mod prelude;
pub mod report;
pub mod show;
pub mod study;
pub mod training;

pub use base::compute_version::{COMPUTE_VERSION, ComputedBy};
pub use base::error::{Error, Result};
pub use base::project;
