//! The confusion matrix as a figure.

use super::Figure;
use super::canvas::{Canvas, Label, Stroke, refused};
use super::palette::{Colour, SMALL, TEXT, longest};
use super::tile::cell;
use crate::Result;
use crate::lessons::Lessons;
use crate::metrics::ConfusionMatrix;
use crate::study::experiment::TrainedRun;

/// Title of the figure.
const TITLE: &str = "Confusion matrix: photos by true and predicted class";
/// Upper end of the matrix in pixels.
const TOP: i32 = 48;

/// The counts of a confusion matrix, a row for each true class, a column for each predicted one.
///
/// A cell is the darker, the larger its fraction of its row, so that classes with few and with many photos compare. Reading
/// along a row: what were the photos of this class taken for? The diagonal holds the right ones.
pub fn confusion_matrix(matrix: &ConfusionMatrix) -> Result<Figure> {
    titled(TITLE, matrix)
}

/// The [`confusion_matrix`] of each experiment in one figure, below each other, with their names.
///
/// # Errors
/// No experiment.
pub fn confusion_matrices(lessons: &Lessons) -> Result<Figure> {
    let of = |lesson: &TrainedRun| titled(&format!("{}: {TITLE}", lesson.name), &lesson.evaluation.confusion_matrix);
    let figures = lessons.all().iter().map(of).collect::<Result<Vec<Figure>>>()?;
    if figures.is_empty() {
        return Err(refused(TITLE, "there is no trained network"));
    }
    Ok(Figure::stacked(&figures.iter().collect::<Vec<_>>()))
}

fn titled(title: &str, matrix: &ConfusionMatrix) -> Result<Figure> {
    let classes = matrix.classes();
    let n = classes.len() as i32;
    let names = longest(classes, SMALL);
    let side = (672 / n).clamp(40, 96);
    let size = (side, side.min(60));
    // Names that are wider than their column are turned.
    let turned = names > side - 4;
    let left = 44 + names + 8;
    let (right, foot) = (left + n * size.0, TOP + n * size.1);
    let height = foot + if turned { names } else { 18 } + 44;
    Figure::draw(title, (right + 110, height), |canvas| {
        for (row, counts) in (0..).zip(matrix.counts()) {
            let support: usize = counts.iter().sum();
            for (column, &count) in (0..).zip(counts) {
                let colour = Colour::shade(count as f64 / support.max(1) as f64);
                let at = (left + column * size.0, TOP + row * size.1);
                cell(canvas, at, size, colour, &count.to_string(), row == column)?;
            }
        }
        for (i, class) in (0..).zip(classes) {
            let (x, y) = (left + i * size.0 + size.0 / 2, TOP + i * size.1 + size.1 / 2);
            let label = Label::new(SMALL);
            canvas.text((left - 8, y), label.right(), class)?;
            match turned {
                true => canvas.text((x, foot + 8), Label { upwards: true, ..label.right() }, class)?,
                false => canvas.text((x, foot + 15), label.centred(), class)?,
            }
        }
        let bold = Label::new(TEXT).bold().centred();
        canvas.text(((left + right) / 2, height - 18), bold, "predicted class")?;
        canvas.text((22, (TOP + foot) / 2), Label { upwards: true, ..bold }, "true class")?;
        scale(canvas, right + 24, (foot - TOP).min(200))
    })
}

/// What the shades mean.
fn scale(canvas: &Canvas, x: i32, height: i32) -> Result<()> {
    for y in 0..height {
        canvas.filled((x, TOP + y), (16, 1), Colour::shade(1.0 - f64::from(y) / f64::from(height - 1).max(1.0)))?;
    }
    canvas.outline((x, TOP), (16, height), Stroke::new(Colour::LINE, 1))?;
    for (half, text) in [(0, "0 %"), (1, "50 %"), (2, "100 %")] {
        canvas.text((x + 22, TOP + height - half * height / 2), Label::new(SMALL), text)?;
    }
    canvas.text((x, TOP + height + 18), Label::new(SMALL).grey(), "of the row")
}
