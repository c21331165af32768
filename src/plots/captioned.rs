//! Pictures side by side, each with some lines of text under it.

use super::canvas::Label;
use super::palette::{LINE, SMALL};
use super::sample_faces::fit;
use super::{Figure, Picture, WIDTH};
use crate::Result;
use plotters::style::Color;

/// Pictures in a row.
const COLUMNS: usize = 6;

/// A picture and the lines under it.
pub(super) struct Captioned {
    pub picture: Picture,
    pub lines: Vec<String>,
}

/// All of them in rows of six, each fitted into a square of one size with three lines under it at most.
pub(super) fn captioned(title: &str, all: &[Captioned]) -> Result<Figure> {
    const SIDE: i32 = 122;
    const TOP: i32 = 44;
    const ROW: i32 = SIDE + 66;
    let column = (WIDTH as i32 - 24) / COLUMNS as i32;
    let rows = all.len().div_ceil(COLUMNS) as i32;
    Figure::draw(title, (WIDTH, (TOP + rows * ROW) as u32), |canvas| {
        for (place, Captioned { picture, lines }) in all.iter().enumerate() {
            let (x, y) = (12 + (place % COLUMNS) as i32 * column, TOP + (place / COLUMNS) as i32 * ROW);
            let (w, h) = fit(picture, SIDE);
            let middle = x + column / 2;
            let corner = (middle - w / 2, y + (SIDE - h) / 2);
            canvas.outline((corner.0 - 1, corner.1 - 1), (w + 1, h + 1), LINE.stroke_width(1))?;
            canvas.picture(picture, corner, (w, h))?;
            for (i, line) in (0..).zip(lines) {
                canvas.text(middle, y + SIDE + 12 + 17 * i, Label::new(SMALL).centred(), line)?;
            }
        }
        Ok(())
    })
}
