//! What learning-rate finders suggest, and what came of training with certain rates.

use super::Table;
use crate::Result;
use crate::experiment::RateTrial;
use crate::training::{Epoch, RateCurve, Rule};

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

    /// What came of training with each learning rate, a row for each: epochs that were finished, the training loss of the
    /// first and of the last of them, and the accuracy of the last one, as shares from 0 to 1.
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
