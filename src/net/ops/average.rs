//! The mean of several tensors.

use super::kernels::elementwise::{add_assign, copy_or_add};
use super::kernels::memory::recycle;
use super::tape::{Slot, read};
use super::{Activation, Recorder, tensor};
use crate::{Error, Result};
use dfdx::prelude::*;

/// The mean of `inputs`, element by element; all have the same shape. Equivalent to Keras's `Average`.
///
/// # Errors
/// No input, or inputs that differ in shape.
///
/// ```
/// use manga_expressions::net::ops;
///
/// let of = |values: [f32; 2]| ops::start(ops::tensor(values.to_vec(), (1, 1, 1, 2)), false, false);
/// assert_eq!(ops::average(vec![of([1.0, 4.0]), of([3.0, 0.0])])?.as_vec(), [2.0, 2.0]);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn average(inputs: Vec<Activation>) -> Result<Activation> {
    let shapes: Vec<_> = inputs.iter().map(|x| *x.shape()).collect();
    let Some(&shape) = shapes.first() else {
        return Err(Error::Invalid("there is nothing to average".into()));
    };
    if shapes.iter().any(|other| *other != shape) {
        return Err(Error::Invalid(format!("inputs of shapes {shapes:?} cannot be averaged")));
    }
    let fraction = 1.0 / inputs.len() as f32;
    let mut out = vec![0.0; shape.num_elements()];
    let (mut slots, mut recorder) = (Vec::new(), Recorder::default());
    for x in inputs {
        let (x, other) = x.split_tape();
        add_assign(&mut out, &read(&x));
        if other.carries_gradient() {
            slots.push(Slot::of(&x, &other));
        }
        recorder = recorder.merge(other);
    }
    out.iter_mut().for_each(|value| *value *= fraction);
    let out = tensor(out, shape);
    if !recorder.carries_gradient() {
        return Ok(recorder.pass_on(out));
    }
    Ok(recorder.record(out, move |gradients, mut go| {
        go.iter_mut().for_each(|value| *value *= fraction);
        for slot in &slots {
            slot.write(gradients, |gx, accumulate| copy_or_add(gx, &go, accumulate))?;
        }
        recycle(go);
        Ok(())
    }))
}
