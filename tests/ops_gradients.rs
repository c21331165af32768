//! Gradients of every operation against differences of its output along random directions, at odd sizes.

mod common;

use common::{backward, dot, gradient, norm, rule, weight};
use dfdx::prelude::*;
use manga_expressions::net::ops::{self, Activation, BatchNorm, Padding, Parameter, Role, Shape4, Tensor4};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// An operation of several tensors, each given as its values: the output, and where to find the gradients.
type Operation<'a> = &'a dyn Fn(&[Vec<f32>]) -> (Activation, Vec<Leaf>);

/// A tensor whose gradient is wanted.
enum Leaf {
    Tensor(Tensor4),
    Parameter(Parameter),
}

impl Leaf {
    fn gradient(&self, gradients: &mut Gradients<f32, Cpu>) -> Vec<f32> {
        match self {
            Leaf::Tensor(x) => gradient(gradients, x),
            Leaf::Parameter(p) => gradient(gradients, p.tensor()),
        }
    }
}

/// `x` as an operation takes it, and as a leaf.
fn traced(values: &[f32], shape: Shape4) -> (Activation, Leaf) {
    let x = ops::tensor(values.to_vec(), shape);
    (ops::start(x.clone(), true, true), Leaf::Tensor(x))
}

/// Half the distance between the points of a difference. Operations are linear or as good as linear over it, and so
/// large that rounding to 32 bits does not matter.
const STEP: f32 = 1.0 / 64.0;

/// Compares the gradient along a random direction, for each of the `inputs` alone, with the difference of
/// `sum(y * cotangent)` between the two sides; of fourth order, as batch norm is curved.
fn check(name: &str, inputs: &[Vec<f32>], operation: Operation) {
    let (y, leaves) = operation(inputs);
    let cotangent = rule::values("cotangent", y.shape().num_elements());
    let mut gradients = backward(y, &cotangent);
    assert_eq!(leaves.len(), inputs.len());
    for (input, leaf) in leaves.iter().enumerate() {
        let gradient = leaf.gradient(&mut gradients);
        for seed in 0..3 {
            let direction = rule::values(&format!("direction {seed}"), gradient.len());
            let loss = |steps: f32| {
                let mut inputs = inputs.to_vec();
                for (x, d) in inputs[input].iter_mut().zip(&direction) {
                    *x += steps * STEP * *d;
                }
                dot(&operation(&inputs).0.as_vec(), &cotangent)
            };
            let (near, far) = (loss(1.0) - loss(-1.0), loss(2.0) - loss(-2.0));
            let difference = (8.0 * near - far) / (12.0 * STEP as f64);
            let slope = dot(&gradient, &direction);
            // A slope is about half the gradient's norm; of a gradient that is nearly zero only rounding can be seen.
            let size = norm(&gradient) + norm(&cotangent) * 1e-2;
            let error = (slope - difference).abs() / size;
            assert!(error < 3e-4, "{name}, input {input}: slope {slope}, difference {difference}, error {error:.1e}");
        }
    }
}

/// Values filled under a name.
fn values(name: &str, len: usize) -> Vec<f32> {
    rule::values(name, len)
}

/// Values that keep away from zero, so that a step does not cross it.
fn away_from_zero(name: &str, len: usize) -> Vec<f32> {
    values(name, len).iter().map(|v| v + 0.125f32.copysign(*v)).collect()
}

/// Values that keep away from each other, in the order of random ones.
fn away_from_each_other(len: usize) -> Vec<f32> {
    let random = values("x", len);
    let rank = |v: &f32| random.iter().filter(|other| *other < v).count();
    random.iter().map(|v| rank(v) as f32 / 8.0 - 1.0).collect()
}

fn size(shape: Shape4) -> usize {
    shape.num_elements()
}

