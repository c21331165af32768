//! Whether something beside the face gives the class away.

use super::{Distance, NeighbourAccuracy, choose_k};
use crate::data::{Features, Folds};
use crate::metrics::{Interval, Mean};
use crate::{Error, Result};

/// At most so many neighbours vote on a confounder; many do, where it is a single number.
const LARGEST_K: usize = 100;

/// What `features` that are not of the face, as [`Features::widths`], tell of the class by themselves: nearest neighbours in
/// cross-validation, whose number is chosen within the training photos ([`choose_k`]). An error if that is more than always
/// answering with the majority class, by more than so few photos leave open: then a method that sees the photos may have
/// learnt this confounder instead of the expression.
///
/// # Errors
/// [`Error::Data`] with the numbers; as [`choose_k`].
///
/// ```
/// use manga_expressions::data::{Dataset, Features, FoldSettings, Folds};
/// use manga_expressions::faces::FaceSet;
/// use manga_expressions::study::neighbours::check_no_confounder;
///
/// let dataset = Dataset::from_faces(&FaceSet::new(140, 1))?;
/// let folds = Folds::stratified(dataset.classes(), dataset.labels(), &FoldSettings::default())?;
/// let check = |widths: &Features| check_no_confounder(widths, dataset.labels(), dataset.classes(), &folds);
/// assert!(check(&Features::widths(&dataset)?).is_ok());
/// let sized = dataset.sized_by_class(60, 120)?;
/// assert!(check(&Features::widths(&sized)?).unwrap_err().to_string().contains("width of the file alone"));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn check_no_confounder(features: &Features, labels: &[usize], classes: &[String], folds: &Folds) -> Result<()> {
    let pairs = (0..folds.repeats()).flat_map(|repeat| (0..folds.folds()).map(move |fold| (repeat, fold)));
    let fewest = pairs.map(|(repeat, fold)| folds.train(repeat, fold).len()).min().unwrap_or(0);
    let largest_k = LARGEST_K.min(fewest.saturating_sub(1));
    let choice = choose_k(features, labels, classes, folds, Distance::Euclidean, largest_k)?;
    let count = |class: usize| labels.iter().filter(|&&label| label == class).count();
    let largest = (0..classes.len()).rev().max_by_key(|&class| count(class)).unwrap_or(0);
    let (interval, majority) = (choice.interval()?, count(largest) as f64 / labels.len() as f64);
    if interval.low <= majority {
        return Ok(());
    }
    Err(Error::Data(format!(
        "{} tells the class of {:.1} % of the photos (95 % interval {interval}), and always \"{}\" would have {:.1} %: a \
         method may have learnt this and not the expression. Measure it again where this confounder is gone (for sizes: \
         Dataset::equalised)",
        choice.features,
        100.0 * choice.chosen_in_training(),
        classes[largest],
        100.0 * majority
    )))
}

/// By how much the accuracy of `first` is above that of `second`, -1 to 1, both with `k` neighbours, of the same photos in
/// the same folds: the mean over the photos of how much more often `first` was right. Its interval is that of the paired
/// t-test, by photo.
///
/// # Errors
/// [`Error::Invalid`] for results of other photos or repeats, and a `k` that one of them does not have.
pub fn paired_difference(
    first: &NeighbourAccuracy,
    second: &NeighbourAccuracy,
    labels: &[usize],
    k: usize,
) -> Result<Mean> {
    let same = first.images == second.images && first.repeats == second.repeats && first.images == labels.len();
    let of = |result: &NeighbourAccuracy| -> Result<Vec<f64>> {
        let score = result.scores.iter().find(|score| score.k == k).filter(|_| same);
        let score = score.ok_or_else(|| {
            let (a, b) = (&first.features, &second.features);
            Error::Invalid(format!("{a} and {b} are not results of the same photos and folds with k = {k}"))
        })?;
        let right = |photo: usize| score.predicted.iter().filter(|said| said[photo] == labels[photo]).count();
        Ok((0..labels.len()).map(|photo| right(photo) as f64 / result.repeats as f64).collect())
    };
    let (a, b) = (of(first)?, of(second)?);
    Mean::of(&a.iter().zip(&b).map(|(a, b)| a - b).collect::<Vec<f64>>())
}

impl NeighbourAccuracy {
    /// The accuracy with `k` neighbours and its 95 % interval by photo.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a `k` that was not measured.
    pub fn with(&self, k: usize) -> Result<(f64, Interval)> {
        let score = self.scores.iter().find(|score| score.k == k).ok_or_else(|| {
            let (name, largest) = (&self.features, self.scores.len());
            Error::NotFound(format!("{name} has no accuracy for k = {k}, only for 1 to {largest}"))
        })?;
        Ok((score.accuracy, score.interval))
    }
}
