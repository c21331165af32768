//! Accuracy, never without its interval and what a constant answer would reach.

use super::ConfusionMatrix;
use super::confusion::check_labels;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A 95 % confidence interval of a fraction; both ends lie in 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// Wilson's score interval at 95 % for `correct` of `total`: the fractions that would not be rejected by what was
    /// seen (Wilson 1927). It stays within 0 to 1 and is sound for small samples, where the usual
    /// `p ± 1.96 sqrt(p (1 - p) / n)` is not. Equivalent to statsmodels'
    /// `proportion_confint(correct, total, method="wilson")`.
    ///
    /// An error if `total` is 0 or less than `correct`.
    ///
    /// ```
    /// use manga_expressions::metrics::Interval;
    ///
    /// let interval = Interval::wilson(47, 92)?;
    /// assert_eq!(format!("{:.3} {:.3}", interval.low, interval.high), "0.410 0.611");
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn wilson(correct: usize, total: usize) -> Result<Interval> {
        if total == 0 || correct > total {
            return Err(Error::Invalid(format!(
                "{correct} correct of {total} is not a fraction: count the photos again"
            )));
        }
        Interval::of_fraction(correct as f64 / total as f64, total)
    }

    /// [`Interval::wilson`] of a fraction of `total` photos that is not of a whole number of them, as the mean over
    /// several cross-validations of the same photos. It then is rather too wide: means vary less than single counts.
    ///
    /// An error if `total` is 0 or the fraction not from 0 to 1.
    ///
    /// ```
    /// use manga_expressions::metrics::Interval;
    ///
    /// assert_eq!(Interval::of_fraction(0.5, 92)?, Interval::wilson(46, 92)?);
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn of_fraction(fraction: f64, total: usize) -> Result<Interval> {
        if total == 0 || !(0.0..=1.0).contains(&fraction) {
            return Err(Error::Invalid(format!("{fraction} of {total} photos is not a fraction: it is from 0 to 1")));
        }
        /// The normal distribution's quantile at 0.975.
        const Z: f64 = 1.959_963_984_540_054;
        let (p, n) = (fraction, total as f64);
        let scale = 1.0 + Z * Z / n;
        let centre = (p + Z * Z / (2.0 * n)) / scale;
        let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt() / scale;
        // At 0 and at 1 an end is exact; there rounding would leave a tiny remainder.
        let low = if fraction == 0.0 { 0.0 } else { centre - half };
        let high = if fraction == 1.0 { 1.0 } else { centre + half };
        Ok(Interval { low, high })
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:.1} % to {:.1} %", 100.0 * self.low, 100.0 * self.high)
    }
}

/// What always answering with one class would reach on the measured photos.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Baseline {
    /// The most frequent class of the training photos.
    pub class: String,
    /// The fraction of measured photos that are of this class, 0 to 1.
    pub accuracy: f64,
}

/// Fraction of photos classified correctly, with its 95 % interval, beside the majority class.
///
/// A test set of 92 photos leaves ten points of doubt to each side; printed alone, an accuracy hides that.
///
/// ```
/// use manga_expressions::metrics::{Accuracy, ConfusionMatrix};
///
/// let classes = ["sad".to_string(), "happy".to_string()];
/// let matrix = ConfusionMatrix::new(&[0, 0, 1, 1], &[0, 1, 1, 1], &classes)?;
/// let accuracy = Accuracy::of(&matrix, &[0, 1, 0])?; // most training photos are sad
/// assert_eq!(
///     accuracy.to_string(),
///     r#"75.0 % (3 of 4; 95 % interval 30.1 to 95.4; always "sad" would have 50.0 %)"#
/// );
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Accuracy {
    /// How many photos were classified correctly.
    pub correct: usize,
    /// How many photos were classified.
    pub total: usize,
    /// `correct / total`, 0 to 1.
    pub accuracy: f64,
    /// Wilson's 95 % interval of the accuracy.
    pub interval: Interval,
    /// What always answering with the majority class would reach.
    pub baseline: Baseline,
}

impl Accuracy {
    /// The accuracy of a confusion matrix.
    ///
    /// `training_labels` are the labels of the training photos: the majority class is taken from them (the first one
    /// where several are equally frequent), because nothing, not even a constant answer, may be chosen on the photos
    /// it is measured on. An error if there are none, or if one is no class of the matrix.
    pub fn of(matrix: &ConfusionMatrix, training_labels: &[usize]) -> Result<Accuracy> {
        let classes = matrix.classes();
        check_labels("training", training_labels, classes.len())?;
        let mut counts = vec![0; classes.len()];
        for &label in training_labels {
            counts[label] += 1;
        }
        let most = counts.iter().copied().max().filter(|&most| most > 0).ok_or_else(|| {
            Error::Invalid("the majority class needs the labels of the training photos, and there are none".into())
        })?;
        let majority = counts.iter().position(|&count| count == most).unwrap_or(0);
        let (correct, total) = (matrix.correct(), matrix.total());
        Ok(Accuracy {
            correct,
            total,
            accuracy: correct as f64 / total as f64,
            interval: Interval::wilson(correct, total)?,
            baseline: Baseline {
                class: classes[majority].clone(),
                accuracy: matrix.support(majority) as f64 / total as f64,
            },
        })
    }
}

impl fmt::Display for Accuracy {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Accuracy { correct, total, accuracy, interval, baseline } = self;
        write!(
            f,
            "{:.1} % ({correct} of {total}; 95 % interval {:.1} to {:.1}; always \"{}\" would have {:.1} %)",
            100.0 * accuracy,
            100.0 * interval.low,
            100.0 * interval.high,
            baseline.class,
            100.0 * baseline.accuracy
        )
    }
}
