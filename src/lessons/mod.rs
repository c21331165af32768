//! What the notebooks ask of the library: trainings within a budget, leaks made on purpose, transfer learning, diagnoses
//! of mistakes, and exercises that check their answers.

mod budget;
mod diagnosis;
pub mod exercises;
mod leak;
mod learnt_features;
mod lesson;
mod network_curve;
mod rate_trial;
mod rates;
mod trained;
mod transfer;
mod watched;

pub use budget::Budget;
pub use diagnosis::{Diagnosis, Mistake};
pub use leak::Leak;
pub use learnt_features::{
    honest_neighbours, imagenet_or_hog, leaking_neighbours, learnt_features, pretrained_features,
};
pub use network_curve::network_learning_curve;
pub use rate_trial::RateTrial;
pub use trained::{LeftOut, Lessons};
pub use transfer::Pretrained;
pub use watched::{WatchedTests, watch_tests};
