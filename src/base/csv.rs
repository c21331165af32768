//! Reading the tables that the project itself has written.

use crate::{Error, Result};
use std::path::Path;

/// A table as [`Table::save_csv`](crate::show::tables::Table::save_csv) writes it, of names and numbers without commas.
pub(crate) struct Csv {
    path: String,
    columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Csv {
    pub fn read(path: &Path) -> Result<Csv> {
        let text =
            std::fs::read_to_string(path).map_err(Error::io("results/make.sh makes the results; cannot read", path))?;
        let fields = |line: &str| line.split(',').map(String::from).collect::<Vec<_>>();
        let mut lines = text.lines().map(fields);
        let (path, columns) = (path.display().to_string(), lines.next().unwrap_or_default());
        let rows: Vec<Vec<String>> = lines.collect();
        if rows.is_empty() {
            return Err(Error::Data(format!("{path} has no row: results/make.sh makes it")));
        }
        Ok(Csv { path, columns, rows })
    }

    /// What stands in a row, from 0, under the name of a column.
    pub fn text(&self, row: usize, column: &str) -> Result<&str> {
        let place = self.columns.iter().position(|name| name == column);
        place
            .and_then(|place| self.rows[row].get(place))
            .map(String::as_str)
            .ok_or_else(|| Error::Data(format!("{}, line {}: there is no column {column}", self.path, row + 2)))
    }

    /// The same, or `otherwise` in a table without such a column.
    pub fn text_or<'a>(&'a self, row: usize, column: &str, otherwise: &'a str) -> Result<&'a str> {
        if self.columns.iter().any(|name| name == column) { self.text(row, column) } else { Ok(otherwise) }
    }

    /// The same as a number.
    pub fn number(&self, row: usize, column: &str) -> Result<f64> {
        let text = self.text(row, column)?;
        text.parse().map_err(|_| {
            Error::Data(format!("{}, line {}: {text:?} in column {column} is no number", self.path, row + 2))
        })
    }
}

/// A text as a field of CSV.
pub(crate) fn quoted(text: &str) -> String {
    let plain = !text.is_empty() && !text.contains(['"', ',', '\n', '\r']);
    if plain { text.to_string() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}
