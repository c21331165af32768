//! How a trained network does on the photos that it has not seen.

use super::{Experiment, Parts, load};
use crate::data::{Dataset, LabelledImages, Photo, Source};
use crate::metrics::{Accuracy, ClassificationReport, ConfusionMatrix, OutOfFoldPredictions, OutOfFoldRow};
use crate::net::nn::Network;
use crate::training::{self, Predictions, Progress, Run};
use crate::{Error, Result};
use serde::Serialize;

/// How a network does on photos it has not seen.
#[derive(Clone, Debug, Serialize)]
pub struct Evaluation {
    /// Accuracy with its interval and beside the majority class of the training photos.
    pub accuracy: Accuracy,
    /// Precision, recall and F1 of each class.
    pub report: ClassificationReport,
    /// True against predicted classes.
    pub confusion_matrix: ConfusionMatrix,
    /// What was predicted for each photo.
    pub predictions: Predictions,
}

impl Experiment {
    /// How `network` does on the test photos of `parts`, which are of `dataset`: on these and on the copies of
    /// [`Experiment::test_time`].
    ///
    /// # Errors
    /// As [`evaluate`] and [`TestTimeAugmentation::logits`](super::TestTimeAugmentation::logits).
    pub fn evaluate(&self, network: &mut Network, dataset: &Dataset, parts: &Parts) -> Result<Evaluation> {
        if self.test_time.is_none() {
            return evaluate(network, &parts.test, &parts.train.labels);
        }
        training::check_images("test", &parts.test, network)?;
        let photos: Vec<Photo> = parts.split.test().iter().map(|&photo| dataset.photos()[photo].clone()).collect();
        let sized = self.test_time.sized(&self.preparation, &photos)?;
        let logits = self.test_time.logits(network, &parts.test.images, &sized)?;
        Evaluation::of(Predictions::of_logits(&parts.test, &logits), &parts.train.labels)
    }
}

/// How `network` does on the `test` photos as they are ([`Experiment::evaluate`] also looks at copies); the majority
/// class is that of the training photos' labels.
///
/// # Errors
/// Photos that do not fit the network, or none.
pub fn evaluate(network: &Network, test: &LabelledImages, training_labels: &[usize]) -> Result<Evaluation> {
    Evaluation::of(training::evaluate(network, test)?, training_labels)
}

impl Evaluation {
    /// The predictions in the form that those of cross-validation have, as one repeat with one fold, for all that is
    /// computed from these: calibration, how far answers can be trusted, mistakes by pairs, paired tests.
    ///
    /// # Errors
    /// As [`OutOfFoldPredictions::new`]: two photos of one name.
    pub fn predictions_by_photo(&self) -> Result<OutOfFoldPredictions> {
        let Predictions { classes, names, truth, predicted, probabilities, .. } = &self.predictions;
        let row = |photo: usize| OutOfFoldRow {
            image: names[photo].clone(),
            repeat: 0,
            fold: 0,
            truth: truth[photo],
            predicted: predicted[photo],
            probabilities: probabilities[photo].iter().map(|&p| f64::from(p)).collect(),
        };
        OutOfFoldPredictions::new(classes, (0..names.len()).map(row).collect())
    }

    /// Of these predictions, beside the majority class of the photos with these labels.
    fn of(predictions: Predictions, training_labels: &[usize]) -> Result<Evaluation> {
        let confusion_matrix = ConfusionMatrix::new(&predictions.truth, &predictions.predicted, &predictions.classes)?;
        Ok(Evaluation {
            accuracy: Accuracy::of(&confusion_matrix, training_labels)?,
            report: ClassificationReport::of(&confusion_matrix),
            confusion_matrix,
            predictions,
        })
    }
}

/// Evaluates a run on its own test photos, which are read again: from `source` where one is given, else from where the
/// run took them.
///
/// # Errors
/// As loading the photos; photos that are not those of the run.
pub fn evaluate_run(run: &Run, source: Option<Source>, mut progress: Progress) -> Result<Evaluation> {
    let mut experiment = Experiment::of(run)?;
    experiment.source = source.unwrap_or(experiment.source);
    let dataset = experiment.source.load()?;
    progress.tell_left_out(&dataset);
    let parts = experiment.parts(&dataset)?;
    if parts.fingerprint()? != run.split()? || dataset.classes() != run.settings().classes {
        return Err(Error::Data(format!(
            "{} are not the photos of {}: other photos, or split differently",
            experiment.source,
            run.folder().display()
        )));
    }
    let (mut network, _) = load(run)?;
    experiment.evaluate(&mut network, &dataset, &parts)
}

impl std::fmt::Display for Evaluation {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        writeln!(f, "accuracy {}", self.accuracy)?;
        writeln!(f, "loss {:.4}\n", self.predictions.loss)?;
        write!(f, "{}", self.report)
    }
}
