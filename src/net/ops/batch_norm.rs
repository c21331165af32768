//! Batch normalisation, with the addition of a residual and the ReLU that so often follow it.

use super::kernels::batch_norm::{Gate, InputGradient, affine, affine_of, gradient_sums, moments};
use super::kernels::elementwise::apply_relu_slope;
use super::kernels::memory::{recycle, scratch};
use super::kernels::view::View;
use super::tape::{Again, Slot};
use super::{Activation, Parameter, Recorder, tensor};
use crate::{Error, Result};
use dfdx::prelude::*;
use std::rc::Rc;

/// The parameters and settings of a batch norm of `C` channels.
#[derive(Debug)]
pub struct BatchNorm<'a> {
    /// Scale, `C`. Keras's gamma, PyTorch's weight.
    pub gamma: &'a Parameter,
    /// Shift, `C`. Keras's beta, PyTorch's bias.
    pub beta: &'a Parameter,
    /// Running mean of the batches, `C`.
    pub running_mean: &'a mut Parameter,
    /// Running variance of the batches, `C`.
    pub running_var: &'a mut Parameter,
    /// Added to the variance. Keras 1e-3 (its ResNets 1.001e-5), PyTorch 1e-5.
    pub epsilon: f32,
    /// Fraction of the old running statistics in the new: Keras 0.99; PyTorch's `momentum` is one minus this, 0.1.
    pub momentum: f32,
    /// Whether a convolution that follows shall compute the result again in its backward pass instead of keeping it until
    /// then: one pass over memory more, for as much memory as the input takes.
    pub recomputed: bool,
    /// Whether the running variance is that of a sample (divided by one less than the count): PyTorch yes, Keras no.
    pub unbiased: bool,
}

