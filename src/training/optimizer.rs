//! Adam, AdamW and SGD with momentum: dfdx's, for the parameters of a network.

use super::gradients::Gradients;
use super::settings::{positive, within};
use super::update_rule::{KnownRule, Update};
use crate::net::nn::Network;
use crate::net::ops::Parameter;
use crate::{Error, Result};
use dfdx::prelude::{AdamConfig, Cpu, CpuError, Momentum, SgdConfig, Storage, WeightDecay};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Values as dfdx keeps them.
type Buffer = <Cpu as Storage<f32>>::Vec;

/// How weights follow their gradients.
///
/// ```
/// use manga_expressions::training::Optimizer;
///
/// assert_eq!(Optimizer::adam(0.001), Optimizer::default());
/// assert_eq!(Optimizer::sgd(0.1, 0.9).learning_rate(), 0.1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case", deny_unknown_fields)]
pub enum Optimizer {
    /// Adam (Kingma and Ba 2015). Equivalent to `keras.optimizers.Adam`.
    ///
    /// Keras adds `epsilon` before the bias correction and PyTorch after it. Here it is as in Keras, whose first steps
    /// are therefore shorter where gradients are about as small as `epsilon`.
    Adam {
        /// Learning rate.
        learning_rate: f64,
        /// Decay of the mean of gradients, 0 to less than 1.
        #[serde(default = "beta1")]
        beta1: f64,
        /// Decay of the mean of squared gradients, 0 to less than 1.
        #[serde(default = "beta2")]
        beta2: f64,
        /// Added to the root of the mean of squares.
        #[serde(default = "keras_epsilon")]
        epsilon: f64,
    },
    /// Adam with weight decay beside the gradient (Loshchilov and Hutter 2019). Equivalent to `torch.optim.AdamW`.
    ///
    /// `epsilon` is added after the bias correction, as PyTorch does and other than in [`Optimizer::Adam`];
    /// `keras.optimizers.AdamW`, which adds it before, is the same where gradients are much larger than `epsilon`. All
    /// weights decay alike, biases and batch norms' scales and shifts too, as in both by default.
    #[serde(rename = "adamw")]
    AdamW {
        /// Learning rate.
        learning_rate: f64,
        /// Decay of the mean of gradients, 0 to less than 1.
        #[serde(default = "beta1")]
        beta1: f64,
        /// Decay of the mean of squared gradients, 0 to less than 1.
        #[serde(default = "beta2")]
        beta2: f64,
        /// Added to the root of the mean of squares.
        #[serde(default = "torch_epsilon")]
        epsilon: f64,
        /// Fraction of each weight, times the learning rate, that a step takes from it.
        weight_decay: f64,
    },
    /// Stochastic gradient descent. Equivalent to `torch.optim.SGD`, and to `keras.optimizers.SGD` where there is no
    /// weight decay.
    Sgd {
        /// Learning rate.
        learning_rate: f64,
        /// Fraction of the last step that is made again, 0 to less than 1.
        #[serde(default)]
        momentum: f64,
        /// Whether the gradient is followed after the momentum (Sutskever et al. 2013).
        #[serde(default)]
        nesterov: bool,
        /// Fraction of each weight that is added to its gradient (L2), to all weights alike as PyTorch does.
        #[serde(default)]
        weight_decay: f64,
    },
    /// One that is not the library's: [`Optimizer::own`].
    Own {
        /// How weights follow their gradients.
        rule: KnownRule,
        /// Learning rate.
        learning_rate: f64,
    },
}

fn beta1() -> f64 {
    0.9
}

fn beta2() -> f64 {
    0.999
}

fn keras_epsilon() -> f64 {
    1e-7
}

fn torch_epsilon() -> f64 {
    1e-8
}

impl Default for Optimizer {
    /// Adam with the report's first learning rate, 0.001, and Keras's other values.
    fn default() -> Self {
        Optimizer::adam(0.001)
    }
}

impl Optimizer {
    /// Adam with Keras's `beta1` 0.9, `beta2` 0.999 and `epsilon` 1e-7.
    pub fn adam(learning_rate: f64) -> Self {
        Optimizer::Adam { learning_rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }
    }

    /// AdamW with PyTorch's `beta1` 0.9, `beta2` 0.999 and `epsilon` 1e-8.
    pub fn adamw(learning_rate: f64, weight_decay: f64) -> Self {
        Optimizer::AdamW { learning_rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay }
    }

    /// Stochastic gradient descent with momentum, without Nesterov's variant and weight decay.
    pub fn sgd(learning_rate: f64, momentum: f64) -> Self {
        Optimizer::Sgd { learning_rate, momentum, nesterov: false, weight_decay: 0.0 }
    }

