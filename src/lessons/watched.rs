//! The best epoch, chosen on the test.

use crate::base::progress::say;
use crate::data::{Dataset, Folds};
use crate::metrics::Interval;
use crate::study::experiment::Experiment;
use crate::study::folds::{self, OnFailure};
use crate::study::methods::{FixedEpochs, FoldTask, Method, Prepared};
use crate::training::History;
use crate::{Error, Result};

/// Trainings whose test photos were looked at after each epoch, one for each fold.
///
/// Nothing in them depends on the test: all run to the last epoch, and every epoch's weights are what they are. The
/// mistake is made afterwards, by whoever reports the epoch that looks best.
#[derive(Clone, Debug, PartialEq)]
pub struct WatchedTests {
    /// The training of each fold; its validation is the test.
    pub histories: Vec<History>,
    /// How many test photos each fold has.
    pub photos: Vec<usize>,
}

/// Trains `experiment` for all its epochs once for each fold of the first repeat, without that fold's photos, and looks at
/// these after each epoch. Each training is kept and found again, as in [`Experiment::fit`].
///
/// # Errors
/// As [`Experiment::fit`]; folds of other photos; a learning rate that falls on a plateau, which would follow the test.
pub fn watch_tests(experiment: &Experiment, dataset: &Dataset, folds: &Folds) -> Result<WatchedTests> {
    if folds.len() != dataset.len() {
        let (a, b) = (folds.len(), dataset.len());
        return Err(Error::Invalid(format!("the folds are of {a} photos, the data set has {b}: divide these photos")));
    }
    let method = FixedEpochs::new(experiment).watched();
    method.check()?;
    let prepared = method.on(dataset)?;
    let tasks: Vec<FoldTask> = folds::tasks(folds).into_iter().filter(|task| task.repeat == 0).collect();
    let fits = folds::fit_each(&tasks, 1, OnFailure::Stop, |task| {
        say(&format!("Fold {} of {}: its photos are looked at after each epoch", task.fold.fold + 1, task.fold.folds));
        prepared.fit(task)
    })?;
    Ok(WatchedTests {
        histories: fits.into_iter().filter_map(|answers| answers.history).collect(),
        photos: tasks.iter().map(|task| task.test.len()).collect(),
    })
}

impl WatchedTests {
    /// The accuracy if each fold reports its best epoch: chosen with the answers of the test in hand. 0 to 1.
    pub fn best_on_test(&self) -> f64 {
        self.mean(&|accuracies| accuracies.iter().copied().fold(0.0, f64::max))
    }

    /// The accuracy after the last epoch, which was fixed before the training. 0 to 1.
    pub fn last(&self) -> f64 {
        self.mean(&|accuracies| accuracies.last().copied().unwrap_or(0.0))
    }

    /// The epoch with the highest accuracy in each fold, from 1, the first of equals: were the best epoch a property of the
    /// method, these would lie together.
    pub fn best_epochs(&self) -> Vec<usize> {
        let best = |accuracies: Vec<f64>| {
            (1..accuracies.len()).fold(0, |best, i| if accuracies[i] > accuracies[best] { i } else { best }) + 1
        };
        self.histories.iter().map(|history| best(accuracies(history))).collect()
    }

    /// What the trainings are called in a figure: `fold 1`, `fold 2`, …
    pub fn names(&self) -> Vec<String> {
        (1..=self.histories.len()).map(|fold| format!("fold {fold}")).collect()
    }

    /// How many photos were tested, each once.
    pub fn tested(&self) -> usize {
        self.photos.iter().sum()
    }

    /// 95 % interval of [`WatchedTests::last`], by photo.
    ///
    /// # Errors
    /// As [`Interval::of_fraction`].
    pub fn interval(&self) -> Result<Interval> {
        Interval::of_fraction(self.last(), self.tested())
    }

    /// The mean over all test photos.
    fn mean(&self, value: &dyn Fn(&[f64]) -> f64) -> f64 {
        let each = self.histories.iter().zip(&self.photos).map(|(history, &n)| value(&accuracies(history)) * n as f64);
        each.sum::<f64>() / self.tested() as f64
    }
}

/// What a fold's test had after each epoch.
fn accuracies(history: &History) -> Vec<f64> {
    history.epochs.iter().filter_map(|epoch| epoch.validation_accuracy).collect()
}
