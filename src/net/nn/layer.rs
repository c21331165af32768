//! What a layer is, and what all layers of a pass share.

use super::Conv2d;
use crate::Result;
use crate::net::ops::{Activation, After, Parameter};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// Whether a pass learns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Batch norm uses the batch's statistics and updates its running ones; dropout drops; the tape records.
    Training,
    /// Batch norm uses its running statistics; dropout does nothing; nothing is recorded.
    Inference,
}

/// What a layer tells of itself as data passes: one row of a summary, or the place to look at its activation.
pub struct Observation<'a> {
    /// Name of the layer, as `conv2_block1_1_conv`.
    pub name: &'a str,
    /// Kind of layer in Keras's words, as `Conv2D`.
    pub kind: &'static str,
    /// Its output, `N, H, W, C`.
    pub output: &'a Activation,
    /// Its parameters.
    pub parameters: &'a [&'a Parameter],
}

/// One pass of a batch through a network: what all its layers share.
pub struct Pass<'a> {
    /// Whether this pass learns.
    pub mode: Mode,
    /// Fraction of the old in batch norms' new running statistics; none for each layer's own.
    pub batch_norm_momentum: Option<f32>,
    /// Whether batch norms use and keep their running statistics, even where the pass learns: their scales and shifts
    /// then learn like other weights. For fine-tuning on batches too small for statistics of their own.
    pub running_statistics: bool,
    /// Whether dropouts drop where the pass learns. Without, a pass can be compared with that of another program.
    pub dropout: bool,
    /// Source of dropout's randomness.
    pub rng: ChaCha8Rng,
    /// Called after every layer.
    pub observer: Option<&'a mut dyn FnMut(Observation)>,
    /// Whether auxiliary heads take part: in training, unless their stage is frozen.
    pub auxiliary_heads: bool,
    /// What auxiliary heads put out: logits, `N, 1, 1, classes`, and the weight of their loss.
    pub auxiliary: Vec<(Activation, f32)>,
    /// What the stages put out that heads look at, in the order of the stages; of the last stage but one it is what the
    /// head is given anyway. A pass that begins after such a stage must be given it.
    pub side_outputs: Vec<Activation>,
    /// New values of running statistics, which the network takes over when a pass that learns is through.
    pub statistics: Vec<Statistic>,
}

/// The new values of a running statistic.
#[derive(Clone, Debug)]
pub struct Statistic {
    /// Where the parameter lies: two layers may call theirs by one name.
    of: usize,
    values: Vec<f32>,
}

impl Statistic {
    /// Of `parameter`, which is to have the values of `new`.
    pub(super) fn new(parameter: &Parameter, new: &Parameter) -> Statistic {
        Statistic { of: place(parameter), values: new.values() }
    }

    /// Gives the values to `parameter` if they are its own.
    pub(super) fn give(&self, parameter: &mut Parameter) {
        if self.of == place(parameter) {
            parameter.set_values(&self.values);
        }
    }
}

fn place(parameter: &Parameter) -> usize {
    std::ptr::from_ref(parameter).addr()
}

impl Pass<'_> {
    /// A pass that nobody observes; `seed` fixes what dropout drops.
    pub fn new(mode: Mode, seed: u64) -> Self {
        Pass {
            mode,
            batch_norm_momentum: None,
            running_statistics: false,
            dropout: true,
            rng: ChaCha8Rng::seed_from_u64(seed),
            observer: None,
            auxiliary_heads: mode == Mode::Training,
            auxiliary: Vec::new(),
            side_outputs: Vec::new(),
            statistics: Vec::new(),
        }
    }

    /// Tells the observer, if there is one, what a layer put out.
    pub fn observe(&mut self, name: &str, kind: &'static str, output: &Activation, parameters: &[&Parameter]) {
        if let Some(observer) = &mut self.observer {
            observer(Observation { name, kind, output, parameters });
        }
    }

    /// Does a part of the pass as a frozen stage does: as in inference.
    pub(super) fn frozen<T>(&mut self, part: impl FnOnce(&mut Self) -> T) -> T {
        let (mode, heads) = (self.mode, self.auxiliary_heads);
        (self.mode, self.auxiliary_heads) = (Mode::Inference, heads && mode == Mode::Inference);
        let done = part(self);
        (self.mode, self.auxiliary_heads) = (mode, heads);
        done
    }
}

/// A part of a network: a single layer, a block, or all of it.
pub trait Layer: Send + Sync {
    /// The output for `x`; axes of both are `N, H, W, C`. Nothing changes in the layer: what a training pass measures
    /// is kept in the `pass` ([`Pass::statistics`]) and taken over by the network.
    fn forward(&self, x: Activation, pass: &mut Pass) -> Result<Activation>;

    /// The convolution that this layer is, if it is one: what comes after it may be done in the same pass over memory.
    fn as_conv2d(&self) -> Option<&Conv2d> {
        None
    }

    /// What this layer does to each channel by itself, if that is all that it does in this pass; a pass that is
    /// `recorded` also keeps what the gradients need. Only a [`Conv2d`] before it asks.
    #[doc(hidden)]
    fn after(&self, _pass: &Pass, _recorded: bool) -> Option<After> {
        None
    }

    /// Calls `visit` with every parameter, in the order of the layers.
    fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a Parameter));

    /// Calls `visit` with every parameter, in the same order, to change it.
    fn visit_mut<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Parameter));
}

/// Writes `visit` and `visit_mut` of a [`Layer`] made of other layers: its fields, in the order of the data.
#[macro_export]
macro_rules! visit_layers {
    ($($field:ident),+) => {
        fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a $crate::net::ops::Parameter)) {
            $($crate::net::nn::Layer::visit(&self.$field, visit);)+
        }

        fn visit_mut<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut $crate::net::ops::Parameter)) {
            $($crate::net::nn::Layer::visit_mut(&mut self.$field, visit);)+
        }
    };
}
