//! The number that decides whether a training gets better.

use super::history::Epoch;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// A number of an [`Epoch`] that early stopping or a schedule can follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Monitor {
    /// Loss on the validation images: lower is better.
    ValidationLoss,
    /// Accuracy on the validation images: higher is better.
    ValidationAccuracy,
    /// Loss on the training images: lower is better.
    TrainLoss,
    /// Accuracy on the training images: higher is better.
    TrainAccuracy,
}

impl Monitor {
    /// Its value in `epoch`; none where there is no validation.
    pub fn value(self, epoch: &Epoch) -> Option<f64> {
        match self {
            Monitor::ValidationLoss => epoch.validation_loss,
            Monitor::ValidationAccuracy => epoch.validation_accuracy,
            Monitor::TrainLoss => Some(epoch.train_loss),
            Monitor::TrainAccuracy => Some(epoch.train_accuracy),
        }
    }

    /// Its name in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Monitor::ValidationLoss => "validation loss",
            Monitor::ValidationAccuracy => "validation accuracy",
            Monitor::TrainLoss => "training loss",
            Monitor::TrainAccuracy => "training accuracy",
        }
    }

    /// Whether `value` is better than `reference` by more than `min_delta`, as Keras reckons it.
    pub(super) fn is_better(self, value: f64, reference: f64, min_delta: f64) -> bool {
        match self {
            Monitor::ValidationAccuracy | Monitor::TrainAccuracy => value - min_delta > reference,
            Monitor::ValidationLoss | Monitor::TrainLoss => value + min_delta < reference,
        }
    }

    /// An error where `who` is to follow a number that there will not be.
    pub(super) fn check(self, who: &str, has_validation: bool) -> Result<()> {
        if !has_validation && matches!(self, Monitor::ValidationLoss | Monitor::ValidationAccuracy) {
            let what = format!("{who} is to follow the {}", self.name());
            return Err(Error::Invalid(format!("{what}, but there are no validation images")));
        }
        Ok(())
    }
}
