//! The settings of a training.

use super::optimizer::LearningRates;
use super::{EarlyStopping, Epoch, Optimizer, Schedule};
use crate::data::Augmentation;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// Settings of a training, from top to bottom as one decides on them. [`Settings::default`] is the report's: 30 epochs
/// (section 2.2.2) with Keras's optimiser and batch size.
///
/// ```
/// use manga_expressions::training::{EarlyStopping, Settings};
///
/// let settings = Settings { epochs: 100, early_stopping: Some(EarlyStopping::default()), ..Settings::default() };
/// assert_eq!(settings.batch_size, 32);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How many times all training images are seen, at most.
    pub epochs: usize,
    /// Images in a step. The last batch of an epoch may have fewer.
    pub batch_size: usize,
    /// How the weights follow their gradients, with the learning rate.
    pub optimizer: Optimizer,
    /// The learning rate of all stages but the head, which has the optimizer's; that for all where none is given.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "crate::base::optional::or_false")]
    pub body_learning_rate: Option<f64>,
    /// How both learning rates change in the course of the training.
    #[serde(skip_serializing_if = "is_default")]
    pub schedule: Schedule,
    /// How training images are changed at random in each epoch; never those of validation and test. Where there is
    /// augmentation, frozen stages see new images in each epoch, so what they put out is not kept.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "crate::base::optional::or_false")]
    pub augmentation: Option<Augmentation>,
    /// Fraction of the target that is spread evenly over all classes, 0 to less than 1 (Szegedy et al. 2016, section 7).
    /// Applies to the validation loss too, as in Keras.
    pub label_smoothing: f64,
    /// Each image of a step is mixed with another of the same step, and so are their targets, by fractions drawn from the
    /// beta distribution with this parameter twice, above 0: `mixup` (H. Zhang et al. 2018). The paper has 0.1 to 0.4 for
    /// ImageNet. Loss and accuracy in training are then those of mixed images.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "crate::base::optional::or_false")]
    pub mixup: Option<f64>,
    /// Decay in each step of an exponential moving average of the weights, 0 to less than 1. It looks back some
    /// `1 / (1 - decay)` steps, which should be few beside those of the whole training. Validation sees the average, and it
    /// is what is kept; training goes on without it. Which average, and why, and where it does not fit, is told in
    /// `src/training/average.rs`.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "crate::base::optional::or_false")]
    pub weight_average: Option<f64>,
    /// Fraction of the old in batch norms' new running statistics, 0 to less than 1; the network's own where none is given
    /// (Keras's 0.99). What is learnt does not depend on it, but validation and test see these statistics, and 0.99
    /// needs some 300 steps to forget where they began: more than a small data set gives.
    #[serde(deserialize_with = "crate::base::optional::or_false")]
    pub batch_norm_momentum: Option<f64>,
    /// What batch norms normalise by in training. In frozen stages it is always their running statistics.
    #[serde(skip_serializing_if = "is_default")]
    pub batch_norm: BatchNormMode,
    /// Whether the running statistics of the weights that are kept are measured again on the training images at the end
    /// ([`measure_statistics`](super::measure_statistics); PyTorch's `torch.optim.swa_utils.update_bn`). Validation during
    /// training sees the running ones all the same.
    #[serde(skip_serializing_if = "is_default")]
    pub measure_statistics: bool,
    /// Whether training ends when it no longer gets better, and by what rule.
    #[serde(deserialize_with = "crate::base::optional::or_false")]
    pub early_stopping: Option<EarlyStopping>,
    /// Whose weights are kept where there is no early stopping; with it, [`EarlyStopping::restore_best_weights`] says.
    pub keep: Keep,
    /// Seed of the order of the images, of augmentation and of dropout. The seed of the first weights is the network's own.
    pub seed: u64,
    /// Threads to work with; as many as rayon finds cores where none is given. The results do not depend on it.
    pub threads: Option<usize>,
    /// Minutes after which a training that is kept in a folder writes a checkpoint within an epoch, so that a crash loses no
    /// more; there is one after each epoch, too. The results do not depend on it, and no file has it.
    #[serde(skip, default = "checkpoint_minutes")]
    pub checkpoint_minutes: f64,
}

