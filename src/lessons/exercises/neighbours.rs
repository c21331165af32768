//! Exercises of notebook 13, k-nearest neighbours.

use super::Verdict;
use crate::Result;
use crate::metrics::one_vs_rest_accuracy;
use crate::study::neighbours::{Choice, NeighbourAccuracy};

/// Easy: the accuracy over seven classes that reads as `shown` where each class is counted against the rest; both shares
/// from 0 to 1.
///
/// # Errors
/// As [`one_vs_rest_accuracy`].
///
/// ```
/// use manga_expressions::lessons::exercises::neighbours::true_accuracy;
///
/// assert!(true_accuracy(0.76, 0.16)?.is_right());
/// assert!(!true_accuracy(0.76, 0.76)?.is_right());
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn true_accuracy(shown: f64, answer: f64) -> Result<Verdict> {
    const CLASSES: usize = 7;
    let right = 1.0 - (1.0 - shown) * CLASSES as f64 / 2.0;
    let wrong = [
        (shown, "That is the number as it is shown."),
        (one_vs_rest_accuracy(shown, CLASSES)?, "That is the other way: what this accuracy would read as."),
        (100.0 * right, "That is in percent; give the fraction, from 0 to 1."),
        (shown / CLASSES as f64, "It is not divided by the classes: a wrong answer is wrong for two of them."),
    ];
    let percent = 100.0 * right;
    let why = format!("{percent:.0} %. A number alone says nothing without how it was counted.");
    Ok(Verdict::number(answer, right, 0.002, &why, &wrong))
}

/// Middle: how probable it is that at least one of the `copies` of a test photo lies in the training part, where photos
/// and copies are divided at random and a fraction `test` of all is for the test.
pub fn copy_in_training(copies: usize, test: f64, answer: f64) -> Verdict {
    let all_in_test = test.powi(copies as i32);
    let wrong = [
        (all_in_test, "That is how probable it is that none does: turn it round."),
        ((1.0 - test).powi(copies as i32), "That is how probable it is that all of them do."),
        (1.0 - test, "That is for one copy."),
        (100.0 * (1.0 - all_in_test), "That is in percent; give the probability, from 0 to 1."),
    ];
    let why = "Nearly every test photo has a twin that the neighbours know.";
    Verdict::number(answer, 1.0 - all_in_test, 0.0015, why, &wrong)
}

/// Harder: by how many points (hundredths) the highest accuracy of `result` over all `k` is above what `choice`, of the
/// same features, has with the `k` chosen in the training parts.
pub fn points_above_honest(result: &NeighbourAccuracy, choice: &Choice, answer: f64) -> Verdict {
    let points = |fraction: f64| 100.0 * (fraction - choice.chosen_in_training());
    let right = points(result.best().accuracy);
    let wrong = [
        (points(choice.chosen_on_test()), "That is with another k for every fold; the figure has one k for all."),
        (right / 100.0, "That is a fraction; in points it is a hundred times as much."),
        (-right, "Take them the other way round."),
    ];
    let why =
        "One k for all folds has less room to flatter than one for each test of 91 photos, as the report chose it.";
    Verdict::number(answer, right, 0.05, why, &wrong)
}
