//! One accuracy of one method, and how it was measured.

use crate::Result;
use crate::data::Source;
use crate::lessons::Lessons;
use crate::metrics::{CrossValidationScores, Interval};
use crate::report::published::{self, LoggedEpoch, Published};
use crate::study::experiment::TrainedRun;
use crate::study::neighbours::NeighbourAccuracy;
use crate::{Error, training};

/// How an accuracy was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// As the report or a cited work did it.
    Published,
    /// By us, on one part of the photos that was kept back for the test, as in the report's split.
    Split,
    /// By us, in cross-validation: every photo is in the test once a repeat.
    CrossValidation,
}

/// The accuracy of a method, with what is needed to judge it.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// Name of the method. Measurements of one name are of the same method, so far as it is known.
    pub method: String,
    /// How it was measured.
    pub protocol: Protocol,
    /// Fraction of the photos that were right, 0 to 1; of several runs their mean.
    pub accuracy: f64,
    /// Its 95 % interval; of several runs that of one. None where the number of photos is not known.
    pub interval: Option<Interval>,
    /// How many photos one test has.
    pub photos: Option<usize>,
    /// How many trainings, or repeats of the cross-validation, the accuracy is a mean of.
    pub runs: usize,
    /// Standard deviation of the runs' accuracies, where there are several.
    pub deviation: Option<f64>,
    /// What always answering with the majority class has on the same photos, where it is known.
    pub majority: Option<f64>,
}

impl Measurement {
    /// What was published; none where there is no number.
    ///
    /// Where it is known how many photos were right, the accuracy is their fraction, and not the rounded one.
    ///
    /// # Errors
    /// As [`Interval::wilson`].
    pub fn of_published(published: &Published) -> Result<Option<Measurement>> {
        let Some(printed) = published.accuracy else { return Ok(None) };
        let counted = published.correct_of;
        Ok(Some(Measurement {
            method: name(published),
            protocol: Protocol::Published,
            accuracy: counted.map_or(printed, |(correct, photos)| correct as f64 / photos as f64),
            interval: counted.map(|(correct, photos)| Interval::wilson(correct, photos)).transpose()?,
            photos: counted.map(|(_, photos)| photos),
            runs: 1,
            deviation: None,
            majority: published.majority.zip(counted).map(|(majority, (_, photos))| majority as f64 / photos as f64),
        }))
    }

    /// One training of a notebook.
    pub fn of_lesson(lesson: &TrainedRun) -> Measurement {
        let accuracy = &lesson.evaluation.accuracy;
        Measurement {
            method: name_of_recipe(&lesson.name),
            protocol: Protocol::Split,
            accuracy: accuracy.accuracy,
            interval: Some(accuracy.interval),
            photos: Some(accuracy.total),
            runs: 1,
            deviation: None,
            majority: Some(accuracy.baseline.accuracy),
        }
    }

    /// A recipe in cross-validation.
    pub fn of_out_of_fold(recipe: &str, scores: &CrossValidationScores) -> Measurement {
        Measurement {
            method: name_of_recipe(recipe),
            protocol: Protocol::CrossValidation,
            accuracy: scores.accuracy,
            interval: Some(scores.interval),
            photos: Some(scores.images),
            runs: scores.repeats,
            deviation: None,
            majority: Some(scores.majority),
        }
    }

    /// k-nearest neighbours in cross-validation, for one `k` that was chosen beforehand. Those on pixels are the report's
    /// method; others are called by their features, and those of drawn faces say so: they do not compare with photos.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a `k` that was not tried.
    pub fn of_neighbours(result: &NeighbourAccuracy, k: usize, source: &Source) -> Result<Measurement> {
        let score = result.scores.iter().find(|score| score.k == k).ok_or_else(|| {
            let largest = result.scores.len();
            Error::NotFound(format!("{} has no accuracy for k = {k}, only for 1 to {largest}", result.features))
        })?;
        let method = match source {
            Source::Folder(_) if result.features.starts_with("pixels") => published::neighbours().method.to_string(),
            Source::Folder(_) => format!("k-NN, {}", result.features),
            Source::Drawn { .. } => format!("k-NN, {}, drawn faces", result.features),
        };
        Ok(Measurement {
            method,
            protocol: Protocol::CrossValidation,
            accuracy: score.accuracy,
            interval: Some(score.interval),
            photos: Some(result.images),
            runs: result.repeats,
            deviation: None,
            majority: Some(result.baseline.accuracy),
        })
    }
}