/// What batch norms normalise by in training.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchNormMode {
    /// Mean and variance of the batch; the running statistics follow them.
    #[default]
    Batch,
    /// The running statistics, which stay as they are; scale and shift still learn. For fine-tuning: the statistics are
    /// those of the pre-training's many images, not of a small batch. In Keras a `BatchNormalization` that is called with
    /// `training=False`, in PyTorch one in `eval()`. Where a network learns from scratch it has none to use.
    Running,
}

/// The epoch whose weights a training without early stopping keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// The one with the lowest validation loss; the last where there is no validation.
    Best,
    /// The last one.
    Last,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            epochs: 30,
            batch_size: 32,
            optimizer: Optimizer::default(),
            body_learning_rate: None,
            schedule: Schedule::Constant,
            augmentation: None,
            label_smoothing: 0.0,
            mixup: None,
            weight_average: None,
            batch_norm_momentum: None,
            batch_norm: BatchNormMode::Batch,
            measure_statistics: false,
            early_stopping: None,
            keep: Keep::Best,
            seed: 1,
            threads: None,
            checkpoint_minutes: checkpoint_minutes(),
        }
    }
}

impl Settings {
    /// An error that names the setting that cannot work, if there is one.
    pub(crate) fn check(&self, has_validation: bool) -> Result<()> {
        let counts = [("epochs", self.epochs), ("batch_size", self.batch_size), ("threads", self.threads.unwrap_or(1))];
        for (name, value) in counts {
            if value == 0 {
                return Err(Error::Invalid(format!("{name} is 0; it must be at least 1")));
            }
        }
        if self.threads.is_some_and(|threads| threads > 1024) {
            return Err(Error::Invalid("threads must be at most 1024".into()));
        }
        within("label_smoothing", self.label_smoothing, 0.0, 1.0)?;
        self.mixup.map_or(Ok(()), |alpha| positive("mixup", alpha))?;
        self.weight_average.map_or(Ok(()), |decay| within("weight_average", decay, 0.0, 1.0))?;
        self.batch_norm_momentum.map_or(Ok(()), |fraction| within("batch_norm_momentum", fraction, 0.0, 1.0))?;
        if self.checkpoint_minutes.is_nan() || self.checkpoint_minutes < 0.0 {
            let minutes = self.checkpoint_minutes;
            return Err(Error::Invalid(format!(
                "checkpoint_minutes is {minutes}; it must be 0 (after each batch) or more"
            )));
        }
        self.optimizer.check()?;
        self.body_learning_rate.map_or(Ok(()), |rate| positive("body_learning_rate", rate))?;
        self.augmentation.as_ref().map_or(Ok(()), Augmentation::check)?;
        self.schedule.check(self.optimizer.learning_rate(), has_validation)?;
        self.early_stopping.as_ref().map_or(Ok(()), |rule| rule.check(has_validation))
    }

    /// The learning rates of the step `step`, from 0, of the `steps` of all epochs; `epochs` are the ones done.
    pub(super) fn learning_rates(&self, epochs: &[Epoch], step: usize, steps: usize) -> LearningRates {
        let rate = |base| self.schedule.learning_rate(base, epochs, step, steps);
        let head = self.optimizer.learning_rate();
        LearningRates { head: rate(head), body: rate(self.body_learning_rate.unwrap_or(head)) }
    }
}

/// Writing a checkpoint of ResNet-50 takes about a second.
fn checkpoint_minutes() -> f64 {
    2.0
}

/// Whether a setting is as it is by default. Settings that were added later are written only where they are not, so
/// that the settings of runs from before are still the same.
fn is_default<T: Default + PartialEq>(setting: &T) -> bool {
    *setting == T::default()
}

/// An error unless `from <= value < below`.
pub(super) fn within(name: &str, value: f64, from: f64, below: f64) -> Result<()> {
    if value >= from && value < below {
        return Ok(());
    }
    Err(Error::Invalid(format!("{name} is {value}; it must be at least {from} and less than {below}")))
}

/// An error unless `value` is a positive number.
pub(super) fn positive(name: &str, value: f64) -> Result<()> {
    if value > 0.0 && value.is_finite() {
        return Ok(());
    }
    Err(Error::Invalid(format!("{name} is {value}; it must be a number above 0")))
}
