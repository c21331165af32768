//! How quickly the kernel answers, and what it says when its process has ended.

use super::{Tools, ended, kernel};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fmt;

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

/// A cell that takes long enough to be interrupted.
const LONG: &str = "std::thread::sleep(std::time::Duration::from_secs(60));";

/// What the project promises on an idle machine with two cores, in seconds.
const PROMISED: [(&str, f64); 8] = [
    ("ready", 8.0),
    ("first cell", 4.0),
    ("1 + 1", 0.7),
    ("a figure", 0.6),
    ("a figure again", 0.6),
    ("a second notebook, ready", 8.0),
    ("1 + 1 while the other is busy", 0.7),
    ("after an interrupt, 1 + 1", 0.7),
];

/// One measured time.
#[derive(Clone, Debug, Serialize)]
pub struct Time {
    /// What was timed.
    pub name: String,
    /// How long it took.
    pub seconds: f64,
    /// How long it may take on an idle machine, where the project promises that.
    pub promised: Option<f64>,
    /// Whether it took no longer than promised.
    pub met: Option<bool>,
}

/// What a cell said when its process ended, or the next one that needed a variable.
#[derive(Clone, Debug, Serialize)]
pub struct Word {
    /// When.
    pub name: String,
    /// What it said.
    pub said: String,
    /// Whether it said what to do.
    pub helps: bool,
}

/// How comfortable the kernel is, measured.
#[derive(Clone, Debug, Serialize)]
pub struct Latency {
    /// All times.
    pub times: Vec<Time>,
    /// What is said after an interrupt and a crash.
    pub words: Vec<Word>,
}

/// A line of the script.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Time { name: String, seconds: f64 },
    Word { name: String, said: String },
}

/// Starts two kernels as two open notebooks do, runs a few cells, interrupts one and lets one crash, and returns the times
/// it took beside those that the project promises on an idle machine, and what the cells said.
pub fn latency() -> Result<Latency> {
    let tools = Tools::set_up()?;
    let cells = serde_json::to_string(&CELLS).expect("text becomes JSON");
    let mut command = tools.python();
    command.args(["-c", SCRIPT, kernel::NAME, &cells, LONG]);
    let output = command.output().map_err(Error::io("cannot start", &tools.python))?;
    if !output.status.success() {
        return Err(Error::Lab(format!("the kernel does not run:\n{}", String::from_utf8_lossy(&output.stderr))));
    }
    Ok(Latency::of(&String::from_utf8_lossy(&output.stdout)))
}

impl Latency {
    /// From what the script printed.
    fn of(text: &str) -> Latency {
        let mut latency = Latency { times: Vec::new(), words: Vec::new() };
        for line in text.lines().filter_map(|line| serde_json::from_str(line).ok()) {
            match line {
                Line::Time { name, seconds } => {
                    let promised = PROMISED.iter().find(|(of, _)| *of == name).map(|(_, seconds)| *seconds);
                    let met = promised.map(|promised| seconds <= promised);
                    latency.times.push(Time { name, seconds, promised, met });
                }
                Line::Word { name, said } => {
                    let helps = said.contains(ended::REMEDY);
                    latency.words.push(Word { name, said, helps });
                }
            }
        }
        latency
    }
}

impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "{:<52}{:>10}{:>10}", "", "seconds", "promised")?;
        for time in &self.times {
            write!(f, "{:<52}{:>10.2}", time.name, time.seconds)?;
            match (time.promised, time.met) {
                (Some(promised), Some(true)) => writeln!(f, "{promised:>10.1}  met")?,
                (Some(promised), _) => writeln!(f, "{promised:>10.1}  not met")?,
                _ => writeln!(f)?,
            }
        }
        for word in &self.words {
            writeln!(f, "{:<52}{}", word.name, if word.helps { "says what to do" } else { "does not say what to do" })?;
        }
        if self.times.iter().any(|time| time.met == Some(false)) {
            writeln!(f, "The promised times are for an idle machine with two cores.")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_stand_beside_what_is_promised_and_words_are_judged() {
        let said = format!("Subprocess terminated. {}.", ended::REMEDY);
        let lines = [
            serde_json::json!({ "name": "ready", "seconds": 9.0 }),
            serde_json::json!({ "name": "1 + 1", "seconds": 0.5 }),
            serde_json::json!({ "name": "a variable", "seconds": 0.25 }),
            serde_json::json!({ "name": "a crash", "said": said }),
            serde_json::json!({ "name": "an interrupt", "said": "signal: 9 (SIGKILL)" }),
        ];
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let latency = Latency::of(&format!("talk of the kernel\n{text}"));
        let times: Vec<_> = latency.times.iter().map(|time| (time.promised, time.met)).collect();
        assert_eq!(times, [(Some(8.0), Some(false)), (Some(0.7), Some(true)), (None, None)]);
        assert_eq!(latency.words.iter().map(|word| word.helps).collect::<Vec<_>>(), [true, false]);
        let table = latency.to_string();
        assert!(table.contains("9.00       8.0  not met") && table.contains("idle machine"), "{table}");
        assert!(table.contains("does not say what to do"));
    }
}
