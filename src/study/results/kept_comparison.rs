//! Comparisons that were written into files.

use super::{ClassRow, Comparison, RunRow};
use crate::Result;
use crate::base::compute_version;
use crate::base::csv::Csv;
use std::path::Path;

impl Comparison {
    /// The experiment `name` as `manga compare … --out FOLDER` has left it in `FOLDER/name`: its runs, whose own
    /// folders need not be there any more, and the means of its classes. Scores of each run's classes are not among it.
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io) for a file that is not there, [`Error::Data`](crate::Error::Data) for one that
    /// is otherwise than `manga compare` writes it, with the line and the column.
    pub fn kept(folder: impl AsRef<Path>, name: &str) -> Result<Comparison> {
        let folder = folder.as_ref();
        let folder = folder.join(name);
        let runs = Csv::read(&folder.join("runs.csv"))?;
        let optional = |row: usize, column: &str| match runs.text(row, column)? {
            "" => Ok(None),
            _ => runs.number(row, column).map(Some),
        };
        let row = |row: usize| {
            let number = |column: &str| runs.number(row, column);
            Ok(RunRow {
                run: folder.to_string_lossy().into_owned(),
                network: runs.text(row, "network")?.into(),
                seed: number("seed")? as u64,
                epochs: number("epochs")? as usize,
                best_epoch: optional(row, "best_epoch")?.map(|epoch| epoch as usize),
                accuracy: number("accuracy")?,
                low: number("low")?,
                high: number("high")?,
                majority: number("majority")?,
                macro_f1: number("macro_f1")?,
                classes: Vec::new(),
                seconds: number("seconds")?,
                cpu_seconds: number("cpu_seconds")?,
                peak_memory_mib: optional(row, "peak_memory_mib")?,
                compute_version: runs.text_or(row, "compute_version", compute_version::BEFORE)?.into(),
            })
        };
        let table = Csv::read(&folder.join("classes.csv"))?;
        let class = |row: usize| {
            let number = |column: &str| table.number(row, column);
            Ok(ClassRow {
                name: table.text(row, "class")?.into(),
                precision: number("precision")?,
                recall: number("recall")?,
                f1: number("f1-score")?,
                support: number("support")?,
            })
        };
        let rows = (0..runs.rows.len()).map(row).collect::<Result<_>>()?;
        let classes = (0..table.rows.len()).map(class).collect::<Result<_>>()?;
        Ok(Comparison::of_rows(name.into(), rows, classes))
    }

    /// The names of the experiments in a folder that `manga compare … --out` has written for several, in the order of
    /// its table.
    ///
    /// # Errors
    /// As [`Comparison::kept`].
    pub fn kept_names(folder: impl AsRef<Path>) -> Result<Vec<String>> {
        let folder = folder.as_ref();
        let summary = Csv::read(&folder.join("summary.csv"))?;
        (0..summary.rows.len()).map(|row| summary.text(row, "experiment").map(String::from)).collect()
    }
}
