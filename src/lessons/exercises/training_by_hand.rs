//! Exercises of the notebook "Training by hand".

use super::Verdict;
use crate::training::History;
use crate::{Error, Result};

/// What is the loss of one face to whose true class the network gives this `probability`?
///
/// # Errors
/// [`Error::Invalid`] for a probability that is not above 0 and at most 1.
pub fn loss_of_one_face(probability: f64, answer: f64) -> Result<Verdict> {
    if !(probability > 0.0 && probability <= 1.0) {
        return Err(Error::Invalid(format!(
            "{probability} is no probability of a class: it must be above 0, at most 1"
        )));
    }
    let loss = -probability.ln();
    let mistakes = [
        (probability.ln(), "That is the logarithm itself; the loss is minus the logarithm, so it is never below 0."),
        (-probability.log10(), "That is the logarithm to base 10; the loss has the natural one, `ln` in Rust."),
        (-probability.log2(), "That is the logarithm to base 2; the loss has the natural one, `ln` in Rust."),
        (1.0 - probability, "That is the probability of all other classes; the loss is minus its logarithm's: -ln(p)."),
    ];
    let why = "Only the probability of the true class counts: half of it costs ln 2 = 0.69 more, wherever one is.";
    Ok(Verdict::number(answer, loss, 0.006, why, &mistakes))
}

/// How many updates of the weights does a training make that sees `faces` in batches of `batch`, for so many `epochs`?
///
/// # Errors
/// [`Error::Invalid`] for a batch of no face.
pub fn updates(faces: usize, batch: usize, epochs: usize, answer: f64) -> Result<Verdict> {
    if batch == 0 {
        return Err(Error::Invalid("a batch has at least one face".into()));
    }
    let an_epoch = faces.div_ceil(batch);
    let all = (an_epoch * epochs) as f64;
    let mistakes = [
        (an_epoch as f64, "That is one epoch."),
        ((faces / batch * epochs) as f64, "The last batch of an epoch has fewer faces, and it makes an update too."),
        ((faces * epochs) as f64, "That is how often a face is seen; there is one update for each batch."),
        (faces as f64 * epochs as f64 / batch as f64, "A part of a batch still makes a whole update: round up."),
    ];
    let why = format!("{an_epoch} batches an epoch, the last one smaller, and one update for each.");
    Ok(Verdict::number(answer, all, 0.1, &why, &mistakes))
}

/// How close a prediction of a loss must be.
const CLOSE: f64 = 0.15;

/// Is this prediction of the last training loss right, for a training whose learning rate is `rate`?
///
/// # Errors
/// [`Error::Invalid`] for a training without an epoch.
pub fn loss_at_another_rate(history: &History, rate: f64, prediction: f64) -> Result<Verdict> {
    let (Some(first), Some(last)) = (history.epochs.first(), history.epochs.last()) else {
        return Err(Error::Invalid("this training has no epoch: train for one at least".into()));
    };
    if prediction.is_nan() {
        return Ok(Verdict::not_yet("Write down what you expect in place of f64::NAN, before you run it."));
    }
    if (first.learning_rate - rate).abs() > 1e-6 * rate {
        let used = first.learning_rate;
        return Ok(Verdict::not_yet(&format!("This training had a learning rate of {used}; change it to {rate}.")));
    }
    let found = last.train_loss;
    if (prediction - found).abs() <= CLOSE {
        return Ok(Verdict::right(&format!(
            "The last training loss is {found:.2}. A step of Adam moves a weight by about the learning rate, and a few \
             steps of {rate} do not move it far."
        )));
    }
    let hint = if prediction < found {
        "lower than it is. How far can a weight get, if a step of Adam moves it by about the learning rate?"
    } else {
        "higher than it is. The loss of guessing is ln 7 = 1.95; a step that is too small does not make it worse."
    };
    Ok(Verdict::not_yet(&format!("The last training loss is {found:.2}, and your prediction is {hint}")))
}
