//! A learning rate that rises and falls once.

use super::settings::{positive, within};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;

/// The learning rate rises from a part of the optimizer's up to it, and then falls to almost nothing, both along half a
/// cosine, step by step (L. Smith, N. Topin: Super-Convergence, 2017, without the momentum that moves the other way).
/// Equivalent to `torch.optim.lr_scheduler.OneCycleLR` with `cycle_momentum=False` and as many steps as all epochs have;
/// the optimizer's learning rate is its `max_lr`. With a `warm_up` of 0 it only falls.
///
/// ```
/// use manga_expressions::training::{OneCycle, Schedule};
///
/// let schedule = Schedule::OneCycle(OneCycle { warm_up: 0.1, ..OneCycle::default() });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OneCycle {
    /// Fraction of all steps in which it rises, 0 to 1. PyTorch's `pct_start`.
    pub warm_up: f64,
    /// The first learning rate is the highest divided by this, at least 1.
    pub div_factor: f64,
    /// The last learning rate is the first divided by this.
    pub final_div_factor: f64,
}

impl Default for OneCycle {
    /// PyTorch's.
    fn default() -> Self {
        OneCycle { warm_up: 0.3, div_factor: 25.0, final_div_factor: 1e4 }
    }
}

impl OneCycle {
    pub(super) fn check(&self) -> Result<()> {
        if !(0.0..=1.0).contains(&self.warm_up) {
            return Err(Error::Invalid(format!("schedule.warm_up is {}; it must be 0 to 1", self.warm_up)));
        }
        within("schedule.div_factor", self.div_factor, 1.0, f64::INFINITY)?;
        positive("schedule.final_div_factor", self.final_div_factor)
    }

    /// The learning rate of `step`, from 0, of `steps`, where `highest` is the highest.
    pub(super) fn learning_rate(&self, highest: f64, step: usize, steps: usize) -> f64 {
        let first = highest / self.div_factor;
        let last = first / self.final_div_factor;
        // The step that has the highest rate, as PyTorch reckons it: rarely a whole number.
        let top = self.warm_up * steps as f64 - 1.0;
        let (step, end) = (step as f64, steps as f64 - 1.0);
        if step <= top {
            cosine(first, highest, fraction(step, 0.0, top))
        } else {
            cosine(highest, last, fraction(step, top, end))
        }
    }
}

/// How far `step` is between `from` and `to`; where there is nothing between them, at the end.
fn fraction(step: f64, from: f64, to: f64) -> f64 {
    if to > from { (step - from) / (to - from) } else { 1.0 }
}

/// From `start` to `end` as `fraction` goes from 0 to 1.
fn cosine(start: f64, end: f64, fraction: f64) -> f64 {
    end + (start - end) / 2.0 * ((PI * fraction).cos() + 1.0)
}
