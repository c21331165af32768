//! Putting channels side by side.

use super::kernels::elementwise::{CHUNK, copy_or_add};
use super::kernels::memory::{cleared, made, recycle};
use super::kernels::view::View;
use super::tape::Slot;
use super::{Activation, tensor};
use crate::{Error, Result};
use dfdx::prelude::*;
use rayon::prelude::*;

/// The channels of all `inputs` (`N, H, W, C_i`) side by side: `N, H, W, C_1 + C_2 + …`.
///
/// Equivalent to Keras's `Concatenate()` and PyTorch's `torch.cat` over channels.
///
/// # Errors
/// No input, or inputs that differ in `N`, `H` or `W`.
pub fn concat(inputs: Vec<Activation>) -> Result<Activation> {
    let shapes: Vec<_> = inputs.iter().map(|x| *x.shape()).collect();
    let Some(&(n, h, w, _)) = shapes.first() else {
        return Err(Error::Invalid("there is nothing to concatenate".into()));
    };
    if shapes.iter().any(|s| (s.0, s.1, s.2) != (n, h, w)) {
        return Err(Error::Invalid(format!("inputs of shapes {shapes:?} cannot be concatenated over channels")));
    }
    let channels: usize = shapes.iter().map(|s| s.3).sum();
    let each = (CHUNK / channels.max(1)).max(1);
    let (mut sources, mut parts) = (Vec::new(), Vec::new());
    let mut recorder = super::Recorder::default();
    let mut from = 0;
    for x in inputs {
        let (x, other) = x.split_tape();
        let c = x.shape().3;
        if c > 0 {
            sources.push((View::of(&x), from, c));
            if other.carries_gradient() {
                parts.push((Slot::of(&x, &other), from, c));
            }
        }
        recorder = recorder.merge(other);
        from += c;
    }
    let rows: Vec<(&[f32], usize, usize)> = sources.iter().map(|(values, from, c)| (&**values, *from, *c)).collect();
    let out = made(
        n * h * w * channels,
        (each * channels).max(1),
        || (),
        |(), job, out| {
            let out = cleared(out);
            for &(values, from, c) in &rows {
                let values = values[job * each * c..].chunks_exact(c);
                for (out, values) in out.chunks_exact_mut(channels).zip(values) {
                    out[from..from + c].copy_from_slice(values);
                }
            }
            out
        },
    );
    drop(sources);
    let out = tensor(out, (n, h, w, channels));
    if !recorder.carries_gradient() {
        return Ok(recorder.pass_on(out));
    }
    Ok(recorder.record(out, move |gradients, go| {
        for (slot, from, c) in &parts {
            slot.write(gradients, |gx, accumulate| {
                gx.par_chunks_mut(each * c).zip(go.par_chunks(each * channels)).for_each(|(gx, go)| {
                    for (gx, go) in gx.chunks_exact_mut(*c).zip(go.chunks_exact(channels)) {
                        copy_or_add(gx, &go[*from..], accumulate);
                    }
                });
            })?;
        }
        recycle(go);
        Ok(())
    }))
}
