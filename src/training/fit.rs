//! The training loop.

use super::average::Average;
use super::checks::check_images;
use super::event::Event;
use super::features::Inputs;
use super::history::{Epoch, History};
use super::loss::{correct, mean_cross_entropy};
use super::mixup::Mixup;
use super::optimizer::{LearningRates, OptimizerState, trainable};
use super::predict::logits_by;
use super::random::{Purpose, shuffled, stream};
use super::settings::{Keep, Settings};
use super::statistics::measure_statistics;
use super::step::{Batch, Step, step_with};
use super::stop::{Stop, StopReason};
use super::store::{Nowhere, Store};
use super::watch::Watch;
use super::within::Within;
use super::workers::Workers;
use crate::data::{Images, LabelledImages};
use crate::net::nn::Network;
use crate::net::nn::weights::{parameter_values, set_parameters};
use crate::{Error, Result};
use rand::RngCore;
use std::cell::OnceCell;
use std::sync::Arc;

/// Trains `network` on `train` and, after each epoch, looks how it does on `validation`. Equivalent to Keras's
/// `Model.fit` with categorical cross-entropy.
///
/// In each epoch all training images are seen once, in an order drawn from the seed and the number of the epoch, in
/// batches of which the last may be smaller. Loss and accuracy of the training are means over the epoch, while the
/// weights change; those of the validation are of the weights after the epoch. At the end the network has the weights
/// that the settings say are kept. The same settings give the same weights to the bit, on any number of threads.
///
/// Where the first stages of the network are frozen and there is no augmentation and no mixup, all images pass through them once, before the first epoch, and
/// what comes out is kept in memory in place of the images: four bytes a value, for training and validation. Where that
/// were more than 2 GiB, the images pass through the frozen stages in every epoch.
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
    training.go_on(network, None, observer, &mut Nowhere)
}

/// Values of all parameters of a network.
pub(super) type Weights = Arc<Vec<Vec<f32>>>;

/// What an epoch leaves.
struct After {
    /// Those after its last step.
    weights: Vec<Vec<f32>>,
    average: Option<Average>,
}

