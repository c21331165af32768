//! What is gained by leaving the photos unanswered of which a method is least sure.

use super::{Interval, OutOfFoldPredictions, OutOfFoldRow};
use crate::{Error, Result};
use serde::Serialize;

/// How good the answers are, if only the most confident are given.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Answered {
    /// Fraction of the photos that are answered, 0 to 1.
    pub fraction: f64,
    /// Fraction of these that are answered correctly; none where nothing is.
    pub accuracy: Option<f64>,
    /// Its 95 % interval, by photo.
    pub interval: Option<Interval>,
    /// The least confidence of an answer that is given, as a mean over the repeats or folds; 0 to 1.
    pub least_confidence: f64,
}

impl OutOfFoldPredictions {
    /// The accuracy if in each repeat only this fraction of the photos is answered, the most confident ones: a row for each of
    /// `fractions`. Which photos these are needs no label, so nothing is chosen on the answers. Also called accuracy against
    /// coverage (Y. Geifman, R. El-Yaniv: Selective Classification for Deep Neural Networks, 2017).
    ///
    /// # Errors
    /// [`Error::Invalid`] for a fraction that is not more than 0 and at most 1.
    ///
    /// ```
    /// use manga_expressions::metrics::{OutOfFoldPredictions, OutOfFoldRow};
    ///
    /// let row = |image: &str, truth: usize, sure: f64| OutOfFoldRow {
    ///     image: image.into(), repeat: 0, fold: 0, truth, predicted: 0, probabilities: vec![sure, 1.0 - sure],
    /// };
    /// let rows = vec![row("a", 0, 0.9), row("b", 1, 0.6), row("c", 0, 0.8), row("d", 1, 0.7)];
    /// let said = OutOfFoldPredictions::new(&["sad".into(), "happy".into()], rows)?;
    /// let answered = said.answering(&[0.5, 1.0])?;
    /// assert_eq!((answered[0].accuracy, answered[1].accuracy), (Some(1.0), Some(0.5)));
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn answering(&self, fractions: &[f64]) -> Result<Vec<Answered>> {
        let mut repeats: Vec<Vec<&OutOfFoldRow>> =
            self.rows().chunks(self.images()).map(|rows| rows.iter().collect()).collect();
        repeats.iter_mut().for_each(|rows| rows.sort_by(|a, b| sure(b).total_cmp(&sure(a))));
        let of = |&fraction: &f64| {
            if !(fraction > 0.0 && fraction <= 1.0) {
                return Err(Error::Invalid(format!("answering a fraction of {fraction}: take 0 to 1, and not 0")));
            }
            let count = ((self.images() as f64 * fraction).round() as usize).max(1);
            let given: Vec<&OutOfFoldRow> = repeats.iter().flat_map(|rows| &rows[..count]).copied().collect();
            let least = repeats.iter().map(|rows| sure(rows[count - 1])).sum::<f64>() / repeats.len() as f64;
            answered(&given, self, least)
        };
        fractions.iter().map(of).collect()
    }

    /// What becomes of a promise: answers are given only where the confidence is at least a threshold, which in each fold
    /// is the lowest at which the answers to the photos of the *other* folds reach the accuracy `wanted`. Chosen on the
    /// photos that it is judged on, the threshold would keep the promise by luck.
    ///
    /// Where no threshold reaches `wanted` on the other folds, nothing of that fold is answered.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an accuracy that is no fraction, and for a single fold.
    pub fn answering_for(&self, wanted: f64) -> Result<Answered> {
        if !(0.0..=1.0).contains(&wanted) {
            return Err(Error::Invalid(format!("an accuracy of {wanted}: it is a fraction from 0 to 1")));
        }
        let (mut given, mut thresholds) = (Vec::new(), Vec::new());
        for rows in self.rows().chunks(self.images()) {
            let folds = rows.iter().map(|row| row.fold).max().unwrap_or(0) + 1;
            if folds < 2 {
                return Err(Error::Invalid("a threshold is chosen on other folds, and there is one".into()));
            }
            for fold in 0..folds {
                let others: Vec<&OutOfFoldRow> = rows.iter().filter(|row| row.fold != fold).collect();
                if let Some(threshold) = lowest_threshold(&others, wanted) {
                    thresholds.push(threshold);
                    given.extend(rows.iter().filter(|row| row.fold == fold && sure(row) >= threshold));
                }
            }
        }
        let mean = thresholds.iter().sum::<f64>() / thresholds.len().max(1) as f64;
        answered(&given, self, if thresholds.is_empty() { 1.0 } else { mean })
    }
}

/// The lowest confidence at which the answers of at least that confidence reach `wanted`.
fn lowest_threshold(rows: &[&OutOfFoldRow], wanted: f64) -> Option<f64> {
    let mut sorted = rows.to_vec();
    sorted.sort_by(|a, b| sure(b).total_cmp(&sure(a)));
    let (mut right, mut threshold) = (0, None);
    for (place, row) in sorted.iter().enumerate() {
        right += usize::from(row.predicted == row.truth);
        // Equal confidences are answered together.
        let last = sorted.get(place + 1).is_none_or(|next| sure(next) < sure(row));
        if last && right as f64 >= wanted * (place + 1) as f64 {
            threshold = Some(sure(row));
        }
    }
    threshold
}

fn answered(given: &[&OutOfFoldRow], all: &OutOfFoldPredictions, least_confidence: f64) -> Result<Answered> {
    let fraction = given.len() as f64 / all.rows().len() as f64;
    let right = given.iter().filter(|row| row.predicted == row.truth).count();
    let accuracy = (!given.is_empty()).then(|| right as f64 / given.len() as f64);
    let photos = given.len().div_ceil(all.repeats());
    let interval = accuracy.map(|accuracy| Interval::of_fraction(accuracy, photos)).transpose()?;
    Ok(Answered { fraction, accuracy, interval, least_confidence })
}

fn sure(row: &OutOfFoldRow) -> f64 {
    row.probabilities[row.predicted]
}
