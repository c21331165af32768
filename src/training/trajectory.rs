//! One training, looked at after every epoch as each way of ending it would have left it.

use super::checks::check_images;
use super::early_stopping::EarlyStopping;
use super::event::Event;
use super::fit::Fit;
use super::history::{Epoch, History};
use super::loss::{argmax, mean_cross_entropy};
use super::predict::logits_by;
use super::random::{Purpose, shuffled, stream};
use super::schedule::Schedule;
use super::settings::{BatchNormMode, Settings};
use super::statistics::measure_statistics;
use super::watch::Watch;
use super::workers::Workers;
use crate::data::LabelledImages;
use crate::net::nn::Network;
use crate::net::ops::Parameter;
use crate::{Error, Result};
use rand::RngCore;
use std::fmt;
use std::str::FromStr;

/// The mean and variance by which batch norms normalise when a trained network is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Statistics {
    /// Running ones, of which each step keeps this fraction. Keras has 0.99, PyTorch 0.9.
    Running(f64),
    /// Measured again on the training images after the epoch ([`measure_statistics`]).
    MeasuredAgain,
    /// The network has no batch norm that training changes.
    None,
}

/// What a network says of some images after an epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct Glance {
    /// Mean cross-entropy, without label smoothing.
    pub loss: f64,
    /// The predicted class of each image.
    pub predicted: Vec<usize>,
    /// Fraction of the images classified correctly, 0 to 1.
    pub accuracy: f64,
}

/// The network after one epoch, with one kind of statistics.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// Epoch, from 1.
    pub epoch: usize,
    /// By what batch norms normalise.
    pub statistics: Statistics,
    /// On the validation images.
    pub validation: Glance,
    /// On the test images. Nothing in the training depends on it.
    pub test: Glance,
}

/// A whole training and what the network was after each epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectory {
    /// Loss and accuracy in training, without validation: that differs between the kinds of statistics.
    pub training: History,
    /// The snapshots, by epoch, then in the order in which the kinds of statistics were asked for.
    pub snapshots: Vec<Snapshot>,
}

