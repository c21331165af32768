//! The photos that a method gets wrong and is confident of.

use super::canvas::refused;
use super::photos::grey;
use super::{Figure, ImageGrid, Tile};
use crate::data::{Dataset, Photo};
use crate::metrics::OutOfFoldPredictions;
use crate::study::experiment::TrainedRun;
use crate::{Error, Result};
use std::collections::BTreeMap;

/// The test photos that the network of `lesson` got wrong with the highest probability, `count` at most, the most confident
/// first; under each the true class, what it was taken for, and how probable that was to the network.
///
/// `dataset` is the one that the lesson was trained with.
///
/// # Errors
/// A data set of other photos; a test without a mistake.
pub fn mistaken_faces(dataset: &Dataset, lesson: &TrainedRun, count: usize) -> Result<Figure> {
    let title = format!("Most confidently mistaken: {}", lesson.name);
    let predictions = &lesson.evaluation.predictions;
    let test = dataset.split(&lesson.experiment.split)?.test().to_vec();
    let names: Vec<&str> = test.iter().map(|&i| dataset.photos()[i].name()).collect();
    if names != predictions.names.iter().map(String::as_str).collect::<Vec<_>>() {
        return Err(Error::Invalid(format!(
            "{} was tested on other photos than these, {}: load the data set of its experiment",
            lesson.name,
            dataset.source()
        )));
    }
    let mistakes = predictions.confident_mistakes(count);
    if mistakes.is_empty() {
        return Err(refused(&title, format!("{} made no mistake", lesson.name)));
    }
    let face = |&mistake: &usize| {
        let (truth, taken) = (predictions.truth[mistake], predictions.predicted[mistake]);
        let probability = f64::from(predictions.probabilities[mistake][taken]);
        mistaken(&dataset.photos()[test[mistake]], &predictions.classes, truth, taken, probability)
    };
    ImageGrid::of(&title, 6, &mistakes.iter().map(face).collect::<Result<Vec<_>>>()?).draw()
}

/// What was said of one photo over all repeats.
struct Said {
    truth: usize,
    right: usize,
    /// Mean probability of each class.
    probabilities: Vec<f64>,
}

impl Said {
    /// The most probable wrong class, and how probable it is.
    fn wrong(&self) -> (usize, f64) {
        let others = self.probabilities.iter().copied().enumerate().filter(|(class, _)| *class != self.truth);
        others.max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((self.truth, 0.0))
    }
}

/// The photos that were named wrongly in every repeat, `count` at most, first the one that was given the highest mean
/// probability of a wrong class; under each its class, what it was taken for, and that probability.
///
/// # Errors
/// A data set without one of the photos; predictions that name every photo right at least once.
pub fn hard_faces(dataset: &Dataset, predictions: &OutOfFoldPredictions, count: usize) -> Result<Figure> {
    const TITLE: &str = "Hardest photos: wrong in every repeat, and most confidently so";
    let mut said: BTreeMap<&str, Said> = BTreeMap::new();
    let (classes, repeats) = (predictions.classes(), predictions.repeats() as f64);
    for row in predictions.rows() {
        let new = || Said { truth: row.truth, right: 0, probabilities: vec![0.0; classes.len()] };
        let one = said.entry(&row.image).or_insert_with(new);
        one.right += usize::from(row.predicted == row.truth);
        one.probabilities.iter_mut().zip(&row.probabilities).for_each(|(sum, p)| *sum += p / repeats);
    }
    let mut never: Vec<(&str, Said)> = said.into_iter().filter(|(_, one)| one.right == 0).collect();
    never.sort_by(|a, b| b.1.wrong().1.total_cmp(&a.1.wrong().1));
    never.truncate(count);
    if never.is_empty() {
        return Err(refused(TITLE, "every photo was named right at least once"));
    }
    let face = |(name, one): &(&str, Said)| {
        let photo = dataset.photos().iter().find(|photo| photo.name() == *name).ok_or_else(|| {
            Error::NotFound(format!(
                "there is no photo {name} in {}: load the photos of the predictions",
                dataset.source()
            ))
        })?;
        let (taken, probability) = one.wrong();
        mistaken(photo, classes, one.truth, taken, probability)
    };
    ImageGrid::of(TITLE, 6, &never.iter().map(face).collect::<Result<Vec<_>>>()?).draw()
}

/// A photo over its class, what it was taken for, and how probable that was.
fn mistaken(photo: &Photo, classes: &[String], truth: usize, taken: usize, probability: f64) -> Result<Tile> {
    Ok(Tile::picture(grey(photo)?)
        .below(&classes[truth])
        .below(&format!("taken for {}", classes[taken]))
        .below(&format!("{:.1} %", 100.0 * probability)))
}