/// A training between two batches: all that is needed to go on.
pub(super) struct Fit<'a> {
    train: &'a LabelledImages,
    validation: Option<&'a LabelledImages>,
    pub settings: &'a Settings,
    pub workers: Workers,
    pub optimizer: OptimizerState,
    pub history: History,
    /// After the last whole epoch; where the training went on within an epoch, those that it went on with.
    pub last: Weights,
    /// Of the epoch to keep, as things stand: their average, where there is one.
    pub kept: Option<Weights>,
    /// That of the weights after each step, where the settings ask for it and there was a step.
    pub average: Option<Average>,
    /// What was done of the epoch after the last whole one.
    pub within: Option<Within>,
    /// Asks it to end.
    pub requests: Stop,
    /// Digest of the file that keeps the frozen weights, once it is written.
    pub frozen_sha256: OnceCell<String>,
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
        if settings.body_learning_rate.is_some() && network.stages().len() < 2 {
            let name = network.name();
            return Err(Error::Invalid(format!("body_learning_rate is set, and {name} is one stage, without a body")));
        }
        let optimizer = OptimizerState::new(settings.optimizer, network)?;
        let last = Arc::new(parameter_values(network));
        let workers = Workers::new(settings.threads)?;
        Ok(Fit {
            train,
            validation,
            settings,
            workers,
            optimizer,
            history: History::default(),
            last,
            kept: None,
            average: None,
            within: None,
            requests: Stop::by_signals(),
            frozen_sha256: OnceCell::new(),
        })
    }

    /// Does what is left. `store` keeps the training after each epoch, before the observer hears of it, and within epochs.
    pub fn go_on(
        mut self,
        network: &mut Network,
        note: Option<&str>,
        observer: &mut dyn FnMut(&Event),
        store: &mut dyn Store,
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
        let mut inputs = None;
        while self.stop().is_none() {
            let watch = Watch::start();
            let inputs = match &inputs {
                Some(inputs) => inputs,
                None => inputs.insert(self.inputs(network, observer)?),
            };
            let (epoch, after) = self
                .epoch(network, inputs, watch, observer, store)
                .inspect_err(|_| set_parameters(network, &self.last))?;
            self.history.epochs.push(epoch);
            self.last = Arc::new(after.weights);
            self.average = after.average;
            if self.keeps_last() {
                self.kept = Some(self.to_keep(network));
            }
            store.epoch(&self, network)?;
            if let Some(epoch) = self.history.epochs.last() {
                observer(&Event::Epoch { epoch, kept: self.keeps_last() });
            }
            if let Some(reason) = self.requests.reason().filter(|_| self.stop().is_none()) {
                return Err(stopped(reason, &format!("after epoch {}", self.history.epochs.len()), store));
            }
        }
        self.history.best_epoch = kept_epoch(self.settings, &self.history);
        self.history.stopped = self.stop();
        if let Some(kept) = &self.kept {
            set_parameters(network, kept);
        }
        if self.settings.measure_statistics {
            measure_statistics(network, &self.train.images)?;
        }
        Ok(self.history)
    }

    /// The weights after the last epoch done that count: their average, where there is one.
    pub fn to_keep(&self, network: &Network) -> Weights {
        match &self.average {
            Some(average) => Arc::new(average.instead_of(network, &self.last)),
            None => self.last.clone(),
        }
    }

    /// Does something with a `network` that has the weights to keep, as things stand, and afterwards the last ones again.
    pub fn with_kept<T>(&self, network: &mut Network, part: impl FnOnce(&Network) -> T) -> T {
        let kept = self.kept.as_ref().filter(|_| self.average.is_some());
        kept.inspect(|kept| set_parameters(network, kept));
        let done = part(network);
        kept.inspect(|_| set_parameters(network, &self.last));
        done
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

    /// The images as the epochs need them.
    pub fn inputs(&self, network: &mut Network, observer: &mut dyn FnMut(&Event)) -> Result<Inputs<'a>> {
        // Neither a changed nor a mixed image is the same in another epoch.
        if self.settings.augmentation.is_some() || self.settings.mixup.is_some() {
            return Ok(Inputs::images(self.train, self.validation));
        }
        Inputs::features(&self.workers, network, self.train, self.validation, observer)
    }

    /// One epoch of training, and the validation after it: what came of it, and the weights.
    fn epoch(
        &mut self,
        network: &mut Network,
        inputs: &Inputs,
        watch: Watch,
        observer: &mut dyn FnMut(&Event),
        store: &mut dyn Store,
    ) -> Result<(Epoch, After)> {
        let settings = self.settings;
        let done = self.history.epochs.len();
        let epoch = done + 1;
        let before = Within { average: self.average.clone(), ..Within::default() };
        let mut within = self.within.take().unwrap_or(before);
        let mut pass_seeds = stream(settings.seed, Purpose::Dropout, epoch);
        for _ in 0..within.batches {
            pass_seeds.next_u64();
        }
        let order = shuffled(self.train.len(), settings.seed, epoch);
        let batches = order.len().div_ceil(settings.batch_size);
        let history = self.history.epochs.clone();
        let rates = |index| settings.learning_rates(&history, done * batches + index, settings.epochs * batches);
        let not_finite = |batch, loss| Error::NotFinite { epoch, batch, learning_rate: rates(batch - 1).head, loss };
        for (index, indices) in order.chunks(settings.batch_size).enumerate().skip(within.batches) {
            let batch = index + 1;
            let done = self.step(network, inputs, epoch, indices, pass_seeds.next_u64(), rates(index))?;
            if !done.loss.is_finite() {
                return Err(not_finite(batch, done.loss));
            }
            if let Some(decay) = settings.weight_average {
                let step = self.optimizer.step;
                let average = within.average.get_or_insert_with(|| Average::new(network));
                let lent = &mut *network;
                self.workers.run(move || average.follow(lent, decay, step));
            }
            within.batches = batch;
            within.loss_sum += done.loss as f64 * indices.len() as f64;
            within.correct += done.correct;
            let seen = (batch * settings.batch_size).min(order.len()) as f64;
            let (loss, accuracy) = (within.loss_sum / seen, within.correct as f64 / seen);
            observer(&Event::Batch { epoch, batch, loss, accuracy });
            // After the last batch the validation follows, and the epoch is kept as a whole.
            let request = self.requests.reason().filter(|_| batch < batches);
            if request.is_some() || batch < batches && store.is_due() {
                self.within = Some(within.timed(&watch));
                store.within(self, network)?;
                self.within = None;
            }
            if let Some(reason) = request {
                return Err(stopped(reason, &format!("after batch {batch} of {batches} in epoch {epoch}"), store));
            }
        }
        // The last step's loss was that of the weights before it; what it made of them shows only here.
        let weights = parameter_values(network);
        if !weights.iter().flatten().all(|value| value.is_finite()) {
            return Err(not_finite(batches, f32::NAN));
        }
        let validation = self.validation.zip(inputs.validation.as_deref());
        let seen_as = within.average.as_ref().filter(|_| validation.is_some());
        seen_as.inspect(|average| set_parameters(network, &average.instead_of(network, &weights)));
        let validated = validation
            .map(|(labelled, images)| self.validate(network, inputs.from, images, &labelled.labels))
            .transpose()?;
        seen_as.inspect(|_| set_parameters(network, &weights));
        if let Some((loss, _)) = validated.filter(|(loss, _)| !loss.is_finite()) {
            return Err(not_finite(batches, loss as f32));
        }
        let Within { seconds, cpu_seconds, .. } = within.timed(&watch);
        let row = Epoch {
            epoch,
            train_loss: within.loss_sum / order.len() as f64,
            train_accuracy: within.correct as f64 / order.len() as f64,
            validation_loss: validated.map(|(loss, _)| loss),
            validation_accuracy: validated.map(|(_, accuracy)| accuracy),
            learning_rate: rates(batches - 1).head,
            seconds,
            cpu_seconds,
        };
        Ok((row, After { weights, average: within.average }))
    }

    /// One step of the epoch `epoch`, on the training images at `indices`; `seed` is that of its dropout.
    pub fn step(
        &mut self,
        network: &mut Network,
        inputs: &Inputs,
        epoch: usize,
        indices: &[usize],
        seed: u64,
        rates: LearningRates,
    ) -> Result<Step> {
        let labels: Vec<usize> = indices.iter().map(|&i| self.train.labels[i]).collect();
        let (settings, optimizer) = (self.settings, &mut self.optimizer);
        self.workers.run(|| {
            let mut images = inputs.train.select(indices);
            if let Some(augmentation) = &settings.augmentation {
                images = augmentation.apply(&images, indices, settings.seed, epoch)?;
            }
            let mixup = settings.mixup.map(|alpha| Mixup::draw(alpha, indices.len(), seed));
            if let Some(mixup) = &mixup {
                images = mixup.images(&images)?;
            }
            let batch = Batch { images: &images, labels: &labels, from: inputs.from, mixup: mixup.as_ref() };
            step_with(network, optimizer, &batch, settings, rates, seed)
        })
    }

    /// Loss and accuracy on `images`, which begin at the stage `from`, without learning from them.
    fn validate(&self, network: &Network, from: usize, images: &Images, labels: &[usize]) -> Result<(f64, f64)> {
        let logits = logits_by(&self.workers, network, from, images)?;
        let loss = mean_cross_entropy(&logits, labels, self.settings.label_smoothing);
        Ok((loss, correct(&logits.concat(), labels) as f64 / labels.len() as f64))
    }
}

/// The error of a training that ends on request, `when`.
fn stopped(reason: StopReason, when: &str, store: &dyn Store) -> Error {
    Error::Stopped { reason, done: format!("{when}: {}", store.how_to_go_on()) }
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
