//! All methods in cross-validation, from the best on.

use super::pair::find;
use super::{MethodResult, Pair};
use crate::metrics::{CrossValidationScores, Paired};
use crate::{Error, Result};
use serde::Serialize;

/// All methods whose predictions are kept, the one with the highest accuracy first.
///
/// Who is first in a long table is in part luck: the accuracy of the best is too high a guess by what the best of
/// several equals has by chance. The tests against the next row, and the log of what was tried, tell how much that may
/// be.
#[derive(Clone, Debug, Serialize)]
pub struct Leaderboard {
    /// The names of the classes, in whose order recalls are.
    pub classes: Vec<String>,
    /// The method that all others are tested against; each is tested against the next row where there is none.
    pub base: Option<String>,
    /// A row for each method.
    pub rows: Vec<LeaderboardRow>,
}

/// One method.
#[derive(Clone, Debug, Serialize)]
pub struct LeaderboardRow {
    /// Its name: that of its recipe.
    pub method: String,
    /// All scores; recalls are in the order of [`Leaderboard::classes`].
    pub scores: CrossValidationScores,
    /// Processor minutes of all its fits, and of what is computed once for them; none where nobody wrote it down.
    pub cpu_minutes: Option<f64>,
    /// Numbers that the model of one fold holds.
    pub parameters: Option<usize>,
    /// Those among them that are learnt from the photos.
    pub trainable: Option<usize>,
    /// [`COMPUTE_VERSION`](crate::COMPUTE_VERSION) of the library that made its predictions; none where nobody wrote it
    /// down.
    pub compute_version: Option<String>,
    /// The method against the next row, or against [`Leaderboard::base`]; none in the last row, or in that of the base.
    pub against: Option<Paired>,
}

impl Leaderboard {
    /// Of these predictions. Methods of the same accuracy stand in the order of their names.
    ///
    /// # Errors
    /// No predictions; such as are not of the same classes, photos and folds, with the names of the methods.
    pub fn of(kept: &[MethodResult]) -> Result<Leaderboard> {
        Leaderboard::tested(kept, None)
    }

    /// Of these predictions, each method tested against `base`: for ablations, in which all differ from one method in
    /// one thing.
    ///
    /// # Errors
    /// As [`Leaderboard::of`]; a base that is not among the methods.
    pub fn against(base: &str, kept: &[MethodResult]) -> Result<Leaderboard> {
        Leaderboard::tested(kept, Some(find(base, kept)?))
    }

    fn tested(kept: &[MethodResult], base: Option<&MethodResult>) -> Result<Leaderboard> {
        let Some(first) = kept.first() else {
            return Err(Error::Data(
                "there are no predictions to compare: `manga cross-validate RECIPE --keep DIR` leaves them".into(),
            ));
        };
        let classes = first.predictions.classes().to_vec();
        let mut scored = Vec::new();
        for one in kept {
            let scores = one.predictions.scores()?;
            let recall = |class: &String| {
                let place = one.predictions.classes().iter().position(|own| own == class)?;
                scores.recall.get(place).copied()
            };
            let recall: Option<Vec<f64>> = classes.iter().map(recall).collect();
            let recall = recall.filter(|recall| recall.len() == scores.recall.len()).ok_or_else(|| {
                let (a, b) = (&first.method, &one.method);
                Error::Data(format!("the predictions of {a} and {b} are not of the same classes"))
            })?;
            scored.push((one, CrossValidationScores { recall, ..scores }));
        }
        scored.sort_by(|(a, x), (b, y)| y.accuracy.total_cmp(&x.accuracy).then(a.method.cmp(&b.method)));
        let row = |place: usize| {
            let (one, scores) = &scored[place];
            let against = |other: &MethodResult| Ok::<Paired, Error>(Pair::of(one, other)?.paired);
            let other = match base {
                None => scored.get(place + 1).map(|(next, _)| *next),
                Some(base) => Some(base).filter(|base| base.method != one.method),
            };
            let summary = one.summary.as_ref();
            Ok(LeaderboardRow {
                method: one.method.clone(),
                scores: scores.clone(),
                cpu_minutes: summary.map(|summary| summary.cpu_seconds / 60.0),
                parameters: summary.map(|summary| summary.parameters),
                trainable: summary.map(|summary| summary.trainable),
                compute_version: one.compute_version.clone(),
                against: other.map(against).transpose()?,
            })
        };
        let rows = (0..scored.len()).map(row).collect::<Result<_>>()?;
        Ok(Leaderboard { classes, base: base.map(|base| base.method.clone()), rows })
    }
}
