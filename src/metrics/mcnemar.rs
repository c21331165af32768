//! Whether one method is better than another, where both were asked about the same photos.

use super::p_value::{is_small, said};
use crate::{Error, Result};
use serde::Serialize;
use std::fmt;

/// McNemar's test (1947): do two methods that were asked about the same photos differ in accuracy?
///
/// Photos that both got right, or both wrong, say nothing about that. Of the others each method should have half, were the
/// two equally good; the p-value is how probable a division as uneven as this one, or more so, would be then. It is the
/// exact one, of the binomial distribution: equal to statsmodels' `mcnemar(table, exact=True)`.
///
/// It is for methods that each answered once for every photo, as on one split. Those that answered several times, in
/// repeated cross-validation, are compared by [`Paired`](super::Paired).
///
/// ```
/// use manga_expressions::metrics::McNemar;
///
/// let test = McNemar::of(&[0, 1, 1, 0, 1], &[0, 1, 1, 0, 0], &[0, 0, 1, 1, 1])?;
/// assert_eq!((test.only_first, test.only_second), (2, 1));
/// assert!(!test.is_decided());
/// assert_eq!(McNemar::exact(10, 2).to_string(), "right alone: first 10, second 2; p = 0.039: decided");
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct McNemar {
    /// How many photos only the first method got right.
    pub only_first: usize,
    /// How many only the second got right.
    pub only_second: usize,
    /// The two-sided p-value, 0 to 1.
    pub p_value: f64,
}

impl McNemar {
    /// Of the answers `first` and `second` of two methods for the same photos, whose classes are `truth`.
    ///
    /// # Errors
    /// Lists of different lengths, and empty ones.
    pub fn of(truth: &[usize], first: &[usize], second: &[usize]) -> Result<McNemar> {
        let photos = truth.len();
        if photos == 0 || first.len() != photos || second.len() != photos {
            return Err(Error::Invalid(format!(
                "{photos} true labels, {} answers of the first method and {} of the second: McNemar's test takes both \
                 methods' answers for the same photos",
                first.len(),
                second.len()
            )));
        }
        let right = |said: &[usize]| truth.iter().zip(said).map(|(truth, said)| truth == said).collect::<Vec<bool>>();
        McNemar::of_right(&right(first), &right(second))
    }

    /// Of which of the same photos each method got right.
    ///
    /// # Errors
    /// Lists of different lengths, and empty ones.
    pub fn of_right(first: &[bool], second: &[bool]) -> Result<McNemar> {
        if first.is_empty() || first.len() != second.len() {
            let (a, b) = (first.len(), second.len());
            return Err(Error::Invalid(format!(
                "{a} answers of the first method and {b} of the second: McNemar's test takes both methods' answers for the \
                 same photos"
            )));
        }
        let alone = |wanted: (bool, bool)| first.iter().zip(second).filter(|&(&a, &b)| (a, b) == wanted).count();
        Ok(McNemar::exact(alone((true, false)), alone((false, true))))
    }

    /// Of how many photos only the first method got right, and only the second.
    pub fn exact(only_first: usize, only_second: usize) -> McNemar {
        let n = only_first + only_second;
        // Logarithms, since 2 to the power of n soon is too large a number.
        let mut choose = 0.0_f64;
        let mut tail = 0.0;
        for i in 0..=only_first.min(only_second) {
            if i > 0 {
                choose += ((n - i + 1) as f64 / i as f64).ln();
            }
            tail += (choose - n as f64 * std::f64::consts::LN_2).exp();
        }
        McNemar { only_first, only_second, p_value: (2.0 * tail).min(1.0) }
    }

    /// Whether the p-value is below 0.05. One in twenty pairs of equally good methods looks decided, too.
    pub fn is_decided(&self) -> bool {
        is_small(self.p_value)
    }
}

impl fmt::Display for McNemar {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let McNemar { only_first, only_second, p_value } = self;
        let verdict = if self.is_decided() { "decided" } else { "not decided" };
        write!(f, "right alone: first {only_first}, second {only_second}; {}: {verdict}", said(*p_value))
    }
}
