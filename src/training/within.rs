//! Where a training is within an epoch.

use super::average::Average;
use super::watch::{Watch, milliseconds};
use serde::{Deserialize, Serialize};

/// What the batches of an unfinished epoch have come to: with the weights and the optimizer's moments, all that the rest
/// of the epoch depends on. The order of the images and the seeds of dropout follow from the epoch's number.
#[derive(Clone, Debug, Default)]
pub(super) struct Within {
    /// Batches done.
    pub batches: usize,
    /// Sum of the losses of all images seen.
    pub loss_sum: f64,
    /// How many of these were classified correctly.
    pub correct: usize,
    /// Seconds that earlier processes spent on the epoch.
    pub seconds: f64,
    /// Their processor seconds.
    pub cpu_seconds: f64,
    /// Of the weights, after the last batch.
    pub average: Option<Average>,
}

/// [`Within`] in a checkpoint's description, without the average, which is among the tensors.
#[derive(Serialize, Deserialize)]
pub(super) struct WithinRow {
    batches: usize,
    /// As text, which keeps every bit of the number.
    loss_sum: String,
    correct: usize,
    seconds: f64,
    cpu_seconds: f64,
}

impl Within {
    /// As it stands, with the time that has passed since `watch` was started.
    pub fn timed(&self, watch: &Watch) -> Within {
        Within {
            seconds: milliseconds(self.seconds + watch.seconds()),
            cpu_seconds: milliseconds(self.cpu_seconds + watch.cpu_seconds()),
            ..self.clone()
        }
    }

    pub fn to_row(&self) -> WithinRow {
        WithinRow {
            batches: self.batches,
            loss_sum: self.loss_sum.to_string(),
            correct: self.correct,
            seconds: self.seconds,
            cpu_seconds: self.cpu_seconds,
        }
    }

    /// None where the row is damaged.
    pub fn from_row(row: &WithinRow, average: Option<Average>) -> Option<Within> {
        let loss_sum = row.loss_sum.parse().ok()?;
        let WithinRow { batches, correct, seconds, cpu_seconds, .. } = *row;
        Some(Within { batches, loss_sum, correct, seconds, cpu_seconds, average })
    }
}
