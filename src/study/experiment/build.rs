//! The network of an experiment: its first weights, its heads, and what of it is frozen.

use super::Experiment;
use crate::data::Preparation;
use crate::net::models;
use crate::net::nn::Network;
use crate::net::weights::{Part, Weights};
use crate::training::Run;
use crate::{Error, Result};

impl Experiment {
    /// The network with its first weights and its heads, frozen as the experiment says.
    ///
    /// # Errors
    /// An unknown network or stage; heads that cannot be; weights that are not there, do not fit the network, or expect
    /// another scaling; as [`Experiment::run`] where there is a [`Pretraining`](super::Pretraining), which is done here
    /// unless it has been.
    pub fn build(&self, classes: usize) -> Result<Network> {
        let mut network = self.plain(classes)?;
        if let Some(weights) = self.pretrained()? {
            let (expected, given) = (weights.scaling(), self.preparation.scaling);
            if given != expected && !self.own_scaling {
                return Err(Error::Invalid(format!(
                    "the weights of {} expect pixels scaled as {expected:?}, and the preparation gives {given:?}: \
                     use theirs, or set own_scaling to see what the mistake does",
                    self.network
                )));
            }
            weights.load_into(&mut network, Part::Body)?;
        }
        if let Some(pretraining) = &self.pretraining {
            self.weights_after(pretraining)?.load_into(&mut network, Part::Body)?;
        }
        self.finished(network)
    }

    /// The network with weights drawn from the seed.
    fn untrained(&self, classes: usize) -> Result<Network> {
        self.finished(self.plain(classes)?)
    }

    /// The same as its paper has it: weights from elsewhere may be of stages that the heads here do not need.
    fn plain(&self, classes: usize) -> Result<Network> {
        let Preparation { size, channels, .. } = self.preparation;
        models::by_name(&self.network, (size, size, channels), classes, self.training.seed)
    }

    /// The network with the heads that this experiment has, and frozen as it says.
    fn finished(&self, network: Network) -> Result<Network> {
        let mut network = if self.heads.is_empty() { network } else { network.with_heads(&self.heads)? };
        network.freeze_as(self.freeze.as_deref())?;
        Ok(network)
    }

    /// The weights to begin with.
    fn pretrained(&self) -> Result<Option<Weights>> {
        Ok(match self.weights.as_deref() {
            Some("imagenet") => Some(Weights::imagenet(&self.network)?),
            Some(file) => Some(Weights::open(file)?),
            None => None,
        })
    }

    /// Sets the scaling to that which the weights expect, if there are any.
    ///
    /// # Errors
    /// Weights that are not there or cannot be read.
    pub fn scale_as_weights_expect(&mut self) -> Result<()> {
        if let Some(weights) = self.pretrained()? {
            self.preparation.scaling = weights.scaling();
        }
        Ok(())
    }
}

/// The network of a run with the weights it keeps, and how photos are prepared for it.
///
/// # Errors
/// A run without weights or of another kind; a run of a lesson, which keeps only what its network learnt, where the
/// weights that it began with are not there or are others now.
pub fn load(run: &Run) -> Result<(Network, Preparation)> {
    let experiment = Experiment::of(run)?;
    let (weights, classes) = (run.kept_weights()?, run.settings().classes.len());
    let mut network = if weights.is_whole() { experiment.untrained(classes)? } else { experiment.build(classes)? };
    weights.load_into(&mut network, Part::All)?;
    Ok((network, experiment.preparation))
}
