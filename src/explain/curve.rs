//! How probable a class is while an image is taken away, or brought in.

use serde::Serialize;

/// The probability of a class as more and more pixels of its image are exchanged.
///
/// ```
/// use manga_expressions::explain::Curve;
///
/// let falling = Curve { fractions: vec![0.0, 0.5, 1.0], probabilities: vec![1.0, 0.2, 0.0] };
/// assert!((falling.area() - 0.35).abs() < 1e-12);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curve {
    /// Fraction of the pixels that are exchanged, 0 to 1.
    pub fractions: Vec<f64>,
    /// Probability of the class at each fraction, 0 to 1.
    pub probabilities: Vec<f64>,
}

impl Curve {
    /// Area under the curve by the trapezoidal rule, 0 to 1.
    pub fn area(&self) -> f64 {
        let pairs = self.fractions.windows(2).zip(self.probabilities.windows(2));
        pairs.map(|(x, y)| (x[1] - x[0]) * (y[0] + y[1]) / 2.0).sum()
    }

    /// Point by point the mean of curves with the same fractions, of which there is at least one.
    pub(super) fn mean(curves: &[Curve]) -> Curve {
        let point = |i: usize| curves.iter().map(|curve| curve.probabilities[i]).sum::<f64>() / curves.len() as f64;
        let fractions = curves[0].fractions.clone();
        Curve { probabilities: (0..fractions.len()).map(point).collect(), fractions }
    }
}
