//! One output of a convolution, as one would compute it on paper.

use super::canvas::{Canvas, Label};
use super::image_row::{grey, levels};
use super::palette::{INK, LINE, SMALL, TEXT, VERMILLION, text_on};
use super::{Figure, Picture, WIDTH};
use crate::Result;
use crate::data::Images;
use crate::explain::OutputPixel;
use plotters::style::{Color, RGBColor};

/// Side of the pictures in pixels.
const SIDE: i32 = 256;
/// Upper end of the pictures, and of the numbers.
const TOP: [i32; 2] = [68, 388];
/// Size of a number's cell.
const CELL: (i32, i32) = (62, 44);
/// Left ends of the three tables of numbers.
const TABLES: [i32; 3] = [24, 258, 492];

/// A convolution of one grey `image` by the kernel of `pixel`, and how `pixel` comes about. Above the image with the window
/// framed, and the outputs of the whole image (grey is 0, lighter is above and darker below) with the output pixel framed;
/// below the numbers: the window, the kernel, their products and the sum.
///
/// An error if the image is not a single grey one, or the pixel lies outside of it.
pub fn convolution_by_hand(image: &Images, pixel: &OutputPixel) -> Result<Figure> {
    let outputs = OutputPixel::all(image, &pixel.kernel)?;
    // That of another image would be another number.
    let OutputPixel { row, column, window, kernel, products, sum } =
        OutputPixel::of(image, &pixel.kernel, pixel.row, pixel.column)?;
    let (_, height, width, _) = image.shape();
    let most = outputs.iter().fold(0.0_f32, |most, v| most.max(v.abs())).max(f32::MIN_POSITIVE);
    let signed = |v: f32| (127.5 + 127.5 * v / most).round() as u8;
    let shown: Vec<u8> = outputs.iter().map(|&v| signed(v)).collect();
    let scale = f64::from(SIDE) / height.max(width) as f64;
    let at = |index: usize| (index as f64 * scale).round() as i32;
    Figure::draw("A convolution by hand", (WIDTH, 570), |canvas| {
        let pictures = [
            (24, Picture::grey(width, height, &levels(&grey(image)))?, "the image, and the window"),
            (
                WIDTH as i32 - SIDE - 24,
                Picture::grey(width, height, &shown)?,
                "all outputs, and the one of this window",
            ),
        ];
        for (left, picture, caption) in &pictures {
            canvas.text(*left, TOP[0] - 14, Label { bold: true, ..Label::new(TEXT) }, caption)?;
            canvas.outline((left - 1, TOP[0] - 1), (at(width) + 1, at(height) + 1), LINE.into())?;
            canvas.picture(picture, (*left, TOP[0]), (at(width), at(height)))?;
        }
        let frame = |canvas: &Canvas, left: i32, from: (usize, usize), to: (usize, usize)| {
            let corner = (left + at(from.1), TOP[0] + at(from.0));
            canvas.outline(corner, (at(to.1) - at(from.1), at(to.0) - at(from.0)), VERMILLION.stroke_width(2))
        };
        let window_from = (row.saturating_sub(1), column.saturating_sub(1));
        frame(canvas, pictures[0].0, window_from, ((row + 2).min(height), (column + 2).min(width)))?;
        frame(canvas, pictures[1].0, (row, column), (row + 1, column + 1))?;
        let middle = WIDTH as i32 / 2;
        canvas.text(
            middle,
            TOP[0] + SIDE / 2 - 40,
            Label::new(TEXT).centred(),
            &format!("row {row}, column {column}"),
        )?;
        canvas.text(middle, TOP[0] + SIDE / 2 - 14, Label::new(TEXT).centred(), "window x kernel, summed up:")?;
        let big = Label { bold: true, ..Label::new(30).centred() };
        canvas.text(middle, TOP[0] + SIDE / 2 + 22, big, &format!("{sum:.2}"))?;
        let range = format!("outputs of this image: -{most:.2} to {most:.2}");
        canvas.text(middle, TOP[0] + SIDE / 2 + 58, Label::new(SMALL).centred().grey(), &range)?;

        let brightest = window.iter().fold(1.0_f32, |most, &v| most.max(v));
        let light = |v: f32| (255.0 * (v / brightest).clamp(0.0, 1.0)).round() as u8;
        numbers(canvas, TABLES[0], "the window's pixels", &window, &|v| light(v))?;
        numbers(canvas, TABLES[1], "the kernel", &kernel, &|v| (127.5 + 127.5 * v.clamp(-1.0, 1.0)).round() as u8)?;
        numbers(canvas, TABLES[2], "their products", &products, &signed)?;
        for (x, sign) in [(TABLES[1] - 24, "x"), (TABLES[2] - 24, "="), (TABLES[2] + 3 * CELL.0 + 24, "sum")] {
            canvas.text(x, TOP[1] + 3 * CELL.1 / 2, Label { bold: true, ..Label::new(18).centred() }, sign)?;
        }
        let x = TABLES[2] + 3 * CELL.0 + 60;
        canvas.outline((x, TOP[1] + CELL.1), (CELL.0 + 30, CELL.1), VERMILLION.stroke_width(2))?;
        let result = Label { bold: true, colour: INK, ..Label::new(18).centred() };
        canvas.text(x + CELL.0 / 2 + 15, TOP[1] + 3 * CELL.1 / 2, result, &format!("{sum:.2}"))
    })
}

/// Nine numbers, each on a grey that goes with it.
fn numbers(canvas: &Canvas, x: i32, caption: &str, values: &[f32; 9], shade: &dyn Fn(f32) -> u8) -> Result<()> {
    canvas.text(x, TOP[1] - 16, Label { bold: true, ..Label::new(TEXT) }, caption)?;
    for (place, &value) in (0..).zip(values) {
        let level = shade(value);
        let colour = RGBColor(level, level, level);
        let (left, top) = (x + place % 3 * CELL.0, TOP[1] + place / 3 * CELL.1);
        canvas.filled((left, top), CELL, colour)?;
        canvas.outline((left, top), CELL, LINE.into())?;
        let label = Label { colour: text_on(colour), ..Label::new(TEXT).centred() };
        // No minus before a zero.
        canvas.text(left + CELL.0 / 2, top + CELL.1 / 2, label, &format!("{:.2}", value + 0.0))?;
    }
    Ok(())
}
