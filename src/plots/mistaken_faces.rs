//! The faces that a network is most sure of, and wrong.

use super::captioned::{Captioned, captioned};
use super::{Figure, Picture};
use crate::data::Dataset;
use crate::experiment::Lesson;
use crate::{Error, Result};

const TITLE: &str = "Most confidently mistaken";

/// The test photos that the network of `lesson` got wrong with the highest probability, `count` at most, the surest first;
/// under each the true class, what it was taken for, and how probable that was to the network.
///
/// `dataset` is the one that the lesson was trained with.
///
/// # Errors
/// A data set of other photos; a test without a mistake.
pub fn mistaken_faces(dataset: &Dataset, lesson: &Lesson, count: usize) -> Result<Figure> {
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
        return Err(Error::output(format!("figure {TITLE:?}"), format!("{} made no mistake", lesson.name)));
    }
    let face = |&mistake: &usize| {
        let photo = &dataset.photos()[test[mistake]];
        let (truth, taken) = (predictions.truth[mistake], predictions.predicted[mistake]);
        Ok(Captioned {
            picture: Picture::grey(photo.width(), photo.height(), photo.grey())?,
            lines: vec![
                predictions.classes[truth].clone(),
                format!("taken for {}", predictions.classes[taken]),
                format!("{:.1} %", 100.0 * predictions.probabilities[mistake][taken]),
            ],
        })
    };
    let faces = mistakes.iter().map(face).collect::<Result<Vec<Captioned>>>()?;
    captioned(&format!("{TITLE}: {}", lesson.name), &faces)
}
