//! Which of two measurements is higher, if that is decided.

use super::{Measurement, Protocol};
use crate::Result;
use crate::metrics::Difference;

/// Two measurements and the difference between their accuracies.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Name of the first.
    pub first: String,
    /// Name of the second.
    pub second: String,
    /// The first accuracy less the second.
    pub difference: Difference,
}

impl Compared {
    /// `first` less `second`; none where it is not known of how many photos one of them is.
    ///
    /// The photos are taken for different ones. Where both tests are drawn from the same few hundred photos, or one of
    /// several runs is a mean, the interval is rather too wide; where a method's accuracy hangs on its seed, it is too
    /// narrow, since it only knows of the photos' chance.
    ///
    /// # Errors
    /// As [`Difference::of_fractions`].
    pub fn of(first: &Measurement, second: &Measurement) -> Result<Option<Compared>> {
        let (Some(a), Some(b)) = (first.photos, second.photos) else { return Ok(None) };
        let difference = Difference::of_fractions(first.accuracy, a, second.accuracy, b)?;
        Ok(Some(Compared { first: first.method.clone(), second: second.method.clone(), difference }))
    }
}

/// `reference` against each of the others in `all` that was measured in the same way, so far as their photos were counted.
///
/// # Errors
/// As [`Compared::of`].
pub fn against(reference: &Measurement, all: &[Measurement]) -> Result<Vec<Compared>> {
    let others = all.iter().filter(|m| m.protocol == reference.protocol && m.method != reference.method);
    others.filter_map(|other| Compared::of(reference, other).transpose()).collect()
}

/// What was published against what we find on the same split, for each method that has both.
///
/// # Errors
/// As [`Compared::of`].
pub fn published_and_here(all: &[Measurement]) -> Result<Vec<Compared>> {
    let of = |protocol: Protocol| all.iter().filter(move |m| m.protocol == protocol);
    let mut found = Vec::new();
    for published in of(Protocol::Published) {
        if let Some(here) = of(Protocol::Split).find(|here| here.method == published.method) {
            let both = Compared::of(published, here)?;
            found.extend(both.map(|both| Compared {
                second: "here".into(),
                first: format!("{}, published", both.first),
                ..both
            }));
        }
    }
    Ok(found)
}
