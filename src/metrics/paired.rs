//! Two methods in the same cross-validation.

use super::p_value::said;
use super::{OutOfFoldPredictions, OutOfFoldRow, PairedT, ResampledT};
use crate::{Error, Result};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// Whether one method is better than another, by their out-of-fold predictions for the same photos in the same folds.
///
/// Two tests of the same difference, the first's accuracy less the second's, ask about two kinds of chance:
///
/// - **by photo**, the paired t-test: would these fits differ on other photos, too? Each photo counts once, with the mean over
///   the repeats of what it adds to the difference; to count it in every repeat would make five photos of one. The fits
///   are taken as given: the test says nothing of what another training would give.
/// - **by fold**, the corrected resampled t-test: would the two *methods* differ if they were trained again, on other photos and
///   with other seeds? Its differences are those of the fits, and it allows for training photos that folds share.
///
/// The second asks for more, and decides less often. Neither p-value allows for how many pairs were looked at.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Paired {
    /// Accuracy of the first less that of the second, means over the repeats: what both tests are of.
    pub difference: f64,
    /// By photo, with the interval of the difference.
    pub by_photo: PairedT,
    /// By fold.
    pub by_fold: ResampledT,
}

impl Paired {
    /// `first` against `second`.
    ///
    /// # Errors
    /// [`Error::Invalid`] unless both are of the same photos with the same classes, divided into the same folds; for a single
    /// photo.
    ///
    /// ```
    /// use manga_expressions::metrics::{OutOfFoldPredictions, OutOfFoldRow, Paired};
    ///
    /// let all = |said: [usize; 4]| {
    ///     let row = |i: usize| OutOfFoldRow {
    ///         image: format!("{i}"), repeat: 0, fold: i % 2, truth: 1, predicted: said[i], probabilities: vec![0.5, 0.5],
    ///     };
    ///     OutOfFoldPredictions::new(&["sad".into(), "happy".into()], (0..4).map(row).collect())
    /// };
    /// let paired = Paired::of(&all([1, 1, 1, 0])?, &all([1, 0, 0, 0])?)?;
    /// assert_eq!(paired.difference, 0.5);
    /// // Four photos decide little: the interval holds 0.
    /// assert!(paired.by_photo.low < 0.0 && !paired.by_photo.is_decided());
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn of(first: &OutOfFoldPredictions, second: &OutOfFoldPredictions) -> Result<Paired> {
        let (a, b) = (first.rows(), second.rows());
        let names = |all: &OutOfFoldPredictions, truth: usize| all.classes()[truth].clone();
        let same = |i: usize| {
            (&a[i].image, a[i].repeat, a[i].fold) == (&b[i].image, b[i].repeat, b[i].fold)
                && names(first, a[i].truth) == names(second, b[i].truth)
        };
        if a.len() != b.len() || first.repeats() != second.repeats() {
            return Err(Error::Invalid(format!(
                "{} photos in {} repeats, and {} in {}: two methods are compared on the same photos and repeats",
                first.images(),
                first.repeats(),
                second.images(),
                second.repeats()
            )));
        }
        if let Some(i) = (0..a.len()).find(|&i| !same(i)) {
            return Err(Error::Invalid(format!(
                "{} and {} (repeat {}) are not the same photo of the same class in the same fold: two methods are compared \
                 on the same photos, folds and seeds",
                a[i].image, b[i].image, a[i].repeat
            )));
        }
        let difference = |a: &OutOfFoldRow, b: &OutOfFoldRow| {
            let right = |row: &OutOfFoldRow| f64::from(u8::from(row.predicted == row.truth));
            right(a) - right(b)
        };
        let (images, repeats) = (first.images(), first.repeats());
        let (mut of_photos, mut of_folds) = (vec![0.0; images], BTreeMap::new());
        for (i, (a, b)) in a.iter().zip(b).enumerate() {
            of_photos[i % images] += difference(a, b);
            *of_folds.entry((a.repeat, a.fold)).or_insert(0.0) += difference(a, b);
        }
        let of_folds: Vec<f64> = of_folds.into_values().collect();
        // Folds are of nearly the same size: a fold's test to the training photos of all others.
        let folds = a.iter().map(|row| row.fold + 1).max().unwrap_or(0) as f64;
        let fraction = 1.0 / (folds - 1.0);
        // Both are counted in answers, whole numbers whose sums are exact, and brought to accuracies after. A fold's count is
        // divided by the mean size of a fold, so that the mean is the difference also where sizes differ by a photo.
        let by_photo = PairedT::of(&of_photos)?.scaled(1.0 / repeats as f64);
        let by_fold = ResampledT::of(&of_folds, fraction)?.scaled(folds / images as f64);
        Ok(Paired { difference: by_photo.mean, by_photo, by_fold })
    }
}

/// `+2.4 points (95 % interval by photo +0.2 to +4.6); by photo p = 0.031: decided for these fits; by fold p = 0.120: not
/// decided for new ones`
impl fmt::Display for Paired {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Paired { difference, by_photo, by_fold } = self;
        let verdict = |decided: bool| if decided { "decided" } else { "not decided" };
        let points = |fraction: f64| format!("{:+.1}", 100.0 * fraction);
        write!(
            f,
            "{} points (95 % interval by photo {} to {}); by photo {}: {} for these fits; by fold {}: {} for new ones",
            points(*difference),
            points(by_photo.low),
            points(by_photo.high),
            said(by_photo.p_value),
            verdict(by_photo.is_decided()),
            said(by_fold.p_value),
            verdict(by_fold.is_decided()),
        )
    }
}
