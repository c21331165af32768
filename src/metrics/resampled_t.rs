//! Whether two methods differ over the folds of a cross-validation.

use super::mean::mean_and_variance;
use super::p_value::is_small;
use super::student;
use crate::{Error, Result};
use serde::Serialize;

/// The corrected resampled t-test (C. Nadeau and Y. Bengio 2003; for repeated cross-validation R. Bouckaert and E. Frank
/// 2004): do two methods differ, by the difference of their accuracies in each fold of each repeat?
///
/// The fits of different folds share most of their training photos, so their differences vary less than those of new
/// photos would. A plain t-test takes them for independent and finds differences where there are none; here the
/// variance of the mean is `(1 / n + test / train)` times that of a single difference, and not `1 / n` times. The same as
/// `baycomp`'s correlated t-test with `runs`, and as R's `correctR::repkfold_ttest`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ResampledT {
    /// Mean of the differences.
    pub mean: f64,
    /// Their mean divided by its corrected standard error; infinite where all differences are the same and not 0.
    pub t: f64,
    /// Degrees of freedom: one less than there are differences.
    pub freedom: usize,
    /// The two-sided p-value, 0 to 1; 1 where all differences are 0.
    pub p_value: f64,
}

impl ResampledT {
    /// Of the `differences`, one for each fold of each repeat; `fraction` is the number of test photos over that of training
    /// photos, which is 1/4 for five folds.
    ///
    /// # Errors
    /// [`Error::Invalid`] for fewer than two differences, one that is no number, and a fraction that is not above 0.
    ///
    /// ```
    /// use manga_expressions::metrics::ResampledT;
    ///
    /// let test = ResampledT::of(&[0.02, 0.04, -0.01, 0.03, 0.02], 0.25)?;
    /// assert!((test.mean - 0.02).abs() < 1e-12 && test.freedom == 4);
    /// assert!(test.p_value > 0.05);
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn of(differences: &[f64], fraction: f64) -> Result<ResampledT> {
        let n = differences.len();
        if n < 2 || differences.iter().any(|value| !value.is_finite()) || !fraction.is_finite() || fraction <= 0.0 {
            return Err(Error::Invalid(format!(
                "{n} differences over folds, with {fraction} test photos for each training photo: the corrected t-test takes at \
                 least two differences, all of them numbers, and a fraction above 0"
            )));
        }
        let (mean, variance) = mean_and_variance(differences);
        let error = ((1.0 / n as f64 + fraction) * variance).sqrt();
        let t = if mean == 0.0 { 0.0 } else { mean / error };
        Ok(ResampledT { mean, t, freedom: n - 1, p_value: student::two_sided(t, n - 1) })
    }

    /// Whether the p-value is below 0.05. One in twenty pairs of equally good methods looks decided, too.
    pub fn is_decided(&self) -> bool {
        is_small(self.p_value)
    }

    /// The same in other units: the mean times `factor`.
    pub(super) fn scaled(self, factor: f64) -> ResampledT {
        ResampledT { mean: factor * self.mean, ..self }
    }
}
