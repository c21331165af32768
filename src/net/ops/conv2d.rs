//! Two-dimensional convolution.

use super::kernels::columns::add_column_sums;
use super::kernels::conv::Conv;
use super::kernels::elementwise::apply_relu_slope;
use super::kernels::finish::Finish;
use super::kernels::memory::recycle;
use super::kernels::view::View;
use super::tape::{Again, Slot, is_recorded};
use super::{Activation, Padding, Parameter, tensor};
use crate::{Error, Result};
use dfdx::prelude::*;

/// Convolution (as in all of deep learning, a cross-correlation) of `x` with `weight`, plus `bias`, plus `residual`.
///
/// | argument | shape |
/// |---|---|
/// | `x` | `N, H, W, C_in` |
/// | `weight` | `KH, KW, C_in, C_out` |
/// | `bias` | `C_out` |
/// | `residual`, result | `N, H_out, W_out, C_out` with `H_out = (H + top + bottom - KH) / stride + 1`, rounded down |
///
/// Equivalent to Keras's `Conv2D(use_bias=…)` followed by `Add`, and to PyTorch's `F.conv2d`. Adding the residual here
/// costs nothing: the product is added to it in place.
///
/// # Errors
/// Shapes that do not fit, with the name of the weight or bias.
///
/// ```
/// use manga_expressions::net::ops::{self, Padding, Parameter, Role};
///
/// // The sum of each pixel and its neighbours.
/// let ones = Parameter::new("ones", Role::Weight, &[3, 3, 1, 1], vec![1.0; 9]);
/// let x = ops::start(ops::tensor(vec![1.0; 9], (1, 3, 3, 1)), false, false);
/// let y = ops::conv2d(x, &ones, None, None, 1, Padding::Same)?;
/// assert_eq!(y.as_vec(), [4.0, 6.0, 4.0, 6.0, 9.0, 6.0, 4.0, 6.0, 4.0]);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn conv2d(
    x: Activation,
    weight: &Parameter,
    bias: Option<&Parameter>,
    residual: Option<Activation>,
    stride: usize,
    padding: Padding,
) -> Result<Activation> {
    conv2d_then(x, weight, bias, residual, stride, padding, &After::default())
}

/// What follows a convolution and treats each channel by itself, so that it can be done to a value when it is written:
/// a batch norm with its running statistics, a ReLU, or both.
#[derive(Clone, Debug, Default)]
pub struct After {
    /// A factor and a term for each channel.
    pub affine: Option<(Vec<f32>, Vec<f32>)>,
    /// At least zero.
    pub relu: bool,
}

/// [`conv2d`] and what comes after it, in one pass over memory: `relu((x * weight + bias) * factor + term + residual)`.
///
/// # Errors
/// As [`conv2d`]; a factor and a term in a recorded pass, where a batch norm's own gradients would be missing.
pub(crate) fn conv2d_then(
    x: Activation,
    weight: &Parameter,
    bias: Option<&Parameter>,
    residual: Option<Activation>,
    stride: usize,
    padding: Padding,
    after: &After,
) -> Result<Activation> {
    let &(n, h, w, c) = x.shape();
    let &[kh, kw, c_in, o] = weight.shape() else {
        return Err(Error::Invalid(format!(
            "{}: a convolution's weight has 4 axes, not {:?}",
            weight.name,
            weight.shape()
        )));
    };
    let padding = padding.around((h, w), (kh, kw), stride.max(1));
    let [top, bottom, left, right] = padding;
    let fits = c == c_in && stride > 0 && h + top + bottom >= kh && w + left + right >= kw;
    if !fits || n * h * w * c * o * kh * kw == 0 {
        return Err(Error::Invalid(format!(
            "{}: a weight of shape {:?} does not fit an input of shape {:?} with stride {stride} and padding {padding:?}",
            weight.name,
            weight.shape(),
            x.shape(),
        )));
    }
    if let Some(bias) = bias.filter(|b| b.len() != o) {
        return Err(Error::Invalid(format!("{}: {} values for {o} channels", bias.name, bias.len())));
    }
    let conv = Conv { n, h, w, c, o, kh, kw, stride, padding };
    let (x, recorded) = is_recorded(x);
    if recorded && after.affine.is_some() {
        return Err(Error::Invalid(format!("{}: a batch norm inside a convolution cannot be recorded", weight.name)));
    }
    convolve(conv, x, weight, bias, residual, after)
}

