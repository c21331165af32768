//! Notebook 10: a face of one's own.

use super::Verdict;
use crate::study::experiment::Classification;
use crate::training::Predictions;
use crate::{Error, Result};

/// How probable it is that the face has one of the expressions `wanted`, from 0 to 1.
///
/// # Errors
/// A name that is none of `classes`.
pub fn one_of(said: &Classification, classes: &[String], wanted: &[&str], answer: f64) -> Result<Verdict> {
    let of_class = |name: &&str| -> Result<f64> {
        let index = classes.iter().position(|class| class == name);
        let found = index.and_then(|index| said.probabilities.get(index));
        found
            .map(|&p| f64::from(p))
            .ok_or_else(|| Error::NotFound(format!("there is no class {name:?}; there are {}", classes.join(", "))))
    };
    let each: Vec<f64> = wanted.iter().map(of_class).collect::<Result<_>>()?;
    let sum: f64 = each.iter().sum();
    let mistakes = [
        (100.0 * sum, "That is in percent; give the probability, from 0 to 1."),
        (each.iter().product(), "A face has one expression: what excludes each other is added, not multiplied."),
        (sum / each.len().max(1) as f64, "That is the mean of them."),
    ];
    Ok(Verdict::number(answer, sum, 0.002, "Classes exclude each other: their probabilities add up.", &mistakes))
}

/// How many times more probable the first class is than the second, from their logits.
///
/// # Errors
/// Fewer than two classes.
pub fn odds(said: &Classification, answer: f64) -> Result<Verdict> {
    let [first, second, ..] = said.top.as_slice() else {
        return Err(Error::Invalid("the odds of a single class: it takes two".into()));
    };
    let difference = f64::from(said.logits[first.index]) - f64::from(said.logits[second.index]);
    let odds = difference.exp();
    let mistakes = [
        (difference, "That is the difference of the logits; softmax raises e to each of them."),
        (1.0 / odds, "That is how many times less probable the second is."),
        (f64::from(first.probability) - f64::from(second.probability), "That is the difference of the probabilities."),
    ];
    let why = "e to the difference of the two logits; the other classes cancel out.";
    Ok(Verdict::number(answer, odds, 0.01 * odds, why, &mistakes))
}

/// Of the test photos of which the network is at least as sure as `confidence`, the fraction that it names correctly.
///
/// # Errors
/// None; where there is no such photo, the verdict says so.
pub fn fraction_right(predictions: &Predictions, confidence: f64, answer: f64) -> Result<Verdict> {
    let sure = |&index: &usize| f64::from(predictions.probabilities[index][predictions.predicted[index]]) >= confidence;
    let chosen: Vec<usize> = (0..predictions.truth.len()).filter(sure).collect();
    if chosen.is_empty() {
        return Ok(Verdict::not_yet(
            "No test photo is as sure as that: nothing can be said of it. Choose a lower confidence.",
        ));
    }
    let right = chosen.iter().filter(|&&index| predictions.predicted[index] == predictions.truth[index]).count() as f64;
    let fraction = right / chosen.len() as f64;
    let mistakes = [
        (100.0 * fraction, "That is in percent; give the fraction, from 0 to 1."),
        (predictions.accuracy, "That is the accuracy on all test photos; take only those that are as sure."),
        (right, "That is how many; divide by how many there are."),
        (right / predictions.truth.len() as f64, "Divide by the number of photos that are as sure, and not by all."),
    ];
    let why = format!(
        "Of {} test photos. Beside your face's probability this says whether the network may be so sure.",
        chosen.len()
    );
    Ok(Verdict::number(answer, fraction, 0.006, &why, &mistakes))
}
