//! Shapes and settings that do not fit are errors that say where, never panics.

mod common;

use common::weight;
use dfdx::prelude::HasShape;
use manga_expressions::net::nn::{self, Layer};
use manga_expressions::net::ops::{self, Activation, BatchNorm, Padding, Parameter, Role, Shape4};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn input(shape: Shape4) -> Activation {
    let (n, h, w, c) = shape;
    ops::start(ops::tensor(vec![1.0; n * h * w * c], shape), true, true)
}

fn parameter(name: &str, shape: &[usize]) -> Parameter {
    weight(name, shape, vec![1.0; shape.iter().product()])
}

/// The message of the error, which has every part of `says` in it.
#[track_caller]
fn refused(result: manga_expressions::Result<Activation>, says: &[&str]) {
    let message = result.map(drop).expect_err("should be refused").to_string();
    for part in says {
        assert!(message.contains(part), "\"{part}\" is missing in: {message}");
    }
}

#[test]
fn convolution() {
    let conv = |x: Shape4, kernel: &[usize], stride, padding| {
        ops::conv2d(input(x), &parameter("stem.weight", kernel), None, None, stride, padding)
    };
    let x = (2, 5, 4, 3);
    refused(conv(x, &[3, 3, 2, 4], 1, Padding::Valid), &["stem.weight", "[3, 3, 2, 4]", "(2, 5, 4, 3)"]);
    refused(conv(x, &[3, 3, 3], 1, Padding::Valid), &["stem.weight", "4 axes", "[3, 3, 3]"]);
    refused(conv(x, &[6, 3, 3, 4], 1, Padding::Valid), &["stem.weight", "[6, 3, 3, 4]"]);
    refused(conv(x, &[3, 7, 3, 4], 1, Padding::Around(1)), &["stem.weight", "[3, 7, 3, 4]"]);
    refused(conv(x, &[3, 3, 3, 4], 0, Padding::Valid), &["stem.weight", "stride 0"]);
    refused(conv(x, &[3, 3, 3, 4], 0, Padding::Same), &["stem.weight", "stride 0"]);
    refused(conv((0, 5, 4, 3), &[3, 3, 3, 4], 1, Padding::Valid), &["stem.weight", "(0, 5, 4, 3)"]);
    // Nothing to convolve, or to convolve with.
    refused(conv((2, 0, 4, 3), &[1, 1, 3, 4], 1, Padding::Around(1)), &["stem.weight", "(2, 0, 4, 3)"]);
    refused(conv((2, 5, 0, 3), &[1, 1, 3, 4], 1, Padding::Same), &["stem.weight", "(2, 5, 0, 3)"]);
    refused(conv((2, 5, 4, 0), &[1, 1, 0, 4], 1, Padding::Valid), &["stem.weight", "[1, 1, 0, 4]"]);
    refused(conv(x, &[1, 1, 3, 0], 1, Padding::Valid), &["stem.weight", "[1, 1, 3, 0]"]);
    refused(conv(x, &[0, 3, 3, 4], 1, Padding::Valid), &["stem.weight", "[0, 3, 3, 4]"]);

    let kernel = parameter("stem.weight", &[3, 3, 3, 4]);
    let bias = parameter("stem.bias", &[3]);
    refused(ops::conv2d(input(x), &kernel, Some(&bias), None, 1, Padding::Valid), &["stem.bias", "3 values", "4"]);
    let residual = Some(input((2, 5, 4, 4)));
    refused(
        ops::conv2d(input(x), &kernel, None, residual, 1, Padding::Valid),
        &["stem.weight", "(2, 5, 4, 4)", "(2, 3, 2, 4)"],
    );
}

#[test]
fn linear_layer() {
    let linear = |x, matrix: &[usize], bias: &[usize]| {
        ops::linear(input(x), &parameter("fc.weight", matrix), Some(&parameter("fc.bias", bias)))
    };
    refused(linear((2, 1, 1, 5), &[4, 3], &[3]), &["fc.weight", "[4, 3]", "(2, 1, 1, 5)"]);
    refused(linear((2, 2, 1, 5), &[5, 3], &[3]), &["fc.weight", "[5, 3]", "(2, 2, 1, 5)"]);
    refused(linear((2, 1, 1, 5), &[15], &[3]), &["fc.weight", "[15]"]);
    refused(linear((2, 1, 1, 5), &[5, 3], &[5]), &["fc.bias", "5 values", "3 outputs"]);
    refused(linear((0, 1, 1, 5), &[5, 3], &[3]), &["fc.weight", "(0, 1, 1, 5)"]);
    refused(linear((2, 1, 1, 0), &[0, 3], &[3]), &["fc.weight", "(2, 1, 1, 0)"]);
    refused(linear((2, 1, 1, 5), &[5, 0], &[0]), &["fc.weight", "[5, 0]"]);
}

