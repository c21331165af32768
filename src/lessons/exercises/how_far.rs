//! Exercises of notebook 15, how far it can go.

use super::Verdict;
use crate::Result;
use crate::metrics::{ConfidenceBin, OutOfFoldPredictions, PowerLaw};

/// Easy: by how many points (hundredths) the accuracy would rise, were the classes `first` and `second` one.
///
/// # Errors
/// As [`OutOfFoldPredictions::label_pairs`].
pub fn points_by_joining(said: &OutOfFoldPredictions, first: &str, second: &str, answer: f64) -> Result<Verdict> {
    let pair = &said.label_pairs(&[(first, second)])?[0];
    let right = 100.0 * pair.photos / said.images() as f64;
    let wrong = [
        (pair.photos, "Those are the photos; divide them by all photos, and give it in points."),
        (
            100.0 * pair.fraction,
            "That is their fraction of all mistakes; it is a fraction of all photos that is asked for.",
        ),
        (right / 100.0, "That is a fraction; in points it is a hundred times as much."),
    ];
    let why = "Every mistake between the two would be none, and nothing else changes.";
    Ok(Verdict::number(answer, right, 0.06, why, &wrong))
}

/// Middle: the expected calibration error of these `bins`, 0 to 1: the mean distance between how sure and how often right,
/// each bin weighted by its answers.
pub fn calibration_error(bins: &[ConfidenceBin], answer: f64) -> Verdict {
    let filled = || {
        bins.iter().filter_map(|bin| Some((bin.confidence?, bin.correct as f64 / bin.photos as f64, bin.photos as f64)))
    };
    let total: f64 = filled().map(|(_, _, photos)| photos).sum();
    let right = filled().map(|(sure, right, photos)| (sure - right).abs() * photos).sum::<f64>() / total;
    let wrong = [
        (
            filled().map(|(sure, right, _)| (sure - right).abs()).sum::<f64>() / filled().count() as f64,
            "That is the plain mean over the bins; weight each by its answers.",
        ),
        (
            filled().map(|(sure, right, photos)| (sure - right) * photos).sum::<f64>().abs() / total,
            "Too sure in one bin does not make up for too unsure in another: take distances.",
        ),
        (100.0 * right, "That is in percent; give it as a fraction, from 0 to 1."),
    ];
    let why = "By so much the stated confidence is wrong, on average. With more bins it can only grow, and small ones make it noise.";
    Verdict::number(answer, right, 0.002, why, &wrong)
}

/// Harder: how many times as many photos the fitted `law` needs to be half as far from its ceiling as it is now.
pub fn photos_for_half(law: &PowerLaw, answer: f64) -> Verdict {
    let right = 2.0_f64.powf(1.0 / law.power);
    let wrong = [
        (2.0, "That would be so with a power of 1: the distance is factor * photos ^ -power."),
        (
            2.0_f64.powf(law.power),
            "So much the distance shrinks with twice the photos; it is the photos that are asked for.",
        ),
        (1.0 / right, "Take it the other way round."),
    ];
    let why = "It does not depend on how many there are now: on a power law every halving costs the same factor.";
    Verdict::number(answer, right, 0.02 * right, why, &wrong)
}
