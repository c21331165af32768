//! Mistakes of transfer learning, made on purpose, and how to tell them from each other.

use super::Lessons;
use crate::data::Scaling;
use crate::study::experiment::Experiment;
use crate::study::experiment::TrainedRun;
use crate::training::{BatchNormMode, Keep, Progress, evaluate as predict, measure_statistics};
use crate::{Error, Result};
use std::fmt;

/// A mistake that is easily made when a pre-trained network is trained further, and that no message tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// Pixel values are scaled in another way than the weights expect: from 0 to 1, the report's "normalizing pixel
    /// values"; for weights that expect this, as ImageNet's.
    Scaling,
    /// Batch norms normalise by the statistics of small batches while they train, and by running statistics afterwards
    /// that have not caught up: what an unfrozen network does in Keras unless it is called with `training=False`.
    BatchStatistics,
    /// All of the network learns at the rate of the new head, 0.001, which first destroys what it knew.
    Rate,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Mistake::Scaling => "wrong scaling",
            Mistake::BatchStatistics => "batch statistics",
            Mistake::Rate => "high rate",
        })
    }
}

/// Epochs of a training with mistakes: enough to see them.
const EPOCHS: usize = 6;

impl Experiment {
    /// This fine-tuning with `mistakes` in it, or with none, for six epochs at most and without early stopping, which would
    /// hide them; the last weights are kept.
    ///
    /// ```
    /// use manga_expressions::study::experiment::Experiment;
    /// use manga_expressions::lessons::Mistake;
    /// use manga_expressions::training::BatchNormMode;
    ///
    /// let right = Experiment::recipe("resnet50-whole", 1)?;
    /// let wrong = right.mistaken(&[Mistake::BatchStatistics]);
    /// assert_eq!(right.training.batch_norm, BatchNormMode::Running);
    /// assert_eq!(wrong.training.batch_norm, BatchNormMode::Batch);
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn mistaken(&self, mistakes: &[Mistake]) -> Experiment {
        let mut wrong = self.clone();
        let training = &mut wrong.training;
        training.epochs = training.epochs.min(EPOCHS);
        (training.early_stopping, training.keep) = (None, Keep::Last);
        for mistake in mistakes {
            match mistake {
                Mistake::Scaling => {
                    let scaling = &mut wrong.preparation.scaling;
                    *scaling = if *scaling == Scaling::ZeroToOne { Scaling::Caffe } else { Scaling::ZeroToOne };
                    wrong.own_scaling = true;
                }
                Mistake::BatchStatistics => wrong.training.batch_norm = BatchNormMode::Batch,
                Mistake::Rate => wrong.training.body_learning_rate = None,
            }
        }
        wrong
    }
}

/// Where a network that trains well and validates badly goes wrong; all are accuracies, fractions from 0 to 1.
///
/// A network that has learnt its photos by heart knows them in inference, too. One whose running statistics are wrong
/// does not even know the photos it was trained on, until the statistics are measured again ([`measure_statistics`]).
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnosis {
    /// What was trained.
    pub name: String,
    /// On the training photos, as the last epoch saw them, with the batches' statistics where they were used.
    pub training: f64,
    /// On the same photos in inference mode, as validation and test are judged.
    pub training_in_inference: f64,
    /// On the validation photos, in inference mode.
    pub validation: f64,
    /// As `training_in_inference`, after the running statistics were measured again on the training photos, with no weight
    /// changed.
    pub training_measured: f64,
    /// As `validation`, after the same.
    pub validation_measured: f64,
    /// On the test photos, after the same.
    pub test_measured: f64,
}

impl TrainedRun {
    /// Asks the finished network about the photos it was trained on, before and after its running statistics are measured
    /// again.
    ///
    /// # Errors
    /// As [`Experiment::parts`] and [`Experiment::fit`]; an experiment without validation.
    pub fn diagnose(&self) -> Result<Diagnosis> {
        let experiment = &self.experiment;
        let dataset = experiment.source.load()?;
        let parts = experiment.parts(&dataset)?;
        let mut network = experiment.build(dataset.classes().len())?;
        let history = experiment.fit_showing(&mut network, &parts, Progress::quiet())?;
        let kept = history.best_epoch.and_then(|best| history.epochs.iter().find(|epoch| epoch.epoch == best));
        let epoch = kept.or(history.epochs.last());
        let epoch = epoch.ok_or_else(|| Error::Invalid(format!("{} was not trained for an epoch", self.name)))?;
        let training = epoch.train_accuracy;
        let training_in_inference = predict(&network, &parts.train)?.accuracy;
        let validation = predict(&network, &parts.validation)?.accuracy;
        measure_statistics(&mut network, &parts.train.images)?;
        Ok(Diagnosis {
            name: self.name.clone(),
            training,
            training_in_inference,
            validation,
            training_measured: predict(&network, &parts.train)?.accuracy,
            validation_measured: predict(&network, &parts.validation)?.accuracy,
            test_measured: experiment.evaluate(&mut network, &dataset, &parts)?.accuracy.accuracy,
        })
    }
}

impl Lessons {
    /// [`TrainedRun::diagnose`] of each.
    ///
    /// # Errors
    /// As there.
    pub fn diagnose(&self) -> Result<Vec<Diagnosis>> {
        self.all().iter().map(TrainedRun::diagnose).collect()
    }
}
