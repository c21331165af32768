//! The linear layer.

use super::conv2d::{After, convolve};
use super::flatten::flatten;
use super::kernels::conv::Conv;
use super::{Activation, Parameter};
use crate::{Error, Result};
use dfdx::prelude::*;

/// `x` times `weight` plus `bias`, for each image: `x` is `N, H, W, C` with its values taken as one vector of
/// `H * W * C`, `weight` is `H * W * C, C_out`, the result `N, 1, 1, C_out`.
///
/// Equivalent to Keras's `Flatten` and `Dense`; to PyTorch's `F.linear` with the weight transposed.
///
/// # Errors
/// Shapes that do not fit, with the name of the weight or bias.
pub fn linear(x: Activation, weight: &Parameter, bias: Option<&Parameter>) -> Result<Activation> {
    let &(n, h, w, c) = x.shape();
    let features = h * w * c;
    let (rows, o) = match weight.shape() {
        &[rows, columns] => (rows, columns),
        _ => (0, 0),
    };
    if rows != features || n * features * o == 0 {
        return Err(Error::Invalid(format!(
            "{}: a linear weight of shape {:?} does not fit an input of shape {:?}",
            weight.name,
            weight.shape(),
            x.shape(),
        )));
    }
    if let Some(bias) = bias.filter(|b| b.len() != o) {
        return Err(Error::Invalid(format!("{}: {} values for {o} outputs", bias.name, bias.len())));
    }
    let x = if (h, w) == (1, 1) { x } else { flatten(x) };
    let conv = Conv { n, h: 1, w: 1, c: features, o, kh: 1, kw: 1, stride: 1, padding: [0; 4] };
    convolve(conv, x, weight, bias, None, &After::default())
}
