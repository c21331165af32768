//! Exercises of notebook 16, the discussion.

use super::Verdict;
use super::existing_work::first_where;
use crate::metrics::Difference;
use crate::report::published;
use crate::{Error, Result};

/// The counts of a published network: how many photos were right, and of how many.
fn counts(method: &str) -> Result<(usize, usize)> {
    let found = published::all().into_iter().find(|published| published.method == method);
    found.and_then(|published| published.correct_of).ok_or_else(|| Error::Invalid(format!("{method} was not counted")))
}

/// Easy: by how many points the report's ResNet-50 (47 of 92) lies above cited work 1 (63 of 150).
///
/// # Errors
/// None in practice: both are published.
pub fn points_above(answer: f64) -> Result<Verdict> {
    let ((a, n), (b, m)) = (counts("ResNet-50")?, counts("ResNet-50 in PyTorch")?);
    let difference = Difference::of_fractions(a as f64 / n as f64, n, b as f64 / m as f64, m)?;
    let points = 100.0 * difference.difference;
    let mistakes = [
        (difference.difference, "That is a fraction; points are of a hundred."),
        (-points, "The other way round."),
        ((a as f64 - b as f64).abs(), "Counts of different tests: take the fractions first."),
    ];
    Ok(Verdict::number(answer, points, 0.11, &format!("And with its interval: {difference}."), &mistakes))
}

/// Middle: how many of 92 photos a network must have right, at least, to be decided better than the report's VGG-16 (26 of
/// 92) on another 92 photos.
///
/// # Errors
/// None in practice: VGG-16 is published.
pub fn right_to_beat_vgg16(answer: f64) -> Result<Verdict> {
    let (right, photos) = counts("VGG-16")?;
    let vgg16 = right as f64 / photos as f64;
    let against = |right: usize| Difference::of_fractions(right as f64 / photos as f64, photos, vgg16, photos);
    let beats = |right: usize| against(right).map(|difference| difference.low > 0.0);
    let least = first_where(&beats)?;
    if answer.fract() == 0.0 && (0.0..=photos as f64).contains(&answer) && answer != least as f64 {
        let difference = against(answer as usize)?;
        let hint = if difference.low > 0.0 { "Fewer would do" } else { "That is too few" };
        return Ok(Verdict::not_yet(&format!("{answer} of {photos} are {difference}. {hint}.")));
    }
    let why = "With fewer the test cannot tell the two apart, whatever the percentages look like.";
    Ok(Verdict::number(answer, least as f64, 0.001, why, &[]))
}

/// Harder: of so many `methods` that are all equally good every two are compared, each time with a chance of 5 % that the
/// difference looks decided. How many differences are expected to look decided?
///
/// # Errors
/// Fewer than two methods.
pub fn decided_by_chance(methods: usize, answer: f64) -> Result<Verdict> {
    if methods < 2 {
        return Err(Error::Invalid(format!("{methods} methods make no pair: compare at least 2")));
    }
    let pairs = (methods * (methods - 1) / 2) as f64;
    let mistakes = [
        (pairs, "So many pairs there are; of each the chance is 5 %."),
        (0.05 * methods as f64, "Every two are compared, not every one: count the pairs."),
        (0.1 * pairs, "Each pair counts once: A against B is B against A."),
        (
            1.0 - 0.95_f64.powf(pairs),
            "That is the chance of at least one, were they independent. How many are expected?",
        ),
    ];
    let why = "In a table of this many rows some \"decided\" difference is to be expected from nothing: say beforehand which \
               comparison you mean, or ask more of each.";
    Ok(Verdict::number(answer, 0.05 * pairs, 0.005, why, &mistakes))
}
