//! How trainings end, and what that does to their accuracy, as a table.

use super::Table;
use crate::Result;
use crate::study::experiment::EndingRow;

impl Table {
    /// A row for each recipe, ending and kind of batch norm statistics. Accuracies and `macro_f1` are fractions from 0 to 1;
    /// `low` and `high` are the means of the ends of the seeds' 95 % intervals; `chosen_on` says which photos decide the
    /// epoch, and `epochs` which one each seed keeps.
    ///
    /// # Errors
    /// None that could happen here.
    pub fn endings(rows: &[EndingRow]) -> Result<Table> {
        let text = |value: &dyn Fn(&EndingRow) -> String| rows.iter().map(value).collect::<Vec<_>>();
        let number = |value: &dyn Fn(&EndingRow) -> f64| rows.iter().map(value).collect::<Vec<_>>();
        let epochs = |row: &EndingRow| row.epochs.iter().map(usize::to_string).collect::<Vec<_>>().join(" ");
        let lowest = |row: &EndingRow| row.accuracies.iter().copied().fold(f64::INFINITY, f64::min);
        let highest = |row: &EndingRow| row.accuracies.iter().copied().fold(0.0, f64::max);
        let seeds: Vec<usize> = rows.iter().map(|row| row.accuracies.len()).collect();
        let deviations: Vec<Option<f64>> = rows.iter().map(|row| row.deviation).collect();
        let table = Table::new("How a training ends")
            .with_text("recipe", &text(&|row| row.recipe.clone()))?
            .with_text("ending", &text(&|row| row.ending.to_string()))?
            .with_text("chosen_on", &text(&|row| row.ending.chosen_on().to_string()))?
            .with_text("statistics", &text(&|row| row.statistics.clone()))?
            .with_integers("seeds", &seeds)?
            .with_text("epochs", &text(&epochs))?
            .with_numbers("accuracy", &number(&|row| row.accuracy), 3)?
            .with_optional_numbers("deviation", &deviations, 3)?
            .with_numbers("min_accuracy", &number(&lowest), 3)?
            .with_numbers("max_accuracy", &number(&highest), 3)?
            .with_numbers("low", &number(&|row| row.interval.low), 3)?
            .with_numbers("high", &number(&|row| row.interval.high), 3)?
            .with_numbers("macro_f1", &number(&|row| row.macro_f1), 3)?
            .with_numbers("classes_predicted", &number(&|row| row.classes_predicted), 1)?
            .with_numbers("train_accuracy", &number(&|row| row.train_accuracy), 3)?;
        Ok(table.with_note(
            "Means over the seeds. Statistics are what batch norms normalise by when the network is asked: running ones of \
             a momentum, or measured again on the training photos after the training.",
        ))
    }
}
