//! An experiment in the time that a notebook has.

use super::Budget;
use crate::Result;
use crate::data::Source;
use crate::study::experiment::Experiment;

/// What fits a budget that is less than the report's.
struct Limits {
    /// Height and width of images for a network that is trained from scratch.
    size: usize,
    /// The same for one with pre-trained weights, which know details of a certain size.
    pretrained_size: usize,
    epochs: usize,
    /// How many faces are drawn where there are no photos.
    drawn: usize,
}

const SMOKE: Limits = Limits { size: 32, pretrained_size: 32, epochs: 2, drawn: 140 };
const CLASS: Limits = Limits { size: 48, pretrained_size: 64, epochs: 12, drawn: 1200 };

/// How many faces are drawn for the report's budget.
const DRAWN: usize = 1200;
/// The smallest images that GoogLeNet's auxiliary heads can use.
const GOOGLENET_SIZE: usize = 80;
/// Images in a step, at most, where the epochs are too few for many large steps.
const BATCH_SIZE: usize = 32;

impl Experiment {
    /// The experiment of a recipe within the time that `budget` gives, with everything drawn from `seed`.
    ///
    /// The report's budget is the recipe itself. Where there is less time, images are smaller, epochs fewer, and a network
    /// that is trained from scratch has half the learning rate and batch norms whose running statistics follow sooner than
    /// Keras's (a momentum of 0.9): a lesson has too few steps for 0.99, which would hide for ten epochs what the network
    /// has learnt. A [`Pretraining`](crate::study::experiment::Pretraining) is left out, which would take longer than the lesson. Photos are as
    /// many as there are; of drawn faces there are enough to learn from.
    ///
    /// # Errors
    /// As [`Experiment::recipe`].
    ///
    /// ```
    /// use manga_expressions::study::experiment::Experiment;
    /// use manga_expressions::lessons::Budget;
    ///
    /// let class = Experiment::lesson("resnet50v2", 1, Budget::Class)?;
    /// assert_eq!((class.preparation.size, class.training.epochs), (48, 12));
    /// let report = Experiment::lesson("resnet50v2", 1, Budget::Report)?;
    /// assert_eq!((report.preparation.size, report.training.epochs), (100, 30));
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn lesson(recipe: &str, seed: u64, budget: Budget) -> Result<Experiment> {
        let mut experiment = Experiment::recipe(recipe, seed)?;
        let limits = match budget {
            Budget::Smoke => Some(SMOKE),
            Budget::Class => Some(CLASS),
            Budget::Report => None,
        };
        if let Source::Drawn { count, .. } = &mut experiment.source {
            *count = limits.as_ref().map_or(DRAWN, |limits| limits.drawn);
        }
        let Some(limits) = limits else { return Ok(experiment) };
        experiment.pretraining = None;
        let pretrained = experiment.weights.is_some();
        let size = if pretrained { limits.pretrained_size } else { limits.size };
        let least = if experiment.network == "googlenet" { GOOGLENET_SIZE } else { 0 };
        let (preparation, training) = (&mut experiment.preparation, &mut experiment.training);
        preparation.size = preparation.size.min(size.max(least));
        training.epochs = training.epochs.min(limits.epochs);
        training.batch_size = training.batch_size.min(BATCH_SIZE);
        if !pretrained {
            training.optimizer = training.optimizer.with_learning_rate(0.5 * training.optimizer.learning_rate());
            training.batch_norm_momentum = Some(0.9);
        }
        Ok(experiment)
    }
}
