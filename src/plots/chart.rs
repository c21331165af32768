//! The axes of a chart: one look for all figures with lines.

use super::axis::Axis;
use super::canvas::{Area, font};
use super::palette::{GREY, INK, LINE, SMALL, TEXT};
use plotters::prelude::*;

/// What plotters draws, or why it could not.
pub(super) type Drawn<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// A chart with its title and axes drawn, ready for its lines.
pub(super) type Chart<'a> = ChartContext<'a, SVGBackend<'a>, Cartesian2d<Axis, Axis>>;

/// What says what a chart shows.
pub(super) enum Name<'a> {
    /// A title above it, where a figure has several.
    Title(&'a str),
    /// Words along the y axis, where the figure's own title stands above.
    Y(&'a str),
}

/// The axes `x`, which is described by `what`, and `y` on all of `area`.
pub(super) fn chart<'a>(area: &Area<'a>, name: Name, what: &str, x: Axis, y: Axis) -> Drawn<Chart<'a>> {
    let mut builder = ChartBuilder::on(area);
    builder.margin_right(16).margin_bottom(4).x_label_area_size(46).y_label_area_size(58);
    match name {
        Name::Title(title) => builder.caption(title, font(TEXT + 1).color(&INK)),
        Name::Y(_) => builder.margin_top(8),
    };
    let mut chart = builder.build_cartesian_2d(x, y)?;
    let mut mesh = chart.configure_mesh();
    mesh.disable_x_mesh()
        .bold_line_style(LINE)
        .light_line_style(TRANSPARENT)
        .axis_style(GREY)
        .label_style(font(SMALL).color(&INK))
        .axis_desc_style(font(SMALL).color(&INK))
        .x_desc(what);
    if let Name::Y(name) = name {
        mesh.y_desc(name);
    }
    mesh.draw()?;
    Ok(chart)
}
