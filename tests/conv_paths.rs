//! Convolutions of such sizes that each way through the kernels (src/net/ops/kernels) is taken, against the definition, and
//! bit by bit on several threads.
//!
//! The kernels choose by the number of output pixels, of values under the kernel ("patch") and of weights, and cut the
//! work into jobs by them. Each case says what it is there for.

mod common;

use common::naive::Convolution;
use common::{backward, gradient, on_any_threads, rule, weight};
use dfdx::prelude::*;
use manga_expressions::net::ops::{self, Padding, Shape4};

/// Relative to the norm of the result: rounding to 32 bits is worth 3e-8, and adds up with the root of the number of
/// terms in a sum, up to some thousand here.
const TOLERANCE: f64 = 2e-6;

/// The same where Winograd's transforms add and take away numbers larger than the result.
const WINOGRAD_TOLERANCE: f64 = 1e-5;

fn distance(got: &[f32], wanted: &[f64]) -> f64 {
    assert_eq!(got.len(), wanted.len());
    let error: f64 = got.iter().zip(wanted).map(|(g, w)| (*g as f64 - w).powi(2)).sum();
    let distance = error.sqrt() / wanted.iter().map(|w| w * w).sum::<f64>().sqrt().max(f64::MIN_POSITIVE);
    if distance.is_nan() { f64::INFINITY } else { distance }
}

fn check(x: Shape4, kernel: [usize; 4], stride: usize, sides: [usize; 4]) {
    let sizes = Convolution { x, kernel, stride, sides };
    let (name, output) = (format!("{sizes:?}"), sizes.output());
    let least = if kernel[..2] == [3, 3] { 32 } else { 16 };
    let square = kernel[..2] == [3, 3] || kernel[..2] == [5, 5];
    let winograd = square && stride == 1 && kernel[2] >= least && kernel[3] >= 32;
    let tolerance = if winograd { WINOGRAD_TOLERANCE } else { TOLERANCE };
    let x_values = rule::values("x", x.num_elements());
    let (w, bias) = (
        weight("weight", &kernel, rule::values("weight", kernel.iter().product())),
        weight("bias", &[kernel[3]], rule::values("bias", kernel[3])),
    );
    let bias_values = bias.values();
    let residual = rule::values("residual", output.num_elements());
    let cotangent = rule::values("cotangent", output.num_elements());

    let run = |with_bias: bool, with_residual: bool| {
        let (x, residual) = (ops::tensor(x_values.clone(), x), ops::tensor(residual.clone(), output));
        let start = |x: &ops::Tensor4| ops::start(x.clone(), true, true);
        let (bias, added) = (with_bias.then_some(&bias), with_residual.then(|| start(&residual)));
        let y = ops::conv2d(start(&x), &w, bias, added, stride, Padding::Sides(sides)).unwrap();
        let y_values = y.as_vec();
        let mut gradients = backward(y, &cotangent);
        let mut results = vec![y_values, gradient(&mut gradients, &x), gradient(&mut gradients, w.tensor())];
        results.extend(bias.map(|bias| gradient(&mut gradients, bias.tensor())));
        results.extend(with_residual.then(|| gradient(&mut gradients, &residual)));
        results
    };

    let product = sizes.forward(&x_values, &w.values());
    let (gx, gw) = sizes.backward(&x_values, &w.values(), &cotangent);
    let mut gb = vec![0.0; kernel[3]];
    cotangent.iter().enumerate().for_each(|(i, g)| gb[i % kernel[3]] += *g as f64);
    let gr: Vec<f64> = cotangent.iter().map(|g| *g as f64).collect();
    for (with_bias, with_residual) in [(false, false), (true, false), (false, true), (true, true)] {
        let mut y = product.clone();
        for (i, y) in y.iter_mut().enumerate() {
            *y += if with_bias { bias_values[i % kernel[3]] as f64 } else { 0.0 };
            *y += if with_residual { residual[i] as f64 } else { 0.0 };
        }
        let mut wanted = vec![("output", &y), ("gradient of x", &gx), ("gradient of the weight", &gw)];
        wanted.extend(with_bias.then_some(("gradient of the bias", &gb)));
        wanted.extend(with_residual.then_some(("gradient of the residual", &gr)));
        let name = format!("{name}, bias: {with_bias}, residual: {with_residual}");
        let results = on_any_threads(&name, || run(with_bias, with_residual));
        assert_eq!(results.len(), wanted.len());
        for (got, (what, wanted)) in results.iter().zip(wanted) {
            let distance = distance(got, wanted);
            assert!(distance < tolerance, "{name}: the {what} is off by {distance:.1e}");
        }
    }
}

