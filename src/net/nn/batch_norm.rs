//! The batch norm layer.

use super::layer::Statistic;
use super::{Layer, Mode, Pass};
use crate::Result;
use crate::net::ops::{self, Activation, After, Parameter, Role};

/// Normalises each channel. Keras's `BatchNormalization`, PyTorch's `nn.BatchNorm2d`; optionally with the ReLU after
/// it.
#[derive(Debug)]
pub struct BatchNorm {
    name: String,
    gamma: Parameter,
    beta: Parameter,
    running_mean: Parameter,
    running_var: Parameter,
    epsilon: f32,
    momentum: f32,
    unbiased: bool,
    recomputed: bool,
    relu: bool,
}

impl BatchNorm {
    /// Over `channels`, as Keras: momentum 0.99, running variance as that of the batch itself.
    pub fn new(name: &str, channels: usize, epsilon: f32) -> Self {
        let parameter =
            |suffix, role, value| Parameter::new(format!("{name}.{suffix}"), role, &[channels], vec![value; channels]);
        BatchNorm {
            name: name.into(),
            gamma: parameter("weight", Role::Weight, 1.0),
            beta: parameter("bias", Role::Weight, 0.0),
            running_mean: parameter("running_mean", Role::Statistic, 0.0),
            running_var: parameter("running_var", Role::Statistic, 1.0),
            epsilon,
            momentum: 0.99,
            unbiased: false,
            recomputed: false,
            relu: false,
        }
    }

    /// With PyTorch's running statistics: momentum 0.1 (0.9 as Keras counts), variance as of a sample.
    pub fn torch_statistics(mut self) -> Self {
        (self.momentum, self.unbiased) = (0.9, true);
        self
    }

    /// Computed again in the backward pass of the convolution that follows, instead of kept until then (G. Pleiss et
    /// al.: Memory-Efficient Implementation of DenseNets, 2017).
    pub fn recomputed(mut self) -> Self {
        self.recomputed = true;
        self
    }

    /// Followed by a ReLU, in the same pass over memory.
    pub fn relu(mut self) -> Self {
        self.relu = true;
        self
    }

    /// The norm of `x`, plus `residual`, then the ReLU if there is one.
    ///
    /// # Errors
    /// Shapes that do not fit.
    pub fn forward_add(&self, x: Activation, residual: Option<Activation>, pass: &mut Pass) -> Result<Activation> {
        let batch_statistics = uses_batch(pass);
        // Copied only where they are written.
        let (mut running_mean, mut running_var) = (self.running_mean.clone(), self.running_var.clone());
        let norm = ops::BatchNorm {
            gamma: &self.gamma,
            beta: &self.beta,
            running_mean: &mut running_mean,
            running_var: &mut running_var,
            epsilon: self.epsilon,
            momentum: pass.batch_norm_momentum.unwrap_or(self.momentum),
            recomputed: self.recomputed,
            unbiased: self.unbiased,
        };
        let y = ops::batch_norm(x, norm, residual, batch_statistics, self.relu)?;
        if batch_statistics {
            pass.statistics.push(Statistic::new(&self.running_mean, &running_mean));
            pass.statistics.push(Statistic::new(&self.running_var, &running_var));
        }
        let parameters = [&self.gamma, &self.beta, &self.running_mean, &self.running_var];
        pass.observe(&self.name, "BatchNormalization", &y, &parameters);
        Ok(y)
    }
}

/// Whether batch norms use the statistics of the batch and not their running ones.
fn uses_batch(pass: &Pass) -> bool {
    pass.mode == Mode::Training && !pass.running_statistics
}

impl Layer for BatchNorm {
    fn forward(&self, x: Activation, pass: &mut Pass) -> Result<Activation> {
        self.forward_add(x, None, pass)
    }

    fn after(&self, pass: &Pass, recorded: bool) -> Option<After> {
        let BatchNorm { gamma, beta, running_mean, running_var, epsilon, relu, .. } = self;
        let affine = || ops::running_affine(gamma, beta, running_mean, running_var, *epsilon);
        (!recorded && !uses_batch(pass)).then(|| After { affine: Some(affine()), relu: *relu })
    }

    fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a Parameter)) {
        [&self.gamma, &self.beta, &self.running_mean, &self.running_var].into_iter().for_each(visit);
    }

    fn visit_mut<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Parameter)) {
        let all = [&mut self.gamma, &mut self.beta, &mut self.running_mean, &mut self.running_var];
        all.into_iter().for_each(visit);
    }
}
