//! Loss against learning rate.

use super::axis::Axis;
use super::canvas::Area;
use super::chart::{Drawn, Name, chart};
use super::legend::{Legend, Mark};
use super::marks::Shape;
use super::palette::{GREY, series};
use super::{Figure, WIDTH};
use crate::training::{RateCurve, Rule, Suggestion};
use crate::{Error, Result};
use plotters::prelude::*;

/// Title of the figure.
const TITLE: &str = "Loss against learning rate";

/// Points at the end of a curve that the rules do not look at.
const LAST_POINTS: usize = 5;

/// The losses that a [learning-rate finder](crate::training::learning_rate_finder) saw against the learning rate, on a
/// logarithmic axis (the report's figure 9): smoothed, and thin the loss of each batch. Several curves, as of several
/// seeds, each have their colour. Marked is the point of the curve from which each rule suggests a rate; for the rule
/// "minimum" it is ten times the rate. The axis ends a little above what the rules look at, where curves that explode
/// leave the figure.
///
/// An error if there is no curve, or one without a point.
pub fn learning_rate_finder(curves: &[RateCurve]) -> Result<Figure> {
    const TOP: i32 = 40;
    const HEIGHT: i32 = 380;
    if curves.is_empty() || curves.iter().any(|curve| curve.rates.is_empty()) {
        let why = "there is no learning rate to draw: run the finder first";
        return Err(Error::output(format!("figure {TITLE:?}"), why));
    }
    let legend = Legend::new(entries(curves), WIDTH as i32 - 36);
    let chart = TOP + legend.height() + 6;
    Figure::draw(TITLE, (WIDTH, (chart + HEIGHT) as u32), |canvas| {
        legend.draw(canvas, 18, TOP)?;
        let marks = draw(&canvas.part((4, chart), (WIDTH as i32 - 8, HEIGHT)), curves).map_err(|e| canvas.error(&e))?;
        marks.iter().try_for_each(|mark| shape(mark.rule).draw(canvas, mark.at, series(mark.curve)))
    })
}

/// A line for each curve, and a mark for each rule, with the rate where there is but one curve.
fn entries(curves: &[RateCurve]) -> Vec<(Mark, String)> {
    let line =
        |(i, curve): (usize, &RateCurve)| (Mark::Line(series(i)), format!("{}, seed {}", curve.network, curve.seed));
    let lines = curves.iter().enumerate().map(line);
    let mark = |rule: Rule| {
        let found: Vec<f64> = curves.iter().filter_map(|c| Some(c.suggestion(rule)?.rate)).collect();
        let text = match (&found[..], curves.len()) {
            ([], _) => return None,
            ([rate], 1) => format!("{rule} {rate:.1e}"),
            _ => rule.to_string(),
        };
        Some((Mark::Shape(shape(rule), GREY), text))
    };
    lines.chain(Rule::ALL.into_iter().filter_map(mark)).collect()
}

fn shape(rule: Rule) -> Shape {
    match rule {
        Rule::Valley => Shape::Square,
        Rule::Slide => Shape::Triangle,
        Rule::Minimum => Shape::Cross,
        Rule::Steep => Shape::Diamond,
    }
}

/// A rule's mark in pixels, and the curve that it is on.
struct Marked {
    rule: Rule,
    at: (i32, i32),
    curve: usize,
}

/// Draws axes and curves; returns where the marks are to be.
fn draw(area: &Area, curves: &[RateCurve]) -> Drawn<Vec<Marked>> {
    let rates = || curves.iter().flat_map(|curve| curve.rates.iter().copied());
    // Without the last points, on which the loss may be many times what it was.
    let looked_at = |curve: &RateCurve| curve.smoothed.len().saturating_sub(LAST_POINTS).max(1);
    let smoothed = || curves.iter().flat_map(|curve| curve.smoothed[..looked_at(curve)].iter().copied());
    let x = Axis::learning_rates(rates().fold(f64::INFINITY, f64::min), rates().fold(0.0, f64::max));
    let y = Axis::from_zero(1.25 * smoothed().fold(0.0, f64::max));
    let top = y.to;
    let mut chart = chart(area, Name::Y("loss"), "learning rate (logarithmic scale)", x, y)?;
    for (i, curve) in curves.iter().enumerate() {
        let points = |losses: &[f64]| -> Vec<(f64, f64)> {
            curve.rates.iter().zip(losses).map(|(rate, &loss)| (rate.log10(), loss)).collect()
        };
        for (losses, style) in
            [(&curve.losses, series(i).mix(0.4).stroke_width(1)), (&curve.smoothed, series(i).stroke_width(2))]
        {
            for line in below(top, &points(losses)) {
                chart.draw_series(LineSeries::new(line, style))?;
            }
        }
    }
    let marks = curves.iter().enumerate().flat_map(|(i, curve)| curve.suggestions().into_iter().map(move |s| (i, s)));
    let place = |(curve, found): (usize, Suggestion)| {
        let (rate, loss) = found.mark;
        Marked { rule: found.rule, at: chart.backend_coord(&(rate.log10(), loss)), curve }
    };
    Ok(marks.map(place).collect())
}

/// The parts of the line through `points` that are not above `top`, each up to where it crosses it.
fn below(top: f64, points: &[(f64, f64)]) -> Vec<Vec<(f64, f64)>> {
    let mut lines = vec![Vec::new()];
    for (i, &(x, y)) in points.iter().enumerate() {
        if let Some(&(x0, y0)) = i.checked_sub(1).map(|before| &points[before])
            && (y0 > top) != (y > top)
        {
            let crossing = (x0 + (x - x0) * (top - y0) / (y - y0), top);
            lines.last_mut().expect("there is one").push(crossing);
            if y > top {
                lines.push(Vec::new());
            }
        }
        if y <= top {
            lines.last_mut().expect("there is one").push((x, y));
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

#[cfg(test)]
mod tests {
    use super::below;

    #[test]
    fn a_line_is_cut_where_it_crosses_the_top() {
        let zigzag = [(0.0, 1.0), (1.0, 3.0), (2.0, 5.0), (3.0, 1.0), (4.0, 1.5)];
        let parts = vec![vec![(0.0, 1.0), (0.5, 2.0)], vec![(2.75, 2.0), (3.0, 1.0), (4.0, 1.5)]];
        assert_eq!(below(2.0, &zigzag), parts);
        assert_eq!(below(9.0, &zigzag), vec![zigzag.to_vec()]);
        assert_eq!(below(0.5, &zigzag), Vec::<Vec<_>>::new());
    }
}
