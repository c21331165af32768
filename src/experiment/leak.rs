//! A false figure beside the honest one, and what caught it.

use crate::metrics::Interval;
use crate::{Error, Result};
use serde::Serialize;

/// A way to a false accuracy, made on purpose: what it shows, what the same measured honestly has, and what the library's
/// check says of it.
///
/// ```
/// use manga_expressions::Error;
/// use manga_expressions::experiment::Leak;
///
/// let caught = Err(Error::Data("copies on both sides".into()));
/// let leak = Leak::new("copies before the split", 0.9, 0.25, 455, caught)?;
/// assert!(!leak.reaches(0.76) && leak.honest_interval.high < 0.3);
/// assert!(Leak::new("nothing wrong", 0.25, 0.25, 455, Ok(())).is_err());
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Leak {
    /// The mistake.
    pub name: String,
    /// The false accuracy, 0 to 1.
    pub shown: f64,
    /// Its 95 % interval, by photo: as narrow as that of an honest one. An interval does not know of leaks.
    pub shown_interval: Interval,
    /// The same measured without the mistake, 0 to 1.
    pub honest: f64,
    /// Its 95 % interval, by photo.
    pub honest_interval: Interval,
    /// What the check said.
    pub caught: String,
}

impl Leak {
    /// A leak of this `name`, whose two accuracies are of as many `photos`; `check` is what came of the library's check on
    /// the false one, which must not have let it through.
    ///
    /// # Errors
    /// [`Error::Invalid`] if it did, and for accuracies that are no shares.
    pub fn new(name: &str, shown: f64, honest: f64, photos: usize, check: Result<()>) -> Result<Leak> {
        let Err(caught) = check else {
            return Err(Error::Invalid(format!("{name}: the check found nothing wrong")));
        };
        Ok(Leak {
            name: name.into(),
            shown,
            shown_interval: Interval::of_share(shown, photos)?,
            honest,
            honest_interval: Interval::of_share(honest, photos)?,
            caught: caught.to_string(),
        })
    }

    /// The same with another interval of what it shows: of a number that is no share of photos.
    pub fn showing(self, shown_interval: Interval) -> Leak {
        Leak { shown_interval, ..self }
    }

    /// Whether a `published` accuracy lies within the interval of the false one.
    pub fn reaches(&self, published: f64) -> bool {
        (self.shown_interval.low..=self.shown_interval.high).contains(&published)
    }

    /// By how much the false figure is above the honest one, as a share from -1 to 1.
    pub fn optimism(&self) -> f64 {
        self.shown - self.honest
    }
}
