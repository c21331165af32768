//! How good the predictions are: confusion matrix, classification report, accuracy with its interval.
//!
//! The numbers and the report's text are those of scikit-learn with `zero_division=0`
//! (`confusion_matrix`, `classification_report`).

mod accuracy;
mod confusion;
mod one_against_rest;
mod out_of_fold;
mod report;

pub use accuracy::{Accuracy, Baseline, Interval};
pub use confusion::ConfusionMatrix;
pub use one_against_rest::one_against_rest_accuracy;
pub use out_of_fold::{CrossValidationScores, OutOfFold, OutOfFoldRow};
pub use report::{ClassScores, ClassificationReport, Scores};
