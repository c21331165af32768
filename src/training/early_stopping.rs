//! Ending a training that no longer gets better.

use super::history::Epoch;
use super::monitor::Monitor;
use super::settings::within;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// When to stop before all epochs are done (section 2.2.2 of the report). Equivalent to
/// `keras.callbacks.EarlyStopping`, whose rules in every detail it follows; `mode` follows from what is monitored.
///
/// ```
/// use manga_expressions::training::{EarlyStopping, Monitor};
///
/// let rule = EarlyStopping { patience: 3, ..EarlyStopping::default() };
/// assert_eq!(rule.monitor, Monitor::ValidationLoss);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EarlyStopping {
    /// What is to get better.
    pub monitor: Monitor,
    /// By how much more than nothing it must get better to count as better.
    pub min_delta: f64,
    /// For how many epochs in a row it may fail to. Keras's default is 0; here it is 5, as such a curve is never smooth.
    pub patience: usize,
    /// If given, only what is better than this too makes patience start again.
    pub baseline: Option<f64>,
    /// Whether the weights of the best epoch are restored at the end; else those of the last stay. Keras's default is
    /// `false`; here it is `true`.
    pub restore_best_weights: bool,
    /// Epochs at the start that are not looked at.
    pub start_from_epoch: usize,
}

impl Default for EarlyStopping {
    fn default() -> Self {
        EarlyStopping {
            monitor: Monitor::ValidationLoss,
            min_delta: 0.0,
            patience: 5,
            baseline: None,
            restore_best_weights: true,
            start_from_epoch: 0,
        }
    }
}

/// What [`EarlyStopping`] says to the epochs so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// The best epoch so far, from 1: the one whose weights are restored. None before `start_from_epoch`.
    pub best_epoch: Option<usize>,
    /// Why training stops now, as a sentence; none while it goes on.
    pub stop: Option<String>,
}

impl EarlyStopping {
    pub(super) fn check(&self, has_validation: bool) -> Result<()> {
        self.monitor.check("early stopping", has_validation)?;
        within("min_delta", self.min_delta, 0.0, f64::INFINITY)?;
        match self.baseline {
            Some(baseline) if !baseline.is_finite() => Err(Error::Invalid(format!("baseline is {baseline}"))),
            _ => Ok(()),
        }
    }

    /// The verdict after these epochs, which are all since the start of the training.
    ///
    /// It depends on nothing else, so a training that was interrupted needs only its history to go on.
    pub fn verdict(&self, epochs: &[Epoch]) -> Verdict {
        let mut best: Option<(f64, usize)> = None;
        let mut wait = 0;
        for (index, epoch) in epochs.iter().enumerate().skip(self.start_from_epoch) {
            let Some(value) = self.monitor.value(epoch) else { continue };
            wait += 1;
            match best {
                Some((reference, best_epoch)) if !self.is_better(value, reference) => {
                    // Keras never stops after the very first epoch.
                    if wait >= self.patience && index > 0 {
                        let stop = Some(self.reason(epoch.epoch, wait, reference, best_epoch));
                        return Verdict { best_epoch: Some(best_epoch), stop };
                    }
                }
                // What is no number is never the best.
                None if value.is_nan() => {}
                _ => {
                    best = Some((value, epoch.epoch));
                    if self.baseline.is_none_or(|baseline| self.is_better(value, baseline)) {
                        wait = 0;
                    }
                }
            }
        }
        Verdict { best_epoch: best.map(|(_, epoch)| epoch), stop: None }
    }

    fn is_better(&self, value: f64, reference: f64) -> bool {
        self.monitor.is_better(value, reference, self.min_delta)
    }

    fn reason(&self, last: usize, wait: usize, best: f64, best_epoch: usize) -> String {
        let name = self.monitor.name();
        let epochs = if wait == 1 { "1 epoch".to_string() } else { format!("{wait} epochs") };
        let by = if self.min_delta > 0.0 { format!(" by more than {}", self.min_delta) } else { String::new() };
        let than = match self.baseline {
            None => format!("the {best:.4} of epoch {best_epoch}"),
            Some(baseline) => format!("both the {best:.4} of epoch {best_epoch} and the baseline {baseline}"),
        };
        format!("Early stopping after epoch {last}: for {epochs} the {name} has not been better{by} than {than}.")
    }
}
