//! The training loop.

use super::event::Event;
use super::history::{Epoch, History};
use super::loss::{correct, cross_entropy, mean_cross_entropy, targets};
use super::optimizer::{OptimizerState, out_of_memory, trainable};
use super::predict::{check_logits, logits_by};
use super::settings::{Keep, Settings};
use super::workers::Workers;
use crate::data::{Images, LabelledImages};
use crate::nn::weights::{parameter_values, set_parameters};
use crate::nn::{Mode, Network, Pass};
use crate::{Error, Result};
use dfdx::prelude::*;
use rand::RngCore;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::sync::Arc;
use std::time::Instant;

/// Trains `network` on `train` and, after each epoch, looks how it does on `validation`. Equivalent to Keras's
/// `Model.fit` with categorical cross-entropy.
///
/// In each epoch all training images are seen once, in an order drawn from the seed and the number of the epoch, in
/// batches of which the last may be smaller. Loss and accuracy of the training are means over the epoch, while the
/// weights change; those of the validation are of the weights after the epoch. At the end the network has the weights
/// that the settings say are kept. The same settings give the same weights to the bit, on any number of threads.
///
/// # Errors
/// [`Error::Invalid`] where settings, images and network do not fit, before anything has changed. [`Error::NotFinite`]
/// where a loss is not a number or infinite; the network then has its weights from before that epoch.
pub fn fit(
    network: &mut Network,
    train: &LabelledImages,
    validation: Option<&LabelledImages>,
    settings: &Settings,
    observer: &mut dyn FnMut(&Event),
) -> Result<History> {
    let training = Fit::new(network, train, validation, settings)?;
    training.go_on(network, None, observer, &mut |_, _| Ok(()))
}

/// Values of all parameters of a network.
pub(super) type Weights = Arc<Vec<Vec<f32>>>;

/// A training between two epochs: all that is needed to go on.
pub(super) struct Fit<'a> {
    train: &'a LabelledImages,
    validation: Option<&'a LabelledImages>,
    pub settings: &'a Settings,
    workers: Workers,
    pub optimizer: OptimizerState,
    pub history: History,
    /// After the last whole epoch.
    pub last: Weights,
    /// Of the epoch to keep, as things stand.
    pub kept: Option<Weights>,
}

impl<'a> Fit<'a> {
    /// A training before its first epoch, once everything fits together.
    pub fn new(
        network: &Network,
        train: &'a LabelledImages,
        validation: Option<&'a LabelledImages>,
        settings: &'a Settings,
    ) -> Result<Self> {
        settings.check(validation.is_some())?;
        check_images("training", train, network)?;
        if let Some(validation) = validation {
            check_images("validation", validation, network)?;
            if validation.classes != train.classes {
                let (a, b) = (&validation.classes, &train.classes);
                return Err(Error::Invalid(format!(
                    "the validation images have the classes {a:?}, the training images {b:?}"
                )));
            }
        }
        if trainable(network).is_empty() {
            return Err(Error::Invalid(format!(
                "nothing in {} is trainable: all its parameters are frozen",
                network.name()
            )));
        }
        let optimizer = OptimizerState::new(settings.optimizer, network)?;
        let last = Arc::new(parameter_values(network));
        let workers = Workers::new(settings.threads)?;
        Ok(Fit { train, validation, settings, workers, optimizer, history: History::default(), last, kept: None })
    }

    /// Does the epochs that are left. `save` is called after each of them, before the observer hears of it.
    pub fn go_on(
        mut self,
        network: &mut Network,
        note: Option<&str>,
        observer: &mut dyn FnMut(&Event),
        save: &mut dyn FnMut(&Fit, &Network) -> Result<()>,
    ) -> Result<History> {
        observer(&Event::Started {
            network: network.name(),
            train: self.train.len(),
            validation: self.validation.map_or(0, LabelledImages::len),
            epochs: self.settings.epochs,
            batches: self.train.len().div_ceil(self.settings.batch_size),
            done: self.history.epochs.len(),
            note,
        });
        while self.stop().is_none() {
            let (epoch, weights) =
                self.epoch(network, observer).inspect_err(|_| set_parameters(network, &self.last))?;
            self.history.epochs.push(epoch);
            self.last = Arc::new(weights);
            if self.keeps_last() {
                self.kept = Some(self.last.clone());
            }
            save(&self, network)?;
            if let Some(epoch) = self.history.epochs.last() {
                observer(&Event::Epoch { epoch, kept: self.keeps_last() });
            }
        }
        self.history.best_epoch = kept_epoch(self.settings, &self.history);
        self.history.stopped = self.stop();
        if let Some(kept) = &self.kept {
            set_parameters(network, kept);
        }
        Ok(self.history)
    }

