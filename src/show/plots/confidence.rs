//! How sure a method is, and whether it may be.

use super::canvas::refused;
use super::{Colour, Figure, Line, LineChart, Mark, Quantity, Scale, bars};
use crate::Result;
use crate::metrics::{Answered, ConfidenceBin};

/// A bar for each class, as long as it is probable; all of them together are 100 %. The line marks what a network has that
/// knows nothing: the same for each class.
///
/// An error if there is no class, or not one probability, from 0 to 1, for each.
pub fn probabilities(classes: &[String], probabilities: &[f32]) -> Result<Figure> {
    const TITLE: &str = "How probable each class is";
    let (count, values) = (classes.len(), probabilities.iter().map(|&value| Some(f64::from(value))).collect());
    if count == 0 || count != probabilities.len() || probabilities.iter().any(|v| !(0.0..=1.0).contains(v)) {
        let why = format!("{probabilities:?} are not the probabilities of {count} classes");
        return Err(refused(TITLE, why));
    }
    let texts = probabilities.iter().map(|value| format!("{:.1} %", 100.0 * value)).collect();
    let level = Some(("all the same".into(), 1.0 / count as f64));
    bars(TITLE, classes, &[Quantity { name: String::new(), values, texts, whole: Some(1.0), level }])
}

/// The reliability diagram of a method: for each bin the fraction that was right, with its 95 % interval, over its mean
/// confidence; on the dashed line a method is exactly as often right as it says. Below, how many answers each bin has.
///
/// An error if no bin has an answer.
pub fn reliability(bins: &[ConfidenceBin]) -> Result<Figure> {
    const TITLE: &str = "Reliability: confidence, and how often it is right";
    let total: usize = bins.iter().map(|bin| bin.photos).sum();
    if total == 0 {
        return Err(refused(TITLE, "there is no answer in any bin"));
    }
    let known: Vec<_> = bins
        .iter()
        .filter_map(|bin| Some((bin.confidence?, bin.correct as f64 / bin.photos as f64, bin.interval?)))
        .collect();
    let points: Vec<_> = known.iter().map(|&(confidence, right, _)| (confidence, right)).collect();
    let intervals = known.iter().map(|&(confidence, _, of)| (confidence, of.low, of.high)).collect();
    let fraction = |bin: &ConfidenceBin| bin.photos as f64 / total as f64;
    let columns = bins.iter().map(|bin| (Colour::shade(0.55), bin.from, bin.to, fraction(bin))).collect();
    let name = "answers of about this confidence, with the 95 % interval";
    let diagonal = [(0.0, 0.0), (1.0, 1.0)];
    let diagram = LineChart {
        x: Scale::Percent,
        y: Scale::Percent,
        lines: vec![
            Line { dashed: true, ..Line::coloured("right as often as confident", &diagonal, Colour::GREY) },
            Line { dots: true, intervals, ..Line::coloured("", &points, Colour::BLUE) },
        ],
        keys: vec![(Mark::Dot, Colour::BLUE, name.into())],
        height: 340,
        ..LineChart::new("", "", "fraction right")
    };
    let counts = LineChart {
        x: Scale::Percent,
        y: Scale::PercentToLargest,
        columns,
        height: 170,
        ..LineChart::new("", "confidence", "of all")
    };
    LineChart::grid(TITLE, 1, &[diagram, counts])
}

/// The accuracy of the answers that are given against the fraction of photos that get one, in a band of its 95 % interval;
/// dashed, the accuracy where all are answered.
///
/// An error for fewer than two rows, and rows without an answer.
pub fn answered(rows: &[Answered]) -> Result<Figure> {
    const TITLE: &str = "Answering only the photos of which the method is most confident";
    let known: Vec<_> = rows
        .iter()
        .filter_map(|row| Some((row.fraction, row.accuracy?, row.interval?.low, row.interval?.high)))
        .collect();
    let (Some(last), true) = (known.last(), known.len() == rows.len() && rows.len() > 1) else {
        return Err(refused(TITLE, "it takes two rows or more, each with an answer"));
    };
    let points: Vec<_> = known.iter().map(|row| (row.0, row.1)).collect();
    let band = known.iter().map(|row| (row.0, row.2, row.3)).collect();
    let all = format!("{:.0} % of the photos answered: {:.1} %", 100.0 * last.0, 100.0 * last.1);
    let chart = LineChart {
        x: Scale::Percent,
        y: Scale::Percent,
        lines: vec![Line { dots: true, band, ..Line::new("accuracy of the answers, 95 % interval", &points) }],
        levels: vec![(all, last.1)],
        ..LineChart::new(TITLE, "fraction of the photos that is answered, the most confident answers first", "accuracy")
    };
    chart.draw()
}
