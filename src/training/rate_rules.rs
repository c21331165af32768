//! Four rules that suggest a learning rate from a curve of losses: those of fastai (`fastai/callback/schedule.py`).

use std::fmt;

/// How a learning rate is read off a curve.
///
/// ```
/// use manga_expressions::training::Rule;
///
/// assert_eq!(Rule::ALL.map(|rule| rule.to_string()), ["valley", "slide", "minimum", "steep"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A rate about halfway down the longest valley: the longest run of ever lower losses, not necessarily of
    /// neighbours. fastai's default. None where fewer than three losses fall after one another.
    Valley,
    /// Slides two points, 15 steps apart, down from the largest rate while the slopes of the loss at them differ by more
    /// than 0.005; then the lower rate. None where the curve ends as flat as it was 15 steps before, and where the
    /// slopes differ down to the smallest rate.
    Slide,
    /// A tenth of the rate at which the loss was lowest. None where that was the smallest rate.
    Minimum,
    /// The rate at which the loss falls most steeply against the logarithm of the rate. None where it never falls.
    Steep,
}

impl Rule {
    /// All of them.
    pub const ALL: [Rule; 4] = [Rule::Valley, Rule::Slide, Rule::Minimum, Rule::Steep];

    /// What the rule makes of `losses` at `rates`; none where it finds nothing, as where all losses are the same.
    pub(super) fn apply(self, rates: &[f64], losses: &[f64]) -> Option<Suggestion> {
        if is_flat(losses) {
            return None;
        }
        let found = match self {
            Rule::Valley => valley(losses),
            Rule::Slide => slide(losses),
            Rule::Minimum => Some(lowest(losses)?).filter(|&index| index > 0),
            Rule::Steep => steep(rates, losses),
        };
        let index = found?;
        let fraction = if self == Rule::Minimum { 0.1 } else { 1.0 };
        Some(Suggestion { rule: self, rate: fraction * rates[index], mark: (rates[index], losses[index]) })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Rule::Valley => "valley",
            Rule::Slide => "slide",
            Rule::Minimum => "minimum",
            Rule::Steep => "steep",
        })
    }
}

/// A learning rate that a [`Rule`] suggests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Suggestion {
    /// The rule.
    pub rule: Rule,
    /// The learning rate.
    pub rate: f64,
    /// The point of the curve that led to it, rate and loss: for [`Rule::Minimum`] the lowest, at ten times the rate.
    pub mark: (f64, f64),
}

/// Whether the losses differ by no more than rounding does: such a curve says nothing of rates.
fn is_flat(losses: &[f64]) -> bool {
    const ROUNDING: f64 = 1e-6;
    let lowest = losses.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = losses.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    highest - lowest <= ROUNDING * highest.abs()
}

fn valley(losses: &[f64]) -> Option<usize> {
    /// A shorter one cannot be divided into thirds; fastai then takes what lies before it, or the last rate of all.
    const SHORTEST: usize = 3;
    let mut lengths = vec![1; losses.len()]; // of the longest falling subsequence that ends here
    let (mut end, mut longest) = (0, 1);
    for i in 1..losses.len() {
        let before = (0..i).filter(|&j| losses[i] < losses[j]).map(|j| lengths[j]).max();
        lengths[i] = before.unwrap_or(0) + 1;
        if lengths[i] > longest {
            (end, longest) = (i, lengths[i]);
        }
    }
    // As fastai has it, the valley is taken to be as wide as it is long; from one before its first point.
    (longest >= SHORTEST).then(|| end + longest / 3 + longest / 6 - longest)
}

fn slide(losses: &[f64]) -> Option<usize> {
    const APART: usize = 15;
    const ALIKE: f64 = 0.005;
    let slopes = slopes(losses);
    let differ = |left: usize| (slopes[left + APART] - slopes[left]).abs() > ALIKE;
    let last = losses.len().checked_sub(APART + 1)?;
    if !differ(last) {
        return None;
    }
    (0..last).rev().find(|&left| !differ(left)).map(|left| left + 1)
}

/// The change of the loss in a step: the mean of that before and that after, as `numpy.gradient`.
fn slopes(losses: &[f64]) -> Vec<f64> {
    let last = losses.len().saturating_sub(1);
    let slope = |i: usize| {
        let (from, to) = (i.saturating_sub(1), (i + 1).min(last));
        (losses[to] - losses[from]) / (to - from).max(1) as f64
    };
    (0..losses.len()).map(slope).collect()
}

fn steep(rates: &[f64], losses: &[f64]) -> Option<usize> {
    let pairs = rates.windows(2).zip(losses.windows(2));
    let slopes: Vec<f64> = pairs.map(|(rate, loss)| (loss[1] - loss[0]) / (rate[1] / rate[0]).ln()).collect();
    lowest(&slopes).filter(|&index| slopes[index] < 0.0)
}

/// The place of the lowest value, the first of equals.
fn lowest(values: &[f64]) -> Option<usize> {
    (0..values.len()).reduce(|best, i| if values[i] < values[best] { i } else { best })
}
