//! Layers in a row.

use super::{Layer, Pass};
use crate::Result;
use crate::ops::{Activation, Parameter};

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
