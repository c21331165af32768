//! Several runs side by side: one accuracy is an anecdote.

use super::Experiment;
use crate::training::{History, Run, differences};
use crate::{Error, Result};
use serde::Serialize;
use serde_json::Value;

/// One finished run in a [`Comparison`].
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
    /// Share of the test photos classified correctly.
    pub accuracy: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// What always answering with the majority class has on the same photos.
    pub majority: f64,
    /// Mean over the classes of F1.
    pub macro_f1: f64,
    /// Seconds of training.
    pub seconds: f64,
    /// Processor seconds of training, over all threads.
    pub cpu_seconds: f64,
    /// Largest memory of the training's process, in MiB, where the run knows it.
    pub peak_memory_mib: Option<f64>,
}

/// Finished runs, their mean and spread.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The runs, in the order given.
    pub rows: Vec<RunRow>,
    /// Mean accuracy.
    pub mean_accuracy: f64,
    /// Standard deviation of the accuracies (that of a sample); none for a single run.
    pub deviation: Option<f64>,
}

impl Comparison {
    /// Compares the runs in these folders.
    ///
    /// # Errors
    /// No run, one that is not finished, two of one seed, or runs that differ in more than their seeds.
    pub fn of(folders: &[String]) -> Result<Comparison> {
        let rows = folders.iter().map(|folder| RunRow::of(folder)).collect::<Result<Vec<_>>>()?;
        if rows.is_empty() {
            return Err(Error::Invalid("there is no run to compare".into()));
        }
        check_alike(folders)?;
        let n = rows.len() as f64;
        let mean = rows.iter().map(|row| row.accuracy).sum::<f64>() / n;
        let squares: f64 = rows.iter().map(|row| (row.accuracy - mean).powi(2)).sum();
        let deviation = (rows.len() > 1).then(|| (squares / (n - 1.0)).sqrt());
        Ok(Comparison { rows, mean_accuracy: mean, deviation })
    }

    /// The histories of the runs, for a figure.
    ///
    /// # Errors
    /// A run whose history cannot be read.
    pub fn histories(&self) -> Result<Vec<History>> {
        self.rows.iter().map(|row| Run::open(&row.run)?.history()).collect()
    }
}

/// An error unless the runs in these folders differ in their seeds, and in nothing else.
fn check_alike(folders: &[String]) -> Result<()> {
    let mut protocols: Vec<(u64, Value)> = Vec::new();
    for folder in folders {
        let mut same = Experiment::of(&Run::open(folder)?)?;
        let seed = same.training.seed;
        (same.split.seed, same.training.seed, same.training.threads) = (0, 0, None);
        let protocol = super::value(&same)?;
        if protocols.iter().any(|(other, _)| *other == seed) {
            let what = "compare runs of different seeds";
            return Err(Error::Invalid(format!("{folder} is a second run of seed {seed}: {what}")));
        }
        if let Some((_, first)) = protocols.first() {
            let mut found = Vec::new();
            differences("", first, &protocol, &mut found);
            if !found.is_empty() {
                let (first, what) = (&folders[0], found.join("; "));
                return Err(Error::Invalid(format!("{folder} is another experiment than {first}: {what}")));
            }
        }
        protocols.push((seed, protocol));
    }
    Ok(())
}

impl RunRow {
    fn of(folder: &str) -> Result<RunRow> {
        let run = Run::open(folder)?;
        let experiment = Experiment::of(&run)?;
        let report: Value = run.report()?.filter(|_| run.is_finished()).ok_or_else(|| {
            Error::Invalid(format!("{folder} is not finished: go on with it by `manga train … --resume`"))
        })?;
        let history = run.history()?;
        let number = |path: &str| {
            let found = report.pointer(path).and_then(Value::as_f64);
            found.ok_or_else(|| Error::Invalid(format!("{folder}: its report.json has no number at {path}")))
        };
        Ok(RunRow {
            run: folder.into(),
            network: experiment.network,
            seed: experiment.training.seed,
            epochs: history.epochs.len(),
            best_epoch: history.best_epoch,
            accuracy: number("/accuracy/accuracy")?,
            low: number("/accuracy/interval/low")?,
            high: number("/accuracy/interval/high")?,
            majority: number("/accuracy/baseline/accuracy")?,
            macro_f1: number("/report/macro avg/f1-score")?,
            seconds: history.epochs.iter().map(|epoch| epoch.seconds).sum(),
            cpu_seconds: history.epochs.iter().map(|epoch| epoch.cpu_seconds).sum(),
            peak_memory_mib: run.peak_memory_mib()?,
        })
    }
}

impl std::fmt::Display for Comparison {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "mean accuracy {:.1} % over {} runs", 100.0 * self.mean_accuracy, self.rows.len())?;
        self.deviation.map_or(Ok(()), |deviation| write!(f, ", standard deviation {:.1} points", 100.0 * deviation))
    }
}
