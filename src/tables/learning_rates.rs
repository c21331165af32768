//! What learning-rate finders suggest.

use super::Table;
use crate::Result;
use crate::training::{RateCurve, Rule};

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
}
