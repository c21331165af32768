//! Whether a network may be as sure as it is.

use super::{Interval, OutOfFoldPredictions, OutOfFoldRow};
use crate::training::Predictions;
use crate::{Error, Result};
use serde::Serialize;

/// Photos of which a network is about equally sure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConfidenceBin {
    /// The least probability of the class it names, 0 to 1.
    pub from: f64,
    /// The probability that it does not reach; that of the last bin is reached.
    pub to: f64,
    /// Number of photos.
    pub photos: usize,
    /// Mean of the probabilities; none without photos.
    pub confidence: Option<f64>,
    /// How many of them the network named correctly.
    pub correct: usize,
    /// Interval of the fraction that it named correctly; none without photos.
    pub interval: Option<Interval>,
}

/// The photos sorted by how sure the network is of the class it names, in bins between `bounds` (ascending, as
/// `[0.0, 0.5, 1.0]`): a network that is right as often as it is sure is called calibrated. The numbers of a reliability
/// diagram (C. Guo, G. Pleiss, Y. Sun, K. Weinberger: On Calibration of Modern Neural Networks, 2017).
///
/// # Errors
/// Fewer than two bounds, or not ascending.
pub fn confidence(predictions: &Predictions, bounds: &[f64]) -> Result<Vec<ConfidenceBin>> {
    let said = |index: usize| {
        let class = predictions.predicted[index];
        (f64::from(predictions.probabilities[index][class]), class == predictions.truth[index])
    };
    bins(&(0..predictions.truth.len()).map(said).collect::<Vec<_>>(), 1, bounds)
}

impl OutOfFoldPredictions {
    /// As [`confidence`], of all repeats together. `photos` then counts predictions, so many of each photo as there are
    /// repeats; the intervals are those of as many photos as these are.
    ///
    /// # Errors
    /// As [`confidence`].
    pub fn confidence(&self, bounds: &[f64]) -> Result<Vec<ConfidenceBin>> {
        let said = |row: &OutOfFoldRow| (row.probabilities[row.predicted], row.predicted == row.truth);
        bins(&self.rows().iter().map(said).collect::<Vec<_>>(), self.repeats(), bounds)
    }
}

/// Bins of predictions, each a confidence and whether it was right, of which each photo has `repeats`.
fn bins(said: &[(f64, bool)], repeats: usize, bounds: &[f64]) -> Result<Vec<ConfidenceBin>> {
    if bounds.len() < 2 || bounds.windows(2).any(|pair| pair[0].partial_cmp(&pair[1]) != Some(std::cmp::Ordering::Less))
    {
        return Err(Error::Invalid(format!("{bounds:?} are no bounds of bins: they must ascend, and be two or more")));
    }
    let last = bounds.len() - 2;
    let bin = |number: usize| -> Result<ConfidenceBin> {
        let (from, to) = (bounds[number], bounds[number + 1]);
        let within = |sure: f64| sure >= from && (sure < to || (number == last && sure <= to));
        let chosen: Vec<(f64, bool)> = said.iter().copied().filter(|&(sure, _)| within(sure)).collect();
        let (photos, correct) = (chosen.len(), chosen.iter().filter(|(_, right)| *right).count());
        let fraction = correct as f64 / photos.max(1) as f64;
        let mean = chosen.iter().map(|(sure, _)| sure).sum::<f64>() / photos.max(1) as f64;
        let interval = if photos > 0 { Some(Interval::of_fraction(fraction, photos.div_ceil(repeats))?) } else { None };
        Ok(ConfidenceBin { from, to, photos, confidence: (photos > 0).then_some(mean), correct, interval })
    };
    (0..=last).map(bin).collect()
}
