//! The experiments of a notebook side by side.

use super::Table;
use crate::Result;
use crate::lessons::Lessons;
use crate::study::experiment::TrainedRun;

impl Table {
    /// A row for each experiment: accuracy on the test photos with its 95 % interval and beside always answering with the
    /// majority class, macro F1, epochs that were trained, and what they took. Accuracies are fractions from 0 to 1. What was
    /// left out stands under the table, with the reason.
    pub fn lessons(lessons: &Lessons) -> Result<Table> {
        let all = lessons.all();
        let number = |value: fn(&TrainedRun) -> f64| all.iter().map(value).collect::<Vec<_>>();
        let epochs: Vec<usize> = all.iter().map(|lesson| lesson.history.epochs.len()).collect();
        let table = Table::new("Trained one after the other")
            .with_text("experiment", &lessons.names())?
            .with_numbers("accuracy", &number(|lesson| lesson.evaluation.accuracy.accuracy), 3)?
            .with_numbers("low", &number(|lesson| lesson.evaluation.accuracy.interval.low), 3)?
            .with_numbers("high", &number(|lesson| lesson.evaluation.accuracy.interval.high), 3)?
            .with_numbers("majority", &number(|lesson| lesson.evaluation.accuracy.baseline.accuracy), 3)?
            .with_numbers("macro_f1", &number(|lesson| lesson.evaluation.report.macro_average.f1), 2)?
            .with_integers("epochs", &epochs)?
            .with_numbers("seconds", &number(TrainedRun::seconds), 1)?
            .with_numbers("cpu_seconds", &number(TrainedRun::cpu_seconds), 1)?;
        let left: Vec<String> = lessons.left_out().iter().map(|left| format!("{}: {}.", left.name, left.why)).collect();
        Ok(if left.is_empty() { table } else { table.with_note(&format!("Left out: {}", left.join(" "))) })
    }
}
