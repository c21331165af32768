//! Exercises of notebook 5, learning rate.

use super::Verdict;
use crate::training::{RateCurve, RateRange, Rule};
use crate::{Error, Result};

/// Answers that a person reads off need not be exact: 2 %.
const TOLERANCE: f64 = 0.02;

/// Which learning rate does the rule "minimum" suggest?
///
/// # Errors
/// A curve on which that rule finds nothing.
pub fn minimum_rule(curve: &RateCurve, answer: f64) -> Result<Verdict> {
    let Some(found) = curve.suggestion(Rule::Minimum) else {
        return Err(Error::Invalid("the rule \"minimum\" finds nothing on this curve: make one of more steps".into()));
    };
    let why = "At the minimum itself the loss is about to rise; a tenth of that rate is still on the way down.";
    let lowest = (found.mark.0, "That is where the smoothed loss is lowest; the rule takes a tenth of it.");
    Ok(Verdict::number(answer, found.rate, TOLERANCE * found.rate, why, &[lowest]))
}

/// By which factor does the learning rate rise from each step to the next?
pub fn factor_of_a_step(range: &RateRange, answer: f64) -> Verdict {
    let RateRange { from, to, steps } = *range;
    let factor = (to / from).powf(1.0 / steps as f64);
    let mistakes = [
        (to / from / steps as f64, "That divides the whole factor by the steps; but the steps multiply each other."),
        (to / from, "That is the factor from the first rate to the last, of all steps together."),
        (factor.log10(), "That is the logarithm of it: how many powers of ten a step is."),
    ];
    let why = "Multiplied by itself once for each step it gives the whole range: equal steps on a logarithmic axis.";
    Verdict::number(answer, factor, 0.005 * factor, why, &mistakes)
}

/// How many times the learning rate of the lowest loss of a single batch is that of the lowest smoothed loss?
pub fn lag_of_smoothing(curve: &RateCurve, answer: f64) -> Verdict {
    let rate_of_lowest = |losses: &[f64]| {
        let lowest = (0..losses.len()).reduce(|best, i| if losses[i] < losses[best] { i } else { best });
        lowest.map_or(f64::NAN, |i| curve.rates[i])
    };
    let (raw, smoothed) = (rate_of_lowest(&curve.losses), rate_of_lowest(&curve.smoothed));
    let lag = smoothed / raw;
    let why = "A mean over the past comes late: where it is read off, the loss of the batches is another already.";
    let mut mistakes = vec![(smoothed, "That is a rate; divide it by that of the lowest loss of a batch.")];
    if lag != 1.0 {
        mistakes.push((1.0 / lag, "That is the other way round."));
    }
    Verdict::number(answer, lag, TOLERANCE * lag, why, &mistakes)
}