/// All accuracies that the report has a number for: its own, and those of the works it cites.
///
/// # Errors
/// As [`Measurement::of_published`].
pub fn published_accuracies() -> Result<Vec<Measurement>> {
    published::all().iter().filter_map(|published| Measurement::of_published(published).transpose()).collect()
}

/// What the project keeps of its trainings on the real photos ([`kept_results`](super::kept_results)): those of published
/// methods in their order, then the others from the best on.
pub fn measured_here(kept: &[Measurement]) -> Vec<Measurement> {
    let published: Vec<String> = published::all().iter().map(name).collect();
    let place = |m: &Measurement| published.iter().position(|name| *name == m.method).unwrap_or(published.len());
    let mut sorted = kept.to_vec();
    sorted.sort_by(|a, b| place(a).cmp(&place(b)).then(b.accuracy.total_cmp(&a.accuracy)));
    sorted
}

/// The measurement with the highest accuracy, the first of equals.
///
/// # Errors
/// None to choose from.
pub fn highest(all: &[Measurement]) -> Result<Measurement> {
    let better = |best, other| if accuracy(other) > accuracy(best) { other } else { best };
    let found = all.iter().reduce(better).cloned();
    found.ok_or_else(|| Error::Invalid("there is no measurement to choose the highest of".into()))
}

fn accuracy(measurement: &Measurement) -> f64 {
    measurement.accuracy
}

/// What was `published` and the trainings of a notebook that repeat it, for a table or a figure.
///
/// # Errors
/// As [`Measurement::of_published`].
pub fn beside(published: &[Published], lessons: &[&Lessons]) -> Result<Vec<Measurement>> {
    let mut all = Vec::new();
    for published in published {
        all.extend(Measurement::of_published(published)?);
        let lesson = published.recipe.and_then(|recipe| lessons.iter().find_map(|lessons| lessons.find(recipe)));
        all.extend(lesson.map(Measurement::of_lesson));
    }
    Ok(all)
}

/// The test accuracy after each epoch of a log, beside a training that was watched on its test photos in the same way
/// ([`Lessons::train_watched`]), if there is one.
///
/// # Errors
/// As [`Interval::wilson`].
pub fn log_beside(log: &[LoggedEpoch], lesson: Option<&TrainedRun>) -> Result<Vec<Measurement>> {
    let epoch = |number: usize, protocol, accuracy: f64, photos| {
        Ok(Measurement {
            method: format!("epoch {number}"),
            protocol,
            accuracy,
            interval: Some(Interval::of_fraction(accuracy, photos)?),
            photos: Some(photos),
            runs: 1,
            deviation: None,
            majority: None,
        })
    };
    let published =
        log.iter().map(|row| epoch(row.epoch, Protocol::Published, row.correct as f64 / row.photos as f64, row.photos));
    let epochs: &[training::Epoch] = lesson.map_or(&[], |lesson| &lesson.history.epochs);
    let photos = lesson.map_or(0, |lesson| lesson.evaluation.accuracy.total);
    let here = epochs.iter().filter_map(|e| Some((e.epoch, e.validation_accuracy?)));
    published.chain(here.map(|(number, accuracy)| epoch(number, Protocol::Split, accuracy, photos))).collect()
}

/// What a published method is called, with the recipe that repeats it.
fn name(published: &Published) -> String {
    let Published { method, recipe, .. } = published;
    recipe.map_or(method.to_string(), |recipe| format!("{method} ({recipe})"))
}

pub(super) fn name_of_recipe(recipe: &str) -> String {
    published::all().iter().find(|p| p.recipe == Some(recipe)).map_or(recipe.to_string(), name)
}
