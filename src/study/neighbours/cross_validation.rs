//! How well k-nearest neighbours do, for every `k`, in cross-validation.

use super::Distance;
use super::accuracy::NeighbourAccuracy;
use super::classifier::{check_k, check_labels};
use super::distance::Rows;
use super::vote::winners;
use crate::data::{Features, Folds};
use crate::study::folds::{self, OnFailure, pairs};
use crate::study::method::FoldTask;
use crate::{Error, Result};
use rayon::prelude::*;
use std::borrow::Cow;

/// The accuracy of k-nearest neighbours for each `k` from 1 to `largest_k`, in cross-validation: each image is
/// classified once a repeat, by the images of the other folds.
///
/// The images are sorted by their distance from each other only once; all folds, repeats and `k` are read off that. It
/// takes four bytes for each pair of images.
///
/// # Errors
/// [`Error::Invalid`] where features, labels, classes and folds are not of the same images, for features that are all 0
/// where the cosine is asked for, and a `largest_k` that is 0 or more than the images a fold leaves. [`Error::Data`]
/// for features that were learnt from the images they are tested on ([`Features::check_unseen`]).
///
/// ```
/// use manga_expressions::data::{Features, FoldSettings, Folds};
/// use manga_expressions::study::neighbours::{Distance, cross_validate};
///
/// let classes = vec!["short".to_string(), "tall".to_string()];
/// let labels = [0, 0, 0, 0, 1, 1, 1, 1];
/// let heights = Features::new("height", 8, vec![1.0, 1.1, 1.2, 1.3, 3.0, 3.1, 3.2, 3.3])?;
/// let folds = Folds::stratified(&classes, &labels, &FoldSettings { folds: 4, ..FoldSettings::default() })?;
/// let result = cross_validate(&heights, &labels, &classes, &folds, Distance::Euclidean, 6)?;
/// assert_eq!(result.scores[0].accuracy, 1.0); // k = 1
/// assert_eq!(result.scores[5].accuracy, 1.0); // k = 6: as many of each, and the nearest decides
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn cross_validate(
    features: &Features,
    labels: &[usize],
    classes: &[String],
    folds: &Folds,
    distance: Distance,
    largest_k: usize,
) -> Result<NeighbourAccuracy> {
    cross_validate_first(features.rows(), features, labels, classes, folds, distance, largest_k)
}

/// [`cross_validate`] of several features of the same images.
///
/// # Errors
/// As there.
pub fn cross_validate_all(
    features: &[Features],
    labels: &[usize],
    classes: &[String],
    folds: &Folds,
    distance: Distance,
    largest_k: usize,
) -> Result<Vec<NeighbourAccuracy>> {
    features.iter().map(|one| cross_validate(one, labels, classes, folds, distance, largest_k)).collect()
}

/// As [`cross_validate`], but only the first `asked` images are classified; the others, as changed copies of them
/// ([`Copies`](crate::data::Copies)), are there to be neighbours. The accuracy and its interval are those of the
/// `asked` images: copies are no new ones.
///
/// # Errors
/// As [`cross_validate`]; `asked` that is 0 or more than there are.
pub fn cross_validate_first(
    asked: usize,
    features: &Features,
    labels: &[usize],
    classes: &[String],
    folds: &Folds,
    distance: Distance,
    largest_k: usize,
) -> Result<NeighbourAccuracy> {
    check(features, labels, classes, folds, largest_k)?;
    check_unseen(features, folds)?;
    if asked == 0 || asked > labels.len() {
        return Err(Error::Invalid(format!("the first {asked} of {} images cannot be classified", labels.len())));
    }
    let table = EveryK { nearest: nearest(features, distance, asked)?, labels, classes: classes.len(), largest_k };
    let predicted = every_k(asked, folds, |task| Ok(table.votes(task)))?;
    NeighbourAccuracy::new(features.name(), distance, &labels[..asked], classes, &predicted)
}

/// As [`cross_validate`] in a single repeat, with features of its own for each fold: `features[f]` are those of all
/// images, as they are in the fold `f`. For features that are learnt, which must be learnt again for every fold,
/// without the images of its test.
///
/// # Errors
/// As [`cross_validate`]; not features for each fold; folds of several repeats.
pub fn cross_validate_each(
    features: &[Features],
    labels: &[usize],
    classes: &[String],
    folds: &Folds,
    distance: Distance,
    largest_k: usize,
) -> Result<NeighbourAccuracy> {
    if features.len() != folds.folds() || folds.repeats() != 1 {
        let (a, b, repeats) = (features.len(), folds.folds(), folds.repeats());
        return Err(Error::Invalid(format!(
            "{a} sets of features for {b} folds in {repeats} repeats: each fold needs its own, in one repeat"
        )));
    }
    let features_of = |task: &FoldTask| Ok(Cow::Borrowed(&features[task.fold.fold]));
    cross_validate_by(features[0].name(), features_of, labels, classes, folds, distance, largest_k)
}

