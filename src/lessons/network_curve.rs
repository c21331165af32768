//! How much a network gains by more photos.

use crate::Result;
use crate::data::{Dataset, Folds};
use crate::metrics::LearningCurve;
use crate::study::experiment::Experiment;
use crate::study::methods::{FixedEpochs, learning_curve};

/// The learning curve of `experiment` over `fractions` of the training photos: a training for each fraction and fold,
/// always for all its epochs ([`FixedEpochs`]). Each is kept and found again, as in [`Experiment::fit`].
///
/// # Errors
/// As [`learning_curve`] and [`Experiment::fit`].
pub fn network_learning_curve(
    name: &str,
    experiment: &Experiment,
    dataset: &Dataset,
    folds: &Folds,
    fractions: &[f64],
) -> Result<LearningCurve> {
    learning_curve(name, &FixedEpochs::new(experiment), dataset, folds, fractions)
}
