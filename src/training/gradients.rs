//! The gradients of a step.

use super::optimizer::out_of_memory;
use crate::Result;
use crate::net::ops::Parameter;
use dfdx::prelude::Cpu;

/// The gradient of a loss with respect to each parameter of a network: what [`Loss::backward`](super::Loss::backward)
/// computes and [`OptimizerState::update`](super::OptimizerState::update) follows. Keras's `GradientTape.gradient`,
/// PyTorch's `parameter.grad`.
pub struct Gradients(pub(super) dfdx::prelude::Gradients<f32, Cpu>);

impl Gradients {
    /// No gradient yet: that of every parameter is 0 until it is [set](Gradients::set).
    pub fn zero() -> Self {
        Gradients(dfdx::prelude::Gradients::leaky())
    }

    /// The gradient with respect to `parameter`, in the order of its values; zeros where the loss does not depend on it.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) where memory runs out.
    pub fn of(&mut self, parameter: &Parameter) -> Result<Vec<f32>> {
        Ok(self.0.get_or_alloc_mut(parameter.tensor()).map_err(out_of_memory)?.to_vec())
    }

    /// Replaces the gradient with respect to `parameter`, as to clip it or to add noise.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) for a wrong number of values, and where memory runs out.
    pub fn set(&mut self, parameter: &Parameter, values: Vec<f32>) -> Result<()> {
        if values.len() != parameter.len() {
            let (name, given, wanted) = (&parameter.name, values.len(), parameter.len());
            return Err(crate::Error::Invalid(format!(
                "{given} values for the gradient of {name}, which has {wanted}"
            )));
        }
        **self.0.get_or_alloc_mut(parameter.tensor()).map_err(out_of_memory)? = values;
        Ok(())
    }
}

impl std::fmt::Debug for Gradients {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("Gradients")
    }
}
