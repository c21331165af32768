//! Exercises of notebook 11, existing work.

use super::Verdict;
use crate::Result;
use crate::metrics::{Difference, Interval};
use crate::report::published;

/// Easy: of the 56 photos of figure 2, how many did DenseNet-201 classify correctly?
///
/// # Errors
/// None in practice: figure 2 is there.
pub fn densenet_correct(answer: f64) -> Result<Verdict> {
    let report = published::classification_report(2)?;
    let scores = || report.classes.iter().map(|class| class.scores);
    let correct: f64 = scores().map(|s| (s.recall * s.support as f64).round()).sum();
    let photos = report.macro_average.support as f64;
    let mistakes = [
        (photos * report.accuracy, "So many would be 32 % exactly, and photos are whole: add up recall times support."),
        (photos - correct, "So many are wrong."),
        (photos, "So many there are."),
    ];
    let why =
        "Recall is the fraction of a class that was found: times the support it is a count, and the counts add up.";
    Ok(Verdict::number(answer, correct, 0.001, why, &mistakes))
}

/// Middle: the lower end, in percent, of the 95 % interval of cited work 1 after its last epoch.
///
/// # Errors
/// As [`Interval::wilson`].
pub fn lower_end(answer: f64) -> Result<Verdict> {
    let log = published::pytorch_log();
    let last = &log[log.len() - 1];
    let interval = Interval::wilson(last.correct, last.photos)?;
    let fraction = last.correct as f64 / last.photos as f64;
    let percent = 100.0 * interval.low;
    let usual = 100.0 * (fraction - 1.96 * (fraction * (1.0 - fraction) / last.photos as f64).sqrt());
    let mistakes = [
        (interval.low, "That is the fraction; the question is for percent."),
        (100.0 * interval.high, "That is the upper end."),
        (usual, "Nearly: that is the interval p ± 1.96 sqrt(p (1 - p) / n). Take Wilson's, as all tables here do."),
        (100.0 * fraction, "That is the accuracy itself."),
    ];
    let why = "So \"42 %\" may as well be a third: DenseNet-201's 32 % lies just below that interval, and its own interval \
               reaches far into it.";
    Ok(Verdict::number(answer, percent, 0.06, why, &mistakes))
}

/// Harder: how many photos each of two tests needs at least, so that 42 % in one and 32 % in the other are a decided
/// difference ([`Difference::is_decided`]).
///
/// # Errors
/// As [`Difference::of_fractions`].
pub fn photos_to_decide(answer: f64) -> Result<Verdict> {
    let decided = |photos: usize| Ok(Difference::of_fractions(0.42, photos, 0.32, photos)?.is_decided());
    let least = first_where(&decided)?;
    if answer.fract() == 0.0 && answer > least as f64 && answer < 100_000.0 {
        return Ok(Verdict::not_yet(&format!("{answer} are enough, and fewer would do. Halve the step and go back.")));
    }
    if answer.fract() == 0.0 && answer >= 1.0 && answer < least as f64 {
        let found = Difference::of_fractions(0.42, answer as usize, 0.32, answer as usize)?;
        return Ok(Verdict::not_yet(&format!("With {answer} photos each the difference is {found}. Take more.")));
    }
    let why =
        "About twice as many as a fifth of this data set has: ten points cannot be told apart by one split of it.";
    Ok(Verdict::number(answer, least as f64, 0.001, why, &[]))
}

/// The first whole number from 1 for which `holds`.
pub(super) fn first_where(holds: &dyn Fn(usize) -> Result<bool>) -> Result<usize> {
    let mut number = 1;
    while !holds(number)? {
        number += 1;
    }
    Ok(number)
}
