//! Dropout.

use super::tape::{Slot, read};
use super::{Activation, tensor};
use crate::{Error, Result};
use dfdx::prelude::*;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// Sets each value to zero with probability `rate`, and divides the others by `1 - rate`, so that the mean stays.
///
/// dfdx has this too, with a generator of its own device; here it is given one, so that a pass can be repeated.
///
/// N. Srivastava et al.: Dropout (2014). Equivalent to Keras's `Dropout` in training; in inference leave it out.
///
/// # Errors
/// A rate below 0, or of 1 and more.
pub fn dropout(x: Activation, rate: f32, rng: &mut ChaCha8Rng) -> Result<Activation> {
    if !(0.0..1.0).contains(&rate) {
        return Err(Error::Invalid(format!("a dropout rate is at least 0 and below 1, not {rate}")));
    }
    let shape = *x.shape();
    let (x, recorder) = x.split_tape();
    let x_slot = Slot::of(&x, &recorder);
    let keep = 1.0 / (1.0 - rate);
    let mut out = read(&x);
    drop(x);
    let factors: Vec<f32> = out.iter().map(|_| if rng.r#gen::<f32>() < rate { 0.0 } else { keep }).collect();
    out.iter_mut().zip(&factors).for_each(|(v, f)| *v *= *f);
    let out = tensor(out, shape);
    if !recorder.carries_gradient() {
        return Ok(recorder.pass_on(out));
    }
    Ok(recorder.record(out, move |gradients, mut go| {
        go.iter_mut().zip(&factors).for_each(|(g, f)| *g *= f);
        x_slot.give(gradients, go)
    }))
}