    /// Its name, as people write it; of one that is not the library's, that of its rule.
    ///
    /// ```
    /// use manga_expressions::training::Optimizer;
    ///
    /// assert_eq!(Optimizer::sgd(0.01, 0.9).name(), "SGD");
    /// ```
    pub fn name(&self) -> &'static str {
        match self {
            Optimizer::Adam { .. } => "Adam",
            Optimizer::AdamW { .. } => "AdamW",
            Optimizer::Sgd { .. } => "SGD",
            Optimizer::Own { rule, .. } => rule.0.name(),
        }
    }

    /// The learning rate.
    pub fn learning_rate(&self) -> f64 {
        match *self {
            Optimizer::Adam { learning_rate, .. }
            | Optimizer::AdamW { learning_rate, .. }
            | Optimizer::Sgd { learning_rate, .. }
            | Optimizer::Own { learning_rate, .. } => learning_rate,
        }
    }

    /// The state before the first step on the trainable parameters of `network`: an optimizer at work.
    ///
    /// # Errors
    /// A setting that cannot work, named.
    pub fn start(self, network: &Network) -> Result<OptimizerState> {
        OptimizerState::new(self, network)
    }

    /// The same with another learning rate.
    pub fn with_learning_rate(mut self, rate: f64) -> Self {
        match &mut self {
            Optimizer::Adam { learning_rate, .. }
            | Optimizer::AdamW { learning_rate, .. }
            | Optimizer::Sgd { learning_rate, .. }
            | Optimizer::Own { learning_rate, .. } => *learning_rate = rate,
        }
        self
    }

    pub(super) fn check(&self) -> Result<()> {
        positive("learning_rate", self.learning_rate())?;
        match *self {
            Optimizer::Adam { beta1, beta2, epsilon, .. } | Optimizer::AdamW { beta1, beta2, epsilon, .. } => {
                within("beta1", beta1, 0.0, 1.0)?;
                within("beta2", beta2, 0.0, 1.0)?;
                positive("epsilon", epsilon)?;
            }
            Optimizer::Sgd { momentum, nesterov, .. } => {
                within("momentum", momentum, 0.0, 1.0)?;
                if nesterov && momentum == 0.0 {
                    return Err(Error::Invalid(
                        "nesterov is set and momentum is 0: it needs a momentum above 0".into(),
                    ));
                }
            }
            Optimizer::Own { .. } => {}
        }
        match *self {
            Optimizer::AdamW { weight_decay, .. } | Optimizer::Sgd { weight_decay, .. } => {
                within("weight_decay", weight_decay, 0.0, f64::INFINITY)
            }
            Optimizer::Adam { .. } | Optimizer::Own { .. } => Ok(()),
        }
    }

    /// Names of the values kept for each weight.
    fn moment_names(&self) -> &'static [&'static str] {
        match self {
            Optimizer::Adam { .. } | Optimizer::AdamW { .. } => &["mean", "mean_square"],
            Optimizer::Sgd { .. } => &["velocity"],
            Optimizer::Own { rule, .. } => rule.0.moments(),
        }
    }
}

/// The learning rates of one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LearningRates {
    /// That of the head, the network's last stage.
    pub head: f64,
    /// That of all stages before it.
    pub body: f64,
}

impl LearningRates {
    /// The same for all parameters.
    pub fn both(rate: f64) -> Self {
        LearningRates { head: rate, body: rate }
    }
}

/// An [`Optimizer`] at work: what it remembers of the gradients so far.
#[derive(Debug)]
pub struct OptimizerState {
    optimizer: Optimizer,
    /// Steps done.
    pub(super) step: i32,
    /// For each trainable parameter, in the network's order, its moments in the order of their names.
    pub(super) moments: Vec<Vec<Buffer>>,
    /// How many of these parameters, the last ones, are of the head.
    head: usize,
}

impl OptimizerState {
    /// The state before the first step on the trainable parameters of `network`.
    pub fn new(optimizer: Optimizer, network: &Network) -> Result<Self> {
        optimizer.check()?;
        let kinds = optimizer.moment_names().len();
        let zeros = |p: &Parameter| (0..kinds).map(|_| buffer(p.len())).collect::<Result<Vec<_>>>();
        let moments = trainable(network).into_iter().map(zeros).collect::<Result<_>>()?;
        let head = network.head_parameters().into_iter().filter(|p| p.trainable).count();
        Ok(OptimizerState { optimizer, step: 0, moments, head })
    }

    /// The optimizer's own learning rate.
    pub fn learning_rate(&self) -> f64 {
        self.optimizer.learning_rate()
    }

