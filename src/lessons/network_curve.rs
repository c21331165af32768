//! How much a network gains by more photos.

use crate::Result;
use crate::data::{Dataset, Folds};
use crate::metrics::LearningCurve;
use crate::study::experiment::{Experiment, fingerprint};
use crate::training::{self, Keep, Progress};

/// The learning curve of `experiment` over `fractions` of the training photos: a training for each fraction and fold, always for
/// all its epochs, since a few photos leave none for validation. Each is kept and found again, as in [`Experiment::fit`].
///
/// # Errors
/// As [`LearningCurve::measure`] and [`Experiment::fit`].
pub fn network_learning_curve(
    name: &str,
    experiment: &Experiment,
    dataset: &Dataset,
    folds: &Folds,
    fractions: &[f64],
) -> Result<LearningCurve> {
    let mut experiment = experiment.clone();
    (experiment.training.early_stopping, experiment.training.keep) = (None, Keep::Last);
    let images = experiment.preparation.apply(dataset)?;
    let learner = |train: &[usize], test: &[usize]| {
        let (train, test) = (images.select(train), images.select(test));
        let mut network = experiment.build(images.classes.len())?;
        experiment.fit_on(&mut network, (&train, None), fingerprint::of_images(&[&train]), Progress::quiet())?;
        let said = training::evaluate(&mut network, &test)?;
        println!("{name}: {} photos learnt, {:.1} % of {} right", train.len(), 100.0 * said.accuracy, test.len());
        Ok(said.predicted)
    };
    LearningCurve::measure(name, dataset.labels(), folds, fractions, &learner)
}
