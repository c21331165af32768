//! The dense layer.

use super::{Initializer, Layer, Pass};
use crate::Result;
use crate::net::ops::{self, Activation, Parameter, Role};

/// Each output a weighted sum of all inputs. Keras's `Dense` without activation, PyTorch's `nn.Linear`.
#[derive(Debug)]
pub struct Dense {
    name: String,
    weight: Parameter,
    bias: Parameter,
}

impl Dense {
    /// From `inputs` values an image (`H * W * C`) to `outputs`.
    pub fn new(name: &str, init: &Initializer, inputs: usize, outputs: usize) -> Self {
        let weight = format!("{name}.weight");
        let values = init.weight(&weight, &[inputs, outputs]);
        Dense {
            name: name.into(),
            weight: Parameter::new(weight, Role::Weight, &[inputs, outputs], values),
            bias: Parameter::new(format!("{name}.bias"), Role::Weight, &[outputs], vec![0.0; outputs]),
        }
    }
}

impl Layer for Dense {
    fn forward(&self, x: Activation, pass: &mut Pass) -> Result<Activation> {
        let y = ops::linear(x, &self.weight, Some(&self.bias))?;
        pass.observe(&self.name, "Dense", &y, &[&self.weight, &self.bias]);
        Ok(y)
    }

    fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a Parameter)) {
        visit(&self.weight);
        visit(&self.bias);
    }

    fn visit_mut<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Parameter)) {
        visit(&mut self.weight);
        visit(&mut self.bias);
    }
}
