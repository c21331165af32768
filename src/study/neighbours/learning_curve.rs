//! How much k-nearest neighbours gain by more photos.

use super::{Distance, KNeighbours};
use crate::Result;
use crate::data::{Features, Folds};
use crate::metrics::LearningCurve;
use crate::study::answers::{Answer, Answers};
use crate::study::folds::learning_curve_of;
use crate::study::method::{FoldTask, Prepared};

/// The learning curve of k-nearest neighbours by cosine distance, over `fractions` of the training photos. `k` is the
/// square root of how many photos there are to vote, the usual rule (R. Duda, P. Hart, D. Stork: Pattern
/// Classification, 2001, section 4.4), since a few photos have not many neighbours worth asking.
///
/// # Errors
/// As [`learning_curve_of`](crate::study::methods::learning_curve_of) and [`KNeighbours::new`]; features that were
/// learnt from the photos they are tested on.
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
    let name = format!("nearest neighbours, {}", features.name());
    learning_curve_of(&name, &SquareRoot { features, labels, classes: classes.len() }, labels, folds, fractions)
}

/// As many neighbours as the square root of the photos that are known.
struct SquareRoot<'a> {
    features: &'a Features,
    labels: &'a [usize],
    classes: usize,
}

impl Prepared for SquareRoot<'_> {
    fn fit(&self, task: &FoldTask) -> Result<Answers> {
        let known: Vec<usize> = task.train.iter().map(|&photo| self.labels[photo]).collect();
        let k = (task.train.len() as f64).sqrt().round() as usize;
        let of = KNeighbours::new(&self.features.select(&task.train), &known, self.classes, Distance::Cosine)?;
        let said = of.predict(&self.features.select(&task.test), k)?;
        let rows = said.into_iter().map(|class| Answer::certain(class, self.classes)).collect();
        Ok(Answers { chosen: format!("k = {k}"), ..Answers::new(rows) })
    }
}
