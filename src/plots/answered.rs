//! Accuracy against the share of photos that is answered.

use super::axis::Axis;
use super::canvas::Area;
use super::chart::{Drawn, Name, chart};
use super::legend::{Legend, Mark};
use super::palette::{BLUE, GREY};
use super::{Figure, WIDTH};
use crate::metrics::Answered;
use crate::{Error, Result};
use plotters::prelude::*;
use plotters::series::DashedLineSeries;

const TITLE: &str = "Answering only the surest photos";

/// The accuracy of the answers that are given against the share of photos that get one, in a band of its 95 % interval;
/// dashed, the accuracy where all are answered.
///
/// An error for fewer than two rows, and rows without an answer.
pub fn answered(rows: &[Answered]) -> Result<Figure> {
    const TOP: i32 = 40;
    const HEIGHT: i32 = 380;
    let points: Vec<(f64, f64, f64, f64)> =
        rows.iter().filter_map(|row| Some((row.share, row.accuracy?, row.interval?.low, row.interval?.high))).collect();
    let (Some(last), true) = (points.last(), points.len() == rows.len() && rows.len() > 1) else {
        return Err(Error::output(format!("figure {TITLE:?}"), "it takes two rows or more, each with an answer"));
    };
    let all = format!("{:.0} % of the photos answered: {:.1} %", 100.0 * last.0, 100.0 * last.1);
    let entries =
        vec![(Mark::Line(BLUE), "accuracy of the answers, 95 % interval".to_string()), (Mark::Dashes(GREY), all)];
    let legend = Legend::new(entries, WIDTH as i32 - 36);
    let top = TOP + legend.height() + 6;
    Figure::draw(TITLE, (WIDTH, (top + HEIGHT) as u32), |canvas| {
        legend.draw(canvas, 18, TOP)?;
        draw(&canvas.part((4, top), (WIDTH as i32 - 8, HEIGHT)), &points).map_err(|e| canvas.error(&e))
    })
}

fn draw(area: &Area, points: &[(f64, f64, f64, f64)]) -> Drawn<()> {
    let what = "share of the photos that is answered, the surest first";
    let mut chart = chart(area, Name::Y("accuracy"), what, Axis::shares(), Axis::shares())?;
    let band = points.iter().map(|p| (p.0, p.2)).chain(points.iter().rev().map(|p| (p.0, p.3)));
    chart.draw_series([Polygon::new(band.collect::<Vec<_>>(), BLUE.mix(0.15))])?;
    let all = points[points.len() - 1].1;
    chart.draw_series(DashedLineSeries::new([(0.0, all), (1.0, all)], 6, 4, GREY.stroke_width(2)))?;
    let line = points.iter().map(|p| (p.0, p.1));
    chart.draw_series(LineSeries::new(line.clone(), BLUE.stroke_width(2)))?;
    chart.draw_series(line.map(|point| Circle::new(point, 3, BLUE.filled())))?;
    Ok(())
}
