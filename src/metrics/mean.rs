//! A mean, never without its interval.

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
        let mean = values.iter().sum::<f64>() / count as f64;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1) as f64;
        let half = t_quantile(count - 1) * (variance / count as f64).sqrt();
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

/// The quantile at 0.975 of Student's t with `freedom` degrees: from a table where they are few, else by the expansion of
/// Cornish and Fisher (M. Abramowitz, I. Stegun: Handbook of Mathematical Functions, 26.7.5), which is good to 1e-3 there.
fn t_quantile(freedom: usize) -> f64 {
    const FEW: [f64; 10] = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281];
    if let Some(&quantile) = FEW.get(freedom.wrapping_sub(1)) {
        return quantile;
    }
    let (z, n) = (1.959_963_984_540_054_f64, freedom as f64);
    let first = (z.powi(3) + z) / 4.0;
    let second = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
    let third = (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0;
    z + first / n + second / n.powi(2) + third / n.powi(3)
}

#[cfg(test)]
mod tests {
    #[test]
    fn quantiles_are_those_of_scipy() {
        // scipy.stats.t.ppf(0.975, n)
        let known = [
            (1, 12.706_205),
            (4, 2.776_445),
            (6, 2.446_912),
            (10, 2.228_139),
            (11, 2.200_985),
            (20, 2.085_963),
            (30, 2.042_272),
            (1000, 1.962_339),
        ];
        for (freedom, quantile) in known {
            assert!((super::t_quantile(freedom) - quantile).abs() < 1e-3, "{freedom}");
        }
    }
}
