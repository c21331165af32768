//! Methods: all that can be cross-validated, and how.
//!
//! A [`Method`] is anything that learns from some photos and answers for others. A network and its training is one
//! ([`Experiment`](crate::study::experiment::Experiment)); the others are baselines and parts: the majority class,
//! nearest neighbours, ridge regression on features of networks that were not trained on these photos, and the mean of
//! several methods. A recipe's file says which it is, and a program can bring its own.
//!
//! [`CrossValidation`] fits each of them once for each fold of each repeat. A fit sees the training photos of that fold
//! alone, makes every choice among them, and its answers for the other photos are kept.

mod cross_validation;
mod ensemble;
mod features;
mod fit;
mod fixed_epochs;
mod learning_curve;
mod majority;
mod neighbours;
mod network;
mod recipe;
mod ridge;
mod store;

pub use crate::study::answers::{Answer, Answers, Cost};
pub use crate::study::folds::learning_curve_of;
pub use crate::study::method::{Context, FoldTask, Method, Prepared, Reuse};
pub use cross_validation::CrossValidation;
pub use ensemble::Ensemble;
pub use features::{FeatureSet, NetworkFeatures};
pub use fit::Fit;
pub use fixed_epochs::FixedEpochs;
pub(crate) use fixed_epochs::TrainedOn;
pub use learning_curve::learning_curve;
pub use majority::Majority;
pub use neighbours::NeighbourVote;
pub(crate) use recipe::about;
pub use recipe::{RECIPES, name_of, recipe, recipe_with};
pub use ridge::RidgeClassifier;
