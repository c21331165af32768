//! Accuracy against what it depends on: the number of neighbours, of photos to learn from.

use super::canvas::refused;
use super::{Colour, Figure, Line, LineChart, Mark, Scale};
use crate::Result;
use crate::metrics::{Baseline, Extrapolated, LearningCurve};
use crate::study::neighbours::{NeighbourAccuracy, NeighbourScore};

/// The accuracy of k-nearest neighbours against `k` (the report's figure 20): a line for each result, as of several
/// features, in a band of its 95 % interval; dashed, what always answering with the majority class would reach.
///
/// An error if there is no result, or one without a score.
pub fn neighbour_accuracy(results: &[NeighbourAccuracy]) -> Result<Figure> {
    const TITLE: &str = "k-nearest neighbours: accuracy against k";
    if results.is_empty() || results.iter().any(|result| result.scores.is_empty()) {
        return Err(refused(TITLE, "there is no accuracy to draw: cross-validate first"));
    }
    let axes = LineChart::new(TITLE, "k: how many neighbours vote", "accuracy");
    let mut chart = LineChart { x: Scale::Whole, y: Scale::PercentToLargest, ..axes };
    for result in results {
        let NeighbourScore { k, accuracy, .. } = result.best();
        let name = format!("{} (highest: {:.1} %, k = {k})", result.features, 100.0 * accuracy);
        let points: Vec<_> = result.scores.iter().map(|score| (score.k as f64, score.accuracy)).collect();
        let band =
            result.scores.iter().map(|score| (score.k as f64, score.interval.low, score.interval.high)).collect();
        chart.lines.push(Line { dots: true, band, ..Line::new(&name, &points) });
    }
    for Baseline { class, accuracy } in results.iter().map(|result| &result.baseline) {
        let level = (format!("always \"{class}\": {:.1} %", 100.0 * accuracy), *accuracy);
        if !chart.levels.contains(&level) {
            chart.levels.push(level);
        }
    }
    chart.draw()
}

/// Learning curves on a logarithmic axis, measured points with their 95 % intervals; dashed and in a band, what a curve would
/// come to if it went on as it does: `extrapolated[i]`, which may be empty, belongs to `curves[i]`.
///
/// # Errors
/// No curve; not a list of extrapolated numbers for each.
pub fn learning_curves_over_photos(curves: &[LearningCurve], extrapolated: &[Vec<Extrapolated>]) -> Result<Figure> {
    const TITLE: &str = "Learning curve: accuracy against photos to learn from";
    if curves.is_empty() || curves.len() != extrapolated.len() {
        let (a, b) = (curves.len(), extrapolated.len());
        return Err(refused(TITLE, format!("there are {a} curves and {b} extrapolations")));
    }
    let majority = curves[0].majority;
    let mut chart = LineChart {
        x: Scale::Logarithmic,
        y: Scale::PercentToLargest,
        levels: vec![(format!("always the majority class: {:.1} %", 100.0 * majority), majority)],
        height: 430,
        ..LineChart::new(TITLE, "photos to learn from (logarithmic scale)", "accuracy")
    };
    for (i, (curve, more)) in curves.iter().zip(extrapolated).enumerate() {
        let points: Vec<_> = curve.points.iter().map(|point| (point.photos, point.accuracy)).collect();
        let intervals =
            curve.points.iter().map(|point| (point.photos, point.interval.low, point.interval.high)).collect();
        let ahead: Vec<_> = more.iter().map(|point| (point.photos, point.accuracy)).collect();
        let band = more.iter().map(|point| (point.photos, point.low, point.high)).collect();
        let colour = Colour::series(i);
        chart.lines.push(Line { dashed: true, band, ..Line::coloured("", &ahead, colour) });
        chart.lines.push(Line { dots: true, intervals, ..Line::coloured(&curve.name, &points, colour) });
    }
    if extrapolated.iter().any(|more| !more.is_empty()) {
        let name = "if it went on so (extrapolated, not measured)";
        chart.keys.push((Mark::Dashes, Colour::BLUE, name.into()));
    }
    chart.draw()
}
