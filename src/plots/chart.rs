//! The axes of a chart: one look for all figures with lines.

use super::axis::Axis;
use super::canvas::{Area, font};
use super::palette::{GREY, INK, LINE, SMALL, TEXT};
use plotters::prelude::*;

/// What plotters draws, or why it could not.
pub(super) type Drawn<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// A chart with its title and axes drawn, ready for its lines.
pub(super) type Chart<'a> = ChartContext<'a, SVGBackend<'a>, Cartesian2d<Axis, Axis>>;

/// The axes `x`, which is described by `what`, and `y` on all of `area`.
pub(super) fn chart<'a>(area: &Area<'a>, title: &str, what: &str, x: Axis, y: Axis) -> Drawn<Chart<'a>> {
    let mut chart = ChartBuilder::on(area)
        .caption(title, font(TEXT + 1).color(&INK))
        .margin_right(16)
        .margin_bottom(4)
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
        .x_desc(what)
        .draw()?;
    Ok(chart)
}