/// What a convolution was given, for the gradient of its weight.
enum Input {
    Kept(View),
    Again(Again),
}

/// The convolution itself, of checked sizes. A linear layer is one too, of images of a single pixel.
pub(super) fn convolve(
    conv: Conv,
    x: Activation,
    weight: &Parameter,
    bias: Option<&Parameter>,
    residual: Option<Activation>,
    after: &After,
) -> Result<Activation> {
    let shape = (conv.n, conv.out_h(), conv.out_w(), conv.o);
    let (x, mut recorder) = x.split_tape();
    let (x_carries, x_slot, x_values) = (recorder.carries_gradient(), Slot::of(&x, &recorder), View::of(&x));
    let again = recorder.take_again();
    drop(x);
    let residual = match residual {
        Some(residual) if *residual.shape() != shape => {
            return Err(Error::Invalid(format!(
                "{}: a residual of shape {:?} cannot be added to an output of shape {shape:?}",
                weight.name,
                residual.shape(),
            )));
        }
        Some(residual) => {
            let (residual, other) = residual.split_tape();
            let slot = other.carries_gradient().then(|| Slot::of(&residual, &other));
            recorder = recorder.merge(other);
            Some((slot, View::of(&residual)))
        }
        None => None,
    };
    let bias_values = bias.map(Parameter::values);
    let scale = after.affine.as_ref().map(|(scale, _)| scale.as_slice());
    let shift = match (&bias_values, &after.affine) {
        (Some(bias), Some((scale, shift))) => {
            Some(bias.iter().zip(scale).zip(shift).map(|((b, scale), shift)| b * scale + shift).collect())
        }
        (None, Some((_, shift))) => Some(shift.clone()),
        (bias, None) => bias.clone(),
    };
    let shift: Option<&Vec<f32>> = shift.as_ref();
    let finish = Finish {
        scale,
        shift: shift.map(Vec::as_slice),
        residual: residual.as_ref().map(|(_, values)| &**values),
        relu: after.relu,
    };
    let out = tensor(conv.forward(&x_values, &View::of_parameter(weight.tensor()), finish), shape);

    let weight_slot = weight.trainable.then(|| Slot::in_dfdx(weight.tensor()));
    let bias_slot = bias.filter(|b| b.trainable).map(|b| Slot::in_dfdx(b.tensor()));
    let residual_slot = residual.and_then(|(slot, _)| slot);
    let wanted = x_carries || weight_slot.is_some() || bias_slot.is_some() || residual_slot.is_some();
    if !recorder.is_recording() || !wanted {
        return Ok(recorder.pass_on(out));
    }
    let weight = weight.tensor().clone();
    let rectified = after.relu.then(|| View::of(&out));
    let x_values = match again {
        Some(again) => Input::Again(again),
        None => Input::Kept(x_values),
    };
    Ok(recorder.record(out, move |gradients, mut go| {
        if let Some(out) = rectified {
            apply_relu_slope(&mut go, &out);
        }
        if let Some(slot) = &weight_slot {
            match &x_values {
                Input::Kept(values) => slot.add(gradients, |gw| conv.add_weight_gradient(values, &go, gw))?,
                Input::Again(again) => {
                    let values = again();
                    slot.add(gradients, |gw| conv.add_weight_gradient(&values, &go, gw))?;
                    recycle(values);
                }
            }
        }
        drop(x_values);
        if let Some(bias) = &bias_slot {
            bias.add(gradients, |gb| add_column_sums(&go, gb))?;
        }
        if x_carries {
            let weight = View::of_parameter(&weight);
            x_slot.write(gradients, |gx, accumulate| conv.input_gradient(&weight, &go, gx, accumulate))?;
        }
        match &residual_slot {
            Some(residual) => residual.give(gradients, go)?,
            None => recycle(go),
        }
        Ok(())
    }))
}
