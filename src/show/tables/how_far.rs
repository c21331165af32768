//! What is left to gain: mistakes, sureness, more photos.

use super::Table;
use crate::Result;
use crate::metrics::{Answered, CrossValidationScores, Extrapolated, Interval, LearningCurve, OutOfFoldPredictions};
use crate::study::results::MethodResult;

impl Table {
    /// A row for each method that was cross-validated: accuracy with its 95 % interval by photo, the accuracy if both
    /// classes of each of `pairs` were right for either, top-2 accuracy, and the expected calibration error. Fractions from 0
    /// to 1.
    ///
    /// # Errors
    /// As [`OutOfFoldPredictions::accuracy_within`].
    pub fn judged(all: &[MethodResult], pairs: &[(&str, &str)]) -> Result<Table> {
        let scores = all.iter().map(|one| one.predictions.scores()).collect::<Result<Vec<_>>>()?;
        let number = |value: fn(&CrossValidationScores) -> f64| scores.iter().map(value).collect::<Vec<_>>();
        let of = |value: &dyn Fn(&OutOfFoldPredictions) -> Result<(f64, Interval)>| {
            all.iter().map(|one| Ok(value(&one.predictions)?.0)).collect::<Result<Vec<f64>>>()
        };
        let repeats: Vec<usize> = scores.iter().map(|scores| scores.repeats).collect();
        Table::new("Methods in cross-validation")
            .with_text("method", &all.iter().map(|one| one.method.clone()).collect::<Vec<_>>())?
            .with_integers("repeats", &repeats)?
            .with_numbers("accuracy", &number(|scores| scores.accuracy), 3)?
            .with_numbers("low", &number(|scores| scores.interval.low), 3)?
            .with_numbers("high", &number(|scores| scores.interval.high), 3)?
            .with_numbers("within pairs", &of(&|said| said.accuracy_within(pairs))?, 3)?
            .with_numbers("top 2", &of(&|said| said.top(2))?, 3)?
            .with_numbers("calibration error", &number(|scores| scores.calibration_error), 3)?
            .with_numbers("majority", &number(|scores| scores.majority), 3)?
            .with_compute_versions(&all.iter().map(|one| one.compute_version.clone()).collect::<Vec<_>>())
    }

    /// The most frequent kinds of mistake, `count` at most: how many photos, as a mean over the repeats, which fraction of all
    /// mistakes, and of the photos of the class.
    ///
    /// # Errors
    /// None that could happen here; those of [`Table::with_text`].
    pub fn confusions(said: &OutOfFoldPredictions, count: usize) -> Result<Table> {
        let all = said.confusions();
        let rows = &all[..count.min(all.len())];
        Table::new("Which class was taken for which")
            .with_text("class", &rows.iter().map(|row| row.truth.clone()).collect::<Vec<_>>())?
            .with_text("taken for", &rows.iter().map(|row| row.predicted.clone()).collect::<Vec<_>>())?
            .with_numbers("photos", &rows.iter().map(|row| row.photos).collect::<Vec<_>>(), 1)?
            .with_numbers("of all mistakes", &rows.iter().map(|row| row.fraction).collect::<Vec<_>>(), 3)?
            .with_numbers("of the class", &rows.iter().map(|row| row.of_class).collect::<Vec<_>>(), 3)
    }

    /// How many of the mistakes are within each of `pairs` of classes, and how many would be, were wrong answers spread over
    /// the classes as answers are; with their sum in the last row.
    ///
    /// # Errors
    /// As [`OutOfFoldPredictions::label_pairs`].
    pub fn label_pairs(said: &OutOfFoldPredictions, pairs: &[(&str, &str)]) -> Result<Table> {
        let rows = said.label_pairs(pairs)?;
        let names = rows.iter().map(|row| format!("{} and {}", row.first, row.second));
        let with_sum = |values: Vec<f64>| {
            let sum = values.iter().sum::<f64>();
            values.into_iter().chain([sum]).collect::<Vec<f64>>()
        };
        Table::new("Mistakes within pairs of labels")
            .with_text("pair", &names.chain(["together".to_string()]).collect::<Vec<_>>())?
            .with_numbers("photos", &with_sum(rows.iter().map(|row| row.photos).collect()), 1)?
            .with_numbers("of all mistakes", &with_sum(rows.iter().map(|row| row.fraction).collect()), 3)?
            .with_numbers("expected", &with_sum(rows.iter().map(|row| row.expected).collect()), 3)
    }

