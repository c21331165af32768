//! Two methods that were named beforehand, tested against each other.

use super::MethodResult;
use crate::metrics::Paired;
use crate::{Error, Result};
use serde::Serialize;

/// Two methods that differ in what a question is about, as a recipe with drawn faces and the same without. A question
/// that was asked before the results were looked at is answered by its own pairs, not by who stands next to whom on a
/// leaderboard.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pair {
    /// The first method.
    pub first: String,
    /// The second.
    pub second: String,
    /// The accuracy of the first and of the second, means over the repeats.
    pub accuracies: [f64; 2],
    /// The first against the second.
    pub paired: Paired,
}

impl Pair {
    /// The predictions of `first` against those of `second`.
    ///
    /// # Errors
    /// [`Error::Data`] for predictions that are not of the same photos, classes and folds, with the names of the
    /// methods.
    pub fn of(first: &MethodResult, second: &MethodResult) -> Result<Pair> {
        let paired = Paired::of(&first.predictions, &second.predictions).map_err(|error| {
            Error::Data(format!("{} and {} cannot be compared: {error}", first.method, second.method))
        })?;
        let accuracy = |one: &MethodResult| Ok::<f64, Error>(one.predictions.scores()?.accuracy);
        let accuracies = [accuracy(first)?, accuracy(second)?];
        Ok(Pair { first: first.method.clone(), second: second.method.clone(), accuracies, paired })
    }

    /// The methods called `first` and `second` among these.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a name that is none of theirs; as [`Pair::of`].
    pub fn named(first: &str, second: &str, kept: &[MethodResult]) -> Result<Pair> {
        Pair::of(find(first, kept)?, find(second, kept)?)
    }
}

/// The method of this name.
pub(super) fn find<'a>(name: &str, kept: &'a [MethodResult]) -> Result<&'a MethodResult> {
    kept.iter().find(|one| one.method == name).ok_or_else(|| {
        let names: Vec<&str> = kept.iter().map(|one| one.method.as_str()).collect();
        Error::NotFound(format!("{name} is none of the methods, which are {}", names.join(", ")))
    })
}
