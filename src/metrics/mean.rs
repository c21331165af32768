//! A mean, never without its interval.

use super::student;
use crate::{Error, Result};
use serde::Serialize;
use std::fmt;

/// The mean of independent values with its 95 % interval by Student's t: the true means that would not be rejected by
/// what was seen. For differences of two values of the same image it is the paired t-test turned into an interval.
///
/// ```
/// use manga_expressions::metrics::Mean;
///
/// let mean = Mean::of(&[0.1, 0.3, 0.2, 0.4])?;
/// assert_eq!(mean.to_string(), "0.250 (0.045 to 0.455)");
/// assert!(mean.is_above(0.0));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Mean {
    /// How many values.
    pub count: usize,
    /// Their mean.
    pub mean: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Mean {
    /// The mean of `values`.
    ///
    /// # Errors
    /// Fewer than two values, which have no interval; values that are not numbers.
    pub fn of(values: &[f64]) -> Result<Mean> {
        let count = values.len();
        if count < 2 || values.iter().any(|value| !value.is_finite()) {
            return Err(Error::Invalid(format!(
                "the mean of {count} values has no interval: it takes two or more numbers"
            )));
        }
        let (mean, variance) = mean_and_variance(values);
        let half = student::two_sided_quantile(0.05, count - 1) * (variance / count as f64).sqrt();
        Ok(Mean { count, mean, low: mean - half, high: mean + half })
    }

    /// Whether the whole interval is above `value`.
    pub fn is_above(&self, value: f64) -> bool {
        self.low > value
    }

    /// Whether the whole interval is below `value`.
    pub fn is_below(&self, value: f64) -> bool {
        self.high < value
    }
}

/// `0.250 (0.045 to 0.455)`
impl fmt::Display for Mean {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:.3} ({:.3} to {:.3})", self.mean, self.low, self.high)
    }
}

/// The mean of two or more values and their variance, with one less than their number as its divisor.
pub(super) fn mean_and_variance(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    (mean, values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0))
}
