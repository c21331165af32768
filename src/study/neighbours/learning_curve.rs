//! How much k-nearest neighbours gain by more photos.

use super::{Distance, KNeighbours};
use crate::Result;
use crate::data::{Features, Folds};
use crate::metrics::LearningCurve;

/// The learning curve of k-nearest neighbours by cosine distance, over `fractions` of the training photos. `k` is the square
/// root of how many photos there are to vote, the usual rule (R. Duda, P. Hart, D. Stork: Pattern Classification, 2001,
/// section 4.4), since a few photos have not many neighbours worth asking.
///
/// # Errors
/// As [`LearningCurve::measure`] and [`KNeighbours::new`]; features that were learnt from the photos they are tested on.
///
/// ```
/// use manga_expressions::data::{Features, FoldSettings, Folds};
/// use manga_expressions::study::neighbours::learning_curve;
///
/// let (classes, labels) = (["short".to_string(), "tall".to_string()], [0, 1].repeat(20));
/// let heights = Features::new("height", 40, (0..40).flat_map(|i| [1.0, (i % 2) as f32 + 0.01 * i as f32]).collect())?;
/// let folds = Folds::stratified(&classes, &labels, &FoldSettings::default())?;
/// let curve = learning_curve(&heights, &labels, &classes, &folds, &[0.25, 0.5, 0.75, 1.0])?;
/// assert_eq!((curve.points.len(), curve.points[3].photos), (4, 32.0));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn learning_curve(
    features: &Features,
    labels: &[usize],
    classes: &[String],
    folds: &Folds,
    fractions: &[f64],
) -> Result<LearningCurve> {
    super::cross_validation::check(features, labels, classes, folds, 1)?;
    super::cross_validation::check_unseen(features, folds)?;
    let learner = |train: &[usize], test: &[usize]| {
        let known: Vec<usize> = train.iter().map(|&i| labels[i]).collect();
        let k = (train.len() as f64).sqrt().round() as usize;
        KNeighbours::new(&features.select(train), &known, classes.len(), Distance::Cosine)?
            .predict(&features.select(test), k)
    };
    LearningCurve::measure(&format!("nearest neighbours, {}", features.name()), labels, folds, fractions, &learner)
}
