//! How a training was ended, and what that does to its accuracy.

use super::Experiment;
use crate::data::Dataset;
use crate::metrics::{ClassificationReport, ConfusionMatrix, Interval};
use crate::training::{Epoch, Event, Glance, Snapshot, Statistics, Trajectory, follow, keras_default_stop};
use crate::{COMPUTE_VERSION, Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// A rule by which a training ends and one epoch's weights are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Keras's `EarlyStopping()`: it stops after the first epoch that does not lower the validation loss, and keeps the
    /// weights that the network then has.
    KerasEarlyStopping,
    /// All epochs, then the weights of the one with the lowest validation loss: Keras's `restore_best_weights=True`, with a
    /// patience that is never used up.
    BestEpoch,
    /// All epochs, and the last weights: Keras's `fit` without a callback.
    LastEpoch,
    /// Keras's `EarlyStopping()` where the test photos are given as validation data.
    KerasEarlyStoppingOnTest,
    /// The epoch with the lowest loss on the test photos: the test has become a validation.
    LowestTestLoss,
    /// The epoch with the highest accuracy on the test photos: the most that a choice by the test can show.
    HighestTestAccuracy,
}

impl Ending {
    /// All of them: first those that do not look at the test.
    pub const ALL: [Ending; 6] = [
        Ending::KerasEarlyStopping,
        Ending::BestEpoch,
        Ending::LastEpoch,
        Ending::KerasEarlyStoppingOnTest,
        Ending::LowestTestLoss,
        Ending::HighestTestAccuracy,
    ];

    /// Which photos decide the epoch: `nothing`, `validation` or `test`.
    pub fn chosen_on(self) -> &'static str {
        match self {
            Ending::LastEpoch => "nothing",
            Ending::KerasEarlyStopping | Ending::BestEpoch => "validation",
            _ => "test",
        }
    }

    /// As in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Ending::KerasEarlyStopping => "keras_early_stopping",
            Ending::BestEpoch => "best_epoch",
            Ending::LastEpoch => "last_epoch",
            Ending::KerasEarlyStoppingOnTest => "keras_early_stopping_on_test",
            Ending::LowestTestLoss => "lowest_test_loss",
            Ending::HighestTestAccuracy => "highest_test_accuracy",
        }
    }

    /// The epoch, from 1, that it keeps of a training with these snapshots, which are of one kind of statistics and in the
    /// order of their epochs; none where there is no snapshot.
    fn epoch(self, snapshots: &[&Snapshot]) -> Option<usize> {
        let last = snapshots.last()?.epoch;
        let stop = |glance: fn(&Snapshot) -> &Glance| keras_default_stop(&as_epochs(snapshots, glance)).unwrap_or(last);
        let best = |badness: fn(&Snapshot) -> f64| {
            let lowest = snapshots.iter().filter(|one| !badness(one).is_nan());
            lowest.min_by(|a, b| badness(a).total_cmp(&badness(b))).map(|one| one.epoch)
        };
        match self {
            Ending::KerasEarlyStopping => Some(stop(|one| &one.validation)),
            Ending::BestEpoch => best(|one| one.validation.loss),
            Ending::LastEpoch => Some(last),
            Ending::KerasEarlyStoppingOnTest => Some(stop(|one| &one.test)),
            Ending::LowestTestLoss => best(|one| one.test.loss),
            Ending::HighestTestAccuracy => best(|one| -one.test.accuracy),
        }
    }
}

/// The snapshots as a history whose validation is what `glance` looks at.
fn as_epochs(snapshots: &[&Snapshot], glance: fn(&Snapshot) -> &Glance) -> Vec<Epoch> {
    let row = |(index, one): (usize, &&Snapshot)| Epoch {
        epoch: index + 1,
        train_loss: 0.0,
        train_accuracy: 0.0,
        validation_loss: Some(glance(one).loss),
        validation_accuracy: Some(glance(one).accuracy),
        learning_rate: 0.0,
        seconds: 0.0,
        cpu_seconds: 0.0,
    };
    snapshots.iter().enumerate().map(row).collect()
}