/// Trains for all epochs of `settings` and evaluates on validation and test images after each of them, with running
/// statistics of each of the `momenta`. Early stopping and what the settings keep play no part: every ending of the
/// training, by whatever rule, is one of the snapshots.
///
/// One training serves several momenta, since batch norms normalise by the batch in training: what is learnt does not
/// depend on the running statistics. Statistics measured again cost a pass over the training images, so they are taken
/// only after epochs at which a training may end: where some momentum's validation loss is the lowest so far, where
/// Keras's default early stopping (patience 0) would stop, and after the last.
///
/// # Errors
/// As [`fit`](super::fit). [`Error::Invalid`] for settings whose training does depend on the validation (a learning rate
/// that falls on a plateau, with more than one momentum), for an average of weights, and without a momentum.
pub fn follow(
    network: &mut Network,
    train: &LabelledImages,
    validation: &LabelledImages,
    test: &LabelledImages,
    settings: &Settings,
    momenta: &[f64],
    observer: &mut dyn FnMut(&Event),
) -> Result<Trajectory> {
    check(settings, momenta)?;
    let settings = Settings { batch_norm_momentum: Some(0.0), early_stopping: None, ..settings.clone() };
    let mut fit = Fit::new(network, train, Some(validation), &settings)?;
    check_images("test", test, network)?;
    observer(&Event::Started {
        network: network.name(),
        train: train.len(),
        validation: validation.len(),
        epochs: settings.epochs,
        batches: train.len().div_ceil(settings.batch_size),
        done: 0,
        note: None,
    });
    let inputs = fit.inputs(network, observer)?;
    let changing = settings.batch_norm == BatchNormMode::Batch && !network.changing_statistics().is_empty();
    let mut running: Vec<Running> = match changing {
        true => momenta.iter().map(|&momentum| Running::new(momentum, network)).collect(),
        false => Vec::new(),
    };
    let mut seen: Vec<(Statistics, Vec<Epoch>)> = match changing {
        true => momenta.iter().map(|&momentum| (Statistics::Running(momentum), Vec::new())).collect(),
        false => vec![(Statistics::None, Vec::new())],
    };
    let (mut training, mut snapshots) = (History::default(), Vec::new());
    for epoch in 1..=settings.epochs {
        let watch = Watch::start();
        let (mut count, mut loss_sum, mut right) = (0, 0.0, 0);
        let mut pass_seeds = stream(settings.seed, Purpose::Dropout, epoch);
        let order = shuffled(train.len(), settings.seed, epoch);
        let batches = order.len().div_ceil(settings.batch_size);
        for (index, indices) in order.chunks(settings.batch_size).enumerate() {
            let step = (epoch - 1) * batches + index;
            let rates = settings.learning_rates(&seen[0].1, step, settings.epochs * batches);
            let done = fit.step(network, &inputs, epoch, indices, pass_seeds.next_u64(), rates)?;
            if !done.loss.is_finite() {
                let (batch, learning_rate) = (index + 1, rates.head);
                return Err(Error::NotFinite { epoch, batch, learning_rate, loss: done.loss });
            }
            running.iter_mut().for_each(|one| one.follow(network));
            count += indices.len();
            loss_sum += done.loss as f64 * indices.len() as f64;
            right += done.correct;
            let (loss, accuracy) = (loss_sum / count as f64, right as f64 / count as f64);
            observer(&Event::Batch { epoch, batch: index + 1, loss, accuracy });
        }
        let row = Epoch {
            epoch,
            train_loss: loss_sum / count as f64,
            train_accuracy: right as f64 / count as f64,
            validation_loss: None,
            validation_accuracy: None,
            learning_rate: settings.learning_rates(&seen[0].1, epoch * batches - 1, settings.epochs * batches).head,
            seconds: watch.seconds(),
            cpu_seconds: watch.cpu_seconds(),
        };
        let mut may_end = epoch == settings.epochs;
        for (place, (statistics, epochs)) in seen.iter_mut().enumerate() {
            running.get(place).inspect(|running| running.give(network));
            let snapshot = Snapshot::of(&fit.workers, network, epoch, *statistics, validation, test)?;
            let mut row = row.clone();
            (row.validation_loss, row.validation_accuracy) =
                (Some(snapshot.validation.loss), Some(snapshot.validation.accuracy));
            epochs.push(row);
            may_end |= is_candidate(epochs);
            snapshots.push(snapshot);
        }
        if changing && may_end {
            // The next step overwrites these statistics; those of every momentum are kept beside the network.
            measure_statistics(network, &train.images)?;
            snapshots.push(Snapshot::of(&fit.workers, network, epoch, Statistics::MeasuredAgain, validation, test)?);
        }
        if let Some(epoch) = seen[0].1.last() {
            observer(&Event::Epoch { epoch, kept: epoch.epoch == settings.epochs });
        }
        training.epochs.push(row);
    }
    training.stopped = Some(format!("All {} epochs are done.", settings.epochs));
    Ok(Trajectory { training, snapshots })
}

fn check(settings: &Settings, momenta: &[f64]) -> Result<()> {
    let invalid = |what: &str| Err(Error::Invalid(what.into()));
    if momenta.is_empty() {
        return invalid("a training is followed with at least one momentum of running statistics");
    }
    for &momentum in momenta {
        super::settings::within("momentum", momentum, 0.0, 1.0)?;
    }
    if momenta.len() > 1 && matches!(settings.schedule, Schedule::ReduceOnPlateau(_)) {
        return invalid(
            "the learning rate falls on a plateau of the validation loss, which depends on the momentum: follow one \
             momentum at a time",
        );
    }
    if settings.weight_average.is_some() {
        return invalid("weight_average is set: follow a training without an average of weights");
    }
    Ok(())
}

