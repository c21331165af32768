//! Figures 2, 14, 15 and 16: classification reports.

use crate::data::EXPRESSIONS;
use crate::metrics::{ClassScores, ClassificationReport, Scores};
use crate::{Error, Result};

/// A row as printed: precision, recall, F1.
type Row = [f64; 3];

/// Test photos of each class in figures 14 to 16.
const SUPPORTS: [usize; 7] = [10, 7, 18, 12, 11, 21, 13];

/// The classification report in a figure of the report: 2 (DenseNet-201, cited work 2), 14 (ResNet-50), 15 (VGG-16) or 16
/// (GoogLeNet). All numbers are rounded to two decimals, as printed.
///
/// In figures 14 to 16 classes have the report's order, counted from 0: sad, pleased, shock, angry, crying, happy,
/// embarrassed. Which numbers mean which class in figure 2 is not known: its supports fit neither that order nor the
/// alphabet's (chi-squared tests of the supports against the data set's counts: p = 0.0007 and 0.013), so its classes are called 0 to 6 as they are there.
///
/// # Errors
/// [`Error::Invalid`] for a figure that is no classification report.
///
/// ```
/// use manga_expressions::report::published::classification_report;
///
/// let resnet = classification_report(14)?;
/// assert_eq!((resnet.classes[2].name.as_str(), resnet.classes[2].scores.recall), ("shock", 0.72));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn classification_report(figure: usize) -> Result<ClassificationReport> {
    const NEVER: Row = [0.0, 0.0, 0.0];
    Ok(match figure {
        2 => report(
            &["0", "1", "2", "3", "4", "5", "6"],
            &[
                [0.17, 0.17, 0.17],
                [0.60, 0.23, 0.33],
                [0.22, 0.33, 0.27],
                [0.13, 0.25, 0.17],
                [0.33, 0.30, 0.32],
                [0.67, 0.33, 0.44],
                [0.56, 0.71, 0.63],
            ],
            &[6, 13, 6, 8, 10, 6, 7],
            0.32,
            [[0.38, 0.33, 0.33], [0.40, 0.32, 0.33]],
        ),
        14 => report(
            &EXPRESSIONS,
            &[
                [0.50, 0.30, 0.37],
                [0.33, 0.14, 0.20],
                [0.65, 0.72, 0.68],
                [0.36, 0.42, 0.38],
                [0.17, 0.09, 0.12],
                [0.55, 0.86, 0.67],
                [0.60, 0.46, 0.52],
            ],
            &SUPPORTS,
            0.51,
            [[0.45, 0.43, 0.42], [0.48, 0.51, 0.48]],
        ),
        15 => report(
            &EXPRESSIONS,
            &[NEVER, NEVER, [0.28, 0.44, 0.34], NEVER, NEVER, [0.30, 0.86, 0.44], NEVER],
            &SUPPORTS,
            0.28,
            [[0.08, 0.19, 0.11], [0.12, 0.28, 0.17]],
        ),
        16 => report(
            &EXPRESSIONS,
            &[NEVER, NEVER, [0.20, 1.00, 0.33], NEVER, NEVER, NEVER, NEVER],
            &SUPPORTS,
            0.20,
            [[0.03, 0.14, 0.05], [0.04, 0.20, 0.06]],
        ),
        _ => {
            return Err(Error::Invalid(format!(
                "figure {figure} of the report is no classification report: figures 2, 14, 15 and 16 are"
            )));
        }
    })
}

fn report(
    names: &[&str; 7],
    rows: &[Row; 7],
    supports: &[usize; 7],
    accuracy: f64,
    averages: [Row; 2],
) -> ClassificationReport {
    let scores = |[precision, recall, f1]: Row, support| Scores { precision, recall, f1, support };
    let class = |i: usize| ClassScores { name: names[i].to_string(), scores: scores(rows[i], supports[i]) };
    let [macro_average, weighted_average] = averages.map(|row| scores(row, supports.iter().sum()));
    ClassificationReport { classes: (0..7).map(class).collect(), accuracy, macro_average, weighted_average }
}