/// Normalises each channel of `x` (`N, H, W, C`), scales and shifts it, adds `residual`, and with `relu` cuts at zero.
///
/// With `training` the mean and (biased) variance of the batch are used, and the running statistics move towards them;
/// without, the running statistics are used and stay.
///
/// S. Ioffe, C. Szegedy: Batch Normalization (2015). Equivalent to Keras's `BatchNormalization`, `Add`, `ReLU`.
///
/// # Errors
/// Shapes that do not fit, with the name of the scale.
pub fn batch_norm(
    x: Activation,
    norm: BatchNorm,
    residual: Option<Activation>,
    training: bool,
    relu: bool,
) -> Result<Activation> {
    let shape = *x.shape();
    let channels = shape.3;
    let sizes = [norm.gamma.len(), norm.beta.len(), norm.running_mean.len(), norm.running_var.len()];
    if sizes != [channels; 4] || shape.num_elements() == 0 {
        return Err(Error::Invalid(format!(
            "{}: parameters of {sizes:?} values do not fit an input of shape {shape:?}",
            norm.gamma.name,
        )));
    }
    if let Some(residual) = residual.as_ref().filter(|r| *r.shape() != shape) {
        return Err(Error::Invalid(format!(
            "{}: a residual of shape {:?} cannot be added to an output of shape {shape:?}",
            norm.gamma.name,
            residual.shape(),
        )));
    }
    let (x, mut recorder) = x.split_tape();
    let (x_carries, x_slot, x_values) = (recorder.carries_gradient(), Slot::of(&x, &recorder), View::of(&x));
    drop(x);
    let residual = residual.map(|residual| {
        let (residual, other) = residual.split_tape();
        let slot = other.carries_gradient().then(|| Slot::of(&residual, &other));
        recorder = std::mem::take(&mut recorder).merge(other);
        (slot, View::of(&residual))
    });

    let (mean, variance) = if training {
        let (mean, variance) = moments(&x_values, channels);
        let count = (x_values.len() / channels) as f32;
        let correction = if norm.unbiased { count / (count - 1.0).max(1.0) } else { 1.0 };
        follow(norm.running_mean, &mean, norm.momentum, 1.0);
        follow(norm.running_var, &variance, norm.momentum, correction);
        (mean, variance)
    } else {
        (norm.running_mean.values(), norm.running_var.values())
    };
    let (gamma, beta) = (norm.gamma.values(), norm.beta.values());
    let inverse: Vec<f32> = variance.iter().map(|v| 1.0 / (v + norm.epsilon).sqrt()).collect();
    let scale: Vec<f32> = gamma.iter().zip(&inverse).map(|(g, i)| g * i).collect();
    let shift: Vec<f32> = (0..channels).map(|i| beta[i] - mean[i] * scale[i]).collect();
    let added = residual.is_some();
    let out = affine_of(&x_values, residual.as_ref().map(|r| &*r.1), &scale, &shift, relu);

    let residual_slot = residual.and_then(|r| r.0);
    let gamma_slot = norm.gamma.trainable.then(|| Slot::in_dfdx(norm.gamma.tensor()));
    let beta_slot = norm.beta.trainable.then(|| Slot::in_dfdx(norm.beta.tensor()));
    let wanted = x_carries || gamma_slot.is_some() || beta_slot.is_some() || residual_slot.is_some();
    let out = tensor(out, shape);
    if !recorder.is_recording() || !wanted {
        return Ok(recorder.pass_on(out));
    }
    // Not where a residual was added, which would have to be kept for that.
    let again = (norm.recomputed && !added).then(|| -> Again {
        let (x_values, scale, shift) = (x_values.clone(), scale.clone(), shift.clone());
        Rc::new(move || {
            let mut out = scratch(x_values.len());
            affine(&x_values, None, &scale, &shift, relu, &mut out);
            out
        })
    });
    // What a ReLU let through is known from its input; where a residual was added to that, by its output.
    let gate = if relu && !added { Gate::relu(&scale, &shift) } else { Gate::open(channels) };
    let rectified = (relu && added).then(|| View::of(&out));
    let y = recorder.record(out, move |gradients, mut go| {
        if let Some(out) = rectified {
            apply_relu_slope(&mut go, &out);
        }
        let (sums, centred) = gradient_sums(&x_values, &go, &mean, &gate);
        if let Some(beta) = &beta_slot {
            beta.add(gradients, |g| g.iter_mut().zip(&sums).for_each(|(g, s)| *g += *s as f32))?;
        }
        if let Some(gamma) = &gamma_slot {
            gamma.add(gradients, |g| {
                g.iter_mut().zip(&centred).zip(&inverse).for_each(|((g, s), i)| *g += (*s * *i as f64) as f32)
            })?;
        }
        // go * scale, less what moving the batch's mean and variance takes away: a line in x for each channel.
        let count = (x_values.len() / channels) as f64;
        let (mut slope, mut offset) = (vec![0.0; channels], vec![0.0; channels]);
        if training {
            for i in 0..channels {
                let (a, inv) = (scale[i] as f64, inverse[i] as f64);
                let b = -a * inv * inv * centred[i] / count;
                slope[i] = b as f32;
                offset[i] = (-a * sums[i] / count - b * mean[i] as f64) as f32;
            }
        }
        let input = InputGradient { a: &scale, b: &slope, c: &offset, gate: &gate };
        if x_carries && residual_slot.is_none() && x_slot.is_unset() {
            input.replace(&x_values, &mut go);
            return x_slot.give(gradients, go);
        }
        if x_carries {
            x_slot.write(gradients, |gx, accumulate| input.write(&x_values, &go, gx, accumulate))?;
        }
        match &residual_slot {
            Some(residual) => residual.give(gradients, go)?,
            None => recycle(go),
        }
        Ok(())
    });
    Ok(match again {
        Some(again) => Recorder::recompute(y, again),
        None => y,
    })
}

/// What a batch norm with its running statistics does to each channel: a factor and a term.
pub(crate) fn running_affine(
    gamma: &Parameter,
    beta: &Parameter,
    running_mean: &Parameter,
    running_var: &Parameter,
    epsilon: f32,
) -> (Vec<f32>, Vec<f32>) {
    let inverse = running_var.values().into_iter().map(|v| 1.0 / (v + epsilon).sqrt());
    let scale: Vec<f32> = gamma.values().iter().zip(inverse).map(|(g, i)| g * i).collect();
    let (beta, mean) = (beta.values(), running_mean.values());
    let shift = beta.iter().zip(&mean).zip(&scale).map(|((b, m), s)| b - m * s).collect();
    (scale, shift)
}

/// Moves running statistics towards those of a batch.
fn follow(running: &mut Parameter, batch: &[f32], momentum: f32, correction: f32) {
    let mut values = running.values();
    for (r, b) in values.iter_mut().zip(batch) {
        *r = momentum * *r + (1.0 - momentum) * *b * correction;
    }
    running.set_values(&values);
}
