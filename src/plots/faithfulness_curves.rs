//! Deletion and insertion, method by method.

use super::axis::Axis;
use super::canvas::Area;
use super::chart::{Drawn, Name, chart};
use super::legend::{Legend, Mark};
use super::palette::{GREY, series};
use super::{Figure, WIDTH};
use crate::explain::{Curve, Faithfulness};
use crate::{Error, Result};
use plotters::prelude::*;
use plotters::series::DashedLineSeries;

/// The probability of the class while the hottest pixels are deleted (left: the faster it falls the better) or inserted
/// (right: the faster it rises the better), a line for each map, and dashed that of random maps.
///
/// An error if there is no map, or more than one class.
pub fn faithfulness_curves(results: &[Faithfulness]) -> Result<Figure> {
    const TITLE: &str = "Deletion and insertion of the hottest pixels";
    const TOP: i32 = 40;
    const PANEL: (i32, i32) = (WIDTH as i32 / 2 - 8, 320);
    let class = results.first().map(|result| result.class);
    if class.is_none() || results.iter().any(|result| Some(result.class) != class) {
        let why = format!("{} results are not those of one class", results.len());
        return Err(Error::output(format!("figure {TITLE:?}"), why));
    }
    let entries = results.iter().enumerate().map(|(i, result)| (Mark::Line(series(i)), result.method.clone()));
    let random = (Mark::Dashes(GREY), "random maps (mean)".to_string());
    let legend = Legend::new(entries.chain([random]).collect(), WIDTH as i32 - 36);
    let panels = TOP + legend.height() + 6;
    Figure::draw(TITLE, (WIDTH, (panels + PANEL.1) as u32), |canvas| {
        legend.draw(canvas, 18, TOP)?;
        let deletion = |area: &Area| panel(area, "Deletion", "deleted", results, |r| (&r.deletion, &r.random_deletion));
        let insertion =
            |area: &Area| panel(area, "Insertion", "inserted", results, |r| (&r.insertion, &r.random_insertion));
        deletion(&canvas.part((4, panels), PANEL)).map_err(|e| canvas.error(&e))?;
        insertion(&canvas.part((PANEL.0 + 8, panels), PANEL)).map_err(|e| canvas.error(&e))
    })
}

fn panel(
    area: &Area,
    title: &str,
    done: &str,
    results: &[Faithfulness],
    curves: fn(&Faithfulness) -> (&Curve, &Curve),
) -> Drawn<()> {
    let title = format!("{title}: probability of the class");
    let mut chart =
        chart(area, Name::Title(&title), &format!("share of the pixels {done}"), Axis::shares(), Axis::shares())?;
    let points = |curve: &Curve| -> Vec<(f64, f64)> {
        curve.shares.iter().copied().zip(curve.probabilities.iter().copied()).collect()
    };
    // Maps of one grid have the same random maps: each is drawn once.
    let mut drawn: Vec<&Curve> = Vec::new();
    for result in results {
        let random = curves(result).1;
        if !drawn.contains(&random) {
            drawn.push(random);
            chart.draw_series(DashedLineSeries::new(points(random), 6, 4, GREY.stroke_width(2)))?;
        }
    }
    for (i, result) in results.iter().enumerate() {
        chart.draw_series(LineSeries::new(points(curves(result).0), series(i).stroke_width(2)))?;
    }
    Ok(())
}