const NONE: [usize; 4] = [0; 4];

/// 1x1 without stride and padding: the image is its own matrix of patches.
#[test]
fn pointwise() {
    // Few pixels: one product, cut by rows (pixels) into 1, 2, 4 and 8 jobs.
    check((1, 3, 3, 5), [1, 1, 5, 4], 1, NONE);
    check((5, 3, 3, 20), [1, 1, 20, 30], 1, NONE);
    check((1, 17, 31, 3), [1, 1, 3, 2], 1, NONE);
    check((1, 32, 32, 9), [1, 1, 9, 17], 1, NONE);
    // The same, cut by columns (channels) into 1, 2, 4 and 8 jobs; also back to the input, where it has more channels.
    check((3, 1, 1, 40), [1, 1, 40, 50], 1, NONE);
    check((3, 1, 1, 300), [1, 1, 300, 70], 1, NONE);
    check((3, 1, 1, 520), [1, 1, 520, 33], 1, NONE);
    check((1, 2, 3, 37), [1, 1, 37, 1030], 1, NONE);
    // 16 jobs, of pixels and of channels.
    check((1, 91, 91, 2), [1, 1, 2, 3], 1, NONE);
    check((1, 1, 2, 2), [1, 1, 2, 8200], 1, NONE);
    // Many pixels, in jobs of whole rows.
    check((3, 19, 23, 33), [1, 1, 33, 20], 1, NONE);
    check((1, 70, 70, 70), [1, 1, 70, 9], 1, NONE);
    // More than 65,536 weights: their gradient as one product, cut by rows and by columns.
    check((2, 5, 5, 270), [1, 1, 270, 250], 1, NONE);
    check((1, 3, 3, 130), [1, 1, 130, 600], 1, NONE);
    // More images than the 8 parts in which the gradient of fewer weights is summed.
    check((11, 3, 2, 7), [1, 1, 7, 5], 1, NONE);
}

/// At most 1024 output pixels and two million values of patches, which are laid out once.
#[test]
fn few_pixels() {
    check((1, 1, 1, 1), [3, 3, 1, 1], 1, [1; 4]);
    check((2, 9, 7, 5), [3, 3, 5, 6], 1, [1; 4]);
    check((2, 6, 5, 3), [2, 4, 3, 7], 1, [0, 1, 3, 2]);
    check((1, 7, 8, 4), [5, 5, 4, 3], 2, [4, 0, 1, 2]);
    check((2, 10, 11, 3), [3, 2, 3, 2], 3, [0, 2, 0, 1]);
    // A 1x1 that is not pointwise: with a stride, or with padding.
    check((2, 9, 7, 6), [1, 1, 6, 5], 2, NONE);
    check((2, 4, 3, 6), [1, 1, 6, 5], 1, [1, 0, 2, 0]);
    // The product cut by columns.
    check((1, 3, 2, 5), [3, 3, 5, 300], 1, [1; 4]);
    // The gradient of the input in jobs of several images, the last with fewer; the weight's in 8 uneven parts.
    check((20, 3, 5, 3), [3, 3, 3, 4], 1, [1; 4]);
    check((11, 6, 4, 3), [3, 3, 3, 4], 2, [0, 1, 0, 1]);
    // At least 64 channels: the gradient of the input in jobs of channels, the last with fewer.
    check((3, 5, 4, 70), [3, 3, 70, 6], 1, [1; 4]);
    check((2, 7, 5, 67), [3, 3, 67, 5], 2, [2, 0, 0, 1]);
    check((1, 4, 3, 600), [3, 3, 600, 5], 1, [1; 4]);
    // The same with more than 65,536 weights, whose gradient comes in jobs of rows, the last with fewer.
    check((2, 7, 7, 300), [1, 1, 300, 230], 2, NONE);
    check((2, 4, 5, 90), [3, 3, 90, 90], 2, [1, 2, 0, 1]);
    check((1, 5, 4, 40), [3, 3, 40, 190], 1, [1; 4]);
}

