//! Drawing with plotters in pixels: text, boxes, lines and pictures.

use super::Picture;
use super::palette::{GREY, INK, TITLE, WHITE};
use crate::{Error, Result};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::fmt::Write;

pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// The surface of one figure; `x` to the right and `y` down, in pixels.
pub(super) struct Canvas<'a> {
    title: String,
    area: Area<'a>,
    /// Pictures as SVG elements, which plotters would embed as they are, without a choice of how they are enlarged.
    /// They lie below all else but the background.
    pictures: String,
}

/// Text of one look.
#[derive(Clone, Copy)]
pub(super) struct Label {
    pub size: i32,
    pub colour: RGBColor,
    pub bold: bool,
    pub align: HPos,
    /// Whether the text reads upwards.
    pub upwards: bool,
}

impl Label {
    pub(super) fn new(size: i32) -> Label {
        Label { size, colour: INK, bold: false, align: HPos::Left, upwards: false }
    }

    pub(super) fn grey(self) -> Label {
        Label { colour: GREY, ..self }
    }

    pub(super) fn centred(self) -> Label {
        Label { align: HPos::Center, ..self }
    }

    pub(super) fn right(self) -> Label {
        Label { align: HPos::Right, ..self }
    }

    pub(super) fn style(self) -> TextStyle<'static> {
        let weight = if self.bold { FontStyle::Bold } else { FontStyle::Normal };
        let turn = if self.upwards { FontTransform::Rotate270 } else { FontTransform::None };
        font(self.size).style(weight).transform(turn).color(&self.colour).pos(Pos::new(self.align, VPos::Center))
    }
}

/// The font of all figures, `size` pixels high. (plotters' SVG divides sizes by 1.24.)
pub(super) fn font(size: i32) -> FontDesc<'static> {
    ("sans-serif", f64::from(size) * 1.24).into_font()
}

impl<'a> Canvas<'a> {
    /// A white surface with the title at its top.
    pub(super) fn new(svg: &'a mut String, title: &str, size: (u32, u32)) -> Result<Canvas<'a>> {
        let area = SVGBackend::with_string(svg, size).into_drawing_area();
        let canvas = Canvas { title: title.into(), area, pictures: String::new() };
        canvas.area.fill(&WHITE).map_err(|e| canvas.error(&e))?;
        canvas.text(16, 22, Label { bold: true, ..Label::new(TITLE) }, title)?;
        Ok(canvas)
    }

    /// Ends the drawing; returns the pictures as SVG elements.
    pub(super) fn finish(self) -> Result<String> {
        self.area.present().map_err(|e| self.error(&e))?;
        Ok(self.pictures)
    }

    /// Text beside the point (`x`, `y`), which is at half its height.
    pub(super) fn text(&self, x: i32, y: i32, label: Label, text: &str) -> Result<()> {
        // A folder's name may hold what no XML may.
        let text: String = text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
        self.draw(&Text::new(text, (x, y), label.style()))
    }

    /// A filled box with its upper left corner at (`x`, `y`).
    pub(super) fn filled(&self, (x, y): (i32, i32), (width, height): (i32, i32), colour: RGBColor) -> Result<()> {
        self.draw(&Rectangle::new([(x, y), (x + width, y + height)], colour.filled()))
    }

    /// The outline of a box.
    pub(super) fn outline(&self, (x, y): (i32, i32), (width, height): (i32, i32), style: ShapeStyle) -> Result<()> {
        self.draw(&Rectangle::new([(x, y), (x + width, y + height)], style))
    }

    /// A line through points.
    pub(super) fn line(&self, points: &[(i32, i32)], style: ShapeStyle) -> Result<()> {
        self.draw(&PathElement::new(points.to_vec(), style))
    }

    /// A circle.
    pub(super) fn ring(&self, centre: (i32, i32), radius: i32, style: ShapeStyle) -> Result<()> {
        self.draw(&Circle::new(centre, radius, style))
    }

    /// A picture with its upper left corner at (`x`, `y`), stretched to `width` x `height`. Enlarged by a whole number
    /// its pixels stay sharp squares; far larger ones are reduced, so that the figure stays small.
    pub(super) fn picture(&mut self, picture: &Picture, (x, y): (i32, i32), (width, height): (i32, i32)) -> Result<()> {
        let rendering = match width as usize {
            width if width > picture.width() && width.is_multiple_of(picture.width()) => {
                " image-rendering=\"pixelated\""
            }
            _ => "",
        };
        // Twice as many pixels as are shown, for screens of high resolution.
        let data = picture.within(2 * width as usize, 2 * height as usize).data_url()?;
        writeln!(
            self.pictures,
            "<image x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\"{rendering} \
             href=\"{data}\"/>"
        )
        .map_err(|e| self.error(&e))
    }

    /// A part of the surface, for a chart: its upper left corner and its size.
    pub(super) fn part(&self, (x, y): (i32, i32), (width, height): (i32, i32)) -> Area<'a> {
        self.area.clone().shrink((x, y), (width, height))
    }

    /// An error about this figure.
    pub(super) fn error(&self, why: &dyn std::fmt::Display) -> Error {
        Error::output(format!("figure {:?}", self.title), why)
    }

    fn draw<'e, E>(&self, element: &'e E) -> Result<()>
    where
        &'e E: plotters::element::PointCollection<'e, (i32, i32)>,
        E: plotters::element::Drawable<SVGBackend<'a>>,
    {
        self.area.draw(element).map_err(|e| self.error(&e))
    }
}
