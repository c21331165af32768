//! How much time a run of the notebooks may take.

use crate::{Error, Result};
use std::fmt;
use std::str::FromStr;

/// How much time a run of the notebooks may take; the shorter is the smaller, so that `budget.min(Budget::Class)` is at
/// most a lesson.
///
/// ```
/// use manga_expressions::lessons::Budget;
///
/// assert_eq!("class".parse::<Budget>()?, Budget::Class);
/// assert_eq!(Budget::Smoke.to_string(), "smoke");
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Budget {
    /// Minutes: everything runs, nothing is learnt properly.
    Smoke,
    /// A lesson: enough to see a network learn.
    Class,
    /// The report's epochs, size and learning rate, whatever it takes.
    Report,
}

impl Budget {
    /// The name of the environment variable that tells a notebook its budget.
    pub const VARIABLE: &'static str = "MANGA_BUDGET";

    /// All budgets, the shortest first.
    pub const ALL: [Budget; 3] = [Budget::Smoke, Budget::Class, Budget::Report];

    /// What `reproduce --budget` or the environment variable `MANGA_BUDGET` asks for; [`Budget::Class`] where neither
    /// does. A word that is no budget is an error.
    pub fn of_this_run() -> Result<Budget> {
        match std::env::var(Budget::VARIABLE) {
            Ok(word) if !word.is_empty() => word.parse(),
            _ => Ok(Budget::Class),
        }
    }

    /// As written on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Budget::Smoke => "smoke",
            Budget::Class => "class",
            Budget::Report => "report",
        }
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Budget {
    type Err = Error;

    fn from_str(word: &str) -> Result<Budget> {
        Budget::ALL
            .into_iter()
            .find(|budget| budget.as_str() == word)
            .ok_or_else(|| Error::Invalid(format!("'{word}' is no budget: choose smoke, class or report")))
    }
}
