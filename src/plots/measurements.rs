//! Published accuracies beside ours.

use super::Figure;
use super::axis::Axis;
use super::canvas::{Canvas, Label};
use super::legend::{Legend, Mark};
use super::marks::Shape;
use super::palette::{BLUE, GREY, INK, LINE, SMALL, TEXT, VERMILLION, WHITE, longest, series};
use crate::discussion::{Measurement, Protocol};
use crate::{Error, Result};
use plotters::coord::ranged1d::Ranged;
use plotters::style::{Color, RGBColor};

const TITLE: &str = "Accuracy with its 95 % interval";
/// Width of the axis in pixels.
const AXIS: i32 = 420;
/// Height of a measurement's line in pixels.
const ROW: i32 = 22;
/// Space between two methods in pixels.
const GAP: i32 = 12;

/// Accuracies of methods, each with its 95 % interval as a line: as published, by us on one split, and in
/// cross-validation. What belongs to one method stands together, methods in the order in which they first appear; a grey
/// stroke is what always answering with the majority class has on the same photos, where it is known. A measurement
/// without a line is of nobody knows how many photos.
///
/// An error if there is no measurement.
pub fn measurements(all: &[Measurement]) -> Result<Figure> {
    if all.is_empty() {
        return Err(Error::output(format!("figure {TITLE:?}"), "there is no accuracy to draw"));
    }
    let mut methods: Vec<(String, Vec<&Measurement>)> = Vec::new();
    for measurement in all {
        match methods.iter_mut().find(|(name, _)| *name == measurement.method) {
            Some((_, rows)) => rows.push(measurement),
            None => methods.push((measurement.method.clone(), vec![measurement])),
        }
    }
    let highest =
        |m: &Measurement| m.interval.map_or(m.accuracy, |interval| interval.high).max(m.majority.unwrap_or(0.0));
    let axis = Axis::shares_to(all.iter().map(highest).fold(0.0, f64::max));
    let names: Vec<String> = methods.iter().map(|(name, _)| name.clone()).collect();
    let left = 28 + longest(&names, TEXT);
    let width = left + AXIS + 86;
    let protocols = [Protocol::Published, Protocol::Split, Protocol::CrossValidation];
    let shown = protocols.into_iter().filter(|protocol| all.iter().any(|m| m.protocol == *protocol));
    let mut entries: Vec<(Mark, String)> = shown.map(|protocol| (mark(protocol), text(protocol).to_string())).collect();
    if all.iter().any(|m| m.majority.is_some()) {
        entries.push((Mark::Stroke(GREY), "always the majority class".into()));
    }
    let legend = Legend::new(entries, width - 36);
    let top = 40 + legend.height() + 12;
    let bottom = top + all.len() as i32 * ROW + methods.len() as i32 * GAP;
    Figure::draw(TITLE, (width as u32, (bottom + 36) as u32), |canvas| {
        legend.draw(canvas, 18, 40)?;
        let x = |share: f64| axis.map(&share, (left, left + AXIS));
        for (share, text) in &axis.ticks {
            canvas.line(&[(x(*share), top), (x(*share), bottom + 4)], LINE.stroke_width(1))?;
            canvas.text(x(*share), bottom + 18, Label::new(TEXT).centred(), text)?;
        }
        let mut y = top;
        for (name, rows) in &methods {
            let height = rows.len() as i32 * ROW;
            canvas.text(left - 12, y + GAP / 2 + height / 2, Label::new(TEXT).right(), name)?;
            for (i, measurement) in (0..).zip(rows) {
                let middle = y + GAP / 2 + i * ROW + ROW / 2;
                row(canvas, measurement, middle, &x)?;
                let accuracy = format!("{:.1} %", 100.0 * measurement.accuracy);
                canvas.text(left + AXIS + 12, middle, Label { colour: INK, ..Label::new(SMALL) }, &accuracy)?;
            }
            y += height + GAP;
            canvas.line(&[(18, y), (left + AXIS, y)], LINE.stroke_width(1))?;
        }
        Ok(())
    })
}

fn row(canvas: &Canvas, measurement: &Measurement, middle: i32, x: &dyn Fn(f64) -> i32) -> Result<()> {
    let colour = colour(measurement.protocol);
    if let Some(majority) = measurement.majority {
        canvas.filled((x(majority) - 1, middle - 9), (3, 18), GREY)?;
    }
    if let Some(interval) = measurement.interval {
        canvas.line(&[(x(interval.low), middle), (x(interval.high), middle)], colour.stroke_width(2))?;
    }
    let centre = (x(measurement.accuracy), middle);
    match measurement.protocol {
        Protocol::Published => Shape::Diamond.draw(canvas, centre, colour),
        Protocol::CrossValidation => Shape::Square.draw(canvas, centre, colour),
        Protocol::Split => {
            canvas.ring(centre, 6, WHITE.filled())?;
            canvas.ring(centre, 5, colour.filled())
        }
    }
}

fn colour(protocol: Protocol) -> RGBColor {
    match protocol {
        Protocol::Published => VERMILLION,
        Protocol::Split => BLUE,
        Protocol::CrossValidation => series(2),
    }
}

fn mark(protocol: Protocol) -> Mark {
    match protocol {
        Protocol::Published => Mark::Shape(Shape::Diamond, colour(protocol)),
        Protocol::Split => Mark::Dot(colour(protocol)),
        Protocol::CrossValidation => Mark::Shape(Shape::Square, colour(protocol)),
    }
}

fn text(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Published => "published",
        Protocol::Split => "here, one split",
        Protocol::CrossValidation => "here, cross-validation",
    }
}