#[test]
fn convolution() {
    // x, weight, stride, padding
    type Sizes = (Shape4, [usize; 4], usize, Padding);
    let cases: [Sizes; 12] = [
        ((1, 1, 1, 1), [1, 1, 1, 1], 1, Padding::Valid),
        ((1, 1, 1, 1), [3, 3, 1, 1], 1, Padding::Around(1)),
        ((1, 5, 7, 1), [3, 3, 1, 1], 2, Padding::Around(1)),
        ((3, 5, 4, 3), [1, 1, 3, 5], 1, Padding::Valid),
        ((2, 5, 7, 3), [1, 1, 3, 5], 2, Padding::Valid),
        ((1, 7, 8, 2), [1, 1, 2, 3], 3, Padding::Valid),
        ((3, 5, 6, 3), [3, 3, 3, 2], 1, Padding::Same),
        ((1, 6, 8, 3), [3, 3, 3, 2], 2, Padding::Same),
        ((2, 8, 7, 2), [3, 2, 2, 3], 3, Padding::Sides([2, 0, 0, 1])),
        ((1, 4, 3, 2), [3, 3, 2, 3], 1, Padding::Sides([0, 3, 2, 1])),
        ((1, 9, 7, 1), [7, 7, 1, 3], 2, Padding::Around(3)),
        ((9, 3, 5, 67), [3, 3, 67, 3], 2, Padding::Around(1)),
    ];
    for (shape, kernel, stride, padding) in cases {
        let name = format!("{shape:?} under {kernel:?}, stride {stride}, {padding:?}");
        let output = {
            let w = weight("weight", &kernel, vec![0.0; kernel.iter().product()]);
            let x = ops::start(ops::tensor(vec![0.0; size(shape)], shape), false, false);
            *ops::conv2d(x, &w, None, None, stride, padding).unwrap().shape()
        };
        let inputs = [
            values("x", size(shape)),
            values("weight", kernel.iter().product()),
            values("bias", kernel[3]),
            values("residual", size(output)),
        ];
        check(&name, &inputs, &|v| {
            let ((x, x_leaf), (residual, residual_leaf)) = (traced(&v[0], shape), traced(&v[3], output));
            let (w, b) = (weight("weight", &kernel, v[1].clone()), weight("bias", &[kernel[3]], v[2].clone()));
            let y = ops::conv2d(x, &w, Some(&b), Some(residual), stride, padding).unwrap();
            (y, vec![x_leaf, Leaf::Parameter(w), Leaf::Parameter(b), residual_leaf])
        });
    }
}

#[test]
fn linear_layer() {
    for (shape, outputs) in [((1, 1, 1, 1), 1), ((3, 1, 1, 5), 7), ((2, 3, 1, 2), 1)] {
        let features = shape.1 * shape.2 * shape.3;
        let inputs = [values("x", size(shape)), values("weight", features * outputs), values("bias", outputs)];
        check(&format!("{shape:?} to {outputs}"), &inputs, &|v| {
            let (x, leaf) = traced(&v[0], shape);
            let w = weight("weight", &[features, outputs], v[1].clone());
            let b = weight("bias", &[outputs], v[2].clone());
            let y = ops::linear(x, &w, Some(&b)).unwrap();
            (y, vec![leaf, Leaf::Parameter(w), Leaf::Parameter(b)])
        });
    }
}

/// Batch norm of `v`: x, gamma, beta and, if there is a fourth, a residual.
fn norm_of(v: &[Vec<f32>], shape: Shape4, training: bool, relu: bool) -> (Activation, Vec<Leaf>) {
    let c = shape.3;
    let (x, x_leaf) = traced(&v[0], shape);
    let (gamma, beta) = (weight("gamma", &[c], v[1].clone()), weight("beta", &[c], v[2].clone()));
    let (residual, residual_leaf) = v.get(3).map(|r| traced(r, shape)).unzip();
    let mut running_mean = Parameter::new("running_mean", Role::Statistic, &[c], values("running_mean", c));
    let running_var = rule::filled("running_var", c, 0.5, 1.0);
    let mut running_var = Parameter::new("running_var", Role::Statistic, &[c], running_var);
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
    let y = ops::batch_norm(x, norm, residual, training, relu).unwrap();
    let leaves = [x_leaf, Leaf::Parameter(gamma), Leaf::Parameter(beta)];
    (y, leaves.into_iter().chain(residual_leaf).collect())
}

