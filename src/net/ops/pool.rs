//! Pooling.

use super::kernels::adaptive_pool::AdaptivePool;
use super::kernels::memory::recycle;
use super::kernels::pool::Pool;
use super::kernels::view::View;
use super::tape::Slot;
use super::{Activation, Padding, tensor};
use crate::{Error, Result};
use dfdx::prelude::*;

/// The largest value of each `window` = `(KH, KW)`, for each channel; `x` is `N, H, W, C`.
///
/// Padding never wins, as it counts as minus infinity. The gradient goes to the first of equal values in reading order.
/// Equivalent to Keras's `MaxPooling2D` and PyTorch's `F.max_pool2d`.
///
/// # Errors
/// A window larger than the padded image, or than 255 places.
///
/// ```
/// use manga_expressions::net::ops::{self, Padding};
///
/// let x = ops::start(ops::tensor(vec![1.0, 5.0, 2.0, 3.0], (1, 2, 2, 1)), false, false);
/// assert_eq!(ops::max_pool(x, (2, 2), 2, Padding::Valid)?.as_vec(), [5.0]);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn max_pool(x: Activation, window: (usize, usize), stride: usize, padding: Padding) -> Result<Activation> {
    let (pool, shape) = sizes(&x, window, stride, padding)?;
    let (x, recorder) = x.split_tape();
    let x_slot = Slot::of(&x, &recorder);
    let (out, arg) = pool.max(&View::of(&x));
    drop(x);
    let out = tensor(out, shape);
    if !recorder.carries_gradient() {
        return Ok(recorder.pass_on(out));
    }
    Ok(recorder.record(out, move |gradients, go| {
        x_slot.write(gradients, |gx, accumulate| pool.max_gradient(&go, &arg, gx, accumulate))?;
        recycle(go);
        Ok(())
    }))
}

/// The mean of each `window` = `(KH, KW)`, for each channel; `x` is `N, H, W, C`.
///
/// With `count_padding` the zeros of the padding count, as in PyTorch's `F.avg_pool2d`; without, the mean is over the
/// places inside the image, as in Keras's `AveragePooling2D`.
///
/// # Errors
/// A window larger than the padded image, or than 255 places.
pub fn avg_pool(
    x: Activation,
    window: (usize, usize),
    stride: usize,
    padding: Padding,
    count_padding: bool,
) -> Result<Activation> {
    let (pool, _) = sizes(&x, window, stride, padding)?;
    Ok(mean(x, pool, count_padding))
}

/// The mean of each channel over the whole image: `N, H, W, C` becomes `N, 1, 1, C`.
///
/// M. Lin, Q. Chen, S. Yan: Network In Network (2013). Equivalent to Keras's `GlobalAveragePooling2D`.
///
/// # Errors
/// Images without a pixel.
pub fn global_avg_pool(x: Activation) -> Result<Activation> {
    let &(n, h, w, c) = x.shape();
    if n * h * w * c == 0 {
        return Err(Error::Invalid(format!("there is no mean over images of shape {:?}", x.shape())));
    }
    // Not dfdx's own mean, which would record its gradient also where none is wanted.
    Ok(mean(x, Pool { n, h, w, c, kh: h, kw: w, stride: 1, padding: [0; 4] }, true))
}

/// The mean of each field of a grid of `grid` x `grid`, for each channel: `N, H, W, C` becomes `N, grid, grid, C`.
///
/// Where the rows or columns cannot be shared out evenly, fields overlap; where the grid is finer than the image, they
/// repeat. Equivalent to PyTorch's `F.adaptive_avg_pool2d` and Keras's `AdaptiveAveragePooling2D`; a grid of 1 is
/// [`global_avg_pool`].
///
/// # Errors
/// A grid of 0 or more than 255, or images without a pixel.
///
/// ```
/// use manga_expressions::net::ops;
///
/// let x = ops::start(ops::tensor(vec![1.0, 2.0, 6.0], (1, 1, 3, 1)), false, false);
/// // Of three columns, each of two fields has the middle one.
/// assert_eq!(ops::adaptive_avg_pool(x, 2)?.as_vec(), [1.5, 4.0, 1.5, 4.0]);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn adaptive_avg_pool(x: Activation, grid: usize) -> Result<Activation> {
    let &(n, h, w, c) = x.shape();
    if !(1..=255).contains(&grid) || n * h * w * c == 0 {
        let shape = x.shape();
        return Err(Error::Invalid(format!(
            "pooling over a grid of {grid} x {grid} fields does not fit an input of shape {shape:?}: take 1 to 255"
        )));
    }
    let pool = AdaptivePool { n, h, w, c, grid };
    let (x, recorder) = x.split_tape();
    let x_slot = Slot::of(&x, &recorder);
    let out = tensor(pool.mean(&View::of(&x)), (n, grid, grid, c));
    drop(x);
    if !recorder.carries_gradient() {
        return Ok(recorder.pass_on(out));
    }
    Ok(recorder.record(out, move |gradients, go| {
        x_slot.write(gradients, |gx, accumulate| pool.gradient(&go, gx, accumulate))?;
        recycle(go);
        Ok(())
    }))
}

/// The mean of each window, of checked sizes.
fn mean(x: Activation, pool: Pool, count_padding: bool) -> Activation {
    let (x, recorder) = x.split_tape();
    let x_slot = Slot::of(&x, &recorder);
    let out = tensor(pool.mean(&View::of(&x), count_padding), (pool.n, pool.out_h(), pool.out_w(), pool.c));
    drop(x);
    if !recorder.carries_gradient() {
        return recorder.pass_on(out);
    }
    recorder.record(out, move |gradients, go| {
        x_slot.write(gradients, |gx, accumulate| pool.mean_gradient(&go, count_padding, gx, accumulate))?;
        recycle(go);
        Ok(())
    })
}

fn sizes(
    x: &Activation,
    window: (usize, usize),
    stride: usize,
    padding: Padding,
) -> Result<(Pool, (usize, usize, usize, usize))> {
    let &(n, h, w, c) = x.shape();
    let (kh, kw) = window;
    let sides = padding.around((h, w), window, stride.max(1));
    let [top, bottom, left, right] = sides;
    let fits = kh * kw > 0 && h + top + bottom >= kh && w + left + right >= kw;
    // A window that lay in the padding altogether would have no value to give.
    let inside = top.max(bottom) < kh && left.max(right) < kw;
    if !fits || !inside || stride == 0 || kh * kw > 255 || n * h * w * c == 0 {
        return Err(Error::Invalid(format!(
            "pooling over windows {window:?} with stride {stride} and padding {sides:?} does not fit an input of shape {:?}",
            x.shape(),
        )));
    }
    let pool = Pool { n, h, w, c, kh, kw, stride, padding: sides };
    Ok((pool, (n, pool.out_h(), pool.out_w(), c)))
}
