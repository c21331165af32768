//! Where a training keeps what it did, while it goes on.

use super::checkpoint;
use super::fit::Fit;
use super::run::Run;
use crate::Result;
use crate::net::nn::Network;
use std::time::{Duration, Instant};

/// Keeps a training while it goes on.
pub(super) trait Store {
    /// Keeps it after an epoch.
    fn epoch(&mut self, fit: &Fit, network: &mut Network) -> Result<()>;

    /// Whether so much was done since it was kept that it should be kept within the epoch.
    fn is_due(&self) -> bool;

    /// Keeps it within an epoch, after [`Fit::within`]; `network` has the weights after that batch.
    fn within(&mut self, fit: &Fit, network: &Network) -> Result<()>;

    /// What is said where the training ends on request: what is kept, and how to go on.
    fn how_to_go_on(&self) -> String;
}

/// Keeps nothing.
pub(super) struct Nowhere;

impl Store for Nowhere {
    fn epoch(&mut self, _: &Fit, _: &mut Network) -> Result<()> {
        Ok(())
    }

    fn is_due(&self) -> bool {
        false
    }

    fn within(&mut self, _: &Fit, _: &Network) -> Result<()> {
        Ok(())
    }

    fn how_to_go_on(&self) -> String {
        "nothing of this training is kept, as it has no folder".into()
    }
}

/// Keeps it in the folder of a run: history and weights after each epoch, checkpoints also within.
pub(super) struct InFolder<'a> {
    run: &'a Run,
    learnt_only: bool,
    every: Duration,
    /// When there was a checkpoint.
    last: Instant,
}

impl<'a> InFolder<'a> {
    /// With a checkpoint within an epoch after so many `minutes` without one.
    pub fn new(run: &'a Run, learnt_only: bool, minutes: f64) -> Self {
        // A wait too long for a duration is for ever.
        let every = Duration::try_from_secs_f64(60.0 * minutes).unwrap_or(Duration::MAX);
        InFolder { run, learnt_only, every, last: Instant::now() }
    }
}

impl Store for InFolder<'_> {
    fn epoch(&mut self, fit: &Fit, network: &mut Network) -> Result<()> {
        self.run.write_history(&fit.history)?;
        if fit.keeps_last() {
            fit.with_kept(network, |network| self.run.write_weights(network, self.learnt_only))?;
        }
        // Last, so that nothing is older than the newest checkpoint; what is newer is made again, and the same.
        self.within(fit, network)
    }

    fn is_due(&self) -> bool {
        self.last.elapsed() >= self.every
    }

    fn within(&mut self, fit: &Fit, network: &Network) -> Result<()> {
        checkpoint::save(self.run.folder(), fit, network)?;
        self.last = Instant::now();
        Ok(())
    }

    fn how_to_go_on(&self) -> String {
        let folder = self.run.folder().display();
        format!("all of it is kept in {folder}, where the same command goes on (`manga train` with --resume)")
    }
}
