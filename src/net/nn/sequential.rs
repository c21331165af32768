//! Layers in a row.

use super::{Layer, Pass};
use crate::Result;
use crate::net::ops::{self, Activation, Parameter};

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
    fn forward(&self, x: Activation, pass: &mut Pass) -> Result<Activation> {
        let (mut x, mut at) = (x, 0);
        while let [layer, rest @ ..] = &self.layers[at..] {
            let (input, recorded) = ops::is_recorded(x);
            // A convolution and what comes after it, unless somebody wants to see what is between them.
            let after = match rest.first() {
                Some(next) if layer.as_conv2d().is_some() && pass.observer.is_none() => next.after(pass, recorded),
                _ => None,
            };
            (x, at) = match (layer.as_conv2d(), after) {
                (Some(conv), Some(after)) => (conv.forward_after(input, None, &after)?, at + 2),
                _ => (layer.forward(input, pass)?, at + 1),
            };
        }
        Ok(x)
    }

    fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a Parameter)) {
        self.layers.iter().for_each(|layer| layer.visit(visit));
    }

    fn visit_mut<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Parameter)) {
        self.layers.iter_mut().for_each(|layer| layer.visit_mut(visit));
    }
}
