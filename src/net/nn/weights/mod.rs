//! Parameters in files: which there are, in what order of axes, and the safetensors format.

mod axes;
mod file;
mod numbers;

pub(crate) use axes::{from_torch, to_torch, torch_shape};
pub(crate) use file::{BATCH_COUNTER, Order, Tensors, Values, Written, read, take, write};
pub(crate) use numbers::{Number, to_f32};

use super::Network;
use crate::net::ops::Parameter;

/// A tensor that was read from a file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tensor {
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

/// All parameters to be written, each under `prefix` and its name.
pub(crate) fn parameter_tensors<'a>(network: &'a Network, prefix: &str, order: Order) -> Vec<Written<'a>> {
    let written = |p: &'a Parameter| Written {
        name: format!("{prefix}{}", p.name),
        shape: order.shape(p),
        values: Values::Of(p, order),
    };
    network.parameters().into_iter().map(written).collect()
}

/// Names and shapes of [`parameter_tensors`].
pub(crate) fn parameter_shapes(network: &Network, prefix: &str, order: Order) -> Vec<(String, Vec<usize>)> {
    parameter_tensors(network, prefix, order).into_iter().map(|written| (written.name, written.shape)).collect()
}

/// A copy of the values of all parameters, in their order.
pub(crate) fn parameter_values(network: &Network) -> Vec<Vec<f32>> {
    network.parameters().into_iter().map(Parameter::values).collect()
}

/// Puts back what [`parameter_values`] gave.
pub(crate) fn set_parameters(network: &mut Network, values: &[Vec<f32>]) {
    for (parameter, values) in network.parameters_mut().into_iter().zip(values) {
        parameter.set_values(values);
    }
}
