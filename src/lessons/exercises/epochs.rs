//! Exercises of notebook 6, epochs.

use super::Verdict;
use crate::training::{EarlyStopping, Epoch, History};
use crate::{Error, Result};

/// After how many epochs would early stopping with this `patience` have ended the training?
///
/// # Errors
/// A training without an epoch.
pub fn epochs_with_patience(history: &History, patience: usize, answer: f64) -> Result<Verdict> {
    let (ended, best) = with_patience(history, patience)?;
    let mistakes = [
        (best as f64, "That is the epoch whose weights are kept; training goes on for as long as patience lasts."),
        (ended as f64 + 1.0, "That is one too many: the epoch in which patience ends is the last."),
    ];
    let why = format!("Epoch {best} had the lowest validation loss until then, and its weights would have been kept.");
    Ok(Verdict::number(answer, ended as f64, 0.1, &why, &mistakes))
}

/// What is the smallest patience that keeps the weights of the best of all epochs of this training?
///
/// # Errors
/// A training without an epoch, or without validation.
pub fn smallest_patience(history: &History, answer: f64) -> Result<Verdict> {
    let best = lowest(history)?.epoch;
    let keeps = |patience: usize| with_patience(history, patience).is_ok_and(|(_, kept)| kept == best);
    let smallest = (1..=history.epochs.len()).find(|&patience| keeps(patience)).unwrap_or(history.epochs.len());
    let why = format!(
        "With less, training would have ended at a bump before epoch {best}. Nobody knows the bumps beforehand: that is \
         why patience is usually more."
    );
    let mistakes = [(best as f64, "That is the best epoch; patience counts epochs in a row without a lower loss.")];
    Ok(Verdict::number(answer, smallest as f64, 0.1, &why, &mistakes))
}

/// How much validation accuracy, as a fraction from 0 to 1, does one give up who keeps the epoch of the lowest validation
/// loss instead of that of the highest validation accuracy?
///
/// # Errors
/// A training without an epoch, or without validation.
pub fn accuracy_given_up(history: &History, answer: f64) -> Result<Verdict> {
    let accuracy = |epoch: &Epoch| epoch.validation_accuracy.unwrap_or(0.0);
    let highest = history.epochs.iter().map(accuracy).fold(0.0, f64::max);
    let kept = lowest(history)?;
    let given_up = highest - accuracy(kept);
    let mistakes = [
        (100.0 * given_up, "That is in points of percent; give the fraction, from 0 to 1."),
        (-given_up, "That is the other way round: what the best epoch by accuracy has more."),
        (highest, "That is the highest accuracy; take away what the epoch of the lowest loss has."),
    ];
    let why = "Loss also counts how sure the network is, accuracy only whether it is right: a network that over-fits is \
               wrong with more and more certainty, so its loss turns first.";
    Ok(Verdict::number(answer, given_up, 0.002, why, &mistakes))
}

/// The last epoch of a training with this patience, and the one whose weights are kept.
fn with_patience(history: &History, patience: usize) -> Result<(usize, usize)> {
    let rule = EarlyStopping { patience, ..EarlyStopping::default() };
    let mut verdicts = (1..=history.epochs.len()).map(|epochs| (epochs, rule.verdict(&history.epochs[..epochs])));
    let last = verdicts.clone().find(|(_, verdict)| verdict.stop.is_some()).or_else(|| verdicts.next_back());
    let (ended, verdict) = last.ok_or_else(no_epoch)?;
    Ok((ended, verdict.best_epoch.ok_or_else(no_epoch)?))
}

fn lowest(history: &History) -> Result<&Epoch> {
    history.lowest_validation_loss().ok_or_else(no_epoch)
}

fn no_epoch() -> Error {
    Error::Invalid("this training has no epoch with a validation: train with one first".into())
}
