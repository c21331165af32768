//! Accuracy against the number of photos to learn from, and what more photos might bring.

use super::Interval;
use crate::{Error, Result};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::Serialize;

/// How often the fit is repeated with other photos drawn, for its interval.
const DRAWS: usize = 1000;

/// The accuracy of a method that learnt from a fraction of the training photos.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// How many photos it learnt from, as a mean over folds.
    pub photos: f64,
    /// Fraction of all photos that it then named correctly, a mean over the repeats; 0 to 1.
    pub accuracy: f64,
    /// Its 95 % interval, by photo.
    pub interval: Interval,
    /// For each photo how often it was right: the fraction of the repeats.
    right: Vec<f64>,
}

/// The accuracy of a method against the number of photos that it learns from, in cross-validation: the test of each fold
/// stays the same, and only what is learnt from shrinks. Smaller parts are contained in larger ones
/// ([`Folds::train_fraction`](crate::data::Folds::train_fraction)).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LearningCurve {
    /// The method.
    pub name: String,
    /// A point for each fraction, in order.
    pub points: Vec<CurvePoint>,
    /// The fraction of the most frequent class.
    pub majority: f64,
}

/// What a learning curve would come to, if it went on as it does.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Extrapolated {
    /// Number of photos to learn from.
    pub photos: f64,
    /// The accuracy of the fitted curve there, 0 to 1.
    pub accuracy: f64,
    /// Lower end of its 95 % interval by photos drawn again. It has only the doubt that few test photos leave, not that of
    /// the curve's form: nobody has seen whether it goes on so.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// `accuracy = ceiling - factor * photos ^ -power`, fitted to a learning curve: the inverse power law that learning curves
/// of classifiers follow over wide ranges (C. Cortes et al. 1994; R. Figueroa et al. 2012).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PowerLaw {
    /// What it comes to with infinitely many photos, 0 to 1.
    pub ceiling: f64,
    /// At least 0.
    pub factor: f64,
    /// 0.05 to 2.
    pub power: f64,
}

impl CurvePoint {
    /// After `photos` were learnt from; `right` has for each photo the fraction of the repeats in which it was named
    /// correctly.
    ///
    /// # Errors
    /// No photo.
    pub fn new(photos: f64, right: Vec<f64>) -> Result<CurvePoint> {
        let accuracy = (right.iter().sum::<f64>() / right.len() as f64).min(1.0);
        Ok(CurvePoint { photos, accuracy, interval: Interval::of_fraction(accuracy, right.len())?, right })
    }
}

impl LearningCurve {
    /// Of these points; `labels` are the classes of all photos. [`learning_curve`] measures them.
    ///
    /// [`learning_curve`]: crate::study::methods::learning_curve
    pub fn new(name: &str, points: Vec<CurvePoint>, labels: &[usize]) -> LearningCurve {
        let count = |class: usize| labels.iter().filter(|&&label| label == class).count();
        let largest = labels.iter().map(|&class| count(class)).max().unwrap_or(0);
        LearningCurve { name: name.into(), points, majority: largest as f64 / labels.len() as f64 }
    }

    /// The power law that fits the points best, by least squares.
    ///
    /// # Errors
    /// [`Error::Invalid`] for fewer than four points: a curve of three numbers goes through three points whatever they are.
    pub fn power_law(&self) -> Result<PowerLaw> {
        let points: Vec<(f64, f64)> = self.points.iter().map(|point| (point.photos, point.accuracy)).collect();
        PowerLaw::fit(&points)
    }

