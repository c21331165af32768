//! Marks of points and of a figure's key, to be told apart without colour.

use super::canvas::{Canvas, Label, Pixels, Stroke};
use super::palette::{Colour, SMALL, shortened, text_width};
use crate::Result;

/// What marks a point, or stands beside a name in the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A short line: in a key a line.
    Line,
    /// A short dashed line.
    Dashes,
    /// A broad, pale line: in a key a band or an interval.
    Band,
    /// An upright stroke.
    Stroke,
    /// A filled circle.
    Dot,
    /// A circle.
    Ring,
    /// A square.
    Square,
    /// A triangle.
    Triangle,
    /// A diamond.
    Diamond,
    /// A diagonal cross.
    Cross,
}

/// Width of lines in a key in pixels.
const LENGTH: i32 = 26;

impl Mark {
    /// Draws the mark with its middle at (`x`, `y`).
    pub(super) fn draw(self, canvas: &Canvas, (x, y): Pixels, colour: Colour) -> Result<()> {
        /// Half of a mark's height.
        const R: i32 = 6;
        let stroke = Stroke::new(colour, 2);
        let ends = [(x - LENGTH / 2, y), (x + LENGTH / 2, y)];
        let outline = |points: &[Pixels]| {
            // White inside, so that it can be seen on a line.
            canvas.filled((x - 2, y - 2), (4, 4), Colour::WHITE)?;
            canvas.line(&points.iter().map(|(dx, dy)| (x + dx, y + dy)).collect::<Vec<_>>(), stroke)
        };
        match self {
            Mark::Line => canvas.line(&ends, stroke),
            Mark::Dashes => canvas.line(&ends, stroke.dashed(true)),
            Mark::Band => canvas.filled((x - LENGTH / 2, y - R), (LENGTH, 2 * R), colour),
            Mark::Stroke => canvas.filled((x - 1, y - 9), (3, 18), colour),
            Mark::Dot => canvas.dot((x, y), 5, colour),
            Mark::Ring => canvas.ring((x, y), R, stroke),
            Mark::Square => outline(&[(-5, -5), (5, -5), (5, 5), (-5, 5), (-5, -5)]),
            Mark::Triangle => outline(&[(0, -R), (R, 5), (-R, 5), (0, -R)]),
            Mark::Diamond => outline(&[(0, -R - 1), (R + 1, 0), (0, R + 1), (-R - 1, 0), (0, -R - 1)]),
            Mark::Cross => {
                canvas.line(&[(x - 5, y - 5), (x + 5, y + 5)], stroke)?;
                canvas.line(&[(x - 5, y + 5), (x + 5, y - 5)], stroke)
            }
        }
    }
}

/// The key to a figure: marks with their names side by side, in as many rows as they need.
#[derive(Default)]
pub(super) struct Key {
    entries: Vec<(Mark, Colour, String)>,
}

impl Key {
    const ROW: i32 = 22;

    /// Adds an entry, unless it is there already or has no name.
    pub(super) fn add(&mut self, mark: Mark, colour: Colour, name: &str) {
        let entry = (mark, colour, name.to_string());
        if !name.is_empty() && !self.entries.contains(&entry) {
            self.entries.push(entry);
        }
    }

    /// Each entry's name, cut to a row, and the offset of its mark's left end, in rows of at most `width` pixels.
    fn places(&self, width: i32) -> Vec<(String, Pixels)> {
        let (mut x, mut y) = (0, 0);
        let place = |(_, _, name): &(Mark, Colour, String)| {
            let name = shortened(name, SMALL, width - LENGTH - 6);
            let needed = LENGTH + 6 + text_width(&name, SMALL);
            if x > 0 && x + needed > width {
                (x, y) = (0, y + Self::ROW);
            }
            let at = (x, y);
            x += needed + 12;
            (name, at)
        };
        self.entries.iter().map(place).collect()
    }

    /// Height in rows of at most `width` pixels, with a gap below; 0 without entries.
    pub(super) fn height(&self, width: i32) -> i32 {
        self.places(width).last().map_or(0, |(_, (_, y))| y + Self::ROW + 6)
    }

    /// Draws the key with its upper left corner at (`left`, `top`), in rows of at most `width` pixels.
    pub(super) fn draw(&self, canvas: &Canvas, (left, top): Pixels, width: i32) -> Result<()> {
        for ((mark, colour, _), (name, (x, y))) in self.entries.iter().zip(self.places(width)) {
            let (x, y) = (left + x, top + y + Self::ROW / 2);
            mark.draw(canvas, (x + LENGTH / 2, y), *colour)?;
            canvas.text((x + LENGTH + 6, y), Label::new(SMALL), &name)?;
        }
        Ok(())
    }
}
