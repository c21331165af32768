//! A network that trains in milliseconds, images it can learn, and layers that fail on purpose.

#![allow(dead_code)] // Each test file uses its own part.

use manga_expressions::data::{Images, LabelledImages};
use manga_expressions::net::nn::{
    AuxiliaryHead, BatchNorm, Conv2d, Dense, Dropout, GlobalAvgPool, Initializer, Layer, Mode, Network, Pass,
    Sequential, Stage,
};
use manga_expressions::net::ops::{Activation, Padding, Parameter};
use manga_expressions::{Error, Result};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Rows and columns of the images.
const SIZE: usize = 8;

pub const CLASSES: [&str; 3] = ["rows", "columns", "noise"];

/// `count` images of stripes or noise, so noisy that a small network learns them slowly.
pub fn images(count: usize, seed: u64) -> LabelledImages {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let labels: Vec<usize> = (0..count).map(|i| i % CLASSES.len()).collect();
    let mut values = Vec::new();
    for &label in &labels {
        let phase = rng.gen_range(0..2);
        for place in 0..SIZE * SIZE {
            let stripe = match label {
                0 => (place / SIZE + phase) % 2,
                1 => (place % SIZE + phase) % 2,
                _ => rng.gen_range(0..2),
            };
            values.push(stripe as f32 + rng.gen_range(-1.0..1.0));
        }
    }
    LabelledImages {
        images: Images::new((count, SIZE, SIZE, 1), values).unwrap(),
        labels,
        classes: CLASSES.map(String::from).to_vec(),
        names: (0..count).map(|i| format!("{i}.png")).collect(),
    }
}

/// All kinds of state: weights, running statistics, and dropout's randomness.
fn body(filters: usize, dropout: f32, seed: u64) -> Sequential {
    let init = Initializer::keras(seed);
    Sequential::new()
        .then(Box::new(Conv2d::new("conv", &init, 1, filters, (3, 3)).padding(Padding::Same).without_bias()))
        .then(Box::new(BatchNorm::new("bn", filters, 1e-3).torch_statistics().relu()))
        .then(Box::new(GlobalAvgPool::new("pool")))
        .then(Box::new(Dropout::new("dropout", dropout)))
        .then(Box::new(Dense::new("head", &init, filters, CLASSES.len())))
}

pub fn network(seed: u64) -> Network {
    named("small", body(6, 0.2, seed))
}

/// The same layers, other shapes.
pub fn wider_network(seed: u64) -> Network {
    named("small", body(8, 0.2, seed))
}

pub fn network_without_dropout(seed: u64) -> Network {
    named("small", body(6, 0.0, seed))
}

/// One that fails as `failure` says.
pub fn failing_network(seed: u64, failure: Failure) -> Network {
    named("small", body(6, 0.2, seed).then(Box::new(failure)))
}

/// Three stages, the second with an auxiliary head: `stem`, `middle`, `head`.
pub fn staged_network(seed: u64) -> Network {
    Network::of_stages("staged", (SIZE, SIZE, 1), CLASSES.len(), stages(seed, head(seed)))
}

/// [`staged_network`] that fails in its head as `failure` says.
pub fn failing_staged_network(seed: u64, failure: Failure) -> Network {
    let head = head(seed).then(Box::new(failure));
    Network::of_stages("staged", (SIZE, SIZE, 1), CLASSES.len(), stages(seed, head))
}

/// [`staged_network`] whose first stage is frozen by another way than the network's own.
pub fn network_with_stem_as_frozen(seed: u64) -> Network {
    let stages = [
        ("stem", Box::new(AsFrozen(stem(seed))) as Box<dyn Layer>),
        ("middle", middle(seed)),
        ("head", Box::new(head(seed))),
    ];
    let stages = stages.into_iter().map(|(name, layer)| Stage::new(name, layer)).collect();
    let mut network = Network::of_stages("staged", (SIZE, SIZE, 1), CLASSES.len(), stages);
    network.parameters_mut().into_iter().filter(|p| p.name.starts_with("stem")).for_each(|p| p.trainable = false);
    network
}