    /// What the curve would come to with other numbers of `photos`, if it went on by its [`power_law`](Self::power_law).
    /// The interval is from 1,000 fits, each to as many photos drawn again with replacement, by `seed` (the bootstrap).
    ///
    /// # Errors
    /// As [`LearningCurve::power_law`].
    pub fn extrapolate(&self, photos: &[f64], seed: u64) -> Result<Vec<Extrapolated>> {
        let law = self.power_law()?;
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let count = self.points[0].right.len();
        let mut laws = Vec::with_capacity(DRAWS);
        for _ in 0..DRAWS {
            let drawn: Vec<usize> = (0..count).map(|_| rng.gen_range(0..count)).collect();
            let mean = |right: &[f64]| drawn.iter().map(|&i| right[i]).sum::<f64>() / count as f64;
            let points: Vec<(f64, f64)> = self.points.iter().map(|point| (point.photos, mean(&point.right))).collect();
            laws.push(PowerLaw::fit(&points)?);
        }
        let at = |&photos: &f64| {
            let mut all: Vec<f64> = laws.iter().map(|law| law.at(photos)).collect();
            all.sort_by(f64::total_cmp);
            let quantile = |fraction: f64| all[(fraction * (DRAWS - 1) as f64).round() as usize];
            Extrapolated { photos, accuracy: law.at(photos), low: quantile(0.025), high: quantile(0.975) }
        };
        Ok(photos.iter().map(at).collect())
    }
}

impl PowerLaw {
    /// The law that fits these pairs of number of photos and accuracy best, by least squares, with a ceiling of at most 1
    /// and accuracies that do not fall.
    ///
    /// # Errors
    /// [`Error::Invalid`] for fewer than four points, and numbers of photos that are not more than 0.
    ///
    /// ```
    /// use manga_expressions::metrics::PowerLaw;
    ///
    /// let points = [50.0, 100.0, 200.0, 400.0].map(|n: f64| (n, 0.8 - 2.0 * n.powf(-0.5)));
    /// let law = PowerLaw::fit(&points)?;
    /// assert!((law.ceiling - 0.8).abs() < 0.01 && (law.at(1600.0) - 0.75).abs() < 0.005);
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn fit(points: &[(f64, f64)]) -> Result<PowerLaw> {
        if points.len() < 4
            || points.iter().any(|&(photos, accuracy)| photos.is_nan() || photos <= 0.0 || !accuracy.is_finite())
        {
            return Err(Error::Invalid(format!(
                "a power law of three numbers is fitted to four points or more, each of a number of photos and an accuracy; \
                 these are {points:?}"
            )));
        }
        // For each power the rest is a straight line, whose best values are known; the error has one valley over the power.
        let powers = (1..=400).map(|step| 0.005 * f64::from(step)).filter(|&power| power >= 0.05);
        let best = powers.map(|power| line(points, power)).min_by(|a, b| a.1.total_cmp(&b.1));
        best.map(|(law, _)| law).ok_or_else(|| Error::Invalid("no power was tried".into()))
    }

    /// The accuracy with so many photos to learn from, 0 to 1.
    pub fn at(&self, photos: f64) -> f64 {
        (self.ceiling - self.factor * photos.powf(-self.power)).clamp(0.0, 1.0)
    }
}

/// The best law of this power, and the sum of its squared errors.
fn line(points: &[(f64, f64)], power: f64) -> (PowerLaw, f64) {
    let n = points.len() as f64;
    let x = |photos: f64| photos.powf(-power);
    let (mean_x, mean_y) =
        (points.iter().map(|p| x(p.0)).sum::<f64>() / n, points.iter().map(|p| p.1).sum::<f64>() / n);
    let across: f64 = points.iter().map(|p| (x(p.0) - mean_x) * (p.1 - mean_y)).sum();
    let spread: f64 = points.iter().map(|p| (x(p.0) - mean_x).powi(2)).sum();
    let mut factor = if spread > 0.0 { (-across / spread).max(0.0) } else { 0.0 };
    let mut ceiling = mean_y + factor * mean_x;
    if ceiling > 1.0 {
        // On the border: a line through (0, 1).
        ceiling = 1.0;
        let squares: f64 = points.iter().map(|p| x(p.0).powi(2)).sum();
        factor = (points.iter().map(|p| x(p.0) * (1.0 - p.1)).sum::<f64>() / squares).max(0.0);
    }
    let error = points.iter().map(|p| (ceiling - factor * x(p.0) - p.1).powi(2)).sum();
    (PowerLaw { ceiling, factor, power }, error)
}
