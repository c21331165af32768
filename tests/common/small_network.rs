//! A network that trains in milliseconds, images it can learn, and layers that fail on purpose.

#![allow(dead_code)] // Each test file uses its own part.

use manga_expressions::data::{Images, LabelledImages};
use manga_expressions::nn::{
    BatchNorm, Conv2d, Dense, Dropout, GlobalAvgPool, Initializer, Layer, Mode, Network, Pass, Sequential,
};
use manga_expressions::ops::{Activation, Padding, Parameter};
use manga_expressions::{Error, Result};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

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

fn named(name: &str, body: Sequential) -> Network {
    Network::new(name, (SIZE, SIZE, 1), CLASSES.len(), Box::new(body))
}

/// From the given training step on, counted from 0, puts out numbers that are none, or an error as if interrupted.
pub enum Failure {
    NotANumber(usize),
    Interrupted(usize),
}

impl Layer for Failure {
    fn forward(&mut self, x: Activation, pass: &mut Pass) -> Result<Activation> {
        let (Failure::NotANumber(steps) | Failure::Interrupted(steps)) = self;
        if pass.mode == Mode::Inference || *steps > 0 {
            *steps -= usize::from(pass.mode == Mode::Training);
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
