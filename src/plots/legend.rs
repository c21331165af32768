//! The key to a figure's lines and marks.

use super::canvas::{Canvas, Label};
use super::marks::Shape;
use super::palette::{SMALL, text_width};
use crate::Result;
use plotters::style::{Color, RGBColor};

/// What stands beside an entry's text.
#[derive(Clone, Copy)]
pub(super) enum Mark {
    Line(RGBColor),
    Dashes(RGBColor),
    Ring(RGBColor),
    Dot(RGBColor),
    /// An upright line.
    Stroke(RGBColor),
    /// A broad, pale line.
    Band(RGBColor),
    Shape(Shape, RGBColor),
}

/// Entries side by side, in as many rows as they need.
pub(super) struct Legend {
    /// Each with the offset of its mark's left end.
    entries: Vec<(Mark, String, (i32, i32))>,
    height: i32,
}

impl Legend {
    const MARK: i32 = 26;
    const ROW: i32 = 20;

    /// Lays entries out in rows of at most `width` pixels.
    pub(super) fn new(entries: Vec<(Mark, String)>, width: i32) -> Legend {
        let (mut x, mut y) = (0, 0);
        let mut place = |(mark, text): (Mark, String)| {
            let needed = Self::MARK + 6 + text_width(&text, SMALL);
            if x > 0 && x + needed > width {
                (x, y) = (0, y + Self::ROW);
            }
            let at = (x, y);
            x += needed + 12;
            (mark, text, at)
        };
        let entries = entries.into_iter().map(&mut place).collect();
        Legend { entries, height: y + Self::ROW }
    }

    /// Height of all rows in pixels.
    pub(super) fn height(&self) -> i32 {
        self.height
    }

    /// Draws the legend with its upper left corner at (`left`, `top`).
    pub(super) fn draw(&self, canvas: &Canvas, left: i32, top: i32) -> Result<()> {
        for (mark, text, (x, y)) in &self.entries {
            let (x, y) = (left + x, top + y + Self::ROW / 2);
            match *mark {
                Mark::Line(colour) => canvas.line(&[(x, y), (x + Self::MARK, y)], colour.stroke_width(2))?,
                Mark::Dashes(colour) => {
                    for start in [x, x + 10, x + 20] {
                        canvas.line(&[(start, y), (start + 6, y)], colour.stroke_width(2))?;
                    }
                }
                Mark::Shape(shape, colour) => shape.draw(canvas, (x + Self::MARK / 2, y), colour)?,
                Mark::Ring(colour) => canvas.ring((x + Self::MARK / 2, y), 6, colour.stroke_width(2))?,
                Mark::Dot(colour) => canvas.ring((x + Self::MARK / 2, y), 5, colour.filled())?,
                Mark::Stroke(colour) => canvas.filled((x + Self::MARK / 2 - 1, y - 9), (3, 18), colour)?,
                Mark::Band(colour) => canvas.filled((x, y - 6), (Self::MARK, 12), colour)?,
            }
            canvas.text(x + Self::MARK + 6, y, Label::new(SMALL), text)?;
        }
        Ok(())
    }
}
