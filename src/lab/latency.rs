//! How long the kernel takes.

use super::{Tools, kernel};
use crate::{Error, Result};
use serde::Deserialize;

const SCRIPT: &str = include_str!("latency.py");

/// The cells that are timed: their names and code.
const CELLS: [(&str, &str); 5] = [
    ("first cell", "use manga_expressions::prelude::*;\nlet x = 1;"),
    ("1 + 1", "1 + 1"),
    ("a variable", "let y = vec![x as f64, 2.0];"),
    ("a figure", FIGURE),
    ("a figure again", FIGURE),
];

/// A cell that shows a figure.
const FIGURE: &str = "class_counts(&[\"sad\".to_string(), \"happy\".to_string()], &[37, 86])?";

/// One cell's time in seconds.
#[derive(Deserialize)]
struct Time {
    name: String,
    seconds: f64,
}

/// Starts the kernel once, runs a few cells, and returns a table of the times it took.
///
/// The times that the project promises on an idle machine: ready within 12 s, the first cell within 6 s, `1 + 1` and a
/// figure within 1.2 s each.
pub fn latency() -> Result<String> {
    let tools = Tools::set_up()?;
    let cells = serde_json::to_string(&CELLS).expect("text becomes JSON");
    let mut command = tools.python();
    command.args(["-c", SCRIPT, kernel::NAME, &cells]);
    let output = command.output().map_err(Error::io("cannot start", &tools.python))?;
    if !output.status.success() {
        return Err(Error::Lab(format!("the kernel does not run:\n{}", String::from_utf8_lossy(&output.stderr))));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let mut table = String::new();
    for time in text.lines().filter_map(|line| serde_json::from_str::<Time>(line).ok()) {
        table += &format!("{:<24}{:>7.2} s\n", time.name, time.seconds);
    }
    Ok(table)
}
