//! A false figure beside the honest one, and what caught it.

use crate::metrics::{ConfusionMatrix, Interval, one_vs_rest_accuracy};
use crate::{Error, Result};
use serde::Serialize;

/// A way to a false accuracy, made on purpose: what it shows, what the same measured honestly has, and what the library's
/// check says of it.
///
/// ```
/// use manga_expressions::Error;
/// use manga_expressions::lessons::Leak;
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
    /// [`Error::Invalid`] if it did, and for accuracies that are no fractions.
    pub fn new(name: &str, shown: f64, honest: f64, photos: usize, check: Result<()>) -> Result<Leak> {
        let Err(caught) = check else {
            return Err(Error::Invalid(format!("{name}: the check found nothing wrong")));
        };
        Ok(Leak {
            name: name.into(),
            shown,
            shown_interval: Interval::of_fraction(shown, photos)?,
            honest,
            honest_interval: Interval::of_fraction(honest, photos)?,
            caught: caught.to_string(),
        })
    }

    /// The leak of counting one-vs-rest accuracy ([`one_vs_rest_accuracy`]) instead of the photos classified
    /// correctly, made of the predictions in `matrix`.
    ///
    /// # Errors
    /// As [`Leak::new`], and fewer than two classes.
    ///
    /// ```
    /// use manga_expressions::lessons::Leak;
    /// use manga_expressions::metrics::ConfusionMatrix;
    ///
    /// let classes = ["sad", "happy", "angry"].map(String::from);
    /// let matrix = ConfusionMatrix::new(&[0, 0, 1, 2], &[0, 1, 0, 0], &classes)?;
    /// let leak = Leak::one_vs_rest("three classes, one-vs-rest", &matrix)?;
    /// assert_eq!((leak.shown, leak.honest), (0.5, 0.25));
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn one_vs_rest(name: &str, matrix: &ConfusionMatrix) -> Result<Leak> {
        let read = |fraction: f64| one_vs_rest_accuracy(fraction, matrix.classes().len());
        let honest = matrix.correct() as f64 / matrix.total() as f64;
        let shown = read(honest)?;
        let leak = Leak::new(name, shown, honest, matrix.total(), matrix.check_accuracy(shown))?;
        // Not that of a fraction of photos: it is read off as the accuracy is.
        let Interval { low, high } = leak.honest_interval;
        Ok(Leak { shown_interval: Interval { low: read(low)?, high: read(high)? }, ..leak })
    }

    /// [`Leak::one_vs_rest`] of somebody who knows nothing and draws lots: each photo is given the label of any photo,
    /// all equally likely, so that each class is answered as often as it occurs. What is shown is the expectation; the
    /// intervals are those of as many photos as there are.
    ///
    /// # Errors
    /// As [`Leak::one_vs_rest`].
    pub fn lots_one_vs_rest(name: &str, labels: &[usize], classes: &[String]) -> Result<Leak> {
        // Every photo with every label that it could draw.
        let truth: Vec<usize> = labels.iter().flat_map(|&label| vec![label; labels.len()]).collect();
        let leak = Leak::one_vs_rest(name, &ConfusionMatrix::new(&truth, &labels.repeat(labels.len()), classes)?)?;
        let honest_interval = Interval::of_fraction(leak.honest, labels.len())?;
        let read = |fraction: f64| one_vs_rest_accuracy(fraction, classes.len());
        let shown_interval = Interval { low: read(honest_interval.low)?, high: read(honest_interval.high)? };
        Ok(Leak { honest_interval, shown_interval, ..leak })
    }

    /// Whether a `published` accuracy lies within the interval of the false one.
    pub fn reaches(&self, published: f64) -> bool {
        (self.shown_interval.low..=self.shown_interval.high).contains(&published)
    }

    /// By how much the false figure is above the honest one, as a fraction from -1 to 1.
    pub fn optimism(&self) -> f64 {
        self.shown - self.honest
    }
}
