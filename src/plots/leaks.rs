//! False accuracies beside honest ones.

use super::Figure;
use super::axis::Axis;
use super::canvas::{Canvas, Label};
use super::legend::{Legend, Mark};
use super::marks::Shape;
use super::palette::{BLUE, GREY, INK, LINE, SMALL, TEXT, VERMILLION, WHITE, longest};
use crate::experiment::Leak;
use crate::metrics::Interval;
use crate::{Error, Result};
use plotters::coord::ranged1d::Ranged;
use plotters::style::{Color, RGBColor};

const TITLE: &str = "False figures beside honest ones";
/// Width of the axis in pixels.
const AXIS: i32 = 430;
/// Height of a leak's line in pixels.
const ROW: i32 = 42;

/// A line for each leak: the false accuracy as a diamond, the honest one as a dot, each with its 95 % interval, and both in
/// numbers at the right; upright lines at what always answering with the largest class has, `majority`, and at an accuracy
/// that was `published` (by whom, and how much).
///
/// An error if there is no leak.
pub fn leaks(all: &[Leak], majority: f64, published: (&str, f64)) -> Result<Figure> {
    if all.is_empty() {
        return Err(Error::output(format!("figure {TITLE:?}"), "there is no leak to draw"));
    }
    let names: Vec<String> = all.iter().map(|leak| leak.name.clone()).collect();
    let left = 28 + longest(&names, TEXT);
    let width = left + AXIS + 130;
    let axis = Axis::shares();
    let entries = vec![
        (Mark::Shape(Shape::Diamond, VERMILLION), "false".to_string()),
        (Mark::Dot(BLUE), "honest".to_string()),
        (Mark::Line(GREY), format!("always the largest class: {:.1} %", 100.0 * majority)),
        (Mark::Dashes(INK), format!("{}: {:.0} %", published.0, 100.0 * published.1)),
    ];
    let legend = Legend::new(entries, width - 36);
    let top = 40 + legend.height() + 12;
    let bottom = top + ROW * all.len() as i32;
    Figure::draw(TITLE, (width as u32, (bottom + 36) as u32), |canvas| {
        legend.draw(canvas, 18, 40)?;
        let x = |share: f64| axis.map(&share, (left, left + AXIS));
        for (share, text) in &axis.ticks {
            canvas.line(&[(x(*share), top), (x(*share), bottom + 4)], LINE.stroke_width(1))?;
            canvas.text(x(*share), bottom + 18, Label::new(TEXT).centred(), text)?;
        }
        canvas.line(&[(x(majority), top), (x(majority), bottom)], GREY.stroke_width(2))?;
        for y in (top..bottom).step_by(10) {
            canvas.line(&[(x(published.1), y), (x(published.1), (y + 6).min(bottom))], INK.stroke_width(2))?;
        }
        for (i, leak) in (0..).zip(all) {
            let middle = top + ROW * i + ROW / 2;
            canvas.text(left - 12, middle, Label::new(TEXT).right(), &leak.name)?;
            let (honest, shown) = (middle + 7, middle - 7);
            interval(canvas, leak.honest_interval, honest, BLUE, &x)?;
            canvas.ring((x(leak.honest), honest), 6, WHITE.filled())?;
            canvas.ring((x(leak.honest), honest), 5, BLUE.filled())?;
            interval(canvas, leak.shown_interval, shown, VERMILLION, &x)?;
            Shape::Diamond.draw(canvas, (x(leak.shown), shown), VERMILLION)?;
            let numbers = format!("{:.1} % for {:.1} %", 100.0 * leak.shown, 100.0 * leak.honest);
            canvas.text(left + AXIS + 10, middle, Label::new(SMALL), &numbers)?;
            canvas.line(&[(18, middle + ROW / 2), (left + AXIS, middle + ROW / 2)], LINE.stroke_width(1))?;
        }
        Ok(())
    })
}

fn interval(canvas: &Canvas, of: Interval, y: i32, colour: RGBColor, x: &dyn Fn(f64) -> i32) -> Result<()> {
    canvas.line(&[(x(of.low), y), (x(of.high), y)], colour.stroke_width(2))
}
