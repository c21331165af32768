//! Whether a method may be as sure as it is.

use super::axis::Axis;
use super::canvas::Area;
use super::chart::{Drawn, Name, chart};
use super::legend::{Legend, Mark};
use super::palette::{BLUE, GREY, shade};
use super::{Figure, WIDTH};
use crate::metrics::ConfidenceBin;
use crate::{Error, Result};
use plotters::prelude::*;
use plotters::series::DashedLineSeries;

const TITLE: &str = "Reliability: how sure, and how often right";

/// The reliability diagram of a method: for each bin the share that was right, with its 95 % interval, over its mean
/// confidence; on the dashed line a method is exactly as often right as it says. Below, how many answers each bin has.
///
/// An error if no bin has an answer.
pub fn reliability(bins: &[ConfidenceBin]) -> Result<Figure> {
    const TOP: i32 = 40;
    const HEIGHT: (i32, i32) = (360, 150);
    let total: usize = bins.iter().map(|bin| bin.photos).sum();
    if total == 0 {
        return Err(Error::output(format!("figure {TITLE:?}"), "there is no answer in any bin"));
    }
    let entries = vec![
        (Mark::Dot(BLUE), "answers of about this confidence, with the 95 % interval".to_string()),
        (Mark::Dashes(GREY), "exactly as sure as right".to_string()),
    ];
    let legend = Legend::new(entries, WIDTH as i32 - 36);
    let first = TOP + legend.height() + 6;
    Figure::draw(TITLE, (WIDTH, (first + HEIGHT.0 + HEIGHT.1) as u32), |canvas| {
        legend.draw(canvas, 18, TOP)?;
        let upper = canvas.part((4, first), (WIDTH as i32 - 8, HEIGHT.0));
        let lower = canvas.part((4, first + HEIGHT.0), (WIDTH as i32 - 8, HEIGHT.1));
        diagram(&upper, bins).map_err(|e| canvas.error(&e))?;
        counts(&lower, bins, total).map_err(|e| canvas.error(&e))
    })
}

fn diagram(area: &Area, bins: &[ConfidenceBin]) -> Drawn<()> {
    let mut chart = chart(area, Name::Y("share right"), "confidence", Axis::shares(), Axis::shares())?;
    chart.draw_series(DashedLineSeries::new([(0.0, 0.0), (1.0, 1.0)], 6, 4, GREY.stroke_width(2)))?;
    let known =
        bins.iter().filter_map(|bin| Some((bin.confidence?, bin.correct as f64 / bin.photos as f64, bin.interval?)));
    let points: Vec<_> = known.collect();
    for (confidence, _, interval) in &points {
        let ends = vec![(*confidence, interval.low), (*confidence, interval.high)];
        chart.draw_series([PathElement::new(ends, BLUE.stroke_width(2))])?;
    }
    let line = points.iter().map(|&(confidence, right, _)| (confidence, right));
    chart.draw_series(LineSeries::new(line.clone(), BLUE.stroke_width(2)))?;
    chart.draw_series(line.map(|point| Circle::new(point, 5, BLUE.filled())))?;
    Ok(())
}

fn counts(area: &Area, bins: &[ConfidenceBin], total: usize) -> Drawn<()> {
    let share = |bin: &ConfidenceBin| bin.photos as f64 / total as f64;
    let highest = bins.iter().map(share).fold(0.0, f64::max);
    let y = Axis::shares_to(highest);
    let mut chart = chart(area, Name::Y("of all"), "confidence", Axis::shares(), y)?;
    let bar = |bin: &ConfidenceBin| {
        let corners = [(bin.from, 0.0), (bin.to, share(bin))];
        Rectangle::new(corners, shade(0.55).filled())
    };
    chart.draw_series(bins.iter().map(bar))?;
    Ok(())
}
