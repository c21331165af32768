//! What a network learns or keeps: weights and running statistics.

use super::kernels::memory::keep_freed_memory;
use dfdx::prelude::*;

/// What a [`Parameter`] is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Learnt from gradients.
    Weight,
    /// Kept by the layer itself: batch norm's running mean and variance.
    Statistic,
}

/// A named tensor of a network. Its gradient is found in dfdx's `Gradients` by [`Parameter::tensor`].
///
/// The values are kept in one dfdx tensor of rank 1, so that optimisers and files treat all parameters alike; the
/// shape says how they are meant.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Name within the network, as `conv2_block1_1_conv.weight`.
    pub name: String,
    /// Whether training changes it: a weight that is not frozen.
    pub trainable: bool,
    role: Role,
    shape: Vec<usize>,
    value: Tensor<(usize,), f32, Cpu>,
}

impl Parameter {
    /// A parameter of `shape` with the given values. Panics where their number does not fit.
    pub fn new(name: impl Into<String>, role: Role, shape: &[usize], values: Vec<f32>) -> Self {
        let len = shape.iter().product::<usize>();
        assert_eq!(values.len(), len, "{} values for shape {shape:?}", values.len());
        // Here, as no pass can come before the first parameter.
        keep_freed_memory();
        Parameter {
            name: name.into(),
            trainable: role == Role::Weight,
            role,
            shape: shape.to_vec(),
            value: Cpu::default().tensor_from_vec(values, (len,)),
        }
    }

    /// What it is for.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Whether a training changes it: by its gradient or, of a statistic, by what passes through the network.
    pub(crate) fn changes(&self) -> bool {
        self.trainable || self.role == Role::Statistic
    }

    /// The shape; of a convolution's weight `KH, KW, C_in, C_out`.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.value.shape().0
    }

    /// Whether it has no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A copy of the values, in the order of the shape (last axis fastest).
    pub fn values(&self) -> Vec<f32> {
        super::tape::read(&self.value)
    }

    /// Replaces all values. Panics where their number does not fit.
    pub fn set_values(&mut self, values: &[f32]) {
        self.value.copy_from(values);
    }

    /// The tensor that dfdx knows.
    pub fn tensor(&self) -> &Tensor<(usize,), f32, Cpu> {
        &self.value
    }

    /// The tensor, for an optimiser's update.
    pub fn tensor_mut(&mut self) -> &mut Tensor<(usize,), f32, Cpu> {
        &mut self.value
    }
}
