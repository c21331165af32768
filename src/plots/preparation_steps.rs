//! The preparation of one photo, step by step (section 2.2.1 of the report, figures 6 and 7).

use super::canvas::{Canvas, Label};
use super::palette::{LINE, SMALL, TEXT, VERMILLION, text_on};
use super::sample_faces::fit;
use super::{Figure, Picture, WIDTH};
use crate::{Error, Result};
use plotters::style::{Color, RGBColor};

/// One photo at each step of its preparation.
#[derive(Clone, Debug, PartialEq)]
pub struct PreparationSteps {
    /// As it was read.
    pub original: Picture,
    /// The same in grey.
    pub grey: Picture,
    /// The grey photo at the network's size.
    pub resized: Picture,
    /// The values of `resized` as the network gets them, row by row.
    pub normalised: Vec<f32>,
    /// Number of its class.
    pub label: usize,
    /// Name of its class.
    pub class: String,
}

/// Title of the figure.
const TITLE: &str = "The preparation of a photo";
/// Width of one step in pixels.
const COLUMN: i32 = WIDTH as i32 / 3;
/// Upper ends of both rows of steps.
const ROWS: [i32; 2] = [44, 308];
/// Largest side of a picture in pixels: twice the network's, so that its pixels are seen.
const SIDE: i32 = 200;
/// How many rows and columns of numbers are shown.
const PATCH: usize = 6;
/// Size of a number's cell.
const CELL: (i32, i32) = (42, 33);

/// Six steps: the original, grey, resized, its pixel values, the normalised values, and the label.
///
/// The numbers are those of the part of the picture with the most contrast, which is framed in the resized picture;
/// behind each number is the grey it stands for.
///
/// An error if `resized` is no grey picture of at least 6 x 6 pixels, or `normalised` has another number of values.
pub fn preparation_steps(steps: &PreparationSteps) -> Result<Figure> {
    let PreparationSteps { original, grey, resized, normalised, label, class } = steps;
    let pixels = resized.pixels();
    let (width, height) = (resized.width(), resized.height());
    if resized.channels() != 1 || width < PATCH || height < PATCH || normalised.len() != pixels.len() {
        let why = format!(
            "the resized picture ({width} x {height}, {} values a pixel) and its {} normalised values must be grey, \
             equally many, and at least {PATCH} x {PATCH}",
            resized.channels(),
            normalised.len()
        );
        return Err(Error::output(format!("figure {TITLE:?}"), why));
    }
    let patch = liveliest_patch(resized);
    Figure::draw(TITLE, (WIDTH, 570), |canvas| {
        picture(canvas, 0, "1  original", original)?;
        picture(canvas, 1, "2  grey", grey)?;
        let (left, top, scale) = picture(canvas, 2, "3  resized", resized)?;
        let at = |index: usize| (index as f64 * scale).round() as i32;
        let side = at(PATCH);
        frame(canvas, (left + at(patch.1), top + at(patch.0)), (side, side))?;

        let whole: Vec<String> = pixels.iter().map(u8::to_string).collect();
        numbers(canvas, 0, "4  pixel values", resized, patch, &whole)?;
        let scaled: Vec<String> = normalised.iter().map(|v| format!("{v:.2}")).collect();
        numbers(canvas, 1, "5  normalised", resized, patch, &scaled)?;

        let (x, y) = place(canvas, 5, "6  label")?;
        let big = Label { bold: true, ..Label::new(44).centred() };
        canvas.text(x + SIDE / 2, y + 80, big, &label.to_string())?;
        canvas.text(x + SIDE / 2, y + 122, Label::new(TEXT + 2).centred(), class)
    })
}

/// Writes the caption of step `index`; returns the upper left corner of what belongs below it.
fn place(canvas: &Canvas, index: i32, caption: &str) -> Result<(i32, i32)> {
    let (x, y) = (16 + index % 3 * COLUMN, ROWS[(index / 3) as usize]);
    canvas.text(x, y + 10, Label { bold: true, ..Label::new(TEXT) }, caption)?;
    Ok((x, y + 24))
}

/// Draws a picture with its size below it; returns its upper left corner and how much it is enlarged.
fn picture(canvas: &mut Canvas, index: i32, caption: &str, picture: &Picture) -> Result<(i32, i32, f64)> {
    let (x, y) = place(canvas, index, caption)?;
    let (w, h) = fit(picture, SIDE);
    canvas.outline((x - 1, y - 1), (w + 1, h + 1), LINE.into())?;
    canvas.picture(picture, (x, y), (w, h))?;
    let size = format!("{} x {} pixels", picture.width(), picture.height());
    canvas.text(x, y + h + 14, Label::new(SMALL).grey(), &size)?;
    Ok((x, y, f64::from(w) / picture.width() as f64))
}

/// Draws the numbers of a patch, each on the grey of its pixel.
fn numbers(
    canvas: &Canvas,
    column: i32,
    caption: &str,
    picture: &Picture,
    (row, col): (usize, usize),
    texts: &[String],
) -> Result<()> {
    let (x, y) = place(canvas, 3 + column, caption)?;
    for r in 0..PATCH {
        for c in 0..PATCH {
            let index = (row + r) * picture.width() + col + c;
            let value = picture.pixels()[index];
            let colour = RGBColor(value, value, value);
            let (left, top) = (x + c as i32 * CELL.0, y + r as i32 * CELL.1);
            canvas.filled((left, top), CELL, colour)?;
            let label = Label { colour: text_on(colour), ..Label::new(SMALL).centred() };
            canvas.text(left + CELL.0 / 2, top + CELL.1 / 2, label, &texts[index])?;
        }
    }
    let (width, height) = (PATCH as i32 * CELL.0, PATCH as i32 * CELL.1);
    frame(canvas, (x, y), (width, height))?;
    let rows = format!("rows {row} to {}, columns {col} to {}", row + PATCH - 1, col + PATCH - 1);
    canvas.text(x, y + height + 14, Label::new(SMALL).grey(), &rows)
}

/// A frame that shows which part of the picture the numbers are.
fn frame(canvas: &Canvas, corner: (i32, i32), size: (i32, i32)) -> Result<()> {
    canvas.outline(corner, size, VERMILLION.stroke_width(2))
}

/// First row and column of the patch with the most contrast: the largest variance of its pixels.
fn liveliest_patch(picture: &Picture) -> (usize, usize) {
    let (width, height) = (picture.width(), picture.height());
    let spread = |row: usize, col: usize| {
        let rows = picture.pixels().chunks_exact(width).skip(row).take(PATCH);
        let values = rows.flat_map(|r| &r[col..col + PATCH]).map(|&v| u64::from(v));
        let (sum, squares) = values.fold((0, 0), |(sum, squares), v| (sum + v, squares + v * v));
        squares * (PATCH * PATCH) as u64 - sum * sum
    };
    let corners = (0..=height - PATCH).flat_map(|row| (0..=width - PATCH).map(move |col| (row, col)));
    corners.max_by_key(|&(row, col)| spread(row, col)).unwrap_or((0, 0))
}