/// More: patches are laid out a job at a time.
#[test]
fn many_pixels() {
    check((3, 25, 21, 10), [3, 3, 10, 7], 1, [1; 4]);
    check((3, 40, 51, 5), [3, 3, 5, 9], 2, [0, 1, 2, 0]);
    check((1, 80, 75, 3), [2, 3, 3, 4], 2, [1, 0, 2, 3]);
    // A stem, whose patches do not fit into one step of a job, forward or backward.
    check((1, 40, 50, 3), [7, 7, 3, 5], 1, [3; 4]);
    check((2, 67, 61, 3), [7, 7, 3, 8], 2, [3, 3, 2, 4]);
    check((9, 37, 50, 3), [7, 7, 3, 2], 1, [3; 4]);
    // Neither do those of a job of two images.
    check((9, 10, 15, 30), [7, 7, 30, 3], 1, [3; 4]);
    // Few pixels of large patches.
    check((1, 30, 30, 260), [3, 3, 260, 3], 1, [1; 4]);
    // More than 65,536 weights and more than one step of pixels.
    check((2, 24, 24, 113), [3, 3, 113, 65], 1, [1; 4]);
}

/// 3x3 without stride, with channels and tiles enough for Winograd's way: tiles that fit and tiles that hang over, all
/// paddings up to 2, channels that are no multiple of the lanes.
#[test]
fn winograd() {
    check((2, 16, 16, 32), [3, 3, 32, 32], 1, [1; 4]);
    check((3, 14, 13, 35), [3, 3, 35, 40], 1, [1; 4]);
    check((3, 15, 15, 40), [3, 3, 40, 33], 1, [0; 4]);
    check((2, 13, 15, 33), [3, 3, 33, 50], 1, [2, 0, 1, 2]);
    // Several jobs, of which the last has fewer tiles.
    check((5, 41, 43, 64), [3, 3, 64, 96], 1, [1; 4]);
    // Fewer tiles than channels, which are cut into several ranges, the last with fewer: forward, backward and both.
    check((4, 11, 12, 40), [3, 3, 40, 130], 1, [1; 4]);
    check((4, 11, 12, 130), [3, 3, 130, 40], 1, [1; 4]);
    check((2, 16, 16, 150), [3, 3, 150, 100], 1, [1; 4]);
    // More tiles than the gradient of the kernel takes at a time.
    check((3, 83, 80, 32), [3, 3, 32, 32], 1, [1; 4]);
}

/// The same of 5x5, in tiles of 2x2.
#[test]
fn winograd_of_five() {
    check((2, 16, 16, 16), [5, 5, 16, 32], 1, [2; 4]);
    check((3, 9, 8, 19), [5, 5, 19, 37], 1, [2; 4]);
    check((2, 13, 12, 33), [5, 5, 33, 40], 1, [0; 4]);
    check((2, 9, 11, 24), [5, 5, 24, 64], 1, [4, 1, 3, 0]);
    check((2, 8, 10, 20), [5, 5, 20, 100], 1, [2; 4]);
    check((2, 8, 10, 100), [5, 5, 100, 33], 1, [2; 4]);
    check((3, 45, 40, 32), [5, 5, 32, 64], 1, [2; 4]);
}
