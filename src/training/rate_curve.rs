//! Loss against learning rate: what the learning-rate finder saw.

use super::rate_rules::{Rule, Suggestion};
use super::settings::positive;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Fraction of the old in the moving average of the losses (fastai's `Recorder`).
const BETA: f64 = 0.98;
/// How many times the lowest smoothed loss the loss may become before it counts as diverging (fastai's `LRFinder`).
const DIVERGED: f64 = 4.0;
/// Points at the end that the rules do not look at: there the loss is already on its way up (fastai's `lr_find`).
const LEFT_OUT: usize = 5;

/// The learning rates that are tried. They rise by the same factor from step to step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RateRange {
    /// The rate of the first step.
    pub from: f64,
    /// The rate that one step more would have.
    pub to: f64,
    /// How many steps, each with one batch: at least 6. The rules look at those after the first tenth, without the last
    /// five; with fewer than about 30 steps they find little.
    pub steps: usize,
}

impl Default for RateRange {
    /// fastai's: from 1e-7 to 10 in 100 steps. (The report's figure 9 goes on to 1000.)
    fn default() -> Self {
        RateRange { from: 1e-7, to: 10.0, steps: 100 }
    }
}

impl RateRange {
    /// The rate of the step `step`, from 0.
    ///
    /// ```
    /// use manga_expressions::training::RateRange;
    ///
    /// let range = RateRange { from: 0.001, to: 10.0, steps: 8 };
    /// assert!((range.rate(4) - 0.1).abs() < 1e-12);
    /// ```
    pub fn rate(&self, step: usize) -> f64 {
        self.from * (self.to / self.from).powf(step as f64 / self.steps as f64)
    }

    pub(super) fn check(&self) -> Result<()> {
        positive("the learning rate to begin with", self.from)?;
        positive("the learning rate to end with", self.to)?;
        let RateRange { from, to, steps } = *self;
        if from >= to {
            return Err(Error::Invalid(format!("learning rates from {from} to {to}: they must rise")));
        }
        if steps < 6 {
            return Err(Error::Invalid(format!("{steps} steps of rising learning rates: it takes at least 6")));
        }
        Ok(())
    }
}

/// Why a learning-rate finder ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RatesEnd {
    /// All steps were done.
    AllSteps,
    /// The smoothed loss was more than four times its lowest value.
    Diverged,
    /// The loss of the step after the last point was this: infinite, or not a number.
    NotFinite(f64),
}

/// Loss against learning rate, of one training whose rate rises from step to step (L. N. Smith 2017, section 3.3), with
/// what fastai's four rules suggest.
///
/// ```
/// use manga_expressions::training::{RateCurve, RateRange, Rule};
///
/// // A loss that falls in the middle of the range and then explodes.
/// let losses = (0..100).map(|step| 2.0 - 1.0 / (1.0 + f64::exp(8.0 - 0.2 * step as f64)) + f64::exp(step as f64 - 95.0));
/// let curve = RateCurve::from_losses("scripted", 1, &RateRange::default(), &losses.collect::<Vec<f64>>())?;
/// assert!(curve.suggestion(Rule::Steep).is_some_and(|found| (1e-5..1.0).contains(&found.rate)));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RateCurve {
    /// Name of the network.
    pub network: String,
    /// Seed of the training.
    pub seed: u64,
    /// The rates that were to be tried.
    pub range: RateRange,
    /// The rate of each step that was done, rising; of the head, where the body has another.
    pub rates: Vec<f64>,
    /// The loss of each step's batch before the step.
    pub losses: Vec<f64>,
    /// The same, smoothed: the mean of all losses so far, each weighing 0.98 times as much as the next. (An exponential
    /// moving average, corrected for its beginning at 0.)
    pub smoothed: Vec<f64>,
    /// Why there are no more points.
    pub end: RatesEnd,
}

impl RateCurve {
    /// The curve of losses that were seen elsewhere, as in another program, or that are made up: `losses[i]` is that of
    /// step `i`. Losses after the one that would have ended a learning-rate finder are not looked at.
    ///
    /// # Errors
    /// A range that cannot be; no loss, or more losses than steps; a first loss that is not a finite number.
    pub fn from_losses(network: &str, seed: u64, range: &RateRange, losses: &[f64]) -> Result<RateCurve> {
        range.check()?;
        if losses.is_empty() || losses.len() > range.steps {
            let (losses, steps) = (losses.len(), range.steps);
            return Err(Error::Invalid(format!(
                "{losses} losses for {steps} learning rates: give 1 to {steps} losses"
            )));
        }
        let mut recorder = RateRecorder::new(network, seed, range);
        for &loss in losses {
            if !recorder.push(loss) {
                break;
            }
        }
        recorder.finish()
    }

    /// How many steps were begun: one more than there are points, where the loss of the last was no finite number.
    pub(crate) fn steps_begun(&self) -> usize {
        self.rates.len() + usize::from(matches!(self.end, RatesEnd::NotFinite(_)))
    }

    /// The loss of a step that was begun, from 0.
    pub(crate) fn loss(&self, step: usize) -> f64 {
        match (self.losses.get(step), self.end) {
            (Some(&loss), _) | (None, RatesEnd::NotFinite(loss)) => loss,
            (None, _) => f64::NAN,
        }
    }

