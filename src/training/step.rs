//! One step of a training.

use super::loss::{Loss, correct, cross_entropy, targets};
use super::mixup::Mixup;
use super::optimizer::{LearningRates, OptimizerState};
use super::predict::check_logits;
use super::random::shuffled;
use super::settings::{BatchNormMode, Settings};
use crate::Result;
use crate::data::{Images, LabelledImages};
use crate::net::nn::{Mode, Network, Pass};
use crate::net::ops::{self, Activation};
use dfdx::prelude::HasShape;

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
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Mean cross-entropy of the batch: that of the main head alone, as in the validation; where any loss is not finite,
    /// one that is not.
    pub loss: f32,
    /// How many images the main head classified correctly.
    pub correct: usize,
}

/// One step of a training: forward, loss, backward, update. Where the loss is not finite nothing is updated. `seed` is that
/// of the step's dropout. PyTorch's `loss = criterion(model(x), y); loss.backward(); optimizer.step()`, Keras's
/// `train_on_batch`.
///
/// # Errors
/// [`Error::Invalid`](crate::Error::Invalid) for images that the network is not for, and labels that are not its classes.
///
/// A whole training by hand, as [`fit`](super::fit) does it:
///
/// ```
/// use manga_expressions::data::{Dataset, Preparation};
/// use manga_expressions::faces::FaceSet;
/// use manga_expressions::net::models::dcnn;
/// use manga_expressions::net::nn::{Mode, Pass};
/// use manga_expressions::training::{Optimizer, batches, cross_entropy, targets};
///
/// let faces = Dataset::from_faces(&FaceSet::new(28, 1))?;
/// let train = Preparation { size: 16, ..Preparation::default() }.apply(&faces)?;
/// let mut network = dcnn((16, 16, 1), 7, 1);
/// let mut optimizer = Optimizer::adam(0.001).start(&network)?;
/// for epoch in 1..=2 {
///     for (step, batch) in batches(&train, 14, 1, epoch).enumerate() {
///         let mut pass = Pass::new(Mode::Training, step as u64);
///         let logits = network.forward(batch.images.to_tensor(), &mut pass)?; // N, 1, 1, 7
///         let loss = cross_entropy(logits, &targets(&batch.labels, 7, 0.0)?)?;
///         println!("epoch {epoch}, step {step}: loss {:.3}", loss.value());
///         let gradients = loss.backward()?;
///         optimizer.update(&mut network, gradients)?;
///     }
/// }
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn step(network: &mut Network, optimizer: &mut OptimizerState, batch: &LabelledImages, seed: u64) -> Result<Step> {
    super::checks::check_images("training", batch, network)?;
    let rates = LearningRates::both(optimizer.learning_rate());
    let batch = Batch { images: &batch.images, labels: &batch.labels, from: 0, mixup: None };
    step_with(network, optimizer, &batch, &Settings::default(), rates, seed)
}

/// The batches of one epoch in the order in which [`fit`](super::fit) sees them: all images of `train` once, in an order
/// drawn from `seed` and the number of the `epoch`, `size` at a time; the last may have fewer. PyTorch's
/// `DataLoader(shuffle=True)`.
pub fn batches(train: &LabelledImages, size: usize, seed: u64, epoch: usize) -> Batches<'_> {
    Batches { train, size: size.max(1), order: shuffled(train.len(), seed, epoch), done: 0 }
}

/// What [`batches`] gives.
#[derive(Debug)]
pub struct Batches<'a> {
    train: &'a LabelledImages,
    size: usize,
    order: Vec<usize>,
    done: usize,
}

impl Iterator for Batches<'_> {
    type Item = LabelledImages;

    fn next(&mut self) -> Option<LabelledImages> {
        let indices = self.order.get(self.done..)?.chunks(self.size).next()?;
        self.done += indices.len();
        Some(self.train.select(indices))
    }
}

/// [`step`] as the settings of a training say.
///
/// What is learnt from is the loss of the main head and, each times its weight, those of the auxiliary heads (C. Szegedy
/// et al. 2014, section 5).
pub(super) fn step_with(
    network: &mut Network,
    optimizer: &mut OptimizerState,
    batch: &Batch,
    settings: &Settings,
    rates: LearningRates,
    seed: u64,
) -> Result<Step> {
    let mut pass = Pass {
        batch_norm_momentum: settings.batch_norm_momentum.map(|fraction| fraction as f32),
        running_statistics: settings.batch_norm == BatchNormMode::Running,
        ..Pass::new(Mode::Training, seed)
    };
    let stages = batch.from..network.stages().len();
    let logits = network.forward_stages(stages, batch.images.to_tensor(), &mut pass)?; // N, 1, 1, K
    let mut targets = targets(batch.labels, network.classes(), settings.label_smoothing)?; // N, 1, 1, K
    if let Some(mixup) = batch.mixup {
        targets = ops::tensor(mixup.mix(&targets.as_vec()), *targets.shape());
    }
    let of = |network: &Network, logits: Activation| -> Result<Loss> {
        check_logits(network, logits.shape(), batch.labels.len())?;
        cross_entropy(logits, &targets)
    };
    let correct = correct(&logits.as_vec(), batch.labels);
    let mut loss = of(network, logits)?;
    let main = loss.value();
    for (logits, weight) in pass.auxiliary {
        loss = loss.plus(of(network, logits)?, weight);
    }
    let all = loss.value();
    if !all.is_finite() {
        return Ok(Step { loss: all, correct });
    }
    optimizer.update_at(rates, network, loss.backward()?)?;
    Ok(Step { loss: main, correct })
}
