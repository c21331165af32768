//! Tables of the results.

use super::Table;
use crate::data::{Dataset, Sides, Split, Summary};
use crate::metrics::{ClassificationReport, ConfusionMatrix, Scores};
use crate::training::{Epoch, History};
use crate::{Error, Result};

impl Table {
    /// How many photos each class has, and their fraction of all, with the sum in the last row.
    ///
    /// An error if there are not as many counts as classes.
    pub fn counts(classes: &[String], counts: &[usize]) -> Result<Table> {
        if classes.len() != counts.len() {
            let why = format!("there are {} classes and {} counts", classes.len(), counts.len());
            return Err(Error::output("table of photos per class", why));
        }
        let total: usize = counts.iter().sum();
        let names = [classes, &["total".to_string()]].concat();
        let counts = [counts, &[total]].concat();
        let fractions: Vec<f64> = counts.iter().map(|&count| 100.0 * count as f64 / total.max(1) as f64).collect();
        Table::new("Photos per class").with_text("class", &names)?.with_integers("photos", &counts)?.with_numbers(
            "fraction in %",
            &fractions,
            1,
        )
    }

    /// A data set in numbers, a row for each class: photos, and the longer side of the smallest, the median and the
    /// largest. The note says what was left out.
    pub fn data_summary(summary: &Summary) -> Result<Table> {
        let counts: Vec<usize> = summary.classes.iter().map(|class| summary.counts[class]).collect();
        let sides = |value: fn(&Sides) -> f64| {
            let classes = summary.classes.iter();
            classes.map(|class| value(&summary.sides[class])).collect::<Vec<_>>()
        };
        let unused: Vec<String> = summary.unused.iter().map(|file| format!("{}: {}", file.path, file.reason)).collect();
        let note = match unused.len() {
            0 => "Every file is used.".to_string(),
            n => format!("{n} not used: {}", unused.join("; ")),
        };
        let table = Table::new(&format!("{} photos: {}", summary.total, summary.folder))
            .with_text("class", &summary.classes)?
            .with_integers("photos", &counts)?
            .with_numbers("smallest", &sides(|s| s.smallest as f64), 0)?
            .with_numbers("median", &sides(|s| s.median), 0)?
            .with_numbers("largest", &sides(|s| s.largest as f64), 0)?;
        Ok(table.with_note(&note))
    }

    /// How many photos of each class are in each part of a split.
    ///
    /// An error if the split is of another data set.
    pub fn split(dataset: &Dataset, split: &Split) -> Result<Table> {
        if split.len() != dataset.len() {
            let (a, b) = (split.len(), dataset.len());
            return Err(Error::Invalid(format!("the split is of {a} photos, the data set has {b}")));
        }
        let count = |part: &[usize]| {
            let mut counts = vec![0; dataset.classes().len()];
            part.iter().for_each(|&i| counts[dataset.labels()[i]] += 1);
            counts
        };
        Table::new("Photos in each part of the split")
            .with_text("class", dataset.classes())?
            .with_integers("train", &count(split.train()))?
            .with_integers("validation", &count(split.validation()))?
            .with_integers("test", &count(split.test()))
    }

    /// The epochs of a training, a row each; accuracies are fractions from 0 to 1, times are in seconds.
    pub fn history(history: &History) -> Result<Table> {
        let numbers = |value: fn(&Epoch) -> f64| history.epochs.iter().map(value).collect::<Vec<_>>();
        let optional = |value: fn(&Epoch) -> Option<f64>| history.epochs.iter().map(value).collect::<Vec<_>>();
        let epochs: Vec<usize> = history.epochs.iter().map(|e| e.epoch).collect();
        let table = Table::new("Training, epoch by epoch")
            .with_integers("epoch", &epochs)?
            .with_numbers("train_loss", &numbers(|e| e.train_loss), 4)?
            .with_numbers("train_accuracy", &numbers(|e| e.train_accuracy), 3)?
            .with_optional_numbers("validation_loss", &optional(|e| e.validation_loss), 4)?
            .with_optional_numbers("validation_accuracy", &optional(|e| e.validation_accuracy), 3)?
            .with_significant_numbers("learning_rate", &numbers(|e| e.learning_rate), 3)?
            .with_numbers("seconds", &numbers(|e| e.seconds), 1)?
            .with_numbers("cpu_seconds", &numbers(|e| e.cpu_seconds), 1)?;
        let best = history.best_epoch.map(|epoch| format!("The weights of epoch {epoch} were kept."));
        let note: Vec<String> = best.into_iter().chain(history.stopped.clone()).collect();
        Ok(if note.is_empty() { table } else { table.with_note(&note.join(" ")) })
    }

    /// Precision, recall, F1 and support of each class, then the accuracy and both averages, as scikit-learn's
    /// report has them.
    pub fn classification_report(report: &ClassificationReport) -> Result<Table> {
        let total = report.macro_average.support;
        let scores = report.classes.iter().map(|c| (c.name.clone(), &c.scores));
        let averages = [("macro avg", &report.macro_average), ("weighted avg", &report.weighted_average)];
        let mut rows: Vec<(String, Option<&Scores>)> = scores.map(|(name, s)| (name, Some(s))).collect();
        rows.push(("accuracy".into(), None));
        rows.extend(averages.map(|(name, s)| (name.to_string(), Some(s))));

        let names: Vec<String> = rows.iter().map(|(name, _)| name.clone()).collect();
        let column = |value: fn(&Scores) -> f64| rows.iter().map(|(_, s)| s.map(value)).collect::<Vec<_>>();
        // The accuracy stands in the column of F1, as in scikit-learn's text.
        let f1: Vec<f64> = rows.iter().map(|(_, s)| s.map_or(report.accuracy, |s| s.f1)).collect();
        let support: Vec<usize> = rows.iter().map(|(_, s)| s.map_or(total, |s| s.support)).collect();
        Table::new("Classification report")
            .with_text("class", &names)?
            .with_optional_numbers("precision", &column(|s| s.precision), 2)?
            .with_optional_numbers("recall", &column(|s| s.recall), 2)?
            .with_numbers("f1-score", &f1, 2)?
            .with_integers("support", &support)
    }

    /// The counts of a confusion matrix: true classes in rows, predicted ones in columns.
    ///
    /// An error if a class is called as the first column, `true \ predicted`.
    pub fn confusion_matrix(matrix: &ConfusionMatrix) -> Result<Table> {
        let classes = matrix.classes();
        let table = Table::new("Confusion matrix").with_text("true \\ predicted", classes)?;
        classes.iter().enumerate().try_fold(table, |table, (predicted, class)| {
            let column: Vec<usize> = matrix.counts().iter().map(|row| row[predicted]).collect();
            table.with_integers(class, &column)
        })
    }
}
