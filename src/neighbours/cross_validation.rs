//! How well k-nearest neighbours do, for every `k`, in cross-validation.

use super::Distance;
use super::accuracy::NeighbourAccuracy;
use super::classifier::{check_k, check_labels};
use super::distance::Rows;
use super::vote::winners;
use crate::data::{Features, Folds};
use crate::{Error, Result};
use rayon::prelude::*;

/// The accuracy of k-nearest neighbours for each `k` from 1 to `largest_k`, in cross-validation: each image is classified
/// once a repeat, by the images of the other folds.
///
/// The images are sorted by their distance from each other only once; all folds, repeats and `k` are read off that. It
/// takes four bytes for each pair of images.
///
/// # Errors
/// [`Error::Invalid`] where features, labels, classes and folds are not of the same images, for features that are all 0
/// where the cosine is asked for, and a `largest_k` that is 0 or more than the images a fold leaves.
///
/// ```
/// use manga_expressions::data::{Features, FoldSettings, Folds};
/// use manga_expressions::neighbours::{Distance, cross_validate};
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
    check_labels(features, labels, classes.len())?;
    if folds.len() != labels.len() {
        let (a, b) = (folds.len(), labels.len());
        return Err(Error::Invalid(format!("the folds are of {a} images, and there are {b}: divide these images")));
    }
    for (repeat, fold) in pairs(folds) {
        check_k(largest_k, folds.train(repeat, fold).len())?;
    }
    let rows = Rows::new(features, distance)?;
    let nearest = rows.nearest(&rows, rows.len(), &|image, other| image != other);
    let predict = |repeat: usize, image: usize| {
        let of = folds.of(repeat);
        let known = nearest[image].iter().map(|&other| other as usize).filter(|&other| of[other] != of[image]);
        winners(known.map(|other| labels[other]).take(largest_k), classes.len())
    };
    let repeats = 0..folds.repeats();
    let predicted: Vec<Vec<Vec<usize>>> =
        repeats.map(|repeat| (0..labels.len()).into_par_iter().map(|image| predict(repeat, image)).collect()).collect();
    NeighbourAccuracy::new(features.name(), distance, labels, classes, &predicted)
}

/// All pairs of repeat and fold.
fn pairs(folds: &Folds) -> impl Iterator<Item = (usize, usize)> {
    let count = folds.folds();
    (0..folds.repeats()).flat_map(move |repeat| (0..count).map(move |fold| (repeat, fold)))
}
