//! How a number that is called accuracy was counted.

use super::{ClassificationReport, ConfusionMatrix, one_vs_rest_accuracy};
use crate::{Error, Result};

impl ConfusionMatrix {
    /// An error if `shown`, a fraction from 0 to 1 that is said to be the accuracy of these predictions, is not the fraction of
    /// photos classified correctly, to a percent. It says what the number is instead, where it is one that is often taken
    /// for it: the mean one-vs-rest accuracy, the mean recall of the classes ("balanced accuracy"), or
    /// the mean precision.
    ///
    /// # Errors
    /// [`Error::Data`] for another number; [`Error::Invalid`] for one that is no fraction.
    ///
    /// ```
    /// use manga_expressions::metrics::ConfusionMatrix;
    ///
    /// let classes = ["sad", "happy", "angry"].map(String::from);
    /// let matrix = ConfusionMatrix::new(&[0, 0, 1, 2], &[0, 1, 0, 0], &classes)?;
    /// assert!(matrix.check_accuracy(0.25).is_ok());
    /// let error = matrix.check_accuracy(0.5).unwrap_err().to_string();
    /// assert!(error.contains("25.0 % (1 of 4)") && error.contains("one-vs-rest accuracy"));
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn check_accuracy(&self, shown: f64) -> Result<()> {
        const ROUNDING: f64 = 0.0051;
        if !(0.0..=1.0).contains(&shown) {
            return Err(Error::Invalid(format!("an accuracy of {shown}: it is a fraction from 0 to 1")));
        }
        let (correct, total) = (self.correct(), self.total());
        let accuracy = correct as f64 / total as f64;
        if (shown - accuracy).abs() <= ROUNDING {
            return Ok(());
        }
        let report = ClassificationReport::of(self);
        let classes = self.classes().len();
        let one_vs_rest = if classes < 2 { accuracy } else { one_vs_rest_accuracy(accuracy, classes)? };
        let readings = [
            (one_vs_rest, "the mean one-vs-rest accuracy"),
            (report.macro_average.recall, "the mean of the classes' recall"),
            (report.macro_average.precision, "the mean of the classes' precision"),
        ];
        let fits: Vec<&str> =
            readings.iter().filter(|(value, _)| (shown - value).abs() <= ROUNDING).map(|(_, name)| *name).collect();
        let what = if fits.is_empty() { "no usual reading of these predictions".into() } else { fits.join(", or ") };
        Err(Error::Data(format!(
            "{:.1} % is not the fraction of photos classified correctly, which is {:.1} % ({correct} of {total}); it is {what}",
            100.0 * shown,
            100.0 * accuracy
        )))
    }
}
