//! The learning curve of any method.

use crate::Result;
use crate::data::{Dataset, FoldSettings, Folds};
use crate::metrics::LearningCurve;
use crate::study::experiment::lessons_folder;
use crate::study::folds::learning_curve_of;
use crate::study::method::{Context, Method};

/// The learning curve of `method` on the photos of `dataset`, over `fractions` of the training photos of each fold and
/// repeat. A network is taken as [`FixedEpochs`](super::FixedEpochs), since a few photos leave none for validation.
///
/// # Errors
/// As [`Method::prepare`] and [`learning_curve_of`].
///
/// ```
/// use manga_expressions::data::{FoldSettings, Source};
/// use manga_expressions::study::methods::{Majority, learning_curve};
///
/// let dataset = Source::Drawn { count: 28, seed: 1 }.load()?;
/// let folds = dataset.folds(&FoldSettings { folds: 2, seeds: vec![1] }, false)?;
/// let curve = learning_curve("majority", &Majority {}, &dataset, &folds, &[0.5, 1.0])?;
/// assert_eq!((curve.points.len(), curve.points[1].photos), (2, 14.0));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn learning_curve(
    name: &str,
    method: &dyn Method,
    dataset: &Dataset,
    folds: &Folds,
    fractions: &[f64],
) -> Result<LearningCurve> {
    method.check()?;
    let (source, runs) = (method.source().unwrap_or_default(), lessons_folder());
    let prepared = method.prepare(&Context {
        dataset,
        source: &source,
        folds: &FoldSettings { folds: folds.folds(), seeds: folds.seeds().to_vec() },
        by_page: false,
        features: &runs.join("features"),
        runs: &runs,
        threads: None,
        learnt_only: true,
    })?;
    learning_curve_of(name, prepared.as_ref(), dataset.labels(), folds, fractions)
}
