//! Features that a network has learnt, for k-nearest neighbours: honestly, and with the test photos known.

use crate::base::progress::say;
use crate::data::{Dataset, Features, Folds, Hog, Preparation};
use crate::net::models;
use crate::net::weights::{Weights, catalogue};
use crate::study::experiment::Experiment;
use crate::study::methods::{FixedEpochs, FoldTask, TrainedOn};
use crate::study::neighbours::{Distance, NeighbourAccuracy, cross_validate, cross_validate_by};
use crate::training::{Progress, stage_features};
use crate::{Error, Result};
use std::borrow::Cow;

/// What the stage `stage` of the network `name` with ImageNet's weights puts out for the photos, averaged over `grid` x
/// `grid` fields ([`stage_features`]); photos are resized to `size` x `size` and scaled as the weights expect. None, with
/// a line on what to do, where the weights are not in the cache.
///
/// # Errors
/// As [`stage_features`].
pub fn pretrained_features(
    name: &str,
    dataset: &Dataset,
    size: usize,
    stage: &str,
    grid: usize,
) -> Result<Option<Features>> {
    if let Some(entry) = catalogue()?.into_iter().find(|entry| entry.network == name && !entry.cached) {
        let advice = entry.advice();
        Progress::lines()
            .print(&format!("ImageNet's features are left out: the weights of {name} are not here yet; {advice}"));
        return Ok(None);
    }
    let weights = Weights::imagenet(name)?;
    let mut network = models::by_name(name, (size, size, 3), dataset.classes().len(), 1)?;
    weights.load_into(&mut network, crate::net::weights::Part::Body)?;
    let preparation = Preparation { size, channels: 3, scaling: weights.scaling(), ..Preparation::default() };
    let features = stage_features(&network, &preparation.apply(dataset)?.images, stage, grid)?;
    Ok(Some(features.named(&format!("ImageNet's {name} {stage}, {size} px"))))
}

/// ImageNet's features of the photos, the third stage of ResNet-50 at 100 x 100 pixels over a grid of 3 x 3 fields; where
/// the weights are not in the cache, with a line that says so, histograms of oriented gradients ([`Hog`]) at 100 x 100,
/// which tell less. Neither has learnt anything from these photos.
///
/// # Errors
/// As [`pretrained_features`].
pub fn imagenet_or_hog(dataset: &Dataset) -> Result<Features> {
    if let Some(features) = pretrained_features("resnet50", dataset, 100, "layer3", 3)? {
        return Ok(features);
    }
    Hog::default().features(&Preparation::default().apply(dataset)?.images)
}

/// The features that the network of `experiment` has learnt from the photos at `seen`, for all photos: the mean of each
/// channel of the last stage before the head, after all epochs. They carry the note of what they were learnt from, so that
/// nobody tests them on it by mistake ([`Features::check_unseen`]). The training is kept and found again, as in
/// [`Experiment::fit`].
///
/// # Errors
/// As [`Experiment::fit`]; a photo that there is not.
pub fn learnt_features(experiment: &Experiment, dataset: &Dataset, seen: &[usize]) -> Result<Features> {
    let photos = FixedEpochs::new(experiment).on(dataset)?;
    let count = photos.images.len();
    if let Some(none) = seen.iter().find(|&&photo| photo >= count) {
        return Err(Error::NotFound(format!("there is no photo {none} to learn from, only {count}")));
    }
    learnt(&photos, seen, &format!("a network that saw {} of {count} photos", seen.len()))
}

/// k-nearest neighbours on the features of a network that was trained on *all* photos, test photos and their classes
/// included, and then cross-validated as if nothing had happened: the leak. Only the neighbours are divided into folds;
/// the network has seen everything.
///
/// The network is that of `experiment`, trained for all its epochs; its features are the mean of each channel of the last
/// stage before the head. The training is kept and found again, as in [`Experiment::fit`].
///
/// # Errors
/// As [`Experiment::fit`] and [`cross_validate`].
pub fn leaking_neighbours(
    experiment: &Experiment,
    dataset: &Dataset,
    folds: &Folds,
    distance: Distance,
    largest_k: usize,
) -> Result<NeighbourAccuracy> {
    let photos = FixedEpochs::new(experiment).on(dataset)?;
    let all: Vec<usize> = (0..dataset.len()).collect();
    let features = learnt(&photos, &all, "a network that saw all photos")?.forgetting_what_was_seen();
    cross_validate(&features, dataset.labels(), dataset.classes(), folds, distance, largest_k)
}

/// The same done honestly: for each fold a network of its own, which has seen only the photos of the other folds. `folds`
/// must have one repeat.
///
/// # Errors
/// As [`Experiment::fit`] and [`cross_validate_each`](crate::study::neighbours::cross_validate_each).
pub fn honest_neighbours(
    experiment: &Experiment,
    dataset: &Dataset,
    folds: &Folds,
    distance: Distance,
    largest_k: usize,
) -> Result<NeighbourAccuracy> {
    let photos = FixedEpochs::new(experiment).on(dataset)?;
    let name = "a network that saw the other folds";
    let features_of = |task: &FoldTask| learnt(&photos, &task.train, name).map(Cow::Owned);
    cross_validate_by(name, features_of, dataset.labels(), dataset.classes(), folds, distance, largest_k)
}

/// Features of all photos by a network that was trained on those at `seen`.
fn learnt(photos: &TrainedOn, seen: &[usize], name: &str) -> Result<Features> {
    let (progress, count) = (Progress::lines(), photos.images.len());
    say(&format!("Features for k-nearest neighbours: {} of {count} photos are seen", seen.len()));
    photos.features(seen, name, progress)
}
