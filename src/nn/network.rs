//! A network: layers behind one trait, with named parameters.

use crate::Result;
use crate::ops::{self, Activation, Parameter, Tensor4};
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
    /// Share of the old in batch norms' new running statistics; none for each layer's own.
    pub batch_norm_momentum: Option<f32>,
    /// Source of dropout's randomness.
    pub rng: ChaCha8Rng,
    /// Called after every layer.
    pub observer: Option<&'a mut dyn FnMut(Observation)>,
}

impl Pass<'_> {
    /// A pass that nobody observes; `seed` fixes what dropout drops.
    pub fn new(mode: Mode, seed: u64) -> Self {
        Pass { mode, batch_norm_momentum: None, rng: ChaCha8Rng::seed_from_u64(seed), observer: None }
    }

    /// Tells the observer, if there is one, what a layer put out.
    pub fn observe(&mut self, name: &str, kind: &'static str, output: &Activation, parameters: &[&Parameter]) {
        if let Some(observer) = &mut self.observer {
            observer(Observation { name, kind, output, parameters });
        }
    }
}

/// A part of a network: a single layer, a block, or all of it.
pub trait Layer: Send {
    /// The output for `x`; axes of both are `N, H, W, C`.
    fn forward(&mut self, x: Activation, pass: &mut Pass) -> Result<Activation>;

    /// Calls `visit` with every parameter, in the order of the layers.
    fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a Parameter));

    /// Calls `visit` with every parameter, in the same order, to change it.
    fn visit_mut<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Parameter));
}

/// Writes `visit` and `visit_mut` of a [`Layer`] made of other layers: its fields, in the order of the data.
#[macro_export]
macro_rules! visit_layers {
    ($($field:ident),+) => {
        fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a $crate::ops::Parameter)) {
            $($crate::nn::Layer::visit(&self.$field, visit);)+
        }

        fn visit_mut<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut $crate::ops::Parameter)) {
            $($crate::nn::Layer::visit_mut(&mut self.$field, visit);)+
        }
    };
}

/// A classifier of images: layers that end in one logit for each class.
pub struct Network {
    name: String,
    input: (usize, usize, usize),
    classes: usize,
    body: Box<dyn Layer>,
}

impl Network {
    /// A network of `body` for images of `input` = `(H, W, C)`.
    pub fn new(name: impl Into<String>, input: (usize, usize, usize), classes: usize, body: Box<dyn Layer>) -> Self {
        Network { name: name.into(), input, classes, body }
    }

    /// Its name, as on the command line: `resnet50v2`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Size of the images it is for, `(H, W, C)`.
    pub fn input(&self) -> (usize, usize, usize) {
        self.input
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// One pass of a batch `x` (`N, H, W, C`); the logits have the shape `N, 1, 1, classes`.
    pub fn forward(&mut self, x: Tensor4, pass: &mut Pass) -> Result<Activation> {
        let x = ops::start(x, pass.mode == Mode::Training, false);
        self.body.forward(x, pass)
    }

    /// All parameters in the order of the layers.
    pub fn parameters(&self) -> Vec<&Parameter> {
        let mut all = Vec::new();
        self.body.visit(&mut |p| all.push(p));
        all
    }

    /// All parameters, to change them.
    pub fn parameters_mut(&mut self) -> Vec<&mut Parameter> {
        let mut all = Vec::new();
        self.body.visit_mut(&mut |p| all.push(p));
        all
    }
}

impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "Network({}, {:?} -> {} classes)", self.name, self.input, self.classes)
    }
}

/// Layers one after the other; without any, its output is its input. Keras's and PyTorch's `Sequential`.
#[derive(Default)]
pub struct Sequential {
    layers: Vec<Box<dyn Layer>>,
}

impl Sequential {
    /// No layer yet.
    pub fn new() -> Self {
        Sequential::default()
    }

    /// With one layer more.
    pub fn then(mut self, layer: Box<dyn Layer>) -> Self {
        self.layers.push(layer);
        self
    }
}

impl Layer for Sequential {
    fn forward(&mut self, x: Activation, pass: &mut Pass) -> Result<Activation> {
        self.layers.iter_mut().try_fold(x, |x, layer| layer.forward(x, pass))
    }

    fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a Parameter)) {
        self.layers.iter().for_each(|layer| layer.visit(visit));
    }

    fn visit_mut<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Parameter)) {
        self.layers.iter_mut().for_each(|layer| layer.visit_mut(visit));
    }
}
