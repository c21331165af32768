//! What learning-rate finders suggest, and what came of training with certain rates.

use super::Table;
use crate::Result;
use crate::lessons::RateTrial;
use crate::training::{Epoch, RateCurve, RatesEnd, Rule};

impl Table {
    /// The learning rates that fastai's four rules suggest, a row for each curve; a cell is empty where a rule finds
    /// nothing. The note says of which curves the rules disagree by more than a factor of ten.
    pub fn learning_rates(curves: &[RateCurve]) -> Result<Table> {
        let names: Vec<String> = curves.iter().map(|curve| curve.network.clone()).collect();
        let seeds: Vec<usize> = curves.iter().map(|curve| curve.seed as usize).collect();
        let table =
            Table::new("Suggested learning rates").with_text("network", &names)?.with_integers("seed", &seeds)?;
        let table = Rule::ALL.into_iter().try_fold(table, |table, rule| {
            let rate = |curve: &RateCurve| curve.suggestion(rule).map(|found| found.rate);
            let rates: Vec<Option<f64>> = curves.iter().map(rate).collect();
            table.with_optional_significant_numbers(&rule.to_string(), &rates, 2)
        })?;
        let say =
            |curve: &RateCurve| Some(format!("{}, seed {}: {}", curve.network, curve.seed, curve.disagreement()?));
        let notes: Vec<String> = curves.iter().filter_map(say).collect();
        Ok(if notes.is_empty() { table } else { table.with_note(&notes.join(" ")) })
    }

    /// All points of learning-rate finders, a row for each step: the range that was to be tried (`from`, `to`, `steps`), the
    /// step from 1, its learning rate, the loss of its batch before the step, and the smoothed loss. A loss that ended a
    /// curve because it was infinite or not a number stands in the last row, with nothing smoothed.
    /// [`kept_rate_curves`](crate::report::discussion::kept_rate_curves) reads it.
    ///
    /// # Errors
    /// None that could happen here.
    pub fn rate_curves(curves: &[RateCurve]) -> Result<Table> {
        let points: Vec<(&RateCurve, usize)> =
            curves.iter().flat_map(|curve| (0..curve.steps_begun()).map(move |step| (curve, step))).collect();
        let number = |value: &dyn Fn(&RateCurve, usize) -> f64| {
            points.iter().map(|&(curve, step)| value(curve, step)).collect::<Vec<_>>()
        };
        let count = |value: &dyn Fn(&RateCurve, usize) -> usize| {
            points.iter().map(|&(curve, step)| value(curve, step)).collect::<Vec<_>>()
        };
        let smoothed: Vec<Option<f64>> =
            points.iter().map(|&(curve, step)| curve.smoothed.get(step).copied()).collect();
        let names: Vec<String> = points.iter().map(|(curve, _)| curve.network.clone()).collect();
        Table::new("Loss against learning rate")
            .with_text("network", &names)?
            .with_integers("seed", &count(&|curve, _| curve.seed as usize))?
            .with_significant_numbers("from", &number(&|curve, _| curve.range.from), 2)?
            .with_significant_numbers("to", &number(&|curve, _| curve.range.to), 2)?
            .with_integers("steps", &count(&|curve, _| curve.range.steps))?
            .with_integers("step", &count(&|_, step| step + 1))?
            .with_significant_numbers("learning_rate", &number(&|curve, step| curve.range.rate(step)), 3)?
            .with_numbers("loss", &number(&|curve, step| curve.loss(step)), 4)?
            .with_optional_numbers("smoothed", &smoothed, 4)
    }

    /// Where the curves of learning-rate finders are lowest and where they end, a row for each: the rate at which the smoothed
    /// loss is lowest, the rate of the step that ended the curve, and why.
    ///
    /// # Errors
    /// None that could happen here.
    pub fn rate_ranges(curves: &[RateCurve]) -> Result<Table> {
        let text = |value: &dyn Fn(&RateCurve) -> String| curves.iter().map(value).collect::<Vec<_>>();
        let number = |value: &dyn Fn(&RateCurve) -> f64| curves.iter().map(value).collect::<Vec<_>>();
        let why = |curve: &RateCurve| match curve.end {
            RatesEnd::AllSteps => "all steps".to_string(),
            RatesEnd::Diverged => "over four times its lowest".to_string(),
            RatesEnd::NotFinite(loss) => format!("the loss was {loss}"),
        };
        Table::new("Where the loss is lowest, and where it ends")
            .with_text("network", &text(&|curve| curve.network.clone()))?
            .with_integers("seed", &curves.iter().map(|curve| curve.seed as usize).collect::<Vec<_>>())?
            .with_significant_numbers("lowest at", &number(&RateCurve::lowest), 2)?
            .with_significant_numbers("ends at", &number(&|curve| curve.range.rate(curve.steps_begun() - 1)), 2)?
            .with_text("why", &text(&why))
    }

    /// What came of training with each learning rate, a row for each: epochs that were finished, the training loss of the
    /// first and of the last of them, and the accuracy of the last one, as fractions from 0 to 1.
    pub fn rate_trials(trials: &[RateTrial]) -> Result<Table> {
        let of = |value: &dyn Fn(&[Epoch]) -> Option<f64>| -> Vec<Option<f64>> {
            trials.iter().map(|trial| value(&trial.history.epochs)).collect()
        };
        let rates: Vec<f64> = trials.iter().map(|trial| trial.learning_rate).collect();
        let epochs: Vec<usize> = trials.iter().map(|trial| trial.history.epochs.len()).collect();
        let verdicts: Vec<String> = trials.iter().map(|trial| trial.verdict().to_string()).collect();
        let table = Table::new("What came of training with a learning rate")
            .with_significant_numbers("learning rate", &rates, 2)?
            .with_integers("epochs", &epochs)?
            .with_optional_significant_numbers("first train loss", &of(&|all| Some(all.first()?.train_loss)), 3)?
            .with_optional_significant_numbers("last train loss", &of(&|all| Some(all.last()?.train_loss)), 3)?
            .with_optional_significant_numbers("last validation loss", &of(&|all| all.last()?.validation_loss), 3)?
            .with_optional_numbers("train accuracy", &of(&|all| Some(all.last()?.train_accuracy)), 3)?
            .with_optional_numbers("validation accuracy", &of(&|all| all.last()?.validation_accuracy), 3)?
            .with_text("verdict", &verdicts)?;
        let guessing = trials.first().map(|trial| {
            let (classes, loss) = (trial.classes, trial.guessing());
            format!("Giving each of {classes} classes the same probability has the loss {loss:.2}.")
        });
        let failures = trials.iter().filter_map(|trial| {
            let failure = trial.failure.as_deref()?;
            Some(format!("Learning rate {}: {failure}.", trial.rate()))
        });
        let notes: Vec<String> = guessing.into_iter().chain(failures).collect();
        Ok(if notes.is_empty() { table } else { table.with_note(&notes.join(" ")) })
    }
}