    /// The learning rate at which the smoothed loss is lowest.
    pub fn lowest(&self) -> f64 {
        let lowest =
            (1..self.smoothed.len()).fold(0, |best, i| if self.smoothed[i] < self.smoothed[best] { i } else { best });
        self.range.rate(lowest)
    }

    /// What `rule` suggests; none where it finds nothing.
    ///
    /// The rules look at the smoothed losses, after the first tenth of all steps and without the last five points.
    pub fn suggestion(&self, rule: Rule) -> Option<Suggestion> {
        let from = self.range.steps / 10;
        let to = match self.end {
            // fastai goes on after losses that are no numbers; what it leaves out are the last five of these.
            RatesEnd::NotFinite(loss) if loss.is_nan() => self.rates.len().min(self.range.steps - LEFT_OUT),
            // An infinite loss is the last of those that fastai keeps, and not here.
            RatesEnd::NotFinite(_) => (self.rates.len() + 1).saturating_sub(LEFT_OUT),
            RatesEnd::AllSteps | RatesEnd::Diverged => self.rates.len().saturating_sub(LEFT_OUT),
        };
        rule.apply(self.rates.get(from..to)?, self.smoothed.get(from..to)?)
    }

    /// What each rule that finds something suggests, in the order of [`Rule::ALL`].
    pub fn suggestions(&self) -> Vec<Suggestion> {
        Rule::ALL.into_iter().filter_map(|rule| self.suggestion(rule)).collect()
    }

    /// A sentence where the rules disagree by more than a factor of ten.
    pub fn disagreement(&self) -> Option<String> {
        let mut found = self.suggestions();
        found.sort_by(|a, b| a.rate.total_cmp(&b.rate));
        let (least, most) = (found.first()?, found.last()?);
        let factor = most.rate / least.rate;
        // Two digits of it are enough.
        let digits = 10f64.powf(factor.log10().floor() - 1.0);
        let about = (factor / digits).round() * digits;
        (factor > 10.0).then(|| {
            format!(
                "The rules disagree: {} suggests {:.1e} and {} {:.1e}, about {about:.0} times as much; look at the \
                 curve, and take a rate at which the loss clearly falls.",
                least.rule, least.rate, most.rule, most.rate
            )
        })
    }
}

/// What was seen, in a few sentences.
impl fmt::Display for RateCurve {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (from, to) = (self.range.from, self.rates.last().copied().unwrap_or(self.range.from));
        write!(
            f,
            "{}, seed {}: {} steps at rates from {from:.1e} to {to:.1e}",
            self.network,
            self.seed,
            self.rates.len()
        )?;
        match self.end {
            RatesEnd::AllSteps => write!(f, ".")?,
            RatesEnd::Diverged => write!(f, ", where the loss was over four times its lowest.")?,
            RatesEnd::NotFinite(loss) => write!(f, "; the loss after that was {loss}.")?,
        }
        let found: Vec<String> =
            self.suggestions().iter().map(|found| format!("{} {:.1e}", found.rule, found.rate)).collect();
        match found.is_empty() {
            true => write!(f, " No rule finds a learning rate."),
            false => write!(f, " Suggested: {}.", found.join(", ")),
        }?;
        self.disagreement().map_or(Ok(()), |sentence| write!(f, " {sentence}"))
    }
}

/// A curve that grows loss by loss.
pub(super) struct RateRecorder {
    curve: RateCurve,
    /// The moving average before the correction for its beginning.
    average: f64,
    /// The lowest smoothed loss.
    lowest: f64,
}

impl RateRecorder {
    pub fn new(network: &str, seed: u64, range: &RateRange) -> Self {
        let (rates, losses, smoothed) = (Vec::new(), Vec::new(), Vec::new());
        let (network, end) = (network.to_string(), RatesEnd::AllSteps);
        let curve = RateCurve { network, seed, range: *range, rates, losses, smoothed, end };
        RateRecorder { curve, average: 0.0, lowest: f64::INFINITY }
    }

    /// The rate of the next step.
    pub fn rate(&self) -> f64 {
        self.curve.range.rate(self.curve.rates.len())
    }

    /// How many steps were done, the last one included where its loss was no number.
    pub fn steps(&self) -> usize {
        self.curve.steps_begun()
    }

    /// Notes the loss of a step, and says whether there is to be another.
    pub fn push(&mut self, loss: f64) -> bool {
        if !loss.is_finite() {
            self.curve.end = RatesEnd::NotFinite(loss);
            return false;
        }
        self.curve.rates.push(self.rate());
        self.curve.losses.push(loss);
        let steps = self.curve.losses.len();
        self.average = BETA * self.average + (1.0 - BETA) * loss;
        let smoothed = self.average / (1.0 - BETA.powi(steps as i32));
        self.curve.smoothed.push(smoothed);
        self.lowest = self.lowest.min(smoothed);
        if smoothed > DIVERGED * self.lowest {
            self.curve.end = RatesEnd::Diverged;
            return false;
        }
        steps < self.curve.range.steps
    }

    /// The curve; an error where not even the first loss was a number.
    pub fn finish(self) -> Result<RateCurve> {
        match self.curve.end {
            RatesEnd::NotFinite(loss) if self.curve.rates.is_empty() => Err(Error::Invalid(format!(
                "the loss of {} is {loss} before the first step: look at its weights and at the images; no learning \
                 rate helps",
                self.curve.network
            ))),
            _ => Ok(self.curve),
        }
    }
}
