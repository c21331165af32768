//! What goes on the tape: everything whose gradient is wanted, and nothing else.

mod common;

use common::{backward, gradient, rule, weight};
use dfdx::prelude::*;
use manga_expressions::net::ops::{self, Activation, BatchNorm, Padding, Parameter, Role, Shape4};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

const SHAPE: Shape4 = (2, 4, 3, 5);

fn input(record: bool, input_gradient: bool) -> Activation {
    ops::start(ops::tensor(rule::values("x", SHAPE.num_elements()), SHAPE), record, input_gradient)
}

/// A weight of an operation from 5 channels to 5, frozen or not.
fn parameter(name: &str, shape: &[usize], trainable: bool) -> Parameter {
    let mut parameter = weight(name, shape, rule::values(name, shape.iter().product()));
    parameter.trainable = trainable;
    parameter
}

/// The parameters of a convolution, a linear layer and a batch norm, and those operations.
struct Learnt {
    kernel: Parameter,
    matrix: Parameter,
    gamma: Parameter,
    bias: Parameter,
    statistics: [Parameter; 2],
    recomputed: bool,
}

impl Learnt {
    fn new(weights: bool, bias: bool) -> Self {
        let statistic = |name| Parameter::new(name, Role::Statistic, &[5], vec![1.0; 5]);
        Learnt {
            kernel: parameter("kernel", &[3, 3, 5, 5], weights),
            matrix: parameter("matrix", &[60, 5], weights),
            gamma: parameter("gamma", &[5], weights),
            bias: parameter("bias", &[5], bias),
            statistics: [statistic("running_mean"), statistic("running_var")],
            recomputed: false,
        }
    }

    fn conv2d(&self, x: Activation, residual: Option<Activation>) -> Activation {
        ops::conv2d(x, &self.kernel, Some(&self.bias), residual, 1, Padding::Same).unwrap()
    }

    fn linear(&self, x: Activation) -> Activation {
        ops::linear(x, &self.matrix, Some(&self.bias)).unwrap()
    }

    fn batch_norm(&mut self, x: Activation, residual: Option<Activation>) -> Activation {
        let [running_mean, running_var] = &mut self.statistics;
        let (gamma, beta) = (&self.gamma, &self.bias);
        let (epsilon, momentum, recomputed, unbiased) = (1e-3, 0.9, self.recomputed, false);
        let norm = BatchNorm { gamma, beta, running_mean, running_var, epsilon, momentum, recomputed, unbiased };
        ops::batch_norm(x, norm, residual, true, true).unwrap()
    }

