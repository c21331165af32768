//! The best epoch, chosen on the test.

use crate::data::{Dataset, Folds};
use crate::metrics::Interval;
use crate::study::experiment::{Experiment, fingerprint};
use crate::training::{History, Keep, Progress, Schedule};
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
    if matches!(experiment.training.schedule, Schedule::ReduceOnPlateau(_)) {
        return Err(Error::Invalid(
            "a learning rate that falls on a plateau would follow the test photos: take another schedule".into(),
        ));
    }
    let mut experiment = experiment.clone();
    (experiment.training.early_stopping, experiment.training.keep) = (None, Keep::Last);
    let images = experiment.preparation.apply(dataset)?;
    let (mut histories, mut photos) = (Vec::new(), Vec::new());
    for fold in 0..folds.folds() {
        println!("Fold {} of {}: its photos are looked at after each epoch", fold + 1, folds.folds());
        let (train, test) = (images.select(&folds.train(0, fold)), images.select(&folds.test(0, fold)));
        let mut network = experiment.build(images.classes.len())?;
        let which = fingerprint::of_images(&[&train, &test]);
        histories.push(experiment.fit_on(&mut network, (&train, Some(&test)), which, Progress::quiet())?);
        photos.push(test.len());
    }
    Ok(WatchedTests { histories, photos })
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
