//! Tables of runs side by side.

use super::Table;
use crate::Result;
use crate::study::results::{ClassRow, Comparison, RunRow};

impl Table {
    /// Finished runs side by side, a row each; accuracies are fractions from 0 to 1, times are in seconds.
    pub fn comparison(comparison: &Comparison) -> Result<Table> {
        let rows = &comparison.rows;
        let text = |value: fn(&RunRow) -> String| rows.iter().map(value).collect::<Vec<_>>();
        let number = |value: fn(&RunRow) -> f64| rows.iter().map(value).collect::<Vec<_>>();
        let seeds: Vec<usize> = rows.iter().map(|row| row.seed as usize).collect();
        let epochs: Vec<usize> = rows.iter().map(|row| row.epochs).collect();
        let best: Vec<Option<f64>> = rows.iter().map(|row| row.best_epoch.map(|epoch| epoch as f64)).collect();
        let memory: Vec<Option<f64>> = rows.iter().map(|row| row.peak_memory_mib).collect();
        let table = Table::new("Runs side by side")
            .with_text("network", &text(|row| row.network.clone()))?
            .with_integers("seed", &seeds)?
            .with_integers("epochs", &epochs)?
            .with_optional_numbers("best_epoch", &best, 0)?
            .with_numbers("accuracy", &number(|row| row.accuracy), 3)?
            .with_numbers("low", &number(|row| row.low), 3)?
            .with_numbers("high", &number(|row| row.high), 3)?
            .with_numbers("majority", &number(|row| row.majority), 3)?
            .with_numbers("macro_f1", &number(|row| row.macro_f1), 3)?
            .with_numbers("seconds", &number(|row| row.seconds), 0)?
            .with_numbers("cpu_seconds", &number(|row| row.cpu_seconds), 0)?
            .with_optional_numbers("peak_memory_mib", &memory, 0)?;
        table
            .with_note(&format!("{comparison}."))
            .with_compute_versions(&rows.iter().map(|row| Some(row.compute_version.clone())).collect::<Vec<_>>())
    }

    /// Precision, recall and F1 of each class, and how many test photos it has: means over the runs.
    pub fn compared_classes(comparison: &Comparison) -> Result<Table> {
        let classes = &comparison.classes;
        let names: Vec<String> = classes.iter().map(|class| class.name.clone()).collect();
        let number = |value: fn(&ClassRow) -> f64| classes.iter().map(value).collect::<Vec<_>>();
        let table = Table::new("Scores of each class")
            .with_text("class", &names)?
            .with_numbers("precision", &number(|class| class.precision), 2)?
            .with_numbers("recall", &number(|class| class.recall), 2)?
            .with_numbers("f1-score", &number(|class| class.f1), 2)?
            .with_numbers("support", &number(|class| class.support), 1)?;
        Ok(table.with_note(&format!("Means over {} runs.", comparison.rows.len())))
    }

    /// Experiments side by side, a row each: means over their runs, and the standard deviation of the accuracies.
    ///
    /// `low` and `high` are the means of the ends of the runs' 95 % intervals, as [`Comparison`] explains. The memory is
    /// left out where a run does not know it.
    pub fn comparisons(comparisons: &[Comparison]) -> Result<Table> {
        let mean = |value: fn(&RunRow) -> f64| comparisons.iter().map(|c| c.mean(value)).collect::<Vec<_>>();
        let number = |value: fn(&Comparison) -> f64| comparisons.iter().map(value).collect::<Vec<_>>();
        let names: Vec<String> = comparisons.iter().map(|c| c.name.clone()).collect();
        let runs: Vec<usize> = comparisons.iter().map(|c| c.rows.len()).collect();
        let deviations: Vec<Option<f64>> = comparisons.iter().map(|c| c.deviation).collect();
        // One unknown number makes the mean unknown.
        let memory = mean(|row| row.peak_memory_mib.unwrap_or(f64::NAN));
        let memory: Vec<Option<f64>> = memory.into_iter().map(|mib| Some(mib).filter(|mib| mib.is_finite())).collect();
        let table = Table::new("Experiments side by side")
            .with_text("experiment", &names)?
            .with_integers("runs", &runs)?
            .with_numbers("accuracy", &number(|c| c.mean_accuracy), 3)?
            .with_optional_numbers("deviation", &deviations, 3)?
            .with_numbers("low", &number(|c| c.low), 3)?
            .with_numbers("high", &number(|c| c.high), 3)?
            .with_numbers("majority", &mean(|row| row.majority), 3)?
            .with_numbers("macro_f1", &mean(|row| row.macro_f1), 3)?
            .with_numbers("epochs", &mean(|row| row.epochs as f64), 1)?
            .with_numbers("seconds", &mean(|row| row.seconds), 0)?
            .with_numbers("cpu_seconds", &mean(|row| row.cpu_seconds), 0)?
            .with_optional_numbers("peak_memory_mib", &memory, 0)?;
        let table = table.with_note(
            "Means over the runs; deviation: standard deviation of their accuracies; low, high: means of the ends of \
             their 95 % intervals.",
        );
        let versions: Vec<Option<String>> = comparisons.iter().map(|c| Some(c.compute_versions())).collect();
        table.with_compute_versions(&versions)
    }
}
