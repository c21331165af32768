//! Two methods in the same cross-validation.

use super::{McNemar, OutOfFold, ResampledT};
use crate::{Error, Result};
use serde::Serialize;
use std::fmt;

/// Whether one method is better than another by their out-of-fold predictions for the same photos in the same folds.
///
/// There are two tests, since there are two kinds of chance:
///
/// - McNemar's, by photo: would it be so with other photos to ask about? Each photo counts once: as right where a method
///   was right in more than half of the repeats. To count the photo in every repeat would make five photos of one, and
///   p-values far too small; to take a single repeat would leave the answer to which one, and throw the others away. (With
///   an even number of repeats half is not more than half, for both methods.)
/// - the corrected resampled t-test, by fold: would it be so with other photos to learn from?
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Paired {
    /// Accuracy of the first less that of the second, means over the repeats.
    pub difference: f64,
    /// By photo.
    pub mcnemar: McNemar,
    /// By fold.
    pub resampled: ResampledT,
}

impl Paired {
    /// `first` against `second`.
    ///
    /// # Errors
    /// [`Error::Invalid`] unless both are of the same photos with the same classes, divided into the same folds.
    ///
    /// ```
    /// use manga_expressions::metrics::{OutOfFold, OutOfFoldRow, Paired};
    ///
    /// let all = |said: [usize; 4]| {
    ///     let row = |i: usize| OutOfFoldRow {
    ///         image: format!("{i}"), repeat: 0, fold: i % 2, truth: 1, predicted: said[i], probabilities: vec![0.5, 0.5],
    ///     };
    ///     OutOfFold::new(&["sad".into(), "happy".into()], (0..4).map(row).collect())
    /// };
    /// let paired = Paired::of(&all([1, 1, 1, 0])?, &all([1, 0, 0, 0])?)?;
    /// assert_eq!((paired.difference, paired.mcnemar.only_first, paired.mcnemar.only_second), (0.5, 2, 0));
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn of(first: &OutOfFold, second: &OutOfFold) -> Result<Paired> {
        let (a, b) = (first.rows(), second.rows());
        let names = |all: &OutOfFold, truth: usize| all.classes()[truth].clone();
        let same = |i: usize| {
            (&a[i].image, a[i].repeat, a[i].fold) == (&b[i].image, b[i].repeat, b[i].fold)
                && names(first, a[i].truth) == names(second, b[i].truth)
        };
        if a.len() != b.len() || first.repeats() != second.repeats() {
            return Err(Error::Invalid(format!(
                "{} photos in {} repeats, and {} in {}: two methods are compared on the same photos and repeats",
                first.images(),
                first.repeats(),
                second.images(),
                second.repeats()
            )));
        }
        if let Some(i) = (0..a.len()).find(|&i| !same(i)) {
            return Err(Error::Invalid(format!(
                "{} and {} (repeat {}) are not the same photo of the same class in the same fold: two methods are compared \
                 on the same photos, folds and seeds",
                a[i].image, b[i].image, a[i].repeat
            )));
        }
        let differences = differences(first, second);
        // Folds are of nearly the same size: a fold's test to the training photos of all others.
        let folds = a.iter().map(|row| row.fold + 1).max().unwrap_or(0);
        let share = 1.0 / (folds as f64 - 1.0);
        Ok(Paired {
            difference: first.scores()?.accuracy - second.scores()?.accuracy,
            mcnemar: McNemar::of_right(&usually_right(first), &usually_right(second))?,
            resampled: ResampledT::of(&differences, share)?,
        })
    }

    /// Whether both p-values are below 0.05.
    pub fn is_decided(&self) -> bool {
        self.mcnemar.is_decided() && self.resampled.p_value < 0.05
    }
}

/// For each photo whether it was right in more than half of the repeats.
fn usually_right(all: &OutOfFold) -> Vec<bool> {
    let (images, repeats) = (all.images(), all.repeats());
    let right = |repeat: usize, image: usize| {
        let row = &all.rows()[repeat * images + image];
        row.predicted == row.truth
    };
    (0..images).map(|image| 2 * (0..repeats).filter(|&repeat| right(repeat, image)).count() > repeats).collect()
}

/// For each fold of each repeat the accuracy of the first less that of the second.
fn differences(first: &OutOfFold, second: &OutOfFold) -> Vec<f64> {
    let mut folds = std::collections::BTreeMap::<(usize, usize), (f64, f64)>::new();
    for (a, b) in first.rows().iter().zip(second.rows()) {
        let right = |row: &super::OutOfFoldRow| f64::from(u8::from(row.predicted == row.truth));
        let (sum, count) = folds.entry((a.repeat, a.fold)).or_default();
        *sum += right(a) - right(b);
        *count += 1.0;
    }
    folds.into_values().map(|(sum, count)| sum / count).collect()
}

/// `+2.4 points; by photo p = 0.031, by fold p = 0.120: not decided`
impl fmt::Display for Paired {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let verdict = if self.is_decided() { "decided" } else { "not decided" };
        let (by_photo, by_fold) = (self.mcnemar.p_value, self.resampled.p_value);
        write!(
            f,
            "{:+.1} points; by photo p = {by_photo:.3}, by fold p = {by_fold:.3}: {verdict}",
            100.0 * self.difference
        )
    }
}
