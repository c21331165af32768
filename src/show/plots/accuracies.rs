//! Accuracies with their intervals: of runs, of methods here and published, of false figures beside honest ones.

use super::canvas::refused;
use super::interval_rows::pale;
use super::{Colour, Estimate, Figure, IntervalRows, Mark, Scale};
use crate::Result;
use crate::lessons::Leak;
use crate::metrics::Interval;
use crate::report::discussion::{Measurement, Protocol};
use crate::study::results::Comparison;

/// A line for each experiment, the one with the highest mean first: a dot for each run, a stroke at their mean, which
/// also stands at the right, and behind them the mean of the runs' 95 % intervals; beside what always answering with the
/// majority class has on the same photos. Dots that would hide each other are moved up and down.
///
/// An error if there is no experiment, or one without a run.
pub fn accuracies(comparisons: &[Comparison]) -> Result<Figure> {
    const TITLE: &str = "Accuracy on the test photos";
    if comparisons.is_empty() || comparisons.iter().any(|c| c.rows.is_empty()) {
        return Err(refused(TITLE, "there is no run to draw"));
    }
    let mut sorted: Vec<&Comparison> = comparisons.iter().collect();
    sorted.sort_by(|a, b| b.mean_accuracy.total_cmp(&a.mean_accuracy));
    let mut rows = IntervalRows::new(TITLE, Scale::PercentToLargest);
    for comparison in sorted {
        let runs: Vec<f64> = comparison.rows.iter().map(|row| row.accuracy).collect();
        let mean = Estimate {
            interval: Some(Interval { low: comparison.low, high: comparison.high }),
            mark: Mark::Stroke,
            colour: Colour::INK,
            samples: runs,
            reference: Some(comparison.mean(|row| row.majority)),
            text: percent(comparison.mean_accuracy),
            ..Estimate::new("mean of the runs", comparison.mean_accuracy)
        };
        rows.rows.push((comparison.name.clone(), vec![mean]));
    }
    rows.keys = vec![
        (Mark::Dot, Colour::BLUE, "a run".into()),
        (Mark::Band, pale(), "95 % interval of a run".into()),
        (Mark::Line, Colour::VERMILLION, "always the majority class".into()),
    ];
    rows.draw()
}

/// Two lines for each leak: the false accuracy as a diamond, the honest one as a dot, each with its 95 % interval and in
/// numbers at the right; upright lines at what always answering with the majority class has, `majority`, and at an accuracy
/// that was `published` (by whom, and how much).
///
/// An error if there is no leak.
pub fn leaks(all: &[Leak], majority: f64, published: (&str, f64)) -> Result<Figure> {
    let mut rows = IntervalRows::new("False accuracies beside honest ones", Scale::Percent);
    for leak in all {
        let estimate = |name: &str, value: f64, interval: Interval| Estimate {
            interval: Some(interval),
            text: percent(value),
            ..Estimate::new(name, value)
        };
        let shown = estimate("false", leak.shown, leak.shown_interval);
        let shown = Estimate { mark: Mark::Diamond, colour: Colour::VERMILLION, ..shown };
        rows.rows.push((leak.name.clone(), vec![shown, estimate("honest", leak.honest, leak.honest_interval)]));
    }
    let (majority_name, by) = (format!("always the majority class: {}", percent(majority)), published);
    rows.levels = vec![
        (Mark::Line, Colour::GREY, majority_name, majority),
        (Mark::Dashes, Colour::INK, format!("{}: {:.0} %", by.0, 100.0 * by.1), by.1),
    ];
    rows.draw()
}

/// Accuracies of methods, each with its 95 % interval as a line: as published, by us on one split, and in
/// cross-validation. What belongs to one method stands together, methods in the order in which they first appear; a grey
/// stroke is what always answering with the majority class has on the same photos, where it is known. A measurement
/// without a line is of nobody knows how many photos.
///
/// An error if there is no measurement.
pub fn measurements(all: &[Measurement]) -> Result<Figure> {
    let mut rows = IntervalRows::new("Accuracy with its 95 % interval", Scale::PercentToLargest);
    for measurement in all {
        match rows.rows.iter_mut().find(|(name, _)| *name == measurement.method) {
            Some((_, estimates)) => estimates.push(estimate(measurement)),
            None => rows.rows.push((measurement.method.clone(), vec![estimate(measurement)])),
        }
    }
    if all.iter().any(|measurement| measurement.majority.is_some()) {
        rows.keys.push((Mark::Stroke, Colour::GREY, "always the majority class".into()));
    }
    rows.draw()
}

fn estimate(measurement: &Measurement) -> Estimate {
    let (name, mark, colour) = match measurement.protocol {
        Protocol::Published => ("published", Mark::Diamond, Colour::VERMILLION),
        Protocol::Split => ("here, one split", Mark::Dot, Colour::BLUE),
        Protocol::CrossValidation => ("here, cross-validation", Mark::Square, Colour::GREEN),
    };
    let Measurement { interval, majority: reference, accuracy, .. } = *measurement;
    Estimate { mark, colour, interval, reference, text: percent(accuracy), ..Estimate::new(name, accuracy) }
}

fn percent(fraction: f64) -> String {
    format!("{:.1} %", 100.0 * fraction)
}
