//! How the learning rate changes in the course of a training.

use super::history::Epoch;
use super::one_cycle::OneCycle;
use super::plateau::ReduceOnPlateau;
use crate::Result;
use serde::{Deserialize, Serialize};

/// How the learning rate changes in the course of a training, from that of the optimizer. Where the body has a learning
/// rate of its own, that one changes by the same rule.
///
/// ```
/// use manga_expressions::training::{OneCycle, Schedule, Settings};
///
/// let settings = Settings { schedule: Schedule::OneCycle(OneCycle::default()), ..Settings::default() };
/// assert_eq!(Settings::default().schedule, Schedule::Constant);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Schedule {
    /// It stays as it is.
    #[default]
    Constant,
    /// It falls when the training no longer gets better.
    ReduceOnPlateau(ReduceOnPlateau),
    /// It rises and falls once, from step to step.
    OneCycle(OneCycle),
}

impl Schedule {
    pub(super) fn check(&self, learning_rate: f64, has_validation: bool) -> Result<()> {
        match self {
            Schedule::Constant => Ok(()),
            Schedule::ReduceOnPlateau(plateau) => plateau.check(learning_rate, has_validation),
            Schedule::OneCycle(cycle) => cycle.check(),
        }
    }

    /// The learning rate that `base` is to be in the step `step`, from 0, of the `steps` of all epochs; `epochs` are the
    /// ones done.
    ///
    /// It depends on nothing else, so a training that was interrupted needs only its history to go on.
    ///
    /// ```
    /// use manga_expressions::training::{OneCycle, Schedule};
    ///
    /// let schedule = Schedule::OneCycle(OneCycle::default());
    /// assert!((schedule.learning_rate(1.0, &[], 0, 100) - 1.0 / 25.0).abs() < 1e-12);
    /// assert!((schedule.learning_rate(1.0, &[], 29, 100) - 1.0).abs() < 1e-12);
    /// ```
    pub fn learning_rate(&self, base: f64, epochs: &[Epoch], step: usize, steps: usize) -> f64 {
        match self {
            Schedule::Constant => base,
            Schedule::ReduceOnPlateau(plateau) => plateau.learning_rate(base, epochs),
            Schedule::OneCycle(cycle) => cycle.learning_rate(base, step, steps),
        }
    }
}