#[test]
fn batch_normalisation() {
    for training in [true, false] {
        for shape in [(1, 3, 5, 1), (2, 3, 3, 5), (7, 1, 1, 3), (1, 1, 9, 2), (3, 7, 7, 11)] {
            let c = shape.3;
            let mut inputs =
                vec![rule::filled("x", size(shape), 2.0, 0.5), rule::filled("gamma", c, 0.5, 1.0), values("beta", c)];
            let name = format!("{shape:?}, {}", if training { "training" } else { "inference" });
            check(&name, &inputs, &|v| norm_of(v, shape, training, false));

            inputs.push(values("residual", size(shape)));
            check(&format!("{name}, residual"), &inputs, &|v| norm_of(v, shape, training, false));

            // What comes before the ReLU keeps a quarter away from zero: a step moves it by less.
            let before: Vec<f32> = values("before", size(shape)).iter().map(|v| v + 0.25f32.copysign(*v)).collect();
            let normed = norm_of(&inputs[..3], shape, training, false).0.as_vec();
            inputs[3] = before.iter().zip(&normed).map(|(b, n)| b - n).collect();
            let passed = norm_of(&inputs, shape, training, true).0.as_vec();
            assert!(passed.iter().zip(&before).all(|(p, b)| (p - b.max(0.0)).abs() < 1e-5), "{name}: ReLU");
            check(&format!("{name}, residual and ReLU"), &inputs, &|v| norm_of(v, shape, training, true));
        }
    }
}

#[test]
fn relu_passes_the_gradient_above_zero_only() {
    for shape in [(1, 1, 1, 1), (2, 3, 5, 3)] {
        check(&format!("{shape:?}"), &[away_from_zero("x", size(shape))], &|v| {
            let (x, leaf) = traced(&v[0], shape);
            (ops::relu(x), vec![leaf])
        });
    }
}

#[test]
fn exponential_linear_unit() {
    for shape in [(1, 1, 1, 1), (2, 3, 5, 3)] {
        check(&format!("{shape:?}"), &[away_from_zero("x", size(shape))], &|v| {
            let (x, leaf) = traced(&v[0], shape);
            (ops::elu(x), vec![leaf])
        });
    }
}

#[test]
fn flattening() {
    for shape in [(1, 1, 1, 1), (2, 3, 5, 3)] {
        check(&format!("{shape:?}"), &[values("x", size(shape))], &|v| {
            let (x, leaf) = traced(&v[0], shape);
            (ops::flatten(x), vec![leaf])
        });
    }
}

/// Image, window, stride and padding of a pooling.
type Window = (Shape4, (usize, usize), usize, Padding);

fn windows() -> [Window; 8] {
    [
        ((1, 1, 1, 1), (1, 1), 1, Padding::Valid),
        ((1, 1, 1, 1), (3, 3), 2, Padding::Around(1)),
        ((2, 5, 7, 3), (3, 3), 2, Padding::Same),
        ((1, 6, 4, 3), (3, 3), 2, Padding::Same),
        ((1, 5, 7, 2), (2, 2), 2, Padding::Valid),
        ((2, 5, 7, 2), (1, 1), 2, Padding::Valid),
        ((1, 7, 8, 1), (2, 3), 3, Padding::Sides([1, 0, 2, 1])),
        ((3, 4, 5, 2), (3, 2), 1, Padding::Sides([2, 1, 0, 1])),
    ]
}

#[test]
fn maximum_over_windows() {
    for (shape, window, stride, padding) in windows() {
        check(&format!("{shape:?} under {window:?}"), &[away_from_each_other(size(shape))], &|v| {
            let (x, leaf) = traced(&v[0], shape);
            (ops::max_pool(x, window, stride, padding).unwrap(), vec![leaf])
        });
    }
}

#[test]
fn mean_over_windows() {
    for (shape, window, stride, padding) in windows() {
        for count_padding in [true, false] {
            check(&format!("{shape:?} under {window:?}"), &[values("x", size(shape))], &|v| {
                let (x, leaf) = traced(&v[0], shape);
                (ops::avg_pool(x, window, stride, padding, count_padding).unwrap(), vec![leaf])
            });
        }
    }
}

#[test]
fn mean_over_images() {
    for shape in [(1, 1, 1, 1), (3, 5, 7, 3), (1, 17, 1, 1)] {
        check(&format!("{shape:?}"), &[values("x", size(shape))], &|v| {
            let (x, leaf) = traced(&v[0], shape);
            (ops::global_avg_pool(x).unwrap(), vec![leaf])
        });
    }
}

