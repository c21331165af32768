//! Loss against learning rate.

use super::axis::Axis;
use super::canvas::{Area, font};
use super::legend::{Legend, Mark};
use super::marks::Shape;
use super::palette::{GREY, INK, LINE, SMALL, series};
use super::{Figure, WIDTH};
use crate::training::{RateCurve, Rule, Suggestion};
use crate::{Error, Result};
use plotters::prelude::*;

/// Title of the figure.
const TITLE: &str = "Loss against learning rate";

/// The losses that a [learning-rate finder](crate::training::learning_rate_finder) saw against the learning rate, on a
/// logarithmic axis (the report's figure 9): smoothed, and thin the loss of each batch. Several curves, as of several
/// seeds, each have their colour. Marked is the point of the curve from which each rule suggests a rate; for the rule
/// "minimum" it is ten times the rate. Losses far above the smoothed ones are not drawn.
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
fn draw(area: &Area, curves: &[RateCurve]) -> std::result::Result<Vec<Marked>, Box<dyn std::error::Error>> {
    let rates = || curves.iter().flat_map(|curve| curve.rates.iter().copied());
    let smoothed = || curves.iter().flat_map(|curve| curve.smoothed.iter().copied());
    let x = Axis::learning_rates(rates().fold(f64::INFINITY, f64::min), rates().fold(0.0, f64::max));
    let y = Axis::from_zero(smoothed().fold(0.0, f64::max));
    let top = y.to;
    let mut chart = ChartBuilder::on(area)
        .margin_right(16)
        .margin_top(8)
        .x_label_area_size(46)
        .y_label_area_size(58)
        .build_cartesian_2d(x, y)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .bold_line_style(LINE)
        .light_line_style(TRANSPARENT)
        .axis_style(GREY)
        .label_style(font(SMALL).color(&INK))
        .axis_desc_style(font(SMALL).color(&INK))
        .x_desc("learning rate (logarithmic scale)")
        .y_desc("loss")
        .draw()?;
    for (i, curve) in curves.iter().enumerate() {
        let points = |losses: &[f64]| -> Vec<(f64, f64)> {
            curve.rates.iter().zip(losses).map(|(rate, &loss)| (rate.log10(), loss)).collect()
        };
        let batches = points(&curve.losses);
        for shown in batches.split(|(_, loss)| *loss > top || *loss < 0.0).filter(|shown| !shown.is_empty()) {
            chart.draw_series(LineSeries::new(shown.to_vec(), series(i).mix(0.4).stroke_width(1)))?;
        }
        chart.draw_series(LineSeries::new(points(&curve.smoothed), series(i).stroke_width(2)))?;
    }
    let marks = curves.iter().enumerate().flat_map(|(i, curve)| curve.suggestions().into_iter().map(move |s| (i, s)));
    let place = |(curve, found): (usize, Suggestion)| {
        let (rate, loss) = found.mark;
        Marked { rule: found.rule, at: chart.backend_coord(&(rate.log10(), loss)), curve }
    };
    Ok(marks.map(place).collect())
}