    /// How good the answers are, if only some are given: share answered, accuracy of these, its 95 % interval, and the least
    /// confidence of an answer.
    ///
    /// # Errors
    /// As [`Table::confusions`].
    pub fn answered(rows: &[Answered]) -> Result<Table> {
        let ends =
            |end: fn(&Interval) -> f64| rows.iter().map(|row| row.interval.as_ref().map(end)).collect::<Vec<_>>();
        Table::new("Answering only the most confident photos")
            .with_numbers("answered", &rows.iter().map(|row| row.fraction).collect::<Vec<_>>(), 2)?
            .with_optional_numbers("accuracy", &rows.iter().map(|row| row.accuracy).collect::<Vec<_>>(), 3)?
            .with_optional_numbers("low", &ends(|interval| interval.low), 3)?
            .with_optional_numbers("high", &ends(|interval| interval.high), 3)?
            .with_numbers("least confidence", &rows.iter().map(|row| row.least_confidence).collect::<Vec<_>>(), 3)
    }

    /// What becomes of promised accuracies ([`OutOfFoldPredictions::answering_for`]), a row each: the fraction of photos that is answered, the
    /// accuracy of these and its 95 % interval. Fractions from 0 to 1.
    ///
    /// # Errors
    /// As [`OutOfFoldPredictions::answering_for`].
    pub fn promises(said: &OutOfFoldPredictions, wanted: &[f64]) -> Result<Table> {
        let rows = wanted.iter().map(|&wanted| said.answering_for(wanted)).collect::<Result<Vec<Answered>>>()?;
        let ends =
            |end: fn(&Interval) -> f64| rows.iter().map(|row| row.interval.as_ref().map(end)).collect::<Vec<_>>();
        let table = Table::new("A promised accuracy, its threshold chosen on other folds")
            .with_numbers("promised", wanted, 2)?
            .with_numbers("answered", &rows.iter().map(|row| row.fraction).collect::<Vec<_>>(), 3)?
            .with_optional_numbers("accuracy", &rows.iter().map(|row| row.accuracy).collect::<Vec<_>>(), 3)?
            .with_optional_numbers("low", &ends(|interval| interval.low), 3)?
            .with_optional_numbers("high", &ends(|interval| interval.high), 3)?;
        Ok(table.with_note("Where nothing is answered, no threshold keeps the promise on the other folds."))
    }

    /// Learning curves, a row for each measured point and, where there are any, for each extrapolated one:
    /// `extrapolated[i]` belongs to `curves[i]`.
    ///
    /// # Errors
    /// As [`Table::confusions`].
    pub fn learning_curves(curves: &[LearningCurve], extrapolated: &[Vec<Extrapolated>]) -> Result<Table> {
        let (mut names, mut kinds, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        for (i, curve) in curves.iter().enumerate() {
            for point in &curve.points {
                names.push(curve.name.clone());
                kinds.push("measured".to_string());
                numbers.push([point.photos, point.accuracy, point.interval.low, point.interval.high]);
            }
            for point in extrapolated.get(i).into_iter().flatten() {
                names.push(curve.name.clone());
                kinds.push("extrapolated".to_string());
                numbers.push([point.photos, point.accuracy, point.low, point.high]);
            }
        }
        let column = |i: usize| numbers.iter().map(|row| row[i]).collect::<Vec<f64>>();
        Table::new("Accuracy against photos to learn from")
            .with_text("method", &names)?
            .with_text("how", &kinds)?
            .with_numbers("photos", &column(0), 0)?
            .with_numbers("accuracy", &column(1), 3)?
            .with_numbers("low", &column(2), 3)?
            .with_numbers("high", &column(3), 3)
    }
}
