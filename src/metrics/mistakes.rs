//! Which class was taken for which, and how much of that is between two classes that a viewer confuses, too.

use super::{Interval, OutOfFoldPredictions, OutOfFoldRow};
use crate::{Error, Result};
use serde::Serialize;

/// How often photos of one class were taken for another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Confused {
    /// The class of the photos.
    pub truth: String,
    /// What they were taken for.
    pub predicted: String,
    /// How many, as a mean over the repeats.
    pub photos: f64,
    /// Fraction of all mistakes, 0 to 1.
    pub fraction: f64,
    /// Fraction of the photos of the class, 0 to 1.
    pub of_class: f64,
}

/// How many of the mistakes are between the two classes of a pair.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PairMistakes {
    /// The one class.
    pub first: String,
    /// The other.
    pub second: String,
    /// How many photos of the one were taken for the other, either way, as a mean over the repeats.
    pub photos: f64,
    /// Fraction of all mistakes, 0 to 1.
    pub fraction: f64,
    /// What this fraction would be if the wrong answers to each class were spread over the other classes as often as each is
    /// answered at all.
    pub expected: f64,
}

impl OutOfFoldPredictions {
    /// Every kind of mistake that occurs, the most frequent first.
    pub fn confusions(&self) -> Vec<Confused> {
        let (counts, repeats) = (self.summed(), self.repeats() as f64);
        let mistakes = mistakes(&counts).max(1) as f64;
        let mut all = Vec::new();
        for (truth, row) in counts.iter().enumerate() {
            let support: usize = row.iter().sum();
            for (predicted, &count) in row.iter().enumerate().filter(|&(predicted, &n)| predicted != truth && n > 0) {
                all.push(Confused {
                    truth: self.classes()[truth].clone(),
                    predicted: self.classes()[predicted].clone(),
                    photos: count as f64 / repeats,
                    fraction: count as f64 / mistakes,
                    of_class: count as f64 / support as f64,
                });
            }
        }
        all.sort_by(|a, b| b.photos.total_cmp(&a.photos));
        all
    }

    /// How many mistakes are within each of these pairs of classes.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a name that is no class, and a pair of one class.
    ///
    /// ```
    /// use manga_expressions::metrics::{OutOfFoldPredictions, OutOfFoldRow};
    ///
    /// let row = |image: &str, truth, predicted| OutOfFoldRow {
    ///     image: image.into(), repeat: 0, fold: 0, truth, predicted, probabilities: vec![0.5, 0.3, 0.2],
    /// };
    /// let classes = ["sad", "crying", "happy"].map(String::from);
    /// let rows = vec![row("a", 0, 1), row("b", 1, 1), row("c", 2, 0), row("d", 1, 0)];
    /// let said = OutOfFoldPredictions::new(&classes, rows)?;
    /// let pair = &said.label_pairs(&[("sad", "crying")])?[0];
    /// assert_eq!((pair.photos, pair.fraction), (2.0, 2.0 / 3.0));
    /// assert_eq!(said.accuracy_within(&[("sad", "crying")])?.0, 0.75);
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn label_pairs(&self, pairs: &[(&str, &str)]) -> Result<Vec<PairMistakes>> {
        let counts = self.summed();
        let classes = counts.len();
        let (all, repeats) = (mistakes(&counts).max(1) as f64, self.repeats() as f64);
        let answered = |class: usize| counts.iter().map(|row| row[class]).sum::<usize>() as f64;
        // Of the mistakes with photos of `truth` the fraction that would fall on `wrong`.
        let spread = |truth: usize, wrong: usize| {
            let others: f64 = (0..classes).filter(|&class| class != truth).map(answered).sum();
            let wrongly: usize = (0..classes).filter(|&class| class != truth).map(|class| counts[truth][class]).sum();
            if others > 0.0 { wrongly as f64 * answered(wrong) / others } else { 0.0 }
        };
        let of = |&(first, second): &(&str, &str)| {
            let (a, b) = self.pair(first, second)?;
            let count = (counts[a][b] + counts[b][a]) as f64;
            Ok(PairMistakes {
                first: first.into(),
                second: second.into(),
                photos: count / repeats,
                fraction: count / all,
                expected: (spread(a, b) + spread(b, a)) / all,
            })
        };
        pairs.iter().map(of).collect()
    }

    /// The accuracy if either class of a pair were right for a photo of the other, with its 95 % interval by photo: an
    /// upper bound for what is lost to labels that are a matter of taste.
    ///
    /// # Errors
    /// As [`OutOfFoldPredictions::label_pairs`].
    pub fn accuracy_within(&self, pairs: &[(&str, &str)]) -> Result<(f64, Interval)> {
        let pairs = pairs.iter().map(|(a, b)| self.pair(a, b)).collect::<Result<Vec<_>>>()?;
        self.fraction_of(&|row| {
            let (a, b) = (row.truth, row.predicted);
            a == b || pairs.contains(&(a, b)) || pairs.contains(&(b, a))
        })
    }

    /// The fraction of photos whose class is among the `k` most probable, with its 95 % interval by photo: top-k accuracy. Of
    /// equally probable classes the first comes first. Equal to scikit-learn's `top_k_accuracy_score` where none are.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a `k` that is 0 or more than the classes.
    pub fn top(&self, k: usize) -> Result<(f64, Interval)> {
        let classes = self.classes().len();
        if !(1..=classes).contains(&k) {
            return Err(Error::Invalid(format!("the {k} most probable of {classes} classes: take 1 to {classes}")));
        }
        self.fraction_of(&|row| {
            let own = row.probabilities[row.truth];
            let before = |(class, &p): (usize, &f64)| p > own || (p == own && class < row.truth);
            row.probabilities.iter().enumerate().filter(|&one| before(one)).count() < k
        })
    }

    /// The fraction of all predictions of which `holds`, and its interval by photo.
    fn fraction_of(&self, holds: &dyn Fn(&OutOfFoldRow) -> bool) -> Result<(f64, Interval)> {
        let fraction = self.rows().iter().filter(|row| holds(row)).count() as f64 / self.rows().len() as f64;
        Ok((fraction, Interval::of_fraction(fraction, self.images())?))
    }

    /// The confusion matrices of all repeats, added.
    fn summed(&self) -> Vec<Vec<usize>> {
        let classes = self.classes().len();
        let mut counts = vec![vec![0; classes]; classes];
        self.rows().iter().for_each(|row| counts[row.truth][row.predicted] += 1);
        counts
    }

    fn pair(&self, first: &str, second: &str) -> Result<(usize, usize)> {
        let index = |name: &str| {
            let found = self.classes().iter().position(|class| class == name);
            found.ok_or_else(|| Error::NotFound(format!("{name} is no class; there are {}", self.classes().join(", "))))
        };
        let pair = (index(first)?, index(second)?);
        if pair.0 == pair.1 {
            return Err(Error::Invalid(format!("{first} and {second} are one class, and no pair")));
        }
        Ok(pair)
    }
}

/// The sum of all that is not on the diagonal.
fn mistakes(counts: &[Vec<usize>]) -> usize {
    counts.iter().flatten().sum::<usize>() - (0..counts.len()).map(|class| counts[class][class]).sum::<usize>()
}
