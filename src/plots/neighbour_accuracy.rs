//! Accuracy of k-nearest neighbours against k.

use super::axis::Axis;
use super::canvas::Area;
use super::chart::{Drawn, Name, chart};
use super::legend::{Legend, Mark};
use super::palette::{GREY, series};
use super::{Figure, WIDTH};
use crate::metrics::Baseline;
use crate::neighbours::{NeighbourAccuracy, NeighbourScore};
use crate::{Error, Result};
use plotters::prelude::*;
use plotters::series::DashedLineSeries;

/// Title of the figure.
const TITLE: &str = "k-nearest neighbours: accuracy against k";

/// The accuracy of k-nearest neighbours against `k` (the report's figure 20): a line for each result, as of several
/// features, in a band of its 95 % interval; dashed, what always answering with the majority class would reach.
///
/// An error if there is no result, or one without a score.
pub fn neighbour_accuracy(results: &[NeighbourAccuracy]) -> Result<Figure> {
    const TOP: i32 = 40;
    const HEIGHT: i32 = 400;
    if results.is_empty() || results.iter().any(|result| result.scores.is_empty()) {
        let why = "there is no accuracy to draw: cross-validate first";
        return Err(Error::output(format!("figure {TITLE:?}"), why));
    }
    let mut baselines: Vec<&Baseline> = results.iter().map(|result| &result.baseline).collect();
    baselines.dedup();
    let line = |(i, result): (usize, &NeighbourAccuracy)| {
        let NeighbourScore { k, accuracy, .. } = result.best();
        (Mark::Line(series(i)), format!("{} (highest: {:.1} %, k = {k})", result.features, 100.0 * accuracy))
    };
    let mut entries: Vec<(Mark, String)> = results.iter().enumerate().map(line).collect();
    entries.extend(baselines.iter().map(|baseline| {
        (Mark::Dashes(GREY), format!("always \"{}\": {:.1} %", baseline.class, 100.0 * baseline.accuracy))
    }));
    let legend = Legend::new(entries, WIDTH as i32 - 36);
    let chart = TOP + legend.height() + 6;
    Figure::draw(TITLE, (WIDTH, (chart + HEIGHT) as u32), |canvas| {
        legend.draw(canvas, 18, TOP)?;
        let area = canvas.part((4, chart), (WIDTH as i32 - 8, HEIGHT));
        draw(&area, results, &baselines).map_err(|e| canvas.error(&e))
    })
}

fn draw(area: &Area, results: &[NeighbourAccuracy], baselines: &[&Baseline]) -> Drawn<()> {
    let scores = || results.iter().flat_map(|result| &result.scores);
    let largest = scores().map(|score| score.k).max().unwrap_or(1);
    let highest = scores().map(|score| score.interval.high).chain(baselines.iter().map(|baseline| baseline.accuracy));
    let x = Axis::whole(1, largest);
    let y = Axis::shares_to(highest.fold(0.0, f64::max));
    let mut chart = chart(area, Name::Y("accuracy"), "k: how many neighbours vote", x.clone(), y)?;
    for (i, result) in results.iter().enumerate() {
        let points =
            |value: fn(&NeighbourScore) -> f64| result.scores.iter().map(move |score| (score.k as f64, value(score)));
        let band = points(|score| score.interval.low).chain(points(|score| score.interval.high).rev());
        chart.draw_series([Polygon::new(band.collect::<Vec<_>>(), series(i).mix(0.12))])?;
    }
    for baseline in baselines {
        let line = [(x.from, baseline.accuracy), (x.to, baseline.accuracy)];
        chart.draw_series(DashedLineSeries::new(line, 6, 4, GREY.stroke_width(2)))?;
    }
    // Lines last, so that no band hides one.
    for (i, result) in results.iter().enumerate() {
        let points: Vec<(f64, f64)> = result.scores.iter().map(|score| (score.k as f64, score.accuracy)).collect();
        chart.draw_series(LineSeries::new(points.clone(), series(i).stroke_width(2)))?;
        chart.draw_series(points.iter().map(|&point| Circle::new(point, 2, series(i).filled())))?;
    }
    Ok(())
}
