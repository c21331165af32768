//! Branches side by side.

use super::{Layer, Pass, Sequential};
use crate::Result;
use crate::net::ops::{self, Activation, Parameter};

/// Branches that all take the same input; their channels are put side by side. A branch without layers passes its input
/// on. Keras's `Concatenate` of several branches, PyTorch's `torch.cat` over channels.
pub struct Concat {
    name: String,
    branches: Vec<Sequential>,
}

impl Concat {
    /// Of `branches` that keep the same height and width; the order is that of the channels.
    pub fn new(name: &str, branches: Vec<Sequential>) -> Self {
        Concat { name: name.into(), branches }
    }
}

impl Layer for Concat {
    fn forward(&self, x: Activation, pass: &mut Pass) -> Result<Activation> {
        let (mut x, mut inputs) = (x, Vec::new());
        for _ in 1..self.branches.len() {
            let (rest, twin) = ops::fork(x);
            inputs.push(twin);
            x = rest;
        }
        inputs.push(x);
        let outputs = self.branches.iter().zip(inputs).map(|(branch, x)| branch.forward(x, pass));
        let y = ops::concat(outputs.collect::<Result<_>>()?)?;
        pass.observe(&self.name, "Concatenate", &y, &[]);
        Ok(y)
    }

    fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a Parameter)) {
        self.branches.iter().for_each(|branch| branch.visit(visit));
    }

    fn visit_mut<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Parameter)) {
        self.branches.iter_mut().for_each(|branch| branch.visit_mut(visit));
    }
}