#[test]
fn mean_over_fields_of_a_grid() {
    for (shape, grid) in [((1, 1, 1, 1), 1), ((3, 5, 7, 3), 3), ((2, 6, 4, 2), 2), ((1, 2, 3, 5), 4)] {
        check(&format!("{shape:?} over {grid} x {grid}"), &[values("x", size(shape))], &|v| {
            let (x, leaf) = traced(&v[0], shape);
            (ops::adaptive_avg_pool(x, grid).unwrap(), vec![leaf])
        });
    }
}

#[test]
fn mean_of_tensors() {
    let shape = (2, 3, 1, 5);
    for count in [1, 2, 3] {
        let inputs: Vec<Vec<f32>> = (0..count).map(|i| values(&format!("input {i}"), size(shape))).collect();
        check(&format!("{count} tensors"), &inputs, &|v| {
            let (inputs, leaves) = v.iter().map(|v| traced(v, shape)).unzip();
            (ops::average(inputs).unwrap(), leaves)
        });
    }
}

#[test]
fn zero_padding() {
    for (shape, sides) in [((1, 1, 1, 1), [1; 4]), ((2, 3, 5, 3), [0, 2, 3, 1]), ((3, 2, 1, 2), [0; 4])] {
        check(&format!("{shape:?} with {sides:?}"), &[values("x", size(shape))], &|v| {
            let (x, leaf) = traced(&v[0], shape);
            (ops::zero_pad(x, sides), vec![leaf])
        });
    }
}

#[test]
fn concatenation() {
    let (a, b, c) = ((2, 3, 5, 1), (2, 3, 5, 4), (2, 3, 5, 2));
    check("three", &[values("a", size(a)), values("b", size(b)), values("c", size(c))], &|v| {
        let (inputs, leaves) = [a, b, c].iter().zip(v).map(|(shape, v)| traced(v, *shape)).unzip();
        (ops::concat(inputs).unwrap(), leaves)
    });
}

#[test]
fn dropout_with_the_same_seed() {
    for (shape, rate) in [((1, 1, 1, 1), 0.0), ((2, 3, 5, 3), 0.5), ((1, 5, 1, 7), 0.9)] {
        check(&format!("{shape:?} at {rate}"), &[values("x", size(shape))], &|v| {
            let (x, leaf) = traced(&v[0], shape);
            (ops::dropout(x, rate, &mut ChaCha8Rng::seed_from_u64(7)).unwrap(), vec![leaf])
        });
    }
}

#[test]
fn dropout_keeps_the_mean_and_drops_its_fraction() {
    for rate in [0.1f32, 0.5, 0.8] {
        let x = ops::start(ops::tensor(vec![1.0; 40_000], (1, 200, 200, 1)), false, false);
        let y = ops::dropout(x, rate, &mut ChaCha8Rng::seed_from_u64(1)).unwrap().as_vec();
        let kept = 1.0 / (1.0 - rate);
        assert!(y.iter().all(|v| *v == 0.0 || *v == kept));
        // Five standard deviations of a fraction of 40,000.
        let fraction = y.iter().filter(|v| **v == 0.0).count() as f32 / 40_000.0;
        assert!((fraction - rate).abs() < 5.0 * (rate * (1.0 - rate) / 40_000.0).sqrt(), "{fraction} for {rate}");
    }
}

/// A tensor used twice gets the sum of both gradients, by whatever way they come.
#[test]
fn gradients_of_two_ways_add_up() {
    let shape = (2, 3, 5, 4);
    let kernel = [1, 1, 4, 4];
    check("residual block", &[away_from_zero("x", size(shape)), values("weight", 16)], &|v| {
        let (x, leaf) = traced(&v[0], shape);
        let w = weight("weight", &kernel, v[1].clone());
        let (x, shortcut) = ops::fork(ops::relu(x));
        let (x, aside) = ops::fork(ops::conv2d(x, &w, None, Some(shortcut), 1, Padding::Valid).unwrap());
        // The same weight a second time.
        let x = ops::conv2d(x, &w, None, None, 1, Padding::Valid).unwrap();
        (ops::concat(vec![x, aside]).unwrap(), vec![leaf, Leaf::Parameter(w)])
    });
}
