//! Whether one accuracy is higher than another, where the two were measured on different photos.

use super::Interval;
use crate::Result;
use serde::Serialize;
use std::fmt;

/// The difference between two accuracies with its 95 % interval.
///
/// Newcombe's interval (1998, his method 10), which is made of the two Wilson intervals. Equivalent to statsmodels'
/// `confint_proportions_2indep(…, compare="diff", method="newcomb")`. It is for accuracies of different photos; two
/// methods that were asked about the same photos are told apart more sharply by [`McNemar`](super::McNemar).
///
/// ```
/// use manga_expressions::metrics::Difference;
///
/// // The report's ResNet-50, 47 of 92, beside cited work 1's, 63 of 150.
/// let difference = Difference::of_fractions(47.0 / 92.0, 92, 63.0 / 150.0, 150)?;
/// assert_eq!(difference.to_string(), "+9.1 points (95 % interval -3.8 to +21.6): not decided");
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// The first accuracy less the second, -1 to 1.
    pub difference: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Difference {
    /// Of an accuracy `first` on so many photos and a `second` on others. They may be means over several runs, as in
    /// [`Interval::of_fraction`]; the interval then is rather too wide.
    ///
    /// # Errors
    /// As [`Interval::of_fraction`].
    pub fn of_fractions(first: f64, first_photos: usize, second: f64, second_photos: usize) -> Result<Difference> {
        let (a, b) = (Interval::of_fraction(first, first_photos)?, Interval::of_fraction(second, second_photos)?);
        let difference = first - second;
        Ok(Difference {
            difference,
            low: difference - (first - a.low).hypot(b.high - second),
            high: difference + (a.high - first).hypot(second - b.low),
        })
    }

    /// Whether the interval leaves 0 out, so that it is clear which of the two is higher. One in twenty differences that
    /// are only chance looks decided, too.
    pub fn is_decided(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let [difference, low, high] = [self.difference, self.low, self.high].map(|fraction| 100.0 * fraction);
        let verdict = if self.is_decided() { "decided" } else { "not decided" };
        write!(f, "{difference:+.1} points (95 % interval {low:+.1} to {high:+.1}): {verdict}")
    }
}
