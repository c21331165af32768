//! Results as tables: a polars frame with a title, shown as text, as HTML in a notebook, or saved as CSV.

mod claims;
mod comparisons;
mod costs;
mod display;
mod endings;
mod explanations;
mod how_far;
mod leaderboard;
mod leaks;
mod learning_rates;
mod lessons;
mod neighbours;
mod networks;
mod pairs;
mod published;
mod published_counts;
mod results;
mod transfer;

use crate::base::files;
use crate::{Error, Result};
use polars::prelude::{Column, CsvWriter, DataFrame, NamedFrom, SerWriter, Series};
use std::fs::File;
use std::path::Path;

/// A result as a table: named columns of equal length, each of text, whole numbers or numbers, and a title.
///
/// It is built column by column, or from a result by [`Table::counts`], [`Table::history`],
/// [`Table::classification_report`] and [`Table::confusion_matrix`]. The numbers are kept whole; only what is shown is
/// rounded. [`Table::frame`] gives the polars frame for everything else.
///
/// (A type of our own, because a notebook cell can only keep variables of types that this library defines.)
///
/// ```
/// use manga_expressions::show::tables::Table;
///
/// let networks = ["resnet50v2".to_string(), "vgg16".to_string()];
/// let table = Table::new("Accuracy of the networks")
///     .with_text("network", &networks)?
///     .with_integers("photos", &[92, 92])?
///     .with_numbers("accuracy", &[0.5109, 0.2826], 3)?;
/// assert_eq!(table.rows(), 2);
/// assert!(table.to_string().contains("resnet50v2      92     0.511"));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Table {
    title: String,
    note: Option<String>,
    frame: DataFrame,
    /// How each column of `frame` is shown.
    formats: Vec<Format>,
}

/// How the values of a column are shown.
#[derive(Clone, Copy, Debug)]
enum Format {
    Text,
    Integer,
    /// So many digits after the point.
    Decimals(usize),
    /// So many digits from the first that is not 0.
    Significant(usize),
    /// Not at all: it is only saved.
    Hidden,
}

impl Table {
    /// A table without columns.
    pub fn new(title: &str) -> Table {
        Table { title: title.into(), note: None, frame: DataFrame::empty(), formats: Vec::new() }
    }

    /// The same table with one more column, of text. An error if its length or its name does not fit the others.
    pub fn with_text(self, name: &str, values: &[String]) -> Result<Table> {
        self.with(Series::new(name.into(), values), Format::Text)
    }

    /// The same table with one more column, of whole numbers. An error if its length or its name does not fit.
    pub fn with_integers(self, name: &str, values: &[usize]) -> Result<Table> {
        let values: Vec<u64> = values.iter().map(|&v| v as u64).collect();
        self.with(Series::new(name.into(), values), Format::Integer)
    }

    /// As [`Table::with_integers`]; `None` leaves the cell empty.
    pub fn with_optional_integers(self, name: &str, values: &[Option<usize>]) -> Result<Table> {
        let values: Vec<Option<u64>> = values.iter().map(|value| value.map(|v| v as u64)).collect();
        self.with(Series::new(name.into(), values), Format::Integer)
    }

    /// The same table with one more column, of numbers shown with `decimals` digits after the point. An error if its
    /// length or its name does not fit.
    pub fn with_numbers(self, name: &str, values: &[f64], decimals: usize) -> Result<Table> {
        self.with(Series::new(name.into(), values), Format::Decimals(decimals))
    }

    /// As [`Table::with_numbers`]; `None` leaves the cell empty.
    pub fn with_optional_numbers(self, name: &str, values: &[Option<f64>], decimals: usize) -> Result<Table> {
        self.with(Series::new(name.into(), values), Format::Decimals(decimals))
    }

    /// The same table with one more column, of numbers of very different size, as learning rates: shown with `digits`
    /// digits from the first that is not 0. An error if its length or its name does not fit.
    pub fn with_significant_numbers(self, name: &str, values: &[f64], digits: usize) -> Result<Table> {
        self.with(Series::new(name.into(), values), Format::Significant(digits))
    }

    /// As [`Table::with_significant_numbers`]; `None` leaves the cell empty.
    pub fn with_optional_significant_numbers(self, name: &str, values: &[Option<f64>], digits: usize) -> Result<Table> {
        self.with(Series::new(name.into(), values), Format::Significant(digits))
    }

    /// The same table with a line of text under it.
    pub fn with_note(mut self, note: &str) -> Table {
        self.note = Some(note.into());
        self
    }

    /// The same table with one more column, `compute_version`: the [`COMPUTE_VERSION`](crate::COMPUTE_VERSION) that each
    /// row was made with; empty where nobody wrote it down. Where it is the same in all rows, the column is only saved, and
    /// what is shown says it under the table.
    pub(crate) fn with_compute_versions(self, versions: &[Option<String>]) -> Result<Table> {
        let column = Series::new("compute_version".into(), versions);
        let Some(first) = versions.first().filter(|first| versions.iter().all(|one| one == *first)) else {
            return self.with(column, Format::Text);
        };
        let mut table = self.with(column, Format::Hidden)?;
        if let Some(version) = first {
            let told = format!("Compute version {version}.");
            table.note = Some(table.note.map_or(told.clone(), |note| format!("{note} {told}")));
        }
        Ok(table)
    }

    fn with(mut self, column: Series, format: Format) -> Result<Table> {
        let columns = [self.frame.columns(), &[Column::from(column)]].concat();
        self.frame = DataFrame::new_infer_height(columns).map_err(|e| self.error(&e))?;
        self.formats.push(format);
        Ok(self)
    }

    /// What the table is of.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The line of text under it.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// How many rows there are, without the header.
    pub fn rows(&self) -> usize {
        self.frame.height()
    }

    /// The values as a polars frame.
    pub fn frame(&self) -> &DataFrame {
        &self.frame
    }

    /// Writes the values to a CSV file with a header, each number in full.
    pub fn save_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        // Writing takes the frame mutably, to join its chunks.
        let mut frame = self.frame.clone();
        files::replace(path, &mut |path| {
            let mut file = File::create(path).map_err(Error::io("cannot write", path))?;
            CsvWriter::new(&mut file).finish(&mut frame).map_err(|e| self.error(&e))
        })
    }

    /// Writes it as Markdown. The file is replaced whole.
    ///
    /// # Errors
    /// [`Error::Io`] where it cannot be written.
    pub fn save_markdown(&self, path: impl AsRef<Path>) -> Result<()> {
        files::replace_text(path.as_ref(), &self.markdown())
    }

    fn error(&self, why: &dyn std::fmt::Display) -> Error {
        Error::output(format!("table {:?}", self.title), why)
    }
}
