//! Whether a way of measuring finds something where there is nothing.

use super::Interval;
use crate::{Error, Result};

/// An error if an `accuracy` that was measured with shuffled labels ([`shuffled_labels`](crate::data::shuffled_labels)) is
/// above what always answering with the majority class has, `majority`, by more than so few `photos` leave open: then the
/// answers reach the test, whatever the way. `what` was measured is for the error.
///
/// It is no proof of the contrary: a small leak hides in the interval, and what really is in the photos, as their size, is
/// shuffled away.
///
/// # Errors
/// [`Error::Data`] with the numbers; [`Error::Invalid`] for an accuracy that is no fraction.
///
/// ```
/// use manga_expressions::metrics::check_chance;
///
/// assert!(check_chance("neighbours", 0.21, 455, 0.224).is_ok());
/// let error = check_chance("copies before the split", 0.9, 455, 0.224).unwrap_err().to_string();
/// assert!(error.contains("with shuffled labels"));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn check_chance(what: &str, accuracy: f64, photos: usize, majority: f64) -> Result<()> {
    let interval = Interval::of_fraction(accuracy, photos)?;
    if interval.low <= majority {
        return Ok(());
    }
    Err(Error::Data(format!(
        "{what}: with shuffled labels, which nothing in a photo can tell, {:.1} % are still right (95 % interval {interval}; \
         always the majority class has {:.1} %). The answers reach the test: look for copies and duplicates on both sides, \
         and for what was learnt or chosen before the split",
        100.0 * accuracy,
        100.0 * majority
    )))
}
