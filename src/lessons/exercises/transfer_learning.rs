//! Exercises of notebook 9, transfer learning.

use super::Verdict;
use crate::Error;
use crate::Result;
use crate::net::models;
use crate::study::experiment::TrainedRun;

/// Easy: how many numbers learn where all of ResNet-50 but its new head is frozen.
///
/// # Errors
/// None that could happen here; those of building the network.
///
/// ```
/// use manga_expressions::lessons::exercises::transfer_learning::numbers_that_learn;
///
/// assert!(numbers_that_learn(7, 14_343.0)?.is_right());
/// assert!(numbers_that_learn(7, 14_336.0)?.to_string().contains("bias"));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn numbers_that_learn(classes: usize, answer: f64) -> Result<Verdict> {
    let mut network = models::resnet50((32, 32, 3), classes, 1);
    network.freeze_through("layer4")?;
    let summary = network.summary()?;
    let right = summary.trainable as f64;
    let wrong = [
        (right - classes as f64, "Nearly: each class has a bias, too."),
        (summary.total as f64, "That is all of the network; most of it is frozen."),
        (2048.0, "That is how many features the frozen stages put out; each class weighs all of them."),
    ];
    let why = "A linear classifier on 2,048 features that ImageNet paid for.";
    Ok(Verdict::number(answer, right, 0.5, why, &wrong))
}

/// Middle: which fraction of the old is left in running statistics after the epochs of `lesson`, with Keras's momentum of
/// 0.99, from 0 to 1. The last batch of an epoch may be smaller, and is a step like the others.
///
/// # Errors
/// As loading and splitting its photos.
pub fn old_statistics_left(lesson: &TrainedRun, answer: f64) -> Result<Verdict> {
    const MOMENTUM: f64 = 0.99;
    let experiment = &lesson.experiment;
    let photos = experiment.source.load()?.split(&experiment.split)?.train().len();
    let steps = photos.div_ceil(experiment.training.batch_size) as i32;
    let epochs = lesson.history.epochs.len() as i32;
    let left = MOMENTUM.powi(steps * epochs);
    let wrong = [
        (1.0 - left, "That is the fraction of the new."),
        (MOMENTUM.powi(epochs), "That takes an epoch for a step; every batch is one."),
        (MOMENTUM.powi(steps), "That is after one epoch."),
        (100.0 * left, "That is in percent; give the fraction, from 0 to 1."),
    ];
    let why = format!("{} steps are too few to forget: it takes some 300 until a twentieth is left.", steps * epochs);
    Ok(Verdict::number(answer, left, 0.005, &why, &wrong))
}

/// Harder: on how many test photos `first` is right and `second` wrong. Both must have been judged on the same photos.
///
/// # Errors
/// [`Error::Invalid`] for lessons with other test photos.
pub fn only_the_first_is_right(first: &TrainedRun, second: &TrainedRun, answer: f64) -> Result<Verdict> {
    let (a, b) = (&first.evaluation.predictions, &second.evaluation.predictions);
    if a.names != b.names {
        let what = format!("{} and {} were judged on other photos: compare on the same", first.name, second.name);
        return Err(Error::Invalid(what));
    }
    let count = |first_right: bool, second_right: bool| {
        let is =
            |i: &usize| (a.predicted[*i] == a.truth[*i], b.predicted[*i] == b.truth[*i]) == (first_right, second_right);
        (0..a.truth.len()).filter(is).count() as f64
    };
    let right = count(true, false);
    let wrong = [
        (count(false, true), "That is the other way round."),
        (count(true, true), "There both are right."),
        (count(false, false), "There both are wrong."),
        (right + count(true, true), "There the first is right, whatever the second says."),
    ];
    let why = format!(
        "And on {} it is the other way round. Only these two numbers tell the networks apart: where both are right or \
         both wrong, there is nothing to compare.",
        count(false, true)
    );
    Ok(Verdict::number(answer, right, 0.1, &why, &wrong))
}