    /// Whether the weights to be kept are those of the last epoch done.
    pub fn keeps_last(&self) -> bool {
        kept_epoch(self.settings, &self.history) == Some(self.history.epochs.len())
    }

    /// Why training is over, if it is.
    fn stop(&self) -> Option<String> {
        let early = self.settings.early_stopping.as_ref().and_then(|rule| rule.verdict(&self.history.epochs).stop);
        let done = self.history.epochs.len();
        early.or_else(|| (done >= self.settings.epochs).then(|| format!("All {done} epochs are done.")))
    }

    /// One epoch of training, and the validation after it: what came of it, and the weights.
    fn epoch(&mut self, network: &mut Network, observer: &mut dyn FnMut(&Event)) -> Result<(Epoch, Vec<Vec<f32>>)> {
        let (wall, cpu) = (Instant::now(), cpu_seconds());
        let epoch = self.history.epochs.len() + 1;
        let learning_rate = self.settings.optimizer.learning_rate();
        let (mut seen, mut loss_sum, mut right) = (0, 0.0, 0);
        let mut pass_seeds = stream(self.settings.seed, Purpose::Dropout, epoch);
        let order = shuffled(self.train.len(), self.settings.seed, epoch);
        let batches = order.len().div_ceil(self.settings.batch_size);
        let not_finite = |batch, loss| Error::NotFinite { epoch, batch, learning_rate, loss };
        for (index, indices) in order.chunks(self.settings.batch_size).enumerate() {
            let batch = index + 1;
            let images = self.train.images.select(indices);
            let labels: Vec<usize> = indices.iter().map(|&i| self.train.labels[i]).collect();
            let (seed, settings, optimizer) = (pass_seeds.next_u64(), self.settings, &mut self.optimizer);
            let done = self.workers.run(|| step(network, optimizer, &images, &labels, settings, seed))?;
            if !done.loss.is_finite() {
                return Err(not_finite(batch, done.loss));
            }
            seen += indices.len();
            loss_sum += done.loss as f64 * indices.len() as f64;
            right += done.correct;
            let (loss, accuracy) = (loss_sum / seen as f64, right as f64 / seen as f64);
            observer(&Event::Batch { epoch, batch, loss, accuracy });
        }
        // The last step's loss was that of the weights before it; what it made of them shows only here.
        let weights = parameter_values(network);
        if !weights.iter().flatten().all(|value| value.is_finite()) {
            return Err(not_finite(batches, f32::NAN));
        }
        let validated = self.validation.map(|images| self.validate(network, images)).transpose()?;
        if let Some((loss, _)) = validated.filter(|(loss, _)| !loss.is_finite()) {
            return Err(not_finite(batches, loss as f32));
        }
        let row = Epoch {
            epoch,
            train_loss: loss_sum / seen as f64,
            train_accuracy: right as f64 / seen as f64,
            validation_loss: validated.map(|(loss, _)| loss),
            validation_accuracy: validated.map(|(_, accuracy)| accuracy),
            learning_rate,
            seconds: milliseconds(wall.elapsed().as_secs_f64()),
            cpu_seconds: milliseconds(cpu_seconds() - cpu),
        };
        Ok((row, weights))
    }

    /// Loss and accuracy on `images` without learning from them.
    fn validate(&self, network: &mut Network, images: &LabelledImages) -> Result<(f64, f64)> {
        let logits = logits_by(&self.workers, network, &images.images)?;
        let loss = mean_cross_entropy(&logits, &images.labels, self.settings.label_smoothing);
        Ok((loss, correct(&logits.concat(), &images.labels) as f64 / images.len() as f64))
    }
}