#[test]
fn batch_normalisation() {
    let x = (2, 3, 4, 5);
    let sizes = [5; 4];
    let norm = |x: Shape4, residual: Option<Shape4>, sizes: [usize; 4]| {
        let [gamma, beta] = [parameter("bn1.weight", &sizes[..1]), parameter("bn1.bias", &sizes[1..2])];
        let statistic = |name, len| Parameter::new(name, Role::Statistic, &[len], vec![1.0; len]);
        let (mut running_mean, mut running_var) = (statistic("mean", sizes[2]), statistic("var", sizes[3]));
        let norm = BatchNorm {
            gamma: &gamma,
            beta: &beta,
            running_mean: &mut running_mean,
            running_var: &mut running_var,
            epsilon: 1e-3,
            momentum: 0.99,
            recomputed: false,
            unbiased: false,
        };
        let result = ops::batch_norm(input(x), norm, residual.map(input), true, true);
        let untouched = running_mean.values().iter().chain(&running_var.values()).all(|v| *v == 1.0);
        assert!(result.is_ok() || untouched, "statistics were changed by a pass that failed");
        result
    };
    assert!(norm(x, Some(x), sizes).is_ok());
    for i in 0..4 {
        let mut wrong = sizes;
        wrong[i] = 4;
        refused(norm(x, None, wrong), &["bn1.weight", &format!("{wrong:?}"), "(2, 3, 4, 5)"]);
    }
    refused(norm(x, Some((2, 3, 4, 4)), sizes), &["bn1.weight", "(2, 3, 4, 4)", "(2, 3, 4, 5)"]);
    refused(norm(x, Some((1, 3, 4, 5)), sizes), &["bn1.weight", "(1, 3, 4, 5)"]);
    refused(norm((0, 3, 4, 5), None, sizes), &["bn1.weight", "(0, 3, 4, 5)"]);
    refused(norm((2, 3, 0, 5), None, sizes), &["bn1.weight", "(2, 3, 0, 5)"]);
    refused(norm((2, 3, 4, 0), None, [0; 4]), &["bn1.weight", "(2, 3, 4, 0)"]);
}

#[test]
fn pooling() {
    type Pool = fn(Shape4, (usize, usize), usize, Padding) -> manga_expressions::Result<Activation>;
    let max: Pool = |x, window, stride, padding| ops::max_pool(input(x), window, stride, padding);
    let mean: Pool = |x, window, stride, padding| ops::avg_pool(input(x), window, stride, padding, false);
    for pool in [max, mean] {
        let x = (2, 5, 4, 3);
        refused(pool(x, (6, 2), 1, Padding::Valid), &["(6, 2)", "(2, 5, 4, 3)"]);
        refused(pool(x, (2, 5), 1, Padding::Valid), &["(2, 5)", "(2, 5, 4, 3)"]);
        refused(pool(x, (2, 2), 0, Padding::Valid), &["stride 0"]);
        refused(pool(x, (2, 2), 0, Padding::Same), &["stride 0"]);
        refused(pool(x, (0, 2), 1, Padding::Valid), &["(0, 2)"]);
        refused(pool((2, 32, 32, 1), (16, 16), 1, Padding::Valid), &["(16, 16)"]);
        // A window wholly in the padding would have no value.
        refused(pool(x, (2, 2), 1, Padding::Around(2)), &["[2, 2, 2, 2]"]);
        refused(pool(x, (1, 1), 1, Padding::Sides([0, 0, 0, 1])), &["[0, 0, 0, 1]"]);
        for empty in [(0, 5, 4, 3), (2, 0, 4, 3), (2, 5, 0, 3), (2, 5, 4, 0)] {
            refused(pool(empty, (1, 1), 1, Padding::Same), &[&format!("{empty:?}")]);
        }
    }
    for empty in [(0, 5, 4, 3), (2, 0, 4, 3), (2, 5, 0, 3), (2, 5, 4, 0)] {
        refused(ops::global_avg_pool(input(empty)), &[&format!("{empty:?}")]);
        refused(ops::adaptive_avg_pool(input(empty), 1), &[&format!("{empty:?}")]);
    }
    for grid in [0, 256] {
        refused(ops::adaptive_avg_pool(input((2, 5, 4, 3)), grid), &[&format!("{grid} x {grid}"), "(2, 5, 4, 3)"]);
    }
}

#[test]
fn averages() {
    refused(ops::average(vec![]), &["nothing to average"]);
    refused(ops::average(vec![input((2, 1, 1, 3)), input((2, 1, 1, 4))]), &["(2, 1, 1, 3)", "(2, 1, 1, 4)"]);
}

#[test]
fn concatenation() {
    refused(ops::concat(vec![]), &["nothing to concatenate"]);
    for other in [(1, 3, 4, 5), (2, 4, 4, 5), (2, 3, 3, 5)] {
        refused(ops::concat(vec![input((2, 3, 4, 2)), input(other)]), &["(2, 3, 4, 2)", &format!("{other:?}")]);
    }
}

#[test]
fn dropout() {
    for rate in [-0.1, 1.0, 1.5, f32::NAN] {
        let rng = &mut ChaCha8Rng::seed_from_u64(1);
        refused(ops::dropout(input((1, 2, 2, 1)), rate, rng), &["dropout rate", &rate.to_string()]);
    }
}

/// Operations that take any shape take empty ones too.
#[test]
fn nothing_at_all_passes() {
    for (empty, padded) in [
        ((0, 5, 4, 3), (0, 6, 7, 6)),
        ((2, 0, 4, 3), (2, 1, 7, 6)),
        ((2, 5, 0, 3), (2, 6, 3, 6)),
        ((2, 5, 4, 0), (2, 6, 7, 0)),
    ] {
        let y = ops::relu(ops::concat(vec![input(empty), input(empty)]).unwrap());
        assert_eq!(*ops::zero_pad(y, [1, 0, 2, 1]).shape(), padded);
    }
}

#[test]
fn a_relu_does_not_hide_what_is_not_a_number() {
    let x = || ops::start(ops::tensor(vec![f32::NAN, -1.0, 2.0], (1, 1, 3, 1)), false, false);
    let check = |y: Vec<f32>| assert!(y[0].is_nan() && y[1] == 0.0 && y[2] > 1.9, "{y:?}");
    check(ops::relu(x()).as_vec());

    let norm = nn::BatchNorm::new("bn", 1, 1e-5).relu();
    check(norm.forward(x(), &mut nn::Pass::new(nn::Mode::Inference, 0)).unwrap().as_vec());
}
