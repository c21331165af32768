//! k-nearest neighbours, the report's method to compare with (sections 2.2.5 and 3.4, figure 20).
//!
//! A photo is given the class that most of the `k` most similar photos have (T. Cover and P. Hart 1967). Nothing is
//! learnt; all depends on the features in which photos are compared ([`Features`](crate::data::Features)) and on `k`.

mod accuracy;
mod choice;
mod classifier;
mod confounder;
mod cross_validation;
mod distance;
mod learning_curve;
mod sorted;
mod vote;

pub use accuracy::{NeighbourAccuracy, NeighbourScore};
pub use choice::{Choice, ChosenK, choose_all, choose_k};
pub use classifier::KNeighbours;
pub use confounder::{check_no_confounder, paired_difference};
pub(crate) use cross_validation::cross_validate_by;
pub use cross_validation::{cross_validate, cross_validate_all, cross_validate_each, cross_validate_first};
pub use distance::Distance;
pub use learning_curve::learning_curve;
pub use sorted::SortedNeighbours;
