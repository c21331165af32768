//! How good the predictions are: confusion matrix, classification report, accuracy with its interval, and whether
//! two methods differ.
//!
//! The numbers and the report's text are those of scikit-learn with `zero_division=0`
//! (`confusion_matrix`, `classification_report`).

mod accuracy;
mod chance;
mod confidence;
mod confusion;
mod difference;
mod learning_curve;
mod mcnemar;
mod mean;
mod mistakes;
mod one_vs_rest;
mod out_of_fold;
mod p_value;
mod paired;
mod paired_t;
mod reading;
mod reject;
mod report;
mod resampled_t;
mod student;

pub use accuracy::{Accuracy, Baseline, Interval};
pub use chance::check_chance;
pub use confidence::{ConfidenceBin, confidence};
pub use confusion::ConfusionMatrix;
pub use difference::Difference;
pub use learning_curve::{CurvePoint, Extrapolated, LearningCurve, PowerLaw};
pub use mcnemar::McNemar;
pub use mean::Mean;
pub use mistakes::{Confused, PairMistakes};
pub use one_vs_rest::one_vs_rest_accuracy;
pub(crate) use out_of_fold::repeats;
pub use out_of_fold::{CrossValidationScores, OutOfFoldPredictions, OutOfFoldRow};
pub(crate) use p_value::shown as p_shown;
pub use paired::Paired;
pub use paired_t::PairedT;
pub use reject::Answered;
pub use report::{ClassScores, ClassificationReport, Scores};
pub use resampled_t::ResampledT;
