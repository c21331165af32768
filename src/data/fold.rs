//! A split whose test is a fold of a cross-validation.

use super::{FoldSettings, Folds, Split, SplitSettings};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// One fold of a cross-validation, which is its test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fold {
    /// Which of the folds, from 0.
    pub fold: usize,
    /// How many folds there are.
    pub folds: usize,
    /// The seed that divided the samples into them: the repeat's.
    pub seed: u64,
    /// Whether photos of one page are always in the same fold ([`Folds::stratified_grouped`] by
    /// [`Dataset::page_groups`](super::Dataset::page_groups)). Validation is drawn from the other folds photo by photo, as
    /// without grouping.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_page: bool,
}

impl Split {
    /// The split whose test is a fold.
    pub(super) fn of_fold(
        classes: &[String],
        labels: &[usize],
        groups: Option<&[usize]>,
        fold: Fold,
        settings: &SplitSettings,
    ) -> Result<Split> {
        let Fold { fold, folds, seed, by_page } = fold;
        let folding = FoldSettings { folds, seeds: vec![seed] };
        let all = match (by_page, groups) {
            (false, _) => Folds::stratified(classes, labels, &folding)?,
            (true, Some(pages)) => Folds::stratified_grouped(classes, labels, pages, &folding)?,
            (true, None) => return Err(Error::Invalid("a fold by page needs the page of each sample".into())),
        };
        if fold >= folds {
            return Err(Error::NotFound(format!("there is no fold {fold} of {folds}; the first is 0")));
        }
        let (test, rest) = (all.test(0, fold), all.train(0, fold));
        if settings.validation == 0.0 {
            return Split::from_parts(rest, Vec::new(), test);
        }
        // Validation is to the other folds what the test is to all samples.
        let kept =
            SplitSettings { test: settings.validation, validation: 0.0, seed: settings.seed, ..Default::default() };
        let labels: Vec<usize> = rest.iter().map(|&i| labels[i]).collect();
        let inner = Split::new(classes, &labels, None, &kept)?;
        let those = |part: &[usize]| part.iter().map(|&i| rest[i]).collect::<Vec<usize>>();
        Split::from_parts(those(inner.train()), those(inner.test()), test)
    }
}
