//! Exercises of notebook 14, the leak laboratory.

use super::Verdict;
use crate::lessons::Leak;

/// Easy: what accuracy is shown where a fraction `twins` of the test photos has a twin in the training part that is always
/// found, and the others are named as well as an `honest` accuracy says; all from 0 to 1.
///
/// ```
/// use manga_expressions::lessons::exercises::leaks::shown_with_twins;
///
/// assert!(shown_with_twins(0.5, 0.2, 0.6).is_right());
/// assert!(!shown_with_twins(0.5, 0.2, 0.7).is_right());
/// ```
pub fn shown_with_twins(twins: f64, honest: f64, answer: f64) -> Verdict {
    let right = twins + (1.0 - twins) * honest;
    let wrong = [
        (twins + honest, "Photos with a twin are not named a second time: the honest accuracy is of the others only."),
        (twins, "That is those with a twin; some of the others are right, too."),
        (100.0 * right, "That is in percent; give the fraction, from 0 to 1."),
    ];
    let why = "All with a twin, and of the others as many as honestly.";
    Verdict::number(answer, right, 0.002, why, &wrong)
}

/// Middle: by how many points (hundredths) the best of 20 methods that all only guess is expected to lie above their common
/// accuracy `guess`, on so many test `photos`. The best of 20 independent numbers lies 1.87 standard deviations above their
/// mean.
pub fn luck_of_the_best(photos: usize, guess: f64, answer: f64) -> Verdict {
    /// Expected largest of 20 standard normal numbers.
    const LARGEST_OF_20: f64 = 1.867;
    let deviation = (guess * (1.0 - guess) / photos as f64).sqrt();
    let right = 100.0 * LARGEST_OF_20 * deviation;
    let wrong = [
        (right / 100.0, "That is a fraction; in points it is a hundred times as much."),
        (100.0 * deviation, "That is the standard deviation of one accuracy; the best of 20 lies further up."),
        (100.0 * LARGEST_OF_20 * guess * (1.0 - guess) / photos as f64, "That is with the variance; take its root."),
        (
            100.0 * (guess + LARGEST_OF_20 * deviation),
            "That is where the best lies; by how much is it above the guess?",
        ),
    ];
    let why = "And nobody of the 20 can tell anything. Epochs, values of k and seeds are tries like these, if not quite independent.";
    Verdict::number(answer, right, 0.1, why, &wrong)
}

/// Harder: the fraction of test photos whose twin was found, if the others were named as well as the honest accuracy of this
/// `leak` says.
pub fn twins_found(leak: &Leak, answer: f64) -> Verdict {
    let (shown, honest) = (leak.shown, leak.honest);
    let right = (shown - honest) / (1.0 - honest);
    let wrong = [
        (
            shown - honest,
            "That is how much the figure rose; those with a twin that would have been right anyway are missing.",
        ),
        (shown, "Some of these were right without a twin."),
        (100.0 * right, "That is in percent; give the fraction, from 0 to 1."),
    ];
    let why = "So many of the test photos were not understood, but recognised.";
    Verdict::number(answer, right, 0.003, why, &wrong)
}
