//! Learning rates for an experiment: looked for by a learning-rate finder, and tried by training with them.

use super::RateTrial;
use crate::base::progress::say;
use crate::study::experiment::{Experiment, Parts};
use crate::training::{Event, History, RateCurve, RateRange, Run, learning_rate_finder};
use crate::{Error, Result};

impl Experiment {
    /// A [learning-rate finder](learning_rate_finder) for each seed, with a line for each on standard output. A seed is
    /// that of the first weights and of the order of the photos; the split is always the experiment's.
    ///
    /// # Errors
    /// As [`Experiment::build`] and [`learning_rate_finder`].
    pub fn rate_curves(&self, parts: &Parts, seeds: &[u64], range: &RateRange) -> Result<Vec<RateCurve>> {
        let curve = |seed: &u64| {
            let curve = self.rate_curve(parts, *seed, range, &mut |_| {})?;
            say(&format!("{curve}"));
            Ok(curve)
        };
        seeds.iter().map(curve).collect()
    }

    /// A [learning-rate finder](learning_rate_finder) for one seed of the first weights and of the order of the photos. The
    /// observer hears of each step.
    ///
    /// # Errors
    /// As [`Experiment::build`] and [`learning_rate_finder`].
    pub fn rate_curve(
        &self,
        parts: &Parts,
        seed: u64,
        range: &RateRange,
        observer: &mut dyn FnMut(&Event),
    ) -> Result<RateCurve> {
        let mut seeded = self.clone();
        seeded.training.seed = seed;
        let mut network = seeded.build(parts.train.classes.len())?;
        learning_rate_finder(&mut network, &parts.train, &seeded.training, range, observer)
    }

    /// Trains with each of these constant learning rates for `epochs` epochs, all else being as the experiment says, but
    /// without early stopping. A rate at which the loss becomes infinite or no number is a result, too: its trial says
    /// so. Each trial is kept in a folder, and found there again, as by [`Experiment::fit`].
    ///
    /// # Errors
    /// As [`Experiment::build`] and [`Experiment::fit`], but for [`Error::NotFinite`].
    pub fn try_rates(&self, parts: &Parts, rates: &[f64], epochs: usize) -> Result<Vec<RateTrial>> {
        rates.iter().map(|&rate| self.try_rate(parts, rate, epochs)).collect()
    }

    fn try_rate(&self, parts: &Parts, learning_rate: f64, epochs: usize) -> Result<RateTrial> {
        let classes = parts.train.classes.len();
        let mut tried = self.clone();
        tried.training.epochs = epochs;
        tried.training.early_stopping = None;
        tried.training.optimizer = self.training.optimizer.with_learning_rate(learning_rate);
        say(&format!("learning rate {learning_rate:.1e}"));
        let (history, failure) = match tried.fit(&mut tried.build(classes)?, parts) {
            Ok(history) => (history, None),
            Err(error @ Error::NotFinite { .. }) => {
                say(&format!("{error}"));
                (tried.epochs_before_failure(parts)?, Some(error.to_string()))
            }
            Err(error) => return Err(error),
        };
        Ok(RateTrial { learning_rate, classes, history, failure })
    }

    /// The epochs that were finished before a training failed.
    fn epochs_before_failure(&self, parts: &Parts) -> Result<History> {
        Run::open(self.folder(parts)?)?.history()
    }
}
