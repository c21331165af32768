//! A learning rate that falls when a training no longer gets better.

use super::history::Epoch;
use super::monitor::Monitor;
use super::settings::{positive, within};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// After `patience` epochs without improvement the learning rate is multiplied by `factor`. Equivalent to
/// `keras.callbacks.ReduceLROnPlateau`, whose rules in every detail it follows; `mode` follows from what is monitored.
///
/// ```
/// use manga_expressions::training::{Monitor, ReduceOnPlateau, Schedule};
///
/// let schedule = Schedule::ReduceOnPlateau(ReduceOnPlateau { patience: 3, ..ReduceOnPlateau::default() });
/// assert_eq!(ReduceOnPlateau::default().monitor, Monitor::ValidationLoss);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReduceOnPlateau {
    /// What is to get better.
    pub monitor: Monitor,
    /// What the learning rate is multiplied by, above 0 and below 1. Keras's default is 0.1; here it is 0.5.
    pub factor: f64,
    /// After how many epochs in a row without improvement; 0 means as 1. Keras's default is 10; here it is 7.
    pub patience: usize,
    /// By how much the number must get better to count as better.
    pub min_delta: f64,
    /// For how many epochs after a fall no epoch counts against patience.
    pub cooldown: usize,
    /// What the learning rate does not fall below: the optimizer's as well as that of the body.
    pub min_learning_rate: f64,
}

impl Default for ReduceOnPlateau {
    fn default() -> Self {
        ReduceOnPlateau {
            monitor: Monitor::ValidationLoss,
            factor: 0.5,
            patience: 7,
            min_delta: 1e-4,
            cooldown: 0,
            min_learning_rate: 0.0,
        }
    }
}

impl ReduceOnPlateau {
    pub(super) fn check(&self, learning_rate: f64, has_validation: bool) -> Result<()> {
        self.monitor.check("schedule", has_validation)?;
        positive("schedule.factor", self.factor)?;
        within("schedule.factor", self.factor, 0.0, 1.0)?;
        within("schedule.min_delta", self.min_delta, 0.0, f64::INFINITY)?;
        within("schedule.min_learning_rate", self.min_learning_rate, 0.0, f64::INFINITY)?;
        if self.min_learning_rate >= learning_rate {
            let least = self.min_learning_rate;
            return Err(Error::Invalid(format!(
                "schedule.min_learning_rate is {least}, and learning_rate is {learning_rate}: it could never fall"
            )));
        }
        Ok(())
    }

    /// The learning rate after these epochs, which are all since the start, of a training that began with `first`.
    pub(super) fn learning_rate(&self, first: f64, epochs: &[Epoch]) -> f64 {
        let (mut rate, mut best, mut wait, mut cooldown) = (first, None, 0, 0);
        for value in epochs.iter().filter_map(|epoch| self.monitor.value(epoch)) {
            if cooldown > 0 {
                (cooldown, wait) = (cooldown - 1, 0);
            }
            if best.is_none_or(|best| self.monitor.is_better(value, best, self.min_delta)) {
                (best, wait) = (Some(value), 0);
            } else if cooldown == 0 {
                wait += 1;
                if wait >= self.patience && rate > self.min_learning_rate {
                    rate = (rate * self.factor).max(self.min_learning_rate);
                    (cooldown, wait) = (self.cooldown, 0);
                }
            }
        }
        rate
    }
}
