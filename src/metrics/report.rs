//! Precision, recall and F1 for each class: scikit-learn's classification report.

use super::ConfusionMatrix;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Precision, recall, F1 and support: one row of a report.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// Of the photos predicted as this class, the fraction that are of it; 0 if it was never predicted.
    pub precision: f64,
    /// Of the photos of this class, the fraction that were predicted as it; 0 if there is none.
    pub recall: f64,
    /// The harmonic mean of precision and recall; 0 if the class neither occurs nor was predicted.
    #[serde(rename = "f1-score")]
    pub f1: f64,
    /// How many photos of this class there are.
    pub support: usize,
}

/// The scores of one class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassScores {
    /// Name of the class.
    pub name: String,
    /// Its scores.
    #[serde(flatten)]
    pub scores: Scores,
}

/// Precision, recall, F1 and support of every class, the accuracy, and two averages.
///
/// Displayed, it is the text of scikit-learn's `classification_report(truth, predicted, labels=range(len(classes)),
/// target_names=classes, digits=2, zero_division=0)`; as JSON it has the names of its `output_dict=True`.
///
/// ```
/// use manga_expressions::metrics::{ClassificationReport, ConfusionMatrix};
///
/// let classes = ["sad".to_string(), "happy".to_string()];
/// let matrix = ConfusionMatrix::new(&[0, 0, 1, 1], &[0, 1, 1, 1], &classes)?;
/// let report = ClassificationReport::of(&matrix);
/// assert_eq!(report.classes[0].scores.recall, 0.5);
/// assert!(report.to_string().contains("    accuracy                           0.75         4"));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClassificationReport {
    /// The scores of each class, in the order of the labels.
    pub classes: Vec<ClassScores>,
    /// Fraction of photos classified correctly, 0 to 1.
    pub accuracy: f64,
    /// The plain mean over the classes.
    #[serde(rename = "macro avg")]
    pub macro_average: Scores,
    /// The mean over the classes, each weighted by its support.
    #[serde(rename = "weighted avg")]
    pub weighted_average: Scores,
}

impl ClassificationReport {
    /// The report of a confusion matrix.
    pub fn of(matrix: &ConfusionMatrix) -> ClassificationReport {
        let classes: Vec<ClassScores> = (0..matrix.classes().len())
            .map(|i| ClassScores { name: matrix.classes()[i].clone(), scores: class_scores(matrix, i) })
            .collect();
        let supports: Vec<f64> = classes.iter().map(|c| c.scores.support as f64).collect();
        ClassificationReport {
            accuracy: fraction(matrix.correct(), matrix.total()),
            macro_average: average(&classes, &vec![1.0; classes.len()], matrix.total()),
            weighted_average: average(&classes, &supports, matrix.total()),
            classes,
        }
    }
}

/// scikit-learn's text, to the character.
impl fmt::Display for ClassificationReport {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let names = self.classes.iter().map(|c| c.name.chars().count());
        let width = names.max().unwrap_or(0).max("weighted avg".len());
        // Where no photo is classified correctly, scikit-learn's supports are floats, and it prints them so.
        let tail = if self.accuracy == 0.0 { ".0" } else { "" };
        let support = |count: usize| format!("{count}{tail}");
        let row = |f: &mut fmt::Formatter, name: &str, s: &Scores| {
            let (p, r, f1, n) = (s.precision, s.recall, s.f1, support(s.support));
            writeln!(f, "{name:>width$}  {p:>9.2} {r:>9.2} {f1:>9.2} {n:>9}")
        };
        writeln!(f, "{:>width$}  {:>9} {:>9} {:>9} {:>9}\n", "", "precision", "recall", "f1-score", "support")?;
        for class in &self.classes {
            row(f, &class.name, &class.scores)?;
        }
        let total = support(self.macro_average.support);
        writeln!(f, "\n{:>width$}  {:>9} {:>9} {:>9.2} {total:>9}", "accuracy", "", "", self.accuracy)?;
        row(f, "macro avg", &self.macro_average)?;
        row(f, "weighted avg", &self.weighted_average)
    }
}

fn class_scores(matrix: &ConfusionMatrix, class: usize) -> Scores {
    let hits = matrix.count(class, class);
    let (support, predictions) = (matrix.support(class), matrix.predictions(class));
    Scores {
        precision: fraction(hits, predictions),
        recall: fraction(hits, support),
        f1: fraction(2 * hits, support + predictions),
        support,
    }
}

/// `part / whole`, and 0 where there is no whole (scikit-learn's `zero_division=0`).
fn fraction(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn average(classes: &[ClassScores], weights: &[f64], support: usize) -> Scores {
    let mean = |score: fn(&Scores) -> f64| {
        let weighted: Vec<f64> = classes.iter().zip(weights).map(|(c, w)| score(&c.scores) * w).collect();
        pairwise_sum(&weighted) / pairwise_sum(weights)
    };
    Scores { precision: mean(|s| s.precision), recall: mean(|s| s.recall), f1: mean(|s| s.f1), support }
}

/// The sum in the order of additions of numpy's `sum`, so that a mean which lies between two decimals (0.125) is
/// rounded to the same side as scikit-learn's.
fn pairwise_sum(values: &[f64]) -> f64 {
    const LANES: usize = 8;
    const BLOCK: usize = 128;
    match values.len() {
        n if n < LANES => values.iter().sum(),
        n if n <= BLOCK => {
            let mut lanes = [0.0; LANES];
            let chunks = values.chunks_exact(LANES);
            let rest = chunks.remainder();
            for chunk in chunks {
                for (lane, value) in lanes.iter_mut().zip(chunk) {
                    *lane += value;
                }
            }
            let [a, b, c, d, e, f, g, h] = lanes;
            rest.iter().fold(((a + b) + (c + d)) + ((e + f) + (g + h)), |sum, value| sum + value)
        }
        n => {
            let half = n / 2 - n / 2 % LANES;
            pairwise_sum(&values[..half]) + pairwise_sum(&values[half..])
        }
    }
}
