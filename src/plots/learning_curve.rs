//! Accuracy against the number of photos to learn from.

use super::axis::Axis;
use super::canvas::Area;
use super::chart::{Drawn, Name, chart};
use super::legend::{Legend, Mark};
use super::palette::{GREY, series};
use super::{Figure, WIDTH};
use crate::metrics::{Extrapolated, LearningCurve};
use crate::{Error, Result};
use plotters::prelude::*;
use plotters::series::DashedLineSeries;

const TITLE: &str = "Learning curve: accuracy against photos to learn from";

/// Learning curves on a logarithmic axis, measured points with their 95 % intervals; dashed and pale, what a curve would
/// come to if it went on as it does: `extrapolated[i]`, which may be empty, belongs to `curves[i]`.
///
/// # Errors
/// No curve; not a list of extrapolated numbers for each.
pub fn learning_curves_over_photos(curves: &[LearningCurve], extrapolated: &[Vec<Extrapolated>]) -> Result<Figure> {
    const TOP: i32 = 40;
    const HEIGHT: i32 = 420;
    if curves.is_empty() || curves.len() != extrapolated.len() {
        let (a, b) = (curves.len(), extrapolated.len());
        return Err(Error::output(format!("figure {TITLE:?}"), format!("there are {a} curves and {b} extrapolations")));
    }
    let mut entries: Vec<(Mark, String)> =
        curves.iter().enumerate().map(|(i, curve)| (Mark::Line(series(i)), curve.name.clone())).collect();
    if extrapolated.iter().any(|more| !more.is_empty()) {
        entries.push((Mark::Dashes(series(0)), "if it went on so (extrapolated, not measured)".into()));
    }
    let majority = curves[0].majority;
    entries.push((Mark::Dashes(GREY), format!("always the largest class: {:.1} %", 100.0 * majority)));
    let legend = Legend::new(entries, WIDTH as i32 - 36);
    let top = TOP + legend.height() + 6;
    Figure::draw(TITLE, (WIDTH, (top + HEIGHT) as u32), |canvas| {
        legend.draw(canvas, 18, TOP)?;
        let area = canvas.part((4, top), (WIDTH as i32 - 8, HEIGHT));
        draw(&area, curves, extrapolated).map_err(|e| canvas.error(&e))
    })
}

fn draw(area: &Area, curves: &[LearningCurve], extrapolated: &[Vec<Extrapolated>]) -> Drawn<()> {
    let photos = || {
        let measured = curves.iter().flat_map(|curve| curve.points.iter().map(|point| point.photos));
        measured.chain(extrapolated.iter().flatten().map(|point| point.photos))
    };
    let x = Axis::logarithmic(photos().fold(f64::INFINITY, f64::min), photos().fold(0.0, f64::max));
    let high = curves.iter().flat_map(|curve| curve.points.iter().map(|point| point.interval.high));
    let high = high.chain(extrapolated.iter().flatten().map(|point| point.high)).fold(curves[0].majority, f64::max);
    let (from, to) = (x.from, x.to);
    let mut chart = chart(area, Name::Y("accuracy"), "photos to learn from", x, Axis::shares_to(high))?;
    let majority = [(from, curves[0].majority), (to, curves[0].majority)];
    chart.draw_series(DashedLineSeries::new(majority, 6, 4, GREY.stroke_width(2)))?;
    for (i, (curve, more)) in curves.iter().zip(extrapolated).enumerate() {
        let colour = series(i);
        let band = more.iter().map(|p| (p.photos.log10(), p.low));
        let band = band.chain(more.iter().rev().map(|p| (p.photos.log10(), p.high)));
        chart.draw_series([Polygon::new(band.collect::<Vec<_>>(), colour.mix(0.1))])?;
        let line: Vec<(f64, f64)> = more.iter().map(|p| (p.photos.log10(), p.accuracy)).collect();
        chart.draw_series(DashedLineSeries::new(line, 6, 4, colour.stroke_width(2)))?;
        for point in &curve.points {
            let ends = vec![(point.photos.log10(), point.interval.low), (point.photos.log10(), point.interval.high)];
            chart.draw_series([PathElement::new(ends, colour.stroke_width(1))])?;
        }
        let line = curve.points.iter().map(|point| (point.photos.log10(), point.accuracy));
        chart.draw_series(LineSeries::new(line.clone(), colour.stroke_width(2)))?;
        chart.draw_series(line.map(|point| Circle::new(point, 4, colour.filled())))?;
    }
    Ok(())
}