/// A training of an experiment, followed to its last epoch, with what its network said of the test photos after each.
///
/// Kept as `NAME-seedN.csv`, a row a snapshot, and `NAME-seedN.json`, what was trained.
#[derive(Clone, Debug, PartialEq)]
pub struct FollowedTraining {
    /// What was trained.
    pub about: AboutFollowed,
    /// The training and its snapshots.
    pub trajectory: Trajectory,
}

/// What was followed: enough to do it again, and to score its answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AboutFollowed {
    /// Name of the recipe.
    pub recipe: String,
    /// Seed of the split, the first weights and the order.
    pub seed: u64,
    /// The command that makes it, without where the photos lie.
    pub command: String,
    /// [`COMPUTE_VERSION`] of the library that made it.
    pub compute_version: String,
    /// Processor seconds of the training, without the looks at validation and test.
    pub cpu_seconds: f64,
    /// The names of the classes.
    pub classes: Vec<String>,
    /// The class of each test photo, in the order of the answers.
    pub truth: Vec<usize>,
    /// All that decided it, as a recipe has it; where the photos lay is not among it.
    pub settings: Value,
}

impl Experiment {
    /// Trains for all epochs and looks at the network after each as every [`Ending`] would have left it, with running
    /// statistics of each of the `momenta`; see [`follow`].
    ///
    /// # Errors
    /// As [`Experiment::parts`], [`Experiment::build`] and [`follow`]; a split without validation photos.
    pub fn follow(
        &self,
        name: &str,
        dataset: &Dataset,
        momenta: &[f64],
        observer: &mut dyn FnMut(&Event),
    ) -> Result<FollowedTraining> {
        let parts = self.parts(dataset)?;
        let mut network = self.build(dataset.classes().len())?;
        let shown: Vec<String> = momenta.iter().map(f64::to_string).collect();
        let trajectory =
            follow(&mut network, &parts.train, &parts.validation, &parts.test, &self.training, momenta, observer)?;
        let about = AboutFollowed {
            recipe: name.into(),
            seed: self.training.seed,
            command: format!("manga endings {name} --seed {} --momentum {}", self.training.seed, shown.join(",")),
            compute_version: COMPUTE_VERSION.into(),
            cpu_seconds: trajectory.training.epochs.iter().map(|epoch| epoch.cpu_seconds).sum(),
            classes: dataset.classes().to_vec(),
            truth: parts.test.labels,
            settings: self.without_source()?,
        };
        Ok(FollowedTraining { about, trajectory })
    }
}

impl FollowedTraining {
    /// The kinds of statistics that there are snapshots of, each once.
    fn statistics(&self) -> Vec<Statistics> {
        let mut kinds: Vec<Statistics> = Vec::new();
        for one in &self.trajectory.snapshots {
            if !kinds.contains(&one.statistics) {
                kinds.push(one.statistics);
            }
        }
        kinds
    }

    fn snapshots_of(&self, statistics: Statistics) -> Vec<&Snapshot> {
        self.trajectory.snapshots.iter().filter(|one| one.statistics == statistics).collect()
    }

    /// The network that a training has which ends by this rule and is asked with these statistics.
    ///
    /// Statistics that are measured again come after the training: its end is decided with the first momentum's.
    fn ended(&self, ending: Ending, statistics: Statistics) -> Option<&Snapshot> {
        let own = self.snapshots_of(statistics);
        let decides = match statistics {
            Statistics::MeasuredAgain if ending.chosen_on() != "test" => self.snapshots_of(*self.statistics().first()?),
            _ => own.clone(),
        };
        let epoch = ending.epoch(&decides)?;
        own.into_iter().find(|one| one.epoch == epoch)
    }
}

