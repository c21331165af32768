//! The faces that a network is most sure of, and wrong.

use super::canvas::Label;
use super::palette::{LINE, SMALL};
use super::sample_faces::fit;
use super::{Figure, Picture, WIDTH};
use crate::data::Dataset;
use crate::experiment::Lesson;
use crate::{Error, Result};
use plotters::style::Color;

const TITLE: &str = "Most confidently mistaken";
const COLUMNS: usize = 6;

/// The test photos that the network of `lesson` got wrong with the highest probability, `count` at most, the surest first;
/// under each the true class, what it was taken for, and how probable that was to the network.
///
/// `dataset` is the one that the lesson was trained with.
///
/// # Errors
/// A data set of other photos; a test without a mistake.
pub fn mistaken_faces(dataset: &Dataset, lesson: &Lesson, count: usize) -> Result<Figure> {
    const SIDE: i32 = 122;
    const TOP: i32 = 44;
    const ROW: i32 = SIDE + 66;
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
    let column = (WIDTH as i32 - 24) / COLUMNS as i32;
    let rows = mistakes.len().div_ceil(COLUMNS) as i32;
    let title = format!("{TITLE}: {}", lesson.name);
    Figure::draw(&title, (WIDTH, (TOP + rows * ROW) as u32), |canvas| {
        for (place, &mistake) in mistakes.iter().enumerate() {
            let (x, y) = (12 + (place % COLUMNS) as i32 * column, TOP + (place / COLUMNS) as i32 * ROW);
            let photo = &dataset.photos()[test[mistake]];
            let picture = Picture::grey(photo.width(), photo.height(), photo.grey())?;
            let (w, h) = fit(&picture, SIDE);
            let middle = x + column / 2;
            let corner = (middle - w / 2, y + (SIDE - h) / 2);
            canvas.outline((corner.0 - 1, corner.1 - 1), (w + 1, h + 1), LINE.stroke_width(1))?;
            canvas.picture(&picture, corner, (w, h))?;
            let (truth, taken) = (predictions.truth[mistake], predictions.predicted[mistake]);
            let lines = [
                predictions.classes[truth].clone(),
                format!("taken for {}", predictions.classes[taken]),
                format!("{:.1} %", 100.0 * predictions.probabilities[mistake][taken]),
            ];
            for (i, line) in (0..).zip(&lines) {
                canvas.text(middle, y + SIDE + 12 + 17 * i, Label::new(SMALL).centred(), line)?;
            }
        }
        Ok(())
    })
}
