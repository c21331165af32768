//! The confusion matrix: which class was taken for which.

use crate::{Error, Result};
use serde::Serialize;
use std::collections::HashSet;
use std::fmt;

/// How often each true class was predicted as each class.
///
/// Rows are true classes, columns predicted ones, as in scikit-learn's `confusion_matrix(truth, predicted,
/// labels=range(len(classes)))`. All other measures are read off it.
///
/// ```
/// use manga_expressions::metrics::ConfusionMatrix;
///
/// let classes = ["sad".to_string(), "happy".to_string()];
/// let matrix = ConfusionMatrix::new(&[0, 0, 1, 1], &[0, 1, 1, 1], &classes)?;
/// assert_eq!(matrix.count(0, 1), 1); // one sad face was taken for a happy one
/// assert_eq!((matrix.correct(), matrix.total()), (3, 4));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConfusionMatrix {
    classes: Vec<String>,
    counts: Vec<Vec<usize>>,
}

impl ConfusionMatrix {
    /// Counts pairs of labels; `truth[i]` and `predicted[i]` are the classes of photo `i` as indices into `classes`.
    ///
    /// An error if there is no photo or no class, if the two lists differ in length, if a label is no index into
    /// `classes`, or if two classes have one name.
    pub fn new(truth: &[usize], predicted: &[usize], classes: &[String]) -> Result<Self> {
        check_classes(classes)?;
        if truth.len() != predicted.len() {
            return Err(Error::Invalid(format!(
                "{} true labels cannot be compared with {} predicted ones: give one of each for every photo",
                truth.len(),
                predicted.len()
            )));
        }
        if truth.is_empty() {
            return Err(Error::Invalid("there are no predictions to measure: give at least one photo".into()));
        }
        check_labels("true", truth, classes.len())?;
        check_labels("predicted", predicted, classes.len())?;
        let mut counts = vec![vec![0; classes.len()]; classes.len()];
        for (&t, &p) in truth.iter().zip(predicted) {
            counts[t][p] += 1;
        }
        Ok(ConfusionMatrix { classes: classes.to_vec(), counts })
    }

    /// The names of the classes.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The counts: a row for each true class, in it a number for each predicted one.
    pub fn counts(&self) -> &[Vec<usize>] {
        &self.counts
    }

    /// How many photos of class `truth` were predicted as class `predicted`. Panics where there is no such class.
    pub fn count(&self, truth: usize, predicted: usize) -> usize {
        self.counts[truth][predicted]
    }

    /// How many photos of class `truth` there are. Panics where there is no such class.
    pub fn support(&self, truth: usize) -> usize {
        self.counts[truth].iter().sum()
    }

    /// How often class `predicted` was predicted, rightly or wrongly. Panics where there is no such class.
    pub fn predictions(&self, predicted: usize) -> usize {
        self.counts.iter().map(|row| row[predicted]).sum()
    }

    /// The classes that were predicted at least once, rightly or wrongly.
    pub fn predicted_classes(&self) -> Vec<String> {
        self.classes_where(|class| self.predictions(class) > 0)
    }

    /// The classes of which at least one photo was recognised: those whose recall is not 0.
    pub fn recognised_classes(&self) -> Vec<String> {
        self.classes_where(|class| self.count(class, class) > 0)
    }

    fn classes_where(&self, holds: impl Fn(usize) -> bool) -> Vec<String> {
        (0..self.classes.len()).filter(|&class| holds(class)).map(|class| self.classes[class].clone()).collect()
    }

    /// How many photos there are.
    pub fn total(&self) -> usize {
        self.counts.iter().flatten().sum()
    }

    /// How many photos were classified correctly: the sum of the diagonal.
    pub fn correct(&self) -> usize {
        (0..self.classes.len()).map(|i| self.counts[i][i]).sum()
    }
}

/// The counts as a text table, true classes in rows.
impl fmt::Display for ConfusionMatrix {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let corner = "true \\ predicted";
        let longest = self.classes.iter().map(|c| c.chars().count()).max().unwrap_or(0);
        let first = longest.max(corner.len());
        let widths: Vec<usize> = (0..self.classes.len())
            .map(|i| self.classes[i].chars().count().max(self.predictions(i).to_string().len()))
            .collect();
        write!(f, "{corner:>first$}")?;
        for (class, &width) in self.classes.iter().zip(&widths) {
            write!(f, "  {class:>width$}")?;
        }
        writeln!(f)?;
        for (class, row) in self.classes.iter().zip(&self.counts) {
            write!(f, "{class:>first$}")?;
            for (count, &width) in row.iter().zip(&widths) {
                write!(f, "  {count:>width$}")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

fn check_classes(classes: &[String]) -> Result<()> {
    if classes.is_empty() {
        return Err(Error::Invalid("there is no class: give the names of the classes".into()));
    }
    let mut seen = HashSet::new();
    for class in classes {
        if !seen.insert(class) {
            return Err(Error::Invalid(format!("two classes are called {class:?}: give each its own name")));
        }
    }
    Ok(())
}

/// An error that names the first label which is no index into the classes.
pub(super) fn check_labels(kind: &str, labels: &[usize], classes: usize) -> Result<()> {
    match labels.iter().position(|&label| label >= classes) {
        None => Ok(()),
        Some(i) => Err(Error::Invalid(format!(
            "{kind} label {} of photo {i} is no class: labels are counted from 0 and there are {classes} classes",
            labels[i]
        ))),
    }
}
