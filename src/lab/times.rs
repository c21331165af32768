//! How long each cell of the notebooks took.

use crate::{Error, Result};
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// The longest that a cell may take which trains nothing, in seconds.
const LIMIT: f64 = 2.0;
/// The same for the first cell of a notebook, for which the kernel loads the library.
const FIRST_LIMIT: f64 = 4.0;

/// The time of one cell.
pub(super) struct CellTime {
    /// The notebook's name.
    pub(super) notebook: String,
    /// Which of its code cells, from 1.
    pub(super) cell: usize,
    /// How long it took.
    pub(super) seconds: f64,
    /// Whether it has the tag `trains`: it may take long.
    pub(super) trains: bool,
}

/// Writes all times as a table: notebook, cell, seconds, trains.
pub(super) fn write(file: &Path, times: &[CellTime]) -> Result<()> {
    let mut text = String::from("notebook,cell,seconds,trains\n");
    for time in times {
        let trains = if time.trains { "yes" } else { "no" };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{},{},{:.3},{trains}", quoted(&time.notebook), time.cell, time.seconds);
    }
    fs::write(file, text).map_err(Error::io("cannot write", file))
}

/// A sentence about the cells that train nothing and took long all the same; `None` if there are none.
pub(super) fn slow(times: &[CellTime]) -> Option<String> {
    let slow: Vec<String> = times
        .iter()
        .filter(|time| !time.trains && time.seconds > if time.cell == 1 { FIRST_LIMIT } else { LIMIT })
        .map(|time| format!("{} cell {} ({:.1} s)", time.notebook, time.cell, time.seconds))
        .collect();
    (!slow.is_empty()).then(|| {
        format!(
            "Cells without the tag `trains` that took over {LIMIT:.0} s (a notebook's first over {FIRST_LIMIT:.0} s), \
             which on a busy machine is no defect: {}.",
            slow.join(", ")
        )
    })
}

/// A field of a table in CSV.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(cell: usize, seconds: f64, trains: bool) -> CellTime {
        CellTime { notebook: "03_training".into(), cell, seconds, trains }
    }

    #[test]
    fn cells_that_train_may_take_long_and_the_first_a_little() {
        assert_eq!(slow(&[time(1, 3.9, false), time(2, 1.9, false), time(3, 60.0, true)]), None);
        let said = slow(&[time(1, 4.1, false), time(2, 2.14, false), time(3, 60.0, true)]).unwrap();
        assert!(said.ends_with("03_training cell 1 (4.1 s), 03_training cell 2 (2.1 s)."), "{said}");
    }

    #[test]
    fn the_table_is_csv() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cells.csv");
        let mut odd = time(2, 30.0, true);
        odd.notebook = "my \"own\", new".into();
        write(&file, &[time(1, 0.12345, false), odd]).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        assert_eq!(
            text,
            "notebook,cell,seconds,trains\n03_training,1,0.123,no\n\"my \"\"own\"\", new\",2,30.000,yes\n"
        );
    }
}