fn stages(seed: u64, head: Sequential) -> Vec<Stage> {
    vec![
        Stage::new("stem", Box::new(stem(seed))),
        Stage::new("middle", middle(seed)),
        Stage::new("head", Box::new(head)),
    ]
}

fn stem(seed: u64) -> Sequential {
    let conv = Conv2d::new("stem.conv", &Initializer::keras(seed), 1, 6, (3, 3)).padding(Padding::Same);
    Sequential::new()
        .then(Box::new(conv))
        .then(Box::new(BatchNorm::new("stem.bn", 6, 1e-3).torch_statistics().relu()))
        .then(Box::new(Dropout::new("stem.dropout", 0.3)))
}

fn middle(seed: u64) -> Box<dyn Layer> {
    let init = Initializer::keras(seed);
    let auxiliary = Sequential::new().then(Box::new(GlobalAvgPool::new("aux.pool"))).then(Box::new(Dense::new(
        "aux.fc",
        &init,
        5,
        CLASSES.len(),
    )));
    let conv = Conv2d::new("middle.conv", &init, 6, 5, (3, 3)).stride(2).padding(Padding::Same);
    let middle = Sequential::new()
        .then(Box::new(conv))
        .then(Box::new(BatchNorm::new("middle.bn", 5, 1e-3).torch_statistics().relu()))
        .then(Box::new(AuxiliaryHead::new(auxiliary, 0.3)));
    Box::new(middle)
}

fn head(seed: u64) -> Sequential {
    Sequential::new()
        .then(Box::new(GlobalAvgPool::new("pool")))
        .then(Box::new(Dropout::new("dropout", 0.2)))
        .then(Box::new(Dense::new("fc", &Initializer::keras(seed), 5, CLASSES.len())))
}

/// Works as in inference in every pass.
struct AsFrozen(Sequential);

impl Layer for AsFrozen {
    fn forward(&self, x: Activation, pass: &mut Pass) -> Result<Activation> {
        let mode = std::mem::replace(&mut pass.mode, Mode::Inference);
        let y = self.0.forward(x, pass);
        pass.mode = mode;
        y
    }

    fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a Parameter)) {
        self.0.visit(visit);
    }

    fn visit_mut<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Parameter)) {
        self.0.visit_mut(visit);
    }
}

fn named(name: &str, body: Sequential) -> Network {
    Network::new(name, (SIZE, SIZE, 1), CLASSES.len(), Box::new(body))
}

/// From the given training step on, counted from 0, puts out numbers that are none, or an error as if interrupted.
pub enum Failure {
    NotANumber(AtomicUsize),
    Interrupted(AtomicUsize),
}

impl Layer for Failure {
    fn forward(&self, x: Activation, pass: &mut Pass) -> Result<Activation> {
        let (Failure::NotANumber(steps) | Failure::Interrupted(steps)) = self;
        let left = steps.load(Ordering::Relaxed);
        if pass.mode == Mode::Inference || left > 0 {
            steps.fetch_sub(usize::from(pass.mode == Mode::Training), Ordering::Relaxed);
            return Ok(x);
        }
        match self {
            Failure::NotANumber(_) => Ok(x * f32::NAN),
            Failure::Interrupted(_) => Err(Error::Invalid("interrupted".into())),
        }
    }

    fn visit<'a>(&'a self, _: &mut dyn FnMut(&'a Parameter)) {}

    fn visit_mut<'a>(&'a mut self, _: &mut dyn FnMut(&'a mut Parameter)) {}
}

/// All values, bit by bit.
pub fn bits(network: &Network) -> Vec<u32> {
    network.parameters().iter().flat_map(|p| p.values()).map(f32::to_bits).collect()
}
