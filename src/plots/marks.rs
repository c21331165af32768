//! Marks of different shapes, to be told apart without colour.

use super::canvas::Canvas;
use super::palette::WHITE;
use crate::Result;
use plotters::style::{Color, RGBColor};

#[derive(Clone, Copy)]
pub(super) enum Shape {
    Square,
    Triangle,
    Diamond,
    Cross,
}

impl Shape {
    /// Draws the mark with its middle at (`x`, `y`), on white so that it can be seen on a line.
    pub(super) fn draw(self, canvas: &Canvas, (x, y): (i32, i32), colour: RGBColor) -> Result<()> {
        /// Half of a mark's height.
        const R: i32 = 6;
        let at = |points: &[(i32, i32)]| points.iter().map(|(dx, dy)| (x + dx, y + dy)).collect::<Vec<_>>();
        let lines: Vec<Vec<(i32, i32)>> = match self {
            Shape::Square => vec![at(&[(-5, -5), (5, -5), (5, 5), (-5, 5), (-5, -5)])],
            Shape::Triangle => vec![at(&[(0, -R), (R, 5), (-R, 5), (0, -R)])],
            Shape::Diamond => vec![at(&[(0, -R - 1), (R + 1, 0), (0, R + 1), (-R - 1, 0), (0, -R - 1)])],
            Shape::Cross => vec![at(&[(-5, -5), (5, 5)]), at(&[(-5, 5), (5, -5)])],
        };
        canvas.filled((x - 2, y - 2), (4, 4), WHITE)?;
        lines.iter().try_for_each(|line| canvas.line(line, colour.stroke_width(2)))
    }
}
