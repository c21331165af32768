//! What a training tells while it runs.

use super::history::{Epoch, History};
use std::path::Path;

/// Something that happened in a training, for a bar, a line or a figure that shows it.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// Training starts, or goes on.
    Started {
        /// Name of the network.
        network: &'a str,
        /// Number of training images.
        train: usize,
        /// Number of validation images.
        validation: usize,
        /// Epochs to do at most, those done before included.
        epochs: usize,
        /// Batches in an epoch.
        batches: usize,
        /// Epochs that were done before a training that goes on was interrupted.
        done: usize,
        /// What else there is to say of a training that goes on, as that its newest checkpoint was damaged.
        note: Option<&'a str>,
    },
    /// Another program trains in the same folder; it is waited for.
    Waiting {
        /// The folder.
        folder: &'a Path,
    },
    /// A finished run of the same settings and photos is there, of another
    /// [`COMPUTE_VERSION`](crate::COMPUTE_VERSION): it is not taken, and the training is done again.
    Outdated {
        /// The version.
        version: &'a str,
        /// Where the run is.
        folder: &'a Path,
    },
    /// Photos were loaded, and not all files in their folder are used.
    LeftOut {
        /// Files that are not used.
        unused: usize,
        /// All files.
        files: usize,
    },
    /// Images have passed through the frozen stages. Without augmentation they do so once, before the first epoch that
    /// is trained.
    Features {
        /// Name of the last frozen stage.
        through: &'a str,
        /// Images that are through.
        done: usize,
        /// All images, of training and validation.
        images: usize,
    },
    /// A step was done.
    Batch {
        /// Epoch, from 1.
        epoch: usize,
        /// Batch within the epoch, from 1.
        batch: usize,
        /// Mean loss over the images of the epoch so far, of the main head where there are auxiliary ones.
        loss: f64,
        /// Fraction of these that was classified correctly, 0 to 1.
        accuracy: f64,
    },
    /// [`learning_rate_finder`](super::learning_rate_finder) did a step.
    Rate {
        /// Number of the step, from 1.
        step: usize,
        /// Steps to do at most.
        steps: usize,
        /// Learning rate of the step.
        learning_rate: f64,
        /// Loss of its batch.
        loss: f64,
    },
    /// An epoch and its validation were done.
    Epoch {
        /// Its row of the history.
        epoch: &'a Epoch,
        /// Whether its weights are the ones to keep, as things stand.
        kept: bool,
    },
    /// Training ended by itself.
    Finished {
        /// All of it.
        history: &'a History,
    },
    /// There was nothing to do: the run was finished before.
    AlreadyFinished {
        /// All of it.
        history: &'a History,
        /// Where it was found, if it is not in the folder that was named.
        folder: Option<&'a Path>,
    },
}
