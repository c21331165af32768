//! Loss against learning rate.

use super::canvas::refused;
use super::{Colour, Figure, Line, LineChart, Mark, Scale};
use crate::Result;
use crate::training::{RateCurve, Rule};

/// The losses that a [learning-rate finder](crate::training::learning_rate_finder) saw against the learning rate, on a
/// logarithmic axis (the report's figure 9): smoothed, and thin the loss of each batch. Several curves, as of several
/// seeds, each have their colour. Marked is the point of the curve from which each rule suggests a rate; for the rule
/// "minimum" it is ten times the rate. The axis ends a little above what the rules look at, where curves that explode
/// leave the figure.
///
/// An error if there is no curve, or one without a point.
pub fn learning_rate_finder(curves: &[RateCurve]) -> Result<Figure> {
    /// Points at the end of a curve that the rules do not look at: the loss may be many times what it was.
    const LAST_POINTS: usize = 5;
    let mut title = "Loss against learning rate".to_string();
    if curves.is_empty() || curves.iter().any(|curve| curve.rates.is_empty()) {
        return Err(refused(&title, "there is no learning rate to draw: run the finder first"));
    }
    if curves.iter().all(|curve| curve.network == curves[0].network) {
        title += &format!(": {}", curves[0].network);
    }
    let looked_at = |curve: &RateCurve| curve.smoothed.len().saturating_sub(LAST_POINTS).max(1);
    let smoothed = curves.iter().flat_map(|curve| curve.smoothed.iter().take(looked_at(curve)));
    let top = 1.25 * smoothed.copied().fold(0.0, f64::max);
    let mut chart = LineChart {
        x: Scale::Logarithmic,
        top: Some(top),
        ..LineChart::new(&title, "learning rate (logarithmic scale)", "loss")
    };
    for (i, curve) in curves.iter().enumerate() {
        let points = |losses: &[f64]| curve.rates.iter().copied().zip(losses.iter().copied()).collect::<Vec<_>>();
        let (name, colour) = (format!("{}, seed {}", curve.network, curve.seed), Colour::series(i));
        chart.lines.push(Line { width: 1, ..Line::coloured("", &points(&curve.losses), colour) });
        chart.lines.push(Line::coloured(&name, &points(&curve.smoothed), colour));
        chart.marks.extend(curve.suggestions().iter().map(|found| (mark(found.rule), colour, found.mark)));
    }
    for rule in Rule::ALL {
        let found: Vec<f64> = curves.iter().filter_map(|curve| Some(curve.suggestion(rule)?.rate)).collect();
        let text = match (&found[..], curves.len()) {
            ([], _) => continue,
            ([rate], 1) => format!("{rule} {rate:.1e}"),
            _ => rule.to_string(),
        };
        chart.keys.push((mark(rule), Colour::GREY, text));
    }
    chart.draw()
}

fn mark(rule: Rule) -> Mark {
    match rule {
        Rule::Valley => Mark::Square,
        Rule::Slide => Mark::Triangle,
        Rule::Minimum => Mark::Cross,
        Rule::Steep => Mark::Diamond,
    }
}
