//! Auxiliary heads.

use super::{Layer, Pass, Sequential};
use crate::Result;
use crate::net::ops::{self, Activation};

/// A second classifier in the middle of a network, which brings the early layers a gradient of their own in training
/// (C. Szegedy et al. 2014, section 5). What it is given goes on unchanged; its logits are found in
/// [`Pass::auxiliary`].
pub struct AuxiliaryHead {
    layers: Sequential,
    weight: f32,
}

impl AuxiliaryHead {
    /// Of layers that end in one logit for each class; its loss counts `weight` times.
    pub fn new(layers: Sequential, weight: f32) -> Self {
        AuxiliaryHead { layers, weight }
    }
}

impl Layer for AuxiliaryHead {
    fn forward(&self, x: Activation, pass: &mut Pass) -> Result<Activation> {
        if !pass.auxiliary_heads {
            return Ok(x);
        }
        let (x, side) = ops::fork(x);
        let logits = self.layers.forward(side, pass)?;
        pass.auxiliary.push((logits, self.weight));
        Ok(x)
    }

    crate::visit_layers!(layers);
}
