//! Trainings with several learning rates.

use super::{Figure, learning_curves_of};
use crate::experiment::RateTrial;
use crate::training::History;
use crate::{Error, Result};

/// Loss and accuracy of trainings with several learning rates, as [`learning_curves_of`]; the legend says which rate is
/// which, and what came of it. A training that did not end its first epoch has no curve.
///
/// An error if none has.
pub fn rate_trials(trials: &[RateTrial]) -> Result<Figure> {
    let drawn: Vec<&RateTrial> = trials.iter().filter(|trial| !trial.history.epochs.is_empty()).collect();
    if drawn.is_empty() {
        let why = "no learning rate got to the end of its first epoch";
        return Err(Error::output("figure of learning rates", why));
    }
    let name = |trial: &&RateTrial| format!("rate {}: {}", trial.rate(), trial.verdict());
    // Whose weights were kept says nothing here.
    let curves = |trial: &&RateTrial| History { best_epoch: None, ..trial.history.clone() };
    learning_curves_of(&drawn.iter().map(name).collect::<Vec<_>>(), &drawn.iter().map(curves).collect::<Vec<_>>())
}
