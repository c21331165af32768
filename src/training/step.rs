//! One step of a training.

use super::loss::{correct, cross_entropy, targets};
use super::mixup::Mixup;
use super::optimizer::{LearningRates, OptimizerState, out_of_memory};
use super::predict::check_logits;
use super::settings::{BatchNormMode, Settings};
use crate::data::Images;
use crate::nn::{Mode, Network, Pass};
use crate::{Result, ops};
use dfdx::prelude::*;

/// What a step learns from.
pub(super) struct Batch<'a> {
    /// Images, or what the stages before `from` made of them.
    pub images: &'a Images,
    /// The class of each.
    pub labels: &'a [usize],
    /// The first stage that they pass through.
    pub from: usize,
    /// How the images were mixed, if they were: their targets then are, too.
    pub mixup: Option<&'a Mixup>,
}

/// What a step saw, before it changed the weights.
pub(super) struct Step {
    /// That of the main head alone, as in the validation; where any loss is not finite, one that is not.
    pub loss: f32,
    /// How many images the main head classified correctly.
    pub correct: usize,
}

/// One step: forward, loss, backward, update. Where the loss is not finite nothing is updated.
///
/// What is learnt from is the loss of the main head and, each times its weight, those of the auxiliary heads (C. Szegedy
/// et al. 2014, section 5).
pub(super) fn step(
    network: &mut Network,
    optimizer: &mut OptimizerState,
    batch: &Batch,
    settings: &Settings,
    rates: LearningRates,
    seed: u64,
) -> Result<Step> {
    let mut pass = Pass {
        batch_norm_momentum: settings.batch_norm_momentum.map(|share| share as f32),
        running_statistics: settings.batch_norm == BatchNormMode::Running,
        ..Pass::new(Mode::Training, seed)
    };
    let stages = batch.from..network.stages().len();
    let logits = network.forward_stages(stages, batch.images.to_tensor(), &mut pass)?; // N, 1, 1, K
    check_logits(network, logits.shape(), batch.labels.len())?;
    let mut targets = targets(batch.labels, network.classes(), settings.label_smoothing); // N, 1, 1, K
    if let Some(mixup) = batch.mixup {
        targets = ops::tensor(mixup.mix(&targets.as_vec()), *targets.shape());
    }
    let (logits, recorder) = logits.split_tape();
    let correct = correct(&logits.as_vec(), batch.labels);
    let tape = recorder.into_tape().unwrap_or_default();
    let mut loss = cross_entropy(logits.put_tape(tape), targets.clone());
    let main = loss.array();
    for (logits, weight) in pass.auxiliary {
        check_logits(network, logits.shape(), batch.labels.len())?;
        let (logits, recorder) = logits.split_tape();
        let tape = recorder.into_tape().unwrap_or_default();
        loss = loss + cross_entropy(logits.put_tape(tape), targets.clone()) * weight;
    }
    let all = loss.array();
    if all.is_finite() {
        let mut gradients = loss.try_backward().map_err(out_of_memory)?;
        optimizer.update(network, &mut gradients, rates)?;
    }
    Ok(Step { loss: if all.is_finite() { main } else { all }, correct })
}
