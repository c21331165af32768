//! Paired tests as columns, and tables of pairs.

use super::Table;
use crate::Result;
use crate::metrics::{Paired, p_shown};
use crate::study::results::Pair;

impl Table {
    /// A row for each pair: the accuracies of both, 0 to 1, then the columns that [`Table::leaderboard`] ends in.
    ///
    /// # Errors
    /// None that could happen here.
    pub fn pairs(pairs: &[Pair]) -> Result<Table> {
        let accuracy = |place: usize| pairs.iter().map(|pair| pair.accuracies[place]).collect::<Vec<f64>>();
        named(pairs)?
            .with_numbers("accuracy_first", &accuracy(0), 3)?
            .with_numbers("accuracy_second", &accuracy(1), 3)?
            .with_paired_tests(&tests(pairs))
    }

    /// The same for people: percent and points.
    ///
    /// # Errors
    /// None that could happen here.
    pub fn pairs_in_short(pairs: &[Pair]) -> Result<Table> {
        let percent = |place: usize| pairs.iter().map(|pair| 100.0 * pair.accuracies[place]).collect::<Vec<f64>>();
        let table = named(pairs)?
            .with_numbers("accuracy of the first, %", &percent(0), 1)?
            .with_numbers("of the second, %", &percent(1), 1)?
            .with_paired_tests_in_short(&tests(pairs))?;
        Ok(table.with_note(&format!("Differences are in points. {READING}")))
    }

    /// With the columns of two methods in the same cross-validation: `difference`, 0 to 1, the ends of its 95 % interval by
    /// photo, and the p-values of both tests ([`Paired`]).
    pub(super) fn with_paired_tests(self, tests: &[Option<Paired>]) -> Result<Table> {
        let value = |value: fn(&Paired) -> f64| tests.iter().map(|test| test.as_ref().map(value)).collect::<Vec<_>>();
        self.with_optional_numbers("difference", &value(|test| test.difference), 3)?
            .with_optional_numbers("difference_low", &value(|test| test.by_photo.low), 3)?
            .with_optional_numbers("difference_high", &value(|test| test.by_photo.high), 3)?
            .with_optional_significant_numbers("p_by_photo", &value(|test| test.by_photo.p_value), 2)?
            .with_optional_significant_numbers("p_by_fold", &value(|test| test.by_fold.p_value), 2)
    }

    /// The same for people: points of a hundred.
    pub(super) fn with_paired_tests_in_short(self, tests: &[Option<Paired>]) -> Result<Table> {
        let text = |text: fn(&Paired) -> String| {
            tests.iter().map(|test| test.as_ref().map(text).unwrap_or_default()).collect::<Vec<String>>()
        };
        let points = |test: &Paired| {
            let [mean, low, high] = [test.difference, test.by_photo.low, test.by_photo.high].map(|one| 100.0 * one);
            format!("{mean:+.1} ({low:+.1} to {high:+.1})")
        };
        self.with_text("difference (95 % interval by photo)", &text(points))?
            .with_text("p by photo", &text(|test| p_shown(test.by_photo.p_value)))?
            .with_text("p by fold", &text(|test| p_shown(test.by_fold.p_value)))
    }
}

/// What the columns of [`Table::with_paired_tests_in_short`] say, for a note under the table.
pub(super) const READING: &str = "By photo (paired t-test): would these fits differ on other photos, too? By fold (corrected \
     resampled t-test): would the methods, trained again?";

fn named(pairs: &[Pair]) -> Result<Table> {
    Table::new("Two methods, tested against each other")
        .with_text("first", &pairs.iter().map(|pair| pair.first.clone()).collect::<Vec<_>>())?
        .with_text("second", &pairs.iter().map(|pair| pair.second.clone()).collect::<Vec<_>>())
}

fn tests(pairs: &[Pair]) -> Vec<Option<Paired>> {
    pairs.iter().map(|pair| Some(pair.paired)).collect()
}
