//! A network that is trained, as a method.

use super::ready::{Answer, Said};
use crate::Result;
use crate::data::Fold;
use crate::experiment::Experiment;
use crate::training::Progress;
use std::path::Path;

/// Trains a network on all photos but those of the fold, or goes on with its training, and asks it about these; with the
/// processor seconds of the training.
pub(super) fn trained(experiment: &Experiment, fold: Fold, folder: &Path) -> Result<(Said, f64)> {
    let mut experiment = experiment.clone();
    experiment.split.fold = Some(fold);
    // A seed of its own for each fit, so that no two share their first weights and their order.
    let own = fold.seed.wrapping_mul(fold.folds as u64).wrapping_add(fold.fold as u64);
    (experiment.split.seed, experiment.training.seed) = (own, own);
    let outcome = experiment.run(&folder.to_string_lossy(), true, Progress::quiet())?;
    let said = outcome.evaluation.predictions;
    let answer = |(predicted, probabilities)| Answer { predicted, probabilities };
    let rows = said.predicted.into_iter().zip(said.probabilities).map(answer).collect();
    let cpu_seconds = outcome.history.epochs.iter().map(|epoch| epoch.cpu_seconds).sum();
    Ok((Said { rows, chosen: String::new() }, cpu_seconds))
}