    /// The output of each of the three, with its name.
    fn all(&mut self, x: impl Fn() -> Activation) -> [(&'static str, Activation); 3] {
        [("conv2d", self.conv2d(x(), None)), ("linear", self.linear(x())), ("batch_norm", self.batch_norm(x(), None))]
    }
}

/// Whether operations are recorded, and whether a gradient is wanted of this tensor.
fn state(x: Activation) -> (bool, bool) {
    let (_, recorder) = x.split_tape();
    (recorder.is_recording(), recorder.carries_gradient())
}

/// The operations without parameters.
fn without_parameters(x: impl Fn() -> Activation) -> Vec<(&'static str, Activation)> {
    vec![
        ("relu", ops::relu(x())),
        ("elu", ops::elu(x())),
        ("flatten", ops::flatten(x())),
        ("zero_pad", ops::zero_pad(x(), [1; 4])),
        ("max_pool", ops::max_pool(x(), (2, 2), 2, Padding::Valid).unwrap()),
        ("avg_pool", ops::avg_pool(x(), (2, 2), 2, Padding::Valid, true).unwrap()),
        ("global_avg_pool", ops::global_avg_pool(x()).unwrap()),
        ("adaptive_avg_pool", ops::adaptive_avg_pool(x(), 2).unwrap()),
        ("average", ops::average(vec![x(), x()]).unwrap()),
        ("dropout", ops::dropout(x(), 0.5, &mut ChaCha8Rng::seed_from_u64(1)).unwrap()),
        ("concat", ops::concat(vec![x(), x()]).unwrap()),
        ("fork", ops::fork(x()).0),
        ("the other of fork", ops::fork(x()).1),
    ]
}

#[test]
fn a_pass_without_a_tape_stays_without() {
    for (name, y) in without_parameters(|| input(false, false)) {
        assert_eq!(state(y), (false, false), "{name}");
    }
    for (name, y) in Learnt::new(true, true).all(|| input(false, false)) {
        assert_eq!(state(y), (false, false), "{name}");
    }
    // A gradient of the input is not wanted where nothing is recorded.
    assert_eq!(state(input(false, true)), (false, false));
}

#[test]
fn operations_on_an_input_are_not_recorded_unless_its_gradient_is_wanted() {
    for (name, y) in without_parameters(|| input(true, false)) {
        assert_eq!(state(y), (true, false), "{name}");
    }
    for (name, y) in without_parameters(|| input(true, true)) {
        assert_eq!(state(y), (true, true), "{name}");
    }
}

#[test]
fn an_operation_is_recorded_for_its_parameters_or_its_input_or_not_at_all() {
    for (weights, bias) in [(true, true), (true, false), (false, true), (false, false)] {
        for (name, y) in Learnt::new(weights, bias).all(|| input(true, false)) {
            assert_eq!(state(y), (true, weights || bias), "{name}, trainable: {weights}, {bias}");
        }
        for (name, y) in Learnt::new(weights, bias).all(|| input(true, true)) {
            assert_eq!(state(y), (true, true), "{name}, trainable: {weights}, {bias}");
        }
    }
    // For a residual too.
    let mut frozen = Learnt::new(false, false);
    for carries in [true, false] {
        assert_eq!(state(frozen.conv2d(input(true, false), Some(input(true, carries)))), (true, carries));
        assert_eq!(state(frozen.batch_norm(input(true, false), Some(input(true, carries)))), (true, carries));
    }
}

#[test]
fn frozen_parameters_get_no_gradient_and_hold_back_nobody_elses() {
    let x = ops::tensor(rule::values("x", SHAPE.num_elements()), SHAPE);
    for operation in 0..3 {
        let gradients = |[of_x, of_weight, of_bias]: [bool; 3]| {
            let mut learnt = Learnt::new(of_weight, of_bias);
            let y = learnt.all(|| ops::start(x.clone(), true, of_x)).into_iter().nth(operation).unwrap().1;
            let mut gradients = backward(y, &rule::values("cotangent", [120, 10, 120][operation]));
            let weight = [&learnt.kernel, &learnt.matrix, &learnt.gamma][operation].tensor();
            let bias = learnt.bias.tensor();
            [gradient(&mut gradients, &x), gradient(&mut gradients, weight), gradient(&mut gradients, bias)]
        };
        let all = gradients([true; 3]);
        for wanted in [[true, true, false], [true, false, true], [false, true, true], [false, false, true]] {
            for (i, (got, whole)) in gradients(wanted).iter().zip(&all).enumerate() {
                if wanted[i] {
                    assert_eq!(got, whole, "operation {operation}, gradient {i} of {wanted:?}");
                    assert!(whole.iter().any(|g| *g != 0.0));
                } else {
                    assert!(got.iter().all(|g| *g == 0.0), "operation {operation}, gradient {i} of {wanted:?}");
                }
            }
        }
    }
}

#[test]
fn what_is_computed_again_gives_the_gradients_of_what_is_kept() {
    let gradients = |recomputed: bool, twice: bool| {
        let mut learnt = Learnt { recomputed, ..Learnt::new(true, true) };
        let start = input(true, true).split_tape().0;
        let y = learnt.batch_norm(ops::start(start.clone(), true, true), None);
        // The convolution alone, or beside another operation that keeps the values.
        let y = if twice {
            let (y, twin) = ops::fork(y);
            let y = learnt.conv2d(y, None);
            ops::concat(vec![y, ops::elu(twin)]).unwrap()
        } else {
            learnt.conv2d(y, None)
        };
        let cotangent = rule::values("cotangent", y.shape().num_elements());
        let values = y.as_vec();
        let mut all = backward(y, &cotangent);
        let of = [&learnt.kernel, &learnt.gamma, &learnt.bias].map(|p| gradient(&mut all, p.tensor()));
        (values, gradient(&mut all, &start), of)
    };
    for twice in [false, true] {
        assert_eq!(gradients(true, twice), gradients(false, twice));
    }
}
