//! A published number, our numbers, and whether they agree.

use crate::Result;
use crate::metrics::{CrossValidationScores, Difference, Interval};
use crate::net::nn::grouped;
use crate::study::experiment::EndingRow;
use crate::study::results::Comparison;
use serde::Serialize;
use std::fmt;

/// A number as the report prints it, with the values that would be printed like that; or a statement without a number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Published {
    shown: String,
    range: Option<(f64, f64)>,
}

impl Published {
    /// A fraction that is printed as whole percent: all that rounds to it.
    pub fn percent(percent: f64) -> Published {
        Published { shown: format!("{percent} %"), range: Some(((percent - 0.5) / 100.0, (percent + 0.5) / 100.0)) }
    }

    /// A whole number.
    pub fn count(count: usize) -> Published {
        Published { shown: grouped(count), range: Some((count as f64, count as f64)) }
    }

    /// Anything from one value to another.
    pub fn range(shown: &str, low: f64, high: f64) -> Published {
        Published { shown: shown.into(), range: Some((low, high)) }
    }

    /// No number, or several that are checked one by one.
    pub fn statement(shown: &str) -> Published {
        Published { shown: shown.into(), range: None }
    }
}

/// What we have beside a published number or statement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ours {
    shown: String,
    decides: Decides,
}

/// How our numbers are compared with what was published.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Decides {
    /// By these values, with which ours is compatible.
    Range(f64, f64),
    /// The statement holds of our numbers, or does not.
    Statement(bool),
    /// They decide nothing.
    Nothing,
}

impl Ours {
    /// A whole number, without chance.
    pub fn count(count: usize) -> Ours {
        Ours { shown: grouped(count), decides: Decides::Range(count as f64, count as f64) }
    }

    /// An accuracy with its 95 % interval.
    pub fn accuracy(accuracy: f64, interval: Interval) -> Ours {
        Ours { shown: shown(accuracy, interval, None), decides: Decides::Range(interval.low, interval.high) }
    }

    /// The runs of a recipe on splits like the report's: mean, 95 % interval of one run, range of the seeds.
    pub fn runs(runs: &Comparison) -> Ours {
        let accuracies: Vec<f64> = runs.rows.iter().map(|row| row.accuracy).collect();
        Ours::seeds(runs.mean_accuracy, Interval { low: runs.low, high: runs.high }, &accuracies)
    }

    /// Trainings of one recipe that were ended in one way.
    pub fn ended(row: &EndingRow) -> Ours {
        Ours::seeds(row.accuracy, row.interval, &row.accuracies)
    }

    /// A method in repeated cross-validation.
    pub fn crossed(scores: &CrossValidationScores) -> Ours {
        Ours::accuracy(scores.accuracy, scores.interval)
    }

    /// A mean over seeds: the 95 % interval of one run, and the range of the seeds.
    pub(super) fn seeds(mean: f64, interval: Interval, accuracies: &[f64]) -> Ours {
        let (low, high) = range(accuracies.iter().copied());
        let decides = Decides::Range(interval.low.min(low), interval.high.max(high));
        Ours { shown: shown(mean, interval, Some((low, high, accuracies.len()))), decides }
    }

    /// Values that were all found, as of several seeds or networks.
    pub fn between(shown: String, values: impl Iterator<Item = f64>) -> Ours {
        let (low, high) = range(values);
        Ours { shown, decides: Decides::Range(low, high) }
    }

    /// Whether a statement holds, with the numbers that say so.
    pub fn holds(holds: bool, shown: String) -> Ours {
        Ours { shown, decides: Decides::Statement(holds) }
    }

    /// "The first is higher": it holds if the 95 % interval of the difference is above 0, does not if it is below, and is
    /// not decided otherwise.
    pub fn higher(what: &str, difference: &Difference) -> Ours {
        Ours::all_higher(&[(what.into(), *difference)])
    }

    /// "The first of each pair is higher": it holds if all intervals are above 0, does not if one is below, and is not decided
    /// otherwise.
    pub fn all_higher(differences: &[(String, Difference)]) -> Ours {
        let shown: Vec<String> = differences.iter().map(|(what, one)| format!("{what}: {}", points(one))).collect();
        let decides = if differences.iter().all(|(_, one)| one.low > 0.0) {
            Decides::Statement(true)
        } else if differences.iter().any(|(_, one)| one.high < 0.0) {
            Decides::Statement(false)
        } else {
            Decides::Nothing
        };
        Ours { shown: shown.join("; "), decides }
    }

    /// "They are about the same": it holds if the 95 % interval of each difference has 0 in it.
    pub fn alike(differences: &[(String, Difference)]) -> Ours {
        let shown: Vec<String> = differences.iter().map(|(what, one)| format!("{what}: {}", points(one))).collect();
        Ours::holds(differences.iter().all(|(_, one)| !one.is_decided()), shown.join("; "))
    }

    /// Numbers that decide nothing.
    pub fn undecided(shown: String) -> Ours {
        Ours { shown, decides: Decides::Nothing }
    }

    /// Whether these numbers agree with what was published; none where they decide nothing.
    ///
    /// ```
    /// use manga_expressions::report::claims::{Ours, Published};
    /// use manga_expressions::metrics::Interval;
    ///
    /// let ours = Ours::accuracy(20.0 / 91.0, Interval::wilson(20, 91)?);
    /// assert_eq!(ours.agrees_with(&Published::percent(20.0)), Some(true));
    /// assert_eq!(ours.agrees_with(&Published::percent(51.0)), Some(false));
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn agrees_with(&self, published: &Published) -> Option<bool> {
        match (self.decides, published.range) {
            (Decides::Range(low, high), Some((from, to))) => Some(low <= to && from <= high),
            (Decides::Statement(holds), _) => Some(holds),
            (Decides::Range(..), None) | (Decides::Nothing, _) => None,
        }
    }

    /// The same numbers under a name.
    pub fn named(self, name: &str) -> Ours {
        Ours { shown: format!("{name}: {}", self.shown), ..self }
    }
}

/// The difference between the accuracies of two methods in cross-validation on the same photos. The interval takes the
/// photos for different ones, which makes it rather too wide.
pub(super) fn difference(first: &CrossValidationScores, second: &CrossValidationScores) -> Result<Difference> {
    Difference::of_fractions(first.accuracy, first.images, second.accuracy, second.images)
}

/// `34.4 % (25.6 to 44.5; 3 seeds 25.3 to 46.2)`: the 95 % interval of one run, and the range of all.
fn shown(accuracy: f64, interval: Interval, seeds: Option<(f64, f64, usize)>) -> String {
    let ends = format!("{} to {}", number(interval.low), number(interval.high));
    let seeds = match seeds {
        None => String::new(),
        Some((_, _, 1)) => "; one seed".into(),
        Some((low, high, seeds)) if low == high => format!("; all {seeds} seeds {}", number(low)),
        Some((low, high, seeds)) => format!("; {seeds} seeds {} to {}", number(low), number(high)),
    };
    format!("{} % ({ends}{seeds})", number(accuracy))
}

/// A fraction in percent, without the sign.
pub(super) fn number(fraction: f64) -> String {
    format!("{:.1}", 100.0 * fraction)
}

/// `+9.1 points (-3.8 to +21.6)`
fn points(difference: &Difference) -> String {
    let [value, low, high] = [difference.difference, difference.low, difference.high].map(|one| 100.0 * one);
    format!("{value:+.1} points ({low:+.1} to {high:+.1})")
}

/// The least and the largest.
pub(super) fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(&self.shown)
    }
}

impl fmt::Display for Ours {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(&self.shown)
    }
}