/// One recipe, ended in one way and asked with one kind of statistics, over its seeds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EndingRow {
    /// Name of the recipe.
    pub recipe: String,
    /// How the training ends.
    pub ending: Ending,
    /// By what batch norms normalise, as [`Statistics`] are shown.
    pub statistics: String,
    /// The epoch that each seed's training keeps, in the order of the seeds.
    pub epochs: Vec<usize>,
    /// Test accuracy of each seed, 0 to 1.
    pub accuracies: Vec<f64>,
    /// Their mean.
    pub accuracy: f64,
    /// Their standard deviation (that of a sample); none for a single seed.
    pub deviation: Option<f64>,
    /// The 95 % interval of one run: the means of the seeds' Wilson intervals' ends.
    pub interval: Interval,
    /// Mean over the seeds of macro F1.
    pub macro_f1: f64,
    /// How many classes the network answers with at all, mean over the seeds.
    pub classes_predicted: f64,
    /// Accuracy on the training photos in the epoch that is kept, as it was during training, mean over the seeds.
    pub train_accuracy: f64,
}

/// Every recipe in `all`, ended in every way, with every kind of statistics; but for early stopping on the test with
/// statistics that are measured again.
///
/// # Errors
/// Answers that do not fit the classes.
pub fn endings(all: &[FollowedTraining]) -> Result<Vec<EndingRow>> {
    let mut rows = Vec::new();
    for group in all.chunk_by(|a, b| a.about.recipe == b.about.recipe) {
        for statistics in group[0].statistics() {
            // Early stopping on the test looks after every epoch, and these statistics are measured after a few only.
            let measured = statistics == Statistics::MeasuredAgain;
            for ending in Ending::ALL.into_iter().filter(|&one| !measured || one != Ending::KerasEarlyStoppingOnTest) {
                rows.push(EndingRow::of(group, ending, statistics)?);
            }
        }
    }
    Ok(rows)
}

impl EndingRow {
    fn of(group: &[FollowedTraining], ending: Ending, statistics: Statistics) -> Result<EndingRow> {
        let recipe = &group[0].about.recipe;
        let missing = || Error::Data(format!("{recipe} has no snapshot with {statistics} where {ending} ends it"));
        let ended: Vec<(&FollowedTraining, &Snapshot)> = group
            .iter()
            .map(|one| one.ended(ending, statistics).map(|snapshot| (one, snapshot)).ok_or_else(missing))
            .collect::<Result<_>>()?;
        let photos = |one: &FollowedTraining| one.about.truth.len();
        let mut row = EndingRow {
            recipe: recipe.clone(),
            ending,
            statistics: statistics.to_string(),
            epochs: ended.iter().map(|(_, snapshot)| snapshot.epoch).collect(),
            accuracies: ended.iter().map(|(_, snapshot)| snapshot.test.accuracy).collect(),
            accuracy: 0.0,
            deviation: None,
            interval: Interval { low: 0.0, high: 0.0 },
            macro_f1: 0.0,
            classes_predicted: 0.0,
            train_accuracy: 0.0,
        };
        let fraction = 1.0 / ended.len() as f64;
        for (one, snapshot) in &ended {
            let said = &snapshot.test.predicted;
            let matrix = ConfusionMatrix::new(&one.about.truth, said, &one.about.classes)?;
            let interval = Interval::wilson(matrix.correct(), photos(one))?;
            let classes = (0..one.about.classes.len()).filter(|class| said.contains(class)).count();
            row.accuracy += fraction * snapshot.test.accuracy;
            row.interval.low += fraction * interval.low;
            row.interval.high += fraction * interval.high;
            row.macro_f1 += fraction * ClassificationReport::of(&matrix).macro_average.f1;
            row.classes_predicted += fraction * classes as f64;
            row.train_accuracy += fraction * one.trajectory.training.epochs[snapshot.epoch - 1].train_accuracy;
        }
        let squares: f64 = row.accuracies.iter().map(|one| (one - row.accuracy).powi(2)).sum();
        row.deviation = (ended.len() > 1).then(|| (squares / (ended.len() - 1) as f64).sqrt());
        Ok(row)
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(self.as_str())
    }
}