/// As [`cross_validate_each`], with the features of all images that `features_of` gives for a fold.
pub(crate) fn cross_validate_by<'a>(
    name: &str,
    features_of: impl Fn(&FoldTask) -> Result<Cow<'a, Features>> + Sync,
    labels: &[usize],
    classes: &[String],
    folds: &Folds,
    distance: Distance,
    largest_k: usize,
) -> Result<NeighbourAccuracy> {
    let predicted = every_k(labels.len(), folds, |task| {
        let features = features_of(task)?;
        check(&features, labels, classes, folds, largest_k)?;
        features.check_unseen(&task.test)?;
        let nearest = nearest(&features, distance, features.rows())?;
        Ok(EveryK { nearest, labels, classes: classes.len(), largest_k }.votes(task))
    })?;
    NeighbourAccuracy::new(name, distance, labels, classes, &predicted)
}

/// For each repeat the classes that each of the first `asked` images is given, `k` by `k`; `votes` has them for the
/// test images of a fold.
fn every_k(
    asked: usize,
    folds: &Folds,
    votes: impl Fn(&FoldTask) -> Result<Vec<(usize, Vec<usize>)>> + Sync,
) -> Result<Vec<Vec<Vec<usize>>>> {
    let tasks = folds::tasks(folds);
    let mut predicted = vec![vec![Vec::new(); asked]; folds.repeats()];
    for (task, votes) in tasks.iter().zip(folds::fit_each(&tasks, 1, OnFailure::Stop, votes)?) {
        votes.into_iter().for_each(|(image, classes)| predicted[task.repeat][image] = classes);
    }
    Ok(predicted)
}

/// Neighbours for every `k` at once, whatever the fold: for each image all others, nearest first.
struct EveryK<'a> {
    nearest: Vec<Vec<u32>>,
    labels: &'a [usize],
    classes: usize,
    largest_k: usize,
}

impl EveryK<'_> {
    /// For each test image of the task that has a row in the table the class by each `k` from 1.
    fn votes(&self, task: &FoldTask) -> Vec<(usize, Vec<usize>)> {
        let mut known = vec![false; self.labels.len()];
        task.train.iter().for_each(|&image| known[image] = true);
        let vote = |&image: &usize| {
            let nearest = self.nearest.get(image)?;
            Some((image, vote(nearest, &|other| known[other], self.labels, self.classes, self.largest_k)))
        };
        task.test.par_iter().filter_map(vote).collect()
    }
}

/// An error unless features, labels, classes and folds are of the same images, and each fold leaves `largest_k`.
pub(super) fn check(
    features: &Features,
    labels: &[usize],
    classes: &[String],
    folds: &Folds,
    largest_k: usize,
) -> Result<()> {
    check_labels(features, labels, classes.len())?;
    if folds.len() != labels.len() {
        let (a, b) = (folds.len(), labels.len());
        return Err(Error::Invalid(format!("the folds are of {a} images, and there are {b}: divide these images")));
    }
    pairs(folds.repeats(), folds.folds())
        .try_for_each(|(repeat, fold)| check_k(largest_k, folds.train(repeat, fold).len()))
}

/// An error if the features were learnt from an image that is tested: with folds that is any image at all.
pub(super) fn check_unseen(features: &Features, folds: &Folds) -> Result<()> {
    pairs(folds.repeats(), folds.folds())
        .try_for_each(|(repeat, fold)| features.check_unseen(&folds.test(repeat, fold)))
}

/// For each of the first `asked` images all others, nearest first.
pub(super) fn nearest(features: &Features, distance: Distance, asked: usize) -> Result<Vec<Vec<u32>>> {
    let rows = Rows::new(features, distance)?;
    let first = Rows::new(&features.select(&(0..asked).collect::<Vec<_>>()), distance)?;
    Ok(rows.nearest(&first, rows.len(), &|image, other| image != other))
}

/// The class for each `k` from 1 to `largest_k`, by the vote of the `nearest` images that are `known`.
pub(super) fn vote(
    nearest: &[u32],
    known: &dyn Fn(usize) -> bool,
    labels: &[usize],
    classes: usize,
    largest_k: usize,
) -> Vec<usize> {
    let known = nearest.iter().map(|&other| other as usize).filter(|&other| known(other));
    winners(known.map(|other| labels[other]).take(largest_k), classes)
}
