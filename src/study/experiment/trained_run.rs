//! What came of an experiment.

use super::{Evaluation, Experiment};
use crate::metrics::McNemar;
use crate::training::{History, Progress};
use crate::{Error, Result};
use serde::Serialize;

/// An experiment that was trained and evaluated.
#[derive(Clone, Debug, Serialize)]
pub struct TrainedRun {
    /// What it is called: its recipe, or as it was named; else its network.
    #[serde(skip)]
    pub name: String,
    /// What was trained.
    #[serde(skip)]
    pub experiment: Experiment,
    /// The training, epoch by epoch.
    pub history: History,
    /// How the network does on the test photos.
    pub evaluation: Evaluation,
}

/// How a run is made; no result depends on it.
#[derive(Debug)]
pub struct RunOptions {
    /// Whether a run in the folder is gone on with; else it is an error.
    pub resume: bool,
    /// How the progress is shown.
    pub progress: Progress,
    /// Whether the run keeps only the weights that learnt, as
    /// [`Training::learnt_only`](crate::training::Training::learnt_only).
    pub learnt_only: bool,
    /// What the run is called; its folder's name where nothing is said.
    pub name: Option<String>,
}

impl Default for RunOptions {
    /// A new run, in silence, with all weights.
    fn default() -> Self {
        RunOptions { resume: false, progress: Progress::quiet(), learnt_only: false, name: None }
    }
}

impl TrainedRun {
    /// Whether this network or `other` is better, by the photos that only one of them got right.
    ///
    /// # Errors
    /// Networks that were tested on different photos.
    pub fn against(&self, other: &TrainedRun) -> Result<McNemar> {
        let (first, second) = (&self.evaluation.predictions, &other.evaluation.predictions);
        if first.names != second.names || first.truth != second.truth {
            return Err(Error::Invalid(format!(
                "{} and {} were tested on different photos: compare their accuracies with their intervals",
                self.name, other.name
            )));
        }
        McNemar::of(&first.truth, &first.predicted, &second.predicted)
    }

    /// Seconds that training took, epoch by epoch on the clock.
    pub fn seconds(&self) -> f64 {
        self.history.epochs.iter().map(|epoch| epoch.seconds).sum()
    }

    /// Processor seconds that training took, over all threads.
    pub fn cpu_seconds(&self) -> f64 {
        self.history.epochs.iter().map(|epoch| epoch.cpu_seconds).sum()
    }

    /// How busy the processor was in training: processor seconds for each second on the clock, 1 for one core.
    pub fn cpu_use(&self) -> f64 {
        self.cpu_seconds() / self.seconds()
    }
}
