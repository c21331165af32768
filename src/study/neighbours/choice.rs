//! Choosing `k`: on the test, and without it.

use super::cross_validation::{check, check_unseen};
use super::sorted::first_best;
use super::{Distance, SortedNeighbours};
use crate::data::{Features, Folds};
use crate::metrics::Interval;
use crate::study::folds::{self, OnFailure};
use crate::study::method::FoldTask;
use crate::{Error, Result};
use serde::Serialize;
use std::fmt;

/// The `k` that two ways of choosing come to in one division of the photos, and what each has on the test.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChosenK {
    /// The repeat of the cross-validation, from 0.
    pub repeat: usize,
    /// The fold that is the test.
    pub fold: usize,
    /// Number of test photos.
    pub photos: usize,
    /// The `k` with the highest accuracy on the test, the smallest of equals: chosen with its answers in hand.
    pub k_on_test: usize,
    /// That accuracy.
    pub accuracy_on_test: f64,
    /// The `k` with the highest accuracy among the training photos, each of them classified by the others.
    pub k_in_training: usize,
    /// What that `k` has on the test, which it has not seen.
    pub accuracy_in_training: f64,
}

/// How much is gained by choosing `k` on the test: in every fold of every repeat the best `k` on its test, beside the one
/// that is chosen within its training photos (nested choice; Varma and Simon 2006).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Choice {
    /// The features that were compared.
    pub features: String,
    /// Number of photos.
    pub photos: usize,
    /// The largest `k` that could be chosen.
    pub largest_k: usize,
    /// A row for each fold of each repeat.
    pub rows: Vec<ChosenK>,
}

/// Chooses `k` from 1 to `largest_k` in every fold of every repeat: once as the report does, by the accuracy on the test,
/// and once by leaving out one photo of the training part after the other.
///
/// # Errors
/// As [`cross_validate`](super::cross_validate); a `largest_k` that is not less than the photos a fold leaves.
///
/// ```
/// use manga_expressions::data::{Features, FoldSettings, Folds};
/// use manga_expressions::study::neighbours::{Distance, choose_k};
///
/// let classes = vec!["short".to_string(), "tall".to_string()];
/// let labels = [0, 0, 0, 0, 1, 1, 1, 1];
/// let heights = Features::new("height", 8, vec![1.0, 1.1, 2.2, 1.3, 3.0, 2.1, 3.2, 3.3])?;
/// let folds = Folds::stratified(&classes, &labels, &FoldSettings { folds: 4, ..FoldSettings::default() })?;
/// let choice = choose_k(&heights, &labels, &classes, &folds, Distance::Euclidean, 4)?;
/// assert_eq!(choice.rows.len(), 5 * 4);
/// assert!(choice.optimism() >= 0.0); // the best on the test is never below another
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn choose_k(
    features: &Features,
    labels: &[usize],
    classes: &[String],
    folds: &Folds,
    distance: Distance,
    largest_k: usize,
) -> Result<Choice> {
    check(features, labels, classes, folds, largest_k)?;
    check_unseen(features, folds)?;
    let tasks = folds::tasks(folds);
    if let Some(task) = tasks.iter().find(|task| task.train.len() <= largest_k) {
        let fold = task.fold.fold;
        return Err(Error::Invalid(format!(
            "fold {fold} leaves too few photos for each to have {largest_k} neighbours among the others: take a smaller k"
        )));
    }
    let sorted = SortedNeighbours::new(features, labels, classes.len(), distance)?;
    let chosen = |task: &FoldTask| {
        let known = sorted.known(&task.train)?;
        let fractions = |photos: &[usize]| sorted.accuracies(photos, &known, largest_k);
        let (on_test, in_training) = (fractions(&task.test), fractions(&task.train));
        let (best_on_test, best_in_training) = (first_best(&on_test), first_best(&in_training));
        Ok(ChosenK {
            repeat: task.repeat,
            fold: task.fold.fold,
            photos: task.test.len(),
            k_on_test: best_on_test + 1,
            accuracy_on_test: on_test[best_on_test],
            k_in_training: best_in_training + 1,
            accuracy_in_training: on_test[best_in_training],
        })
    };
    let rows = folds::fit_each(&tasks, rayon::current_num_threads(), OnFailure::Stop, chosen)?;
    Ok(Choice { features: features.name().into(), photos: labels.len(), largest_k, rows })
}

/// [`choose_k`] of several features of the same images.
///
/// # Errors
/// As there.
pub fn choose_all(
    features: &[Features],
    labels: &[usize],
    classes: &[String],
    folds: &Folds,
    distance: Distance,
    largest_k: usize,
) -> Result<Vec<Choice>> {
    features.iter().map(|one| choose_k(one, labels, classes, folds, distance, largest_k)).collect()
}

impl Choice {
    /// Mean over all tests of the accuracy of the best `k` on that test.
    pub fn chosen_on_test(&self) -> f64 {
        self.mean(|row| row.accuracy_on_test)
    }

    /// Mean over all tests of the accuracy of the `k` that was chosen without it: an honest guess of what new photos give.
    pub fn chosen_in_training(&self) -> f64 {
        self.mean(|row| row.accuracy_in_training)
    }

    /// By how much choosing on the test flatters: the difference of the two means, as a fraction from 0 to 1.
    pub fn optimism(&self) -> f64 {
        self.chosen_on_test() - self.chosen_in_training()
    }

    /// An error if an accuracy that is `shown` for this method is above what it has with `k` chosen without the test, by
    /// more than rounding to a percent makes: then `k` was chosen with the test's answers in hand.
    ///
    /// # Errors
    /// [`Error::Data`] with both numbers.
    pub fn check_accuracy(&self, shown: f64) -> Result<()> {
        const ROUNDING: f64 = 0.005;
        let honest = self.chosen_in_training();
        if shown <= honest + ROUNDING {
            return Ok(());
        }
        Err(Error::Data(format!(
            "{:.1} % is more than {} has where k is chosen within the training photos of each fold, {:.1} %: the best k of \
             each test has {:.1} %, but its answers chose it",
            100.0 * shown,
            self.features,
            100.0 * honest,
            100.0 * self.chosen_on_test()
        )))
    }

    /// 95 % interval of the honest accuracy, by photo, as that of [`NeighbourScore`](super::NeighbourScore).
    ///
    /// # Errors
    /// None that could happen here; those of [`Interval::of_fraction`].
    pub fn interval(&self) -> Result<Interval> {
        Interval::of_fraction(self.chosen_in_training(), self.photos)
    }

    /// The `k`s that were best on a test, sorted: how far they lie apart tells how much of the choice was chance.
    pub fn ks_on_test(&self) -> Vec<usize> {
        let mut ks: Vec<usize> = self.rows.iter().map(|row| row.k_on_test).collect();
        ks.sort_unstable();
        ks
    }

    /// The mean over all test photos.
    fn mean(&self, value: fn(&ChosenK) -> f64) -> f64 {
        let photos: usize = self.rows.iter().map(|row| row.photos).sum();
        self.rows.iter().map(|row| value(row) * row.photos as f64).sum::<f64>() / photos as f64
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let ks = self.ks_on_test();
        write!(
            f,
            "{}: k chosen on the test {:.1} %, in the training part {:.1} %: {:.1} points of optimism; the best k on a \
             test was {} to {}",
            self.features,
            100.0 * self.chosen_on_test(),
            100.0 * self.chosen_in_training(),
            100.0 * self.optimism(),
            ks.first().unwrap_or(&1),
            ks.last().unwrap_or(&1)
        )
    }
}