/// The epoch whose weights are to be kept, as things stand after the epochs of `history`; none before the first.
pub(super) fn kept_epoch(settings: &Settings, history: &History) -> Option<usize> {
    let best = match (&settings.early_stopping, settings.keep) {
        (Some(rule), _) if rule.restore_best_weights => rule.verdict(&history.epochs).best_epoch,
        (None, Keep::Best) => history.lowest_validation_loss().map(|epoch| epoch.epoch),
        _ => None,
    };
    best.or(history.epochs.last().map(|epoch| epoch.epoch))
}

/// What a step saw, before it changed the weights.
pub(super) struct Step {
    loss: f32,
    correct: usize,
}

/// One step: forward, loss, backward, update. Where the loss is not finite nothing is updated.
pub(super) fn step(
    network: &mut Network,
    optimizer: &mut OptimizerState,
    images: &Images,
    labels: &[usize],
    settings: &Settings,
    seed: u64,
) -> Result<Step> {
    let batch_norm_momentum = settings.batch_norm_momentum.map(|share| share as f32);
    let mut pass = Pass { batch_norm_momentum, ..Pass::new(Mode::Training, seed) };
    let logits = network.forward(images.to_tensor(), &mut pass)?; // N, 1, 1, K
    check_logits(network, logits.shape(), labels.len())?;
    let (logits, recorder) = logits.split_tape();
    let correct = correct(&logits.as_vec(), labels);
    let tape = recorder.into_tape().unwrap_or_default();
    let targets = targets(labels, network.classes(), settings.label_smoothing); // N, 1, 1, K
    let loss = cross_entropy(logits.put_tape(tape), targets);
    let done = Step { loss: loss.array(), correct };
    if done.loss.is_finite() {
        let mut gradients = loss.try_backward().map_err(out_of_memory)?;
        optimizer.update(network, &mut gradients)?;
    }
    Ok(done)
}

/// What random numbers are for; each use has its own, so that none depends on how many another took.
#[derive(Clone, Copy)]
enum Purpose {
    Order = 0,
    Dropout = 1,
}

/// Random numbers that depend on the seed, the purpose and the epoch only: a training that goes on finds the same.
fn stream(seed: u64, purpose: Purpose, epoch: usize) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(2 * epoch as u64 + purpose as u64);
    rng
}

/// The order in which an epoch sees `count` images.
fn shuffled(count: usize, seed: u64, epoch: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.shuffle(&mut stream(seed, Purpose::Order, epoch));
    order
}

/// Processor time of this process so far, over all threads.
fn cpu_seconds() -> f64 {
    cpu_time::ProcessTime::now().as_duration().as_secs_f64()
}

/// `seconds` to the millisecond, as nobody reads more of a time.
fn milliseconds(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

/// An error unless `images` can be given to `network`.
pub(super) fn check_images(which: &str, images: &LabelledImages, network: &Network) -> Result<()> {
    let invalid = |what: String| Err(Error::Invalid(what));
    if images.is_empty() {
        return invalid(format!("there are no {which} images"));
    }
    if images.images.len() != images.len() {
        return invalid(format!("there are {} labels for {} {which} images", images.len(), images.images.len()));
    }
    check_size(&images.images, network)?;
    if images.classes.len() != network.classes() {
        let (a, b) = (images.classes.len(), network.classes());
        return invalid(format!("the {which} images have {a} classes, and {} tells {b} apart", network.name()));
    }
    for (index, &label) in images.labels.iter().enumerate() {
        let name = images.names.get(index).map_or("without a name", String::as_str);
        if label >= images.classes.len() {
            return invalid(format!(
                "{which} image {name} has the label {label}, and there are {} classes",
                images.classes.len()
            ));
        }
        if images.images.image(index).iter().any(|value| !value.is_finite()) {
            return invalid(format!("{which} image {name} has pixel values that are not numbers: prepare it again"));
        }
    }
    Ok(())
}

/// An error unless `images` have the size that `network` is for.
pub(super) fn check_size(images: &Images, network: &Network) -> Result<()> {
    let (_, h, w, c) = images.shape();
    if (h, w, c) == network.input() {
        return Ok(());
    }
    let (name, wanted) = (network.name(), network.input());
    Err(Error::Invalid(format!(
        "{name} is for images of (rows, columns, channels) {wanted:?}, and these are {:?}",
        (h, w, c)
    )))
}
