//! Drawing with plotters in pixels: text, boxes, lines and pictures.

use super::Picture;
use super::palette::{Colour, DASHES, FONT, TITLE};
use crate::{Error, Result};
use plotters::coord::Shift;
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::fmt::Write;

/// The surface of one figure; `x` to the right and `y` down, in pixels.
pub(super) struct Canvas<'a> {
    title: String,
    area: DrawingArea<SVGBackend<'a>, Shift>,
    /// Pictures as SVG elements, which plotters would embed as they are, without a choice of how they are enlarged.
    /// They lie below all else but the background.
    pictures: String,
}

/// A point in pixels, or a width and a height.
pub(super) type Pixels = (i32, i32);

/// Text of one look.
#[derive(Clone, Copy)]
pub(super) struct Label {
    pub size: i32,
    pub colour: Colour,
    pub bold: bool,
    pub align: HPos,
    /// Whether the text reads upwards.
    pub upwards: bool,
}

impl Label {
    pub(super) fn new(size: i32) -> Label {
        Label { size, colour: Colour::INK, bold: false, align: HPos::Left, upwards: false }
    }

    pub(super) fn grey(self) -> Label {
        Label { colour: Colour::GREY, ..self }
    }

    pub(super) fn bold(self) -> Label {
        Label { bold: true, ..self }
    }

    pub(super) fn centred(self) -> Label {
        Label { align: HPos::Center, ..self }
    }

    pub(super) fn right(self) -> Label {
        Label { align: HPos::Right, ..self }
    }
}

/// A line of one look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stroke {
    pub colour: Colour,
    pub width: u32,
    /// 0 for invisible to 1.
    pub opacity: f64,
    pub dashed: bool,
}

impl Stroke {
    pub(super) fn new(colour: Colour, width: u32) -> Stroke {
        Stroke { colour, width, opacity: 1.0, dashed: false }
    }

    pub(super) fn dashed(self, dashed: bool) -> Stroke {
        Stroke { dashed, ..self }
    }

    fn style(self) -> ShapeStyle {
        rgb(self.colour).mix(self.opacity).stroke_width(self.width)
    }
}

fn rgb(Colour(red, green, blue): Colour) -> RGBColor {
    RGBColor(red, green, blue)
}

impl<'a> Canvas<'a> {
    /// A white surface with the title at its top.
    pub(super) fn new(svg: &'a mut String, title: &str, size: (u32, u32)) -> Result<Canvas<'a>> {
        let area = SVGBackend::with_string(svg, size).into_drawing_area();
        let canvas = Canvas { title: title.into(), area, pictures: String::new() };
        canvas.area.fill(&rgb(Colour::WHITE)).map_err(|e| canvas.error(&e))?;
        canvas.text((16, 22), Label::new(TITLE).bold(), title)?;
        Ok(canvas)
    }

    /// Ends the drawing; returns the pictures as SVG elements.
    pub(super) fn finish(self) -> Result<String> {
        self.area.present().map_err(|e| self.error(&e))?;
        Ok(self.pictures)
    }

    /// Text beside the point `at`, which is at half its height.
    pub(super) fn text(&self, at: Pixels, label: Label, text: &str) -> Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        // A folder's name may hold what no XML may.
        let text: String = text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
        let weight = if label.bold { FontStyle::Bold } else { FontStyle::Normal };
        let turn = if label.upwards { FontTransform::Rotate270 } else { FontTransform::None };
        // plotters' SVG divides sizes by 1.24.
        let font = (FONT, f64::from(label.size) * 1.24).into_font().style(weight).transform(turn);
        self.draw(&Text::new(text, at, font.color(&rgb(label.colour)).pos(Pos::new(label.align, VPos::Center))))
    }

    /// A filled box with its upper left corner at `at`.
    pub(super) fn filled(&self, at: Pixels, size: Pixels, colour: Colour) -> Result<()> {
        self.draw(&Rectangle::new([at, (at.0 + size.0, at.1 + size.1)], rgb(colour).filled()))
    }

    /// The outline of a box.
    pub(super) fn outline(&self, at: Pixels, size: Pixels, stroke: Stroke) -> Result<()> {
        self.draw(&Rectangle::new([at, (at.0 + size.0, at.1 + size.1)], stroke.style()))
    }

    /// A line through points.
    pub(super) fn line(&self, points: &[Pixels], stroke: Stroke) -> Result<()> {
        match stroke.dashed {
            true => self.draw(&DashedPathElement::new(points.to_vec(), DASHES.0, DASHES.1, stroke.style())),
            false => self.draw(&PathElement::new(points.to_vec(), stroke.style())),
        }
    }

    /// A filled area between points.
    pub(super) fn area(&self, points: &[Pixels], colour: Colour, opacity: f64) -> Result<()> {
        self.draw(&Polygon::new(points.to_vec(), rgb(colour).mix(opacity)))
    }

    /// A filled circle.
    pub(super) fn dot(&self, centre: Pixels, radius: i32, colour: Colour) -> Result<()> {
        self.draw(&Circle::new(centre, radius, rgb(colour).filled()))
    }

    /// The outline of a circle.
    pub(super) fn ring(&self, centre: Pixels, radius: i32, stroke: Stroke) -> Result<()> {
        self.draw(&Circle::new(centre, radius, stroke.style()))
    }

    /// A picture with its upper left corner at `at`, stretched to `width` x `height`. Enlarged by a whole number its pixels
    /// stay sharp squares; far larger ones are reduced, so that the figure stays small.
    pub(super) fn picture(&mut self, picture: &Picture, (x, y): Pixels, (width, height): Pixels) -> Result<()> {
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

    /// An error about this figure.
    fn error(&self, why: &dyn std::fmt::Display) -> Error {
        refused(&self.title, why)
    }

    fn draw<'e, E>(&self, element: &'e E) -> Result<()>
    where
        &'e E: plotters::element::PointCollection<'e, Pixels>,
        E: plotters::element::Drawable<SVGBackend<'a>>,
    {
        self.area.draw(element).map_err(|e| self.error(&e))
    }
}

/// The error that the figure of this title cannot be made.
pub(super) fn refused(title: &str, why: impl std::fmt::Display) -> Error {
    Error::output(format!("figure {title:?}"), why)
}