/// Whether a training may end with the last of these epochs: its validation loss is the lowest so far, or Keras's default
/// early stopping stops here.
fn is_candidate(epochs: &[Epoch]) -> bool {
    let last = epochs.len();
    let history = History { epochs: epochs.to_vec(), ..History::default() };
    let lowest = history.lowest_validation_loss().is_some_and(|lowest| lowest.epoch == last);
    lowest || keras_default_stop(epochs) == Some(last)
}

/// The epoch, from 1, after which Keras's `EarlyStopping` with its defaults (patience 0, no weights restored) ends a
/// training; none where it goes on to the last.
pub(crate) fn keras_default_stop(epochs: &[Epoch]) -> Option<usize> {
    let rule = EarlyStopping { patience: 0, restore_best_weights: false, ..EarlyStopping::default() };
    (1..=epochs.len()).find(|&done| rule.verdict(&epochs[..done]).stop.is_some())
}

impl Snapshot {
    fn of(
        workers: &Workers,
        network: &mut Network,
        epoch: usize,
        statistics: Statistics,
        validation: &LabelledImages,
        test: &LabelledImages,
    ) -> Result<Snapshot> {
        Ok(Snapshot {
            epoch,
            statistics,
            validation: Glance::of(workers, network, validation)?,
            test: Glance::of(workers, network, test)?,
        })
    }
}

impl Glance {
    fn of(workers: &Workers, network: &Network, images: &LabelledImages) -> Result<Glance> {
        let logits = logits_by(workers, network, 0, &images.images)?;
        let predicted: Vec<usize> = logits.iter().map(|row| argmax(row)).collect();
        let right = predicted.iter().zip(&images.labels).filter(|(a, b)| a == b).count();
        Ok(Glance {
            loss: mean_cross_entropy(&logits, &images.labels, 0.0),
            accuracy: right as f64 / images.len() as f64,
            predicted,
        })
    }
}

/// The running statistics of all batch norms for one momentum.
struct Running {
    momentum: f32,
    values: Vec<Vec<f32>>,
}

impl Running {
    fn new(momentum: f64, network: &Network) -> Self {
        let values = network.changing_statistics().into_iter().map(Parameter::values).collect();
        Running { momentum: momentum as f32, values }
    }

    /// Takes in the statistics of a step's batch, which a network that is trained with a momentum of 0 has.
    fn follow(&mut self, network: &Network) {
        let momentum = self.momentum;
        for (running, batch) in self.values.iter_mut().zip(network.changing_statistics()) {
            let batch = batch.values();
            running.iter_mut().zip(batch).for_each(|(r, b)| *r = momentum * *r + (1.0 - momentum) * b);
        }
    }

    /// Gives them to the network.
    fn give(&self, network: &mut Network) {
        let statistics = network.changing_statistics_mut();
        statistics.into_iter().zip(&self.values).for_each(|(parameter, values)| parameter.set_values(values));
    }
}

impl FromStr for Statistics {
    type Err = Error;

    /// What [`Statistics`] are shown as.
    fn from_str(word: &str) -> Result<Self> {
        let momentum = || word.strip_prefix("momentum_")?.parse().ok();
        match word {
            "none" => Ok(Statistics::None),
            "measured_again" => Ok(Statistics::MeasuredAgain),
            _ => momentum().map(Statistics::Running).ok_or_else(|| {
                Error::Data(format!("{word:?} names no statistics: momentum_0.99, measured_again or none are known"))
            }),
        }
    }
}

impl fmt::Display for Statistics {
    /// `momentum_0.99`, `measured_again`, `none`.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Statistics::Running(momentum) => f.pad(&format!("momentum_{momentum}")),
            Statistics::MeasuredAgain => f.pad("measured_again"),
            Statistics::None => f.pad("none"),
        }
    }
}
