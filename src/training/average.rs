//! An average of the weights over the steps of a training.
//!
//! Which average: an exponential moving one (B. Polyak, A. Juditsky 1992; A. Tarvainen, H. Valpola 2017 for networks),
//! and not the mean of the last epochs' weights (stochastic weight averaging, P. Izmailov et al. 2018). That mean is made
//! for a learning rate that stays high at the end, so that the weights of the epochs differ: under one cycle, whose last
//! epochs hardly move, it is all but the last weights. The moving average looks back a fixed number of steps, which takes
//! noise out of the weights while the rate is high and leaves the end to the schedule; D. Morales-Brotons, T. Vogels,
//! H. Hendrikx (2024) find that it generalises better than the last weights, and makes up for part of the decay of the
//! rate. It also needs no choice of when to begin. How much it gives where the rate falls to nothing, an ablation must say.
//!
//! A limit: averaged running statistics are only near to those that averaged weights would have. Where batch norms learn
//! theirs quickly and a long average is taken, PyTorch's `update_bn` (measuring them again) is better; it is not done here.

use crate::net::nn::Network;
use crate::net::ops::Parameter;
use rayon::prelude::*;

/// The moving average after some steps.
///
/// After `t` steps it is the sum of the weights after each, those after step `s` counting `decay^(t - s)`, divided by the
/// sum of these numbers: as Adam corrects its moments, so that where the training began counts for nothing. Otherwise it
/// is that of `torch.optim.swa_utils.get_ema_multi_avg_fn(decay)` and of Keras's `use_ema`. Running statistics of batch
/// norms are averaged like weights, as with PyTorch's `use_buffers=True`; what is frozen is left out.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Average {
    /// For each parameter of the network that changes, in their order.
    pub values: Vec<Vec<f32>>,
}

impl Average {
    /// Before the first step, with which it begins.
    pub fn new(network: &Network) -> Self {
        Average { values: changing(network).into_iter().map(|p| vec![0.0; p.len()]).collect() }
    }

    /// Takes in the weights after `step`, from 1.
    pub fn follow(&mut self, network: &Network, decay: f64, step: i32) {
        let fraction = ((1.0 - decay) / (1.0 - decay.powi(step))) as f32;
        let tensors: Vec<Vec<f32>> = changing(network).into_iter().map(Parameter::values).collect();
        self.values.par_iter_mut().zip(tensors).for_each(|(average, values)| {
            average.iter_mut().zip(values).for_each(|(average, value)| *average += fraction * (value - *average));
        });
    }

    /// `weights`, which are those of all parameters, with the average where they change.
    pub fn instead_of(&self, network: &Network, weights: &[Vec<f32>]) -> Vec<Vec<f32>> {
        let mut averages = self.values.iter();
        let each = network.parameters().into_iter().zip(weights).map(|(parameter, weights)| {
            let average = if parameter.changes() { averages.next() } else { None };
            average.unwrap_or(weights).clone()
        });
        each.collect()
    }
}

fn changing(network: &Network) -> Vec<&Parameter> {
    network.parameters().into_iter().filter(|parameter| parameter.changes()).collect()
}
