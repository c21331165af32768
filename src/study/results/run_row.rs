//! One run of a comparison.

use crate::metrics::{ClassScores, Interval};
use crate::study::experiment::Experiment;
use crate::training::Run;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One finished run in a [`Comparison`](super::Comparison).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunRow {
    /// Folder of the run.
    pub run: String,
    /// Name of the network.
    pub network: String,
    /// Seed of split, first weights and order.
    pub seed: u64,
    /// Epochs that were trained.
    pub epochs: usize,
    /// The epoch whose weights were kept.
    pub best_epoch: Option<usize>,
    /// Fraction of the test photos classified correctly.
    pub accuracy: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// What always answering with the majority class has on the same photos.
    pub majority: f64,
    /// Mean over the classes of F1.
    pub macro_f1: f64,
    /// Precision, recall, F1 and support of each class.
    pub classes: Vec<ClassScores>,
    /// Seconds of training.
    pub seconds: f64,
    /// Processor seconds of training, over all threads.
    pub cpu_seconds: f64,
    /// Largest memory of the training's process, in MiB, where the run knows it.
    pub peak_memory_mib: Option<f64>,
    /// [`COMPUTE_VERSION`](crate::COMPUTE_VERSION) of the library that made it; `1` where it had none.
    pub compute_version: String,
}

/// What a comparison reads of a run's `report.json`.
#[derive(Deserialize)]
struct Report {
    accuracy: ReportedAccuracy,
    report: ReportedScores,
}

#[derive(Deserialize)]
struct ReportedAccuracy {
    accuracy: f64,
    interval: Interval,
    baseline: ReportedBaseline,
}

#[derive(Deserialize)]
struct ReportedBaseline {
    accuracy: f64,
}

#[derive(Deserialize)]
struct ReportedScores {
    classes: Vec<ClassScores>,
    #[serde(rename = "macro avg")]
    macro_average: ReportedMean,
}

#[derive(Deserialize)]
struct ReportedMean {
    #[serde(rename = "f1-score")]
    f1: f64,
}

impl RunRow {
    pub(super) fn of(folder: &str, run: &Run, experiment: &Experiment) -> Result<RunRow> {
        let report: Value = run.report()?.filter(|_| run.is_finished()).ok_or_else(|| {
            Error::Conflict(format!("{folder} is not finished: go on with it by `manga train … --resume`"))
        })?;
        let Report { accuracy, report } = serde_json::from_value(report).map_err(|error| {
            Error::File(format!("{folder}: its report.json is not as `manga train` writes it: {error}"))
        })?;
        let history = run.history()?;
        Ok(RunRow {
            run: folder.into(),
            network: experiment.network.clone(),
            seed: experiment.training.seed,
            epochs: history.epochs.len(),
            best_epoch: history.best_epoch,
            accuracy: accuracy.accuracy,
            low: accuracy.interval.low,
            high: accuracy.interval.high,
            majority: accuracy.baseline.accuracy,
            macro_f1: report.macro_average.f1,
            classes: report.classes,
            seconds: history.epochs.iter().map(|epoch| epoch.seconds).sum(),
            cpu_seconds: history.epochs.iter().map(|epoch| epoch.cpu_seconds).sum(),
            peak_memory_mib: run.peak_memory_mib()?,
            compute_version: run.settings().compute_version().into(),
        })
    }
}