    /// Names of the moments that are kept for each weight.
    pub(super) fn moment_names(&self) -> &'static [&'static str] {
        self.optimizer.moment_names()
    }

    /// One step at the optimizer's own learning rate: changes every trainable parameter of `network` by its gradient.
    /// Keras's `optimizer.apply_gradients`, PyTorch's `optimizer.step()`.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the network has other trainable parameters than at the start, and where memory runs out.
    pub fn update(&mut self, network: &mut Network, gradients: Gradients) -> Result<()> {
        self.update_at(LearningRates::both(self.optimizer.learning_rate()), network, gradients)
    }

    /// [`OptimizerState::update`] at other learning rates, as a schedule gives them.
    ///
    /// Parameters are shared out over the threads whole, so the result does not depend on their number.
    ///
    /// # Errors
    /// As [`OptimizerState::update`].
    pub fn update_at(&mut self, rates: LearningRates, network: &mut Network, mut gradients: Gradients) -> Result<()> {
        let parameters: Vec<&mut Parameter> = network.parameters_mut().into_iter().filter(|p| p.trainable).collect();
        if parameters.len() != self.moments.len() {
            let what = format!("the optimizer knows {} trainable parameters", self.moments.len());
            return Err(Error::Invalid(format!("{what}, and the network now has {}", parameters.len())));
        }
        let mut taken = Vec::with_capacity(parameters.len());
        for parameter in &parameters {
            let gradient = gradients.0.get_or_alloc_mut(parameter.tensor()).map_err(out_of_memory)?;
            taken.push(std::mem::replace(gradient, buffer(0)?));
        }
        self.step += 1;
        let (optimizer, step, body) = (self.optimizer, self.step, parameters.len() - self.head);
        let rate = |index| if index < body { rates.body } else { rates.head };
        parameters.into_par_iter().zip(self.moments.par_iter_mut()).zip(taken).enumerate().try_for_each(
            |(index, ((parameter, moments), gradient))| {
                update_one(optimizer, rate(index), step, parameter, moments, &gradient)
            },
        )
    }
}

fn update_one(
    optimizer: Optimizer,
    learning_rate: f64,
    step: i32,
    parameter: &mut Parameter,
    moments: &mut [Buffer],
    gradient: &Buffer,
) -> Result<()> {
    if let Optimizer::Own { rule, .. } = optimizer {
        let mut weights = parameter.values();
        let moments = moments.iter_mut().map(|moment| moment.as_mut_slice()).collect();
        rule.0.update(Update { step, learning_rate, weights: &mut weights, gradient, moments });
        parameter.set_values(&weights);
        return Ok(());
    }
    let tensor = parameter.tensor_mut();
    match (optimizer, moments) {
        (Optimizer::Adam { beta1, beta2, epsilon, .. }, [mean, mean_square]) => {
            // dfdx divides by sqrt(v / c) + eps, where c = 1 - beta2^t corrects the bias, and Keras by
            // (sqrt(v) + epsilon) / sqrt(c): the same where eps = epsilon / sqrt(c).
            let eps = epsilon / (1.0 - beta2.powi(step)).sqrt();
            let config = AdamConfig { lr: learning_rate, betas: [beta1, beta2], eps, weight_decay: None };
            config.try_update(step, tensor, mean, mean_square, gradient)
        }
        (Optimizer::AdamW { beta1, beta2, epsilon, weight_decay, .. }, [mean, mean_square]) => {
            let weight_decay = Some(WeightDecay::Decoupled(weight_decay));
            let config = AdamConfig { lr: learning_rate, betas: [beta1, beta2], eps: epsilon, weight_decay };
            config.try_update(step, tensor, mean, mean_square, gradient)
        }
        (Optimizer::Sgd { momentum, nesterov, weight_decay, .. }, [velocity]) => {
            let momentum = if nesterov { Momentum::Nesterov(momentum) } else { Momentum::Classic(momentum) };
            let weight_decay = (weight_decay > 0.0).then_some(WeightDecay::L2(weight_decay));
            let config = SgdConfig { lr: learning_rate, momentum: Some(momentum), weight_decay };
            config.try_update(tensor, velocity, gradient)
        }
        _ => unreachable!("every parameter has the moments that the optimizer names"),
    }
    .map_err(out_of_memory)
}

/// The parameters that an optimizer changes.
pub(super) fn trainable(network: &Network) -> Vec<&Parameter> {
    network.parameters().into_iter().filter(|p| p.trainable).collect()
}

fn buffer(len: usize) -> Result<Buffer> {
    Cpu::default().try_alloc_len(len).map_err(out_of_memory)
}

/// What dfdx's only other error than a wrong number of values means.
pub(super) fn out_of_memory(error: CpuError) -> Error {
    Error::Invalid(format!("the training step could not be computed ({error}): use a smaller batch_size"))
}
