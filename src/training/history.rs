//! What a training did, epoch by epoch.

use serde::{Deserialize, Serialize};

/// One row of a training's history. Equivalent to a row of Keras's `History.history`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// Number of the epoch, from 1.
    pub epoch: usize,
    /// Mean loss over the training photos, as they were seen during the epoch.
    pub train_loss: f64,
    /// Share of training photos classified correctly during the epoch, 0 to 1.
    pub train_accuracy: f64,
    /// Loss on the validation photos after the epoch.
    pub validation_loss: Option<f64>,
    /// Accuracy on the validation photos after the epoch, 0 to 1.
    pub validation_accuracy: Option<f64>,
    /// Learning rate of the epoch's last step.
    pub learning_rate: f64,
    /// Wall-clock time of the epoch, training and validation, in seconds.
    pub seconds: f64,
    /// Processor time of the epoch over all threads, in seconds.
    pub cpu_seconds: f64,
}

/// All epochs of a training, and how it ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// The epochs, in order.
    pub epochs: Vec<Epoch>,
    /// The epoch whose weights were kept, from 1.
    pub best_epoch: Option<usize>,
    /// Why training ended, as a sentence: all epochs done, or what early stopping saw.
    pub stopped: Option<String>,
}
