//! How the cost of a network grows with the size of the images and with the batch.

use super::axis::Axis;
use super::canvas::Area;
use super::chart::{Drawn, Name, chart};
use super::legend::{Legend, Mark};
use super::palette::{BLUE, VERMILLION};
use super::{Figure, WIDTH};
use crate::training::{Cost, CostGrowth, Work};
use crate::{Error, Result};
use plotters::prelude::*;

/// Title of the figure.
const TITLE: &str = "How cost grows";

/// Images for each second of processor time (above) and the largest memory of the process (below), against the size of the
/// images (left) and the images in a batch (right), for training and inference. All axes are logarithmic: a straight line
/// is a power.
///
/// An error if nothing was measured on one of the sides.
pub fn cost_growth(growth: &CostGrowth) -> Result<Figure> {
    const TOP: i32 = 40;
    const PANEL: (i32, i32) = (WIDTH as i32 / 2 - 8, 280);
    let (Some(one), false) = (growth.by_size.first(), growth.by_batch.is_empty()) else {
        return Err(Error::output(format!("figure {TITLE:?}"), "nothing was measured"));
    };
    let title = format!("{TITLE}: {}, {} thread(s)", one.network, one.threads);
    let entries = [(Mark::Line(BLUE), "training step"), (Mark::Line(VERMILLION), "inference")];
    let legend = Legend::new(entries.map(|(mark, text)| (mark, text.to_string())).to_vec(), WIDTH as i32 - 36);
    let panels = TOP + legend.height() + 6;
    let size: (&[Cost], &str, Value) = (&growth.by_size, "height and width in pixels", |cost| Some(cost.size as f64));
    let batch: (&[Cost], &str, Value) = (&growth.by_batch, "images in a batch", |cost| Some(cost.batch as f64));
    Figure::draw(&title, (WIDTH, (panels + 2 * PANEL.1) as u32), |canvas| {
        legend.draw(canvas, 18, TOP)?;
        for (left, (costs, what, x)) in [(4, size), (PANEL.0 + 8, batch)] {
            let speed: Value = |cost| Some(cost.images_per_cpu_second);
            for (row, name, y) in [(0, "images / CPU second", speed), (1, "peak memory, MiB", |c| c.peak_memory_mib)] {
                let area = canvas.part((left, panels + row * PANEL.1), PANEL);
                panel(&area, (name, what), costs, (x, y)).map_err(|e| canvas.error(&e))?;
            }
        }
        Ok(())
    })
}

/// Something measured; none where the system does not tell.
type Value = fn(&Cost) -> Option<f64>;

fn panel(area: &Area, (name, what): (&str, &str), costs: &[Cost], (x, y): (Value, Value)) -> Drawn<()> {
    let axis = |value: Value| {
        let values = || costs.iter().filter_map(value);
        Axis::logarithmic(values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max))
    };
    if !costs.iter().any(|cost| y(cost).is_some()) {
        return Ok(());
    }
    let mut chart = chart(area, Name::Title(name), what, axis(x), axis(y))?;
    for (work, colour) in [(Work::Train, BLUE), (Work::Infer, VERMILLION)] {
        let of_work = costs.iter().filter(|cost| cost.work == work);
        let points: Vec<(f64, f64)> = of_work.filter_map(|cost| Some((x(cost)?.log10(), y(cost)?.log10()))).collect();
        chart.draw_series(LineSeries::new(points.clone(), colour.stroke_width(2)))?;
        chart.draw_series(points.iter().map(|&point| Circle::new(point, 3, colour.filled())))?;
    }
    Ok(())
}
