//! Whether the mean of paired differences is 0.

use super::mean::mean_and_variance;
use super::p_value::is_small;
use super::{Mean, student};
use crate::{Error, Result};
use serde::Serialize;

/// The paired t-test with the 95 % interval that belongs to it: is the mean of differences, one for each photo, 0? The
/// interval leaves 0 out exactly where the p-value is below 0.05. Equal to `scipy.stats.ttest_1samp(differences, 0)`, and to
/// `scipy.stats.ttest_rel` of the two lists that the differences are of.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PairedT {
    /// Mean of the differences.
    pub mean: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// The mean divided by its standard error; infinite where all differences are the same and not 0.
    pub t: f64,
    /// Degrees of freedom: one less than there are differences.
    pub freedom: usize,
    /// The two-sided p-value, 0 to 1; 1 where all differences are 0.
    pub p_value: f64,
}

impl PairedT {
    /// Of the `differences`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for fewer than two differences, and one that is no number.
    ///
    /// ```
    /// use manga_expressions::metrics::PairedT;
    ///
    /// // How much more often, of five repeats, the first of two methods was right on each of six photos.
    /// let test = PairedT::of(&[0.2, 0.4, 0.0, 0.0, -0.2, 0.2])?;
    /// assert!((test.mean - 0.1).abs() < 1e-12 && test.freedom == 5);
    /// assert!(test.low < 0.0 && !test.is_decided());
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn of(differences: &[f64]) -> Result<PairedT> {
        let Mean { count, mean, low, high } = Mean::of(differences).map_err(|_| {
            Error::Invalid(format!("{} differences: the paired t-test takes two or more numbers", differences.len()))
        })?;
        let error = (mean_and_variance(differences).1 / count as f64).sqrt();
        let t = if mean == 0.0 { 0.0 } else { mean / error };
        Ok(PairedT { mean, low, high, t, freedom: count - 1, p_value: student::two_sided(t, count - 1) })
    }

    /// Whether the p-value is below 0.05. One in twenty pairs of equally good methods looks decided, too.
    pub fn is_decided(&self) -> bool {
        is_small(self.p_value)
    }

    /// The same in other units: mean and interval times `factor`.
    pub(super) fn scaled(self, factor: f64) -> PairedT {
        PairedT { mean: factor * self.mean, low: factor * self.low, high: factor * self.high, ..self }
    }
}
