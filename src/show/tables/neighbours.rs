//! Accuracies of k-nearest neighbours.

use super::Table;
use crate::study::neighbours::{Choice, NeighbourAccuracy, NeighbourScore};
use crate::{Error, Result};

impl Table {
    /// The accuracy of k-nearest neighbours, with its 95 % interval, a row for each of `results` and `ks`; fractions from 0
    /// to 1.
    ///
    /// # Errors
    /// A `k` that a result does not have.
    pub fn neighbour_accuracy(results: &[NeighbourAccuracy], ks: &[usize]) -> Result<Table> {
        let mut rows: Vec<(&NeighbourAccuracy, &NeighbourScore)> = Vec::new();
        for result in results {
            for &k in ks {
                let score = result.scores.iter().find(|score| score.k == k).ok_or_else(|| {
                    let (name, largest) = (&result.features, result.scores.len());
                    Error::NotFound(format!("{name} has no accuracy for k = {k}, only for 1 to {largest}"))
                })?;
                rows.push((result, score));
            }
        }
        let text = |value: fn(&NeighbourAccuracy) -> String| rows.iter().map(|(r, _)| value(r)).collect::<Vec<_>>();
        let number = |value: fn(&NeighbourScore) -> f64| rows.iter().map(|(_, s)| value(s)).collect::<Vec<_>>();
        let ks: Vec<usize> = rows.iter().map(|(_, score)| score.k).collect();
        let majority: Vec<f64> = rows.iter().map(|(result, _)| result.baseline.accuracy).collect();
        Table::new("k-nearest neighbours in cross-validation")
            .with_text("features", &text(|result| result.features.clone()))?
            .with_text("distance", &text(|result| result.distance.to_string()))?
            .with_integers("k", &ks)?
            .with_numbers("accuracy", &number(|score| score.accuracy), 3)?
            .with_numbers("low", &number(|score| score.interval.low), 3)?
            .with_numbers("high", &number(|score| score.interval.high), 3)?
            .with_numbers("majority", &majority, 3)
    }

    /// What choosing `k` on the test gains, a row for each of `choices`: mean accuracy with the best `k` of each test,
    /// with the `k` that was chosen in the training part, the 95 % interval of the latter, the difference, and from where
    /// to where the best `k`s lie. Fractions from 0 to 1.
    ///
    /// # Errors
    /// As [`Choice::interval`].
    pub fn choices(choices: &[Choice]) -> Result<Table> {
        let number = |value: fn(&Choice) -> f64| choices.iter().map(value).collect::<Vec<_>>();
        let intervals = choices.iter().map(Choice::interval).collect::<Result<Vec<_>>>()?;
        let ks: Vec<Vec<usize>> = choices.iter().map(Choice::ks_on_test).collect();
        let features: Vec<String> = choices.iter().map(|choice| choice.features.clone()).collect();
        Table::new("k chosen on the test, and without it")
            .with_text("features", &features)?
            .with_numbers("k chosen on the test", &number(Choice::chosen_on_test), 3)?
            .with_numbers("k chosen in training", &number(Choice::chosen_in_training), 3)?
            .with_numbers("low", &intervals.iter().map(|interval| interval.low).collect::<Vec<_>>(), 3)?
            .with_numbers("high", &intervals.iter().map(|interval| interval.high).collect::<Vec<_>>(), 3)?
            .with_numbers("optimism", &number(Choice::optimism), 3)?
            .with_integers("smallest best k", &ks.iter().map(|ks| ks[0]).collect::<Vec<_>>())?
            .with_integers("largest best k", &ks.iter().map(|ks| ks[ks.len() - 1]).collect::<Vec<_>>())
    }
}
