//! What came of a cross-validation of k-nearest neighbours.

use super::Distance;
use crate::Result;
use crate::metrics::{Baseline, Interval, one_vs_rest_accuracy, repeats};
use serde::Serialize;
use std::fmt;

/// How well `k` nearest neighbours do.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NeighbourScore {
    /// How many neighbours vote.
    pub k: usize,
    /// Mean over the repeats of the fraction of images that were classified correctly, 0 to 1.
    pub accuracy: f64,
    /// 95 % interval of the accuracy, by image: Wilson's, for as many images as there are. Repeats make no new images, so
    /// they do not narrow it.
    pub interval: Interval,
    /// For each repeat the class that each image was given by those of the other folds.
    pub predicted: Vec<Vec<usize>>,
}

/// The accuracy of k-nearest neighbours against `k`, in cross-validation (the report's figure 20).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NeighbourAccuracy {
    /// The features that were compared.
    pub features: String,
    /// How they were compared.
    pub distance: Distance,
    /// Number of images.
    pub images: usize,
    /// Number of repeats.
    pub repeats: usize,
    /// For `k` from 1 up.
    pub scores: Vec<NeighbourScore>,
    /// What always answering with the most frequent class would reach.
    pub baseline: Baseline,
}

impl NeighbourAccuracy {
    /// From what was `predicted`: repeat, image, `k - 1`.
    pub(super) fn new(
        features: &str,
        distance: Distance,
        labels: &[usize],
        classes: &[String],
        predicted: &[Vec<Vec<usize>>],
    ) -> Result<NeighbourAccuracy> {
        let (images, repeats) = (labels.len(), predicted.len());
        let score = |k: usize| {
            let of_repeat = |rows: &Vec<Vec<usize>>| rows.iter().map(|row| row[k - 1]).collect::<Vec<usize>>();
            let predicted: Vec<Vec<usize>> = predicted.iter().map(of_repeat).collect();
            let right = predicted.iter().flat_map(|row| row.iter().zip(labels)).filter(|(a, b)| a == b).count();
            let accuracy = right as f64 / (images * repeats) as f64;
            Ok(NeighbourScore { k, accuracy, interval: Interval::of_fraction(accuracy, images)?, predicted })
        };
        let scores = (1..=predicted[0][0].len()).map(score).collect::<Result<_>>()?;
        let count = |class: usize| labels.iter().filter(|&&label| label == class).count();
        let largest = (0..classes.len()).rev().max_by_key(|&class| count(class)).unwrap_or(0);
        let baseline = Baseline { class: classes[largest].clone(), accuracy: count(largest) as f64 / images as f64 };
        Ok(NeighbourAccuracy { features: features.into(), distance, images, repeats, scores, baseline })
    }

    /// The same under another name, as figures and tables show it.
    pub fn named(self, name: &str) -> NeighbourAccuracy {
        NeighbourAccuracy { features: name.into(), ..self }
    }

    /// The score with the highest accuracy, the smallest `k` of equals.
    ///
    /// It was chosen on the images that it is measured on, so it is too high a guess of what new photos would give: choose
    /// `k` beforehand, or inside the training part of each fold.
    pub fn best(&self) -> &NeighbourScore {
        let better = |best, score| if score_of(score) > score_of(best) { score } else { best };
        self.scores.iter().reduce(better).expect("there is at least one k")
    }

    /// The same results, read as [`one_vs_rest_accuracy`] would make them: much higher, with nothing done better.
    ///
    /// # Errors
    /// As [`one_vs_rest_accuracy`]; `classes` is their number.
    pub fn one_vs_rest(&self, classes: usize) -> Result<NeighbourAccuracy> {
        let read = |accuracy| one_vs_rest_accuracy(accuracy, classes);
        let mut other = self.clone();
        other.features += ", one-vs-rest";
        for score in &mut other.scores {
            score.accuracy = read(score.accuracy)?;
            score.interval = Interval { low: read(score.interval.low)?, high: read(score.interval.high)? };
        }
        other.baseline.accuracy = read(other.baseline.accuracy)?;
        Ok(other)
    }
}

fn score_of(score: &NeighbourScore) -> f64 {
    score.accuracy
}

/// The best `k` in a sentence, with its interval and beside the majority class.
impl fmt::Display for NeighbourAccuracy {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let NeighbourScore { k, accuracy, interval, .. } = self.best();
        write!(
            f,
            "{}, {} distance: at best {:.1} %, for k = {k} (95 % interval {interval}; {} images, {}; always \
             \"{}\" would have {:.1} %)",
            self.features,
            self.distance,
            100.0 * accuracy,
            self.images,
            repeats(self.repeats),
            self.baseline.class,
            100.0 * self.baseline.accuracy
        )
    }
}
