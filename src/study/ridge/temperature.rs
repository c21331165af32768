//! From scores to probabilities.

use crate::{Error, Result};

/// The largest and the smallest factor that scores may be multiplied by, as logarithms.
const RANGE: (f64, f64) = (-10.0, 10.0);
/// How often the range is halved: to far below what a probability shows.
const HALVINGS: usize = 60;

/// The temperature at which the softmax of `scores` has the lowest cross-entropy with `labels`: temperature scaling (C. Guo
/// et al. 2017). The `scores`, a row for each photo, must be of photos that the model has not seen; one temperature for
/// all classes changes no answer, only how sure it is.
///
/// # Errors
/// [`Error::Invalid`] for not a label for each row, a label that is no class, and none at all.
///
/// ```
/// use manga_expressions::study::ridge::{probabilities, temperature};
///
/// // Two of three are right: the best to say of each is 2/3, that is a difference of ln 2 between the scores.
/// let scores = [vec![1.0, 0.0], vec![1.0, 0.0], vec![1.0, 0.0]];
/// let found = temperature(&scores, &[0, 0, 1])?;
/// assert!((found - 1.0 / 2.0_f64.ln()).abs() < 1e-9);
/// assert!((probabilities(&scores[0], found)[0] - 2.0 / 3.0).abs() < 1e-9);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn temperature(scores: &[Vec<f64>], labels: &[usize]) -> Result<f64> {
    check(scores, labels)?;
    // The derivative by the factor, which grows with the factor: the mean score that is expected, less that of the truth.
    let slope = |factor: f64| -> f64 {
        let of_photo = |(row, &label): (&Vec<f64>, &usize)| {
            let expected: f64 = probabilities(row, 1.0 / factor).iter().zip(row).map(|(p, score)| p * score).sum();
            expected - row[label]
        };
        scores.iter().zip(labels).map(of_photo).sum()
    };
    let (mut low, mut high) = RANGE;
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if slope(middle.exp()) < 0.0 { low = middle } else { high = middle }
    }
    Ok((-f64::midpoint(low, high)).exp())
}

/// Mean cross-entropy of the softmax of `scores` at a temperature with `labels`.
///
/// # Errors
/// As [`temperature`].
pub fn cross_entropy(scores: &[Vec<f64>], labels: &[usize], temperature: f64) -> Result<f64> {
    check(scores, labels)?;
    let of_photo =
        |(row, &label): (&Vec<f64>, &usize)| -probabilities(row, temperature)[label].max(f64::MIN_POSITIVE).ln();
    Ok(scores.iter().zip(labels).map(of_photo).sum::<f64>() / labels.len() as f64)
}

/// The softmax of one photo's scores at a temperature: PyTorch's `softmax(scores / temperature)`.
pub fn probabilities(scores: &[f64], temperature: f64) -> Vec<f64> {
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = scores.iter().map(|score| ((score - largest) / temperature).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

fn check(scores: &[Vec<f64>], labels: &[usize]) -> Result<()> {
    let fits = |(row, &label): (&Vec<f64>, &usize)| label < row.len();
    if scores.is_empty() || scores.len() != labels.len() || !scores.iter().zip(labels).all(fits) {
        let (a, b) = (scores.len(), labels.len());
        return Err(Error::Invalid(format!("{a} rows of scores with {b} labels: each photo needs one of its classes")));
    }
    Ok(())
}
