//! The confusion matrix as a figure.

use super::Figure;
use super::canvas::{Canvas, Label};
use super::palette::{self, LINE, SMALL, TEXT, longest, shade, text_on, text_width};
use crate::experiment::{Lesson, Lessons};
use crate::metrics::ConfusionMatrix;
use crate::{Error, Result};

/// Title of the figure.
const TITLE: &str = "Confusion matrix: photos by true and predicted class";
/// Upper end of the matrix in pixels.
const TOP: i32 = 48;

/// The counts of a confusion matrix, a row for each true class, a column for each predicted one.
///
/// A cell is the darker, the larger its share of its row, so that classes with few and with many photos compare. Reading
/// along a row: what were the photos of this class taken for? The diagonal holds the right ones.
pub fn confusion_matrix(matrix: &ConfusionMatrix) -> Result<Figure> {
    titled(TITLE, matrix)
}

/// The [`confusion_matrix`] of each experiment in one figure, below each other, with their names.
///
/// # Errors
/// No experiment.
pub fn confusion_matrices(lessons: &Lessons) -> Result<Figure> {
    let of = |lesson: &Lesson| titled(&format!("{}: {TITLE}", lesson.name), &lesson.evaluation.confusion_matrix);
    let figures = lessons.all().iter().map(of).collect::<Result<Vec<Figure>>>()?;
    if figures.is_empty() {
        return Err(Error::output(format!("figure {TITLE:?}"), "there is no trained network"));
    }
    Ok(Figure::stacked(&figures.iter().collect::<Vec<_>>()))
}

fn titled(title: &str, matrix: &ConfusionMatrix) -> Result<Figure> {
    let classes = matrix.classes();
    let n = classes.len() as i32;
    let names = longest(classes, SMALL);
    let cell = (644 / n).clamp(40, 92);
    let cell = (cell, cell.min(60));
    // Names that are wider than their column are turned.
    let turned = names > cell.0 - 4;
    let left = 44 + names + 8;
    let (right, foot) = (left + n * cell.0, TOP + n * cell.1);
    let width = (right + 110).max(16 + text_width(title, palette::TITLE) + 16);
    let height = foot + if turned { names } else { 18 } + 44;
    Figure::draw(title, (width as u32, height as u32), |canvas| {
        cells(canvas, matrix, left, cell)?;
        for (i, class) in (0..).zip(classes) {
            let (x, y) = (left + i * cell.0 + cell.0 / 2, TOP + i * cell.1 + cell.1 / 2);
            let label = Label::new(SMALL);
            canvas.text(left - 8, y, label.right(), class)?;
            match turned {
                true => canvas.text(x, foot + 8, Label { upwards: true, ..label.right() }, class)?,
                false => canvas.text(x, foot + 15, label.centred(), class)?,
            }
        }
        let bold = Label { bold: true, ..Label::new(TEXT).centred() };
        canvas.text((left + right) / 2, height - 18, bold, "predicted class")?;
        canvas.text(22, (TOP + foot) / 2, Label { upwards: true, ..bold }, "true class")?;
        scale(canvas, right + 24, (foot - TOP).min(200))
    })
}

fn cells(canvas: &Canvas, matrix: &ConfusionMatrix, left: i32, cell: (i32, i32)) -> Result<()> {
    for (row, counts) in (0..).zip(matrix.counts()) {
        let support: usize = counts.iter().sum();
        for (column, &count) in (0..).zip(counts) {
            let share = count as f64 / support.max(1) as f64;
            let (x, y) = (left + column * cell.0, TOP + row * cell.1);
            let colour = shade(share);
            canvas.filled((x, y), cell, colour)?;
            canvas.outline((x, y), cell, LINE.into())?;
            let label = Label { colour: text_on(colour), bold: row == column, ..Label::new(TEXT + 1).centred() };
            canvas.text(x + cell.0 / 2, y + cell.1 / 2, label, &count.to_string())?;
        }
    }
    Ok(())
}

/// What the shades mean.
fn scale(canvas: &Canvas, x: i32, height: i32) -> Result<()> {
    for y in 0..height {
        let share = 1.0 - f64::from(y) / f64::from(height - 1).max(1.0);
        canvas.filled((x, TOP + y), (16, 1), shade(share))?;
    }
    canvas.outline((x, TOP), (16, height), LINE.into())?;
    for (share, text) in [(0, "0 %"), (1, "50 %"), (2, "100 %")] {
        canvas.text(x + 22, TOP + height - share * height / 2, Label::new(SMALL), text)?;
    }
    canvas.text(x, TOP + height + 18, Label::new(SMALL).grey(), "of the row")
}
