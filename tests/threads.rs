//! Results have the same bits on any number of threads (of convolutions, see conv_paths.rs).

mod common;

use common::{backward, gradient, on_any_threads, rule, weight};
use dfdx::prelude::*;
use manga_expressions::net::models::resnet50v2;
use manga_expressions::net::nn::{Mode, Pass};
use manga_expressions::net::ops::{self, Activation, BatchNorm, Padding, Parameter, Role, Shape4};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// Large enough that element by element and row by row there are several jobs, the last smaller.
const SHAPE: Shape4 = (5, 29, 31, 19);

/// Output and gradient of `operation` on several threads.
fn check(name: &str, operation: impl Fn(Activation) -> Activation + Sync) {
    on_any_threads(name, || {
        let x = ops::tensor(rule::values("x", SHAPE.num_elements()), SHAPE);
        let y = operation(ops::start(x.clone(), true, true));
        let values = y.as_vec();
        let mut gradients = backward(y, &rule::values("cotangent", values.len()));
        vec![values, gradient(&mut gradients, &x)]
    });
}

#[test]
fn operations_without_parameters() {
    check("relu", ops::relu);
    check("max_pool", |x| ops::max_pool(x, (3, 3), 2, Padding::Same).unwrap());
    check("avg_pool", |x| ops::avg_pool(x, (3, 3), 2, Padding::Same, false).unwrap());
    check("global_avg_pool", |x| ops::global_avg_pool(x).unwrap());
    check("adaptive_avg_pool", |x| ops::adaptive_avg_pool(x, 3).unwrap());
    check("average", |x| {
        let (a, b) = ops::fork(x);
        ops::average(vec![a, b]).unwrap()
    });
    check("zero_pad", |x| ops::zero_pad(x, [1, 0, 2, 1]));
    check("dropout", |x| ops::dropout(x, 0.5, &mut ChaCha8Rng::seed_from_u64(1)).unwrap());
    check("concat", |x| {
        let (a, b) = ops::fork(x);
        ops::concat(vec![a, b]).unwrap()
    });
}

#[test]
fn linear_layers() {
    for (n, inputs, outputs) in [(16, 2048, 7), (3, 700, 300), (300, 70, 40)] {
        on_any_threads(&format!("{n} x {inputs} to {outputs}"), || {
            let x = ops::tensor(rule::values("x", n * inputs), (n, 1, 1, inputs));
            let w = weight("weight", &[inputs, outputs], rule::values("weight", inputs * outputs));
            let b = weight("bias", &[outputs], rule::values("bias", outputs));
            let y = ops::linear(ops::start(x.clone(), true, true), &w, Some(&b)).unwrap();
            let values = y.as_vec();
            let mut gradients = backward(y, &rule::values("cotangent", values.len()));
            let [gw, gb] = [&w, &b].map(|p| gradient(&mut gradients, p.tensor()));
            vec![values, gradient(&mut gradients, &x), gw, gb]
        });
    }
}

#[test]
fn batch_normalisation() {
    for training in [true, false] {
        on_any_threads("batch_norm", || {
            let [x, residual] = ["x", "residual"].map(|n| ops::tensor(rule::values(n, SHAPE.num_elements()), SHAPE));
            let channels = SHAPE.3;
            let [gamma, beta] = ["gamma", "beta"].map(|n| weight(n, &[channels], rule::values(n, channels)));
            let [mut running_mean, mut running_var] =
                ["mean", "var"].map(|n| Parameter::new(n, Role::Statistic, &[channels], vec![1.0; channels]));
            let norm = BatchNorm {
                gamma: &gamma,
                beta: &beta,
                running_mean: &mut running_mean,
                running_var: &mut running_var,
                epsilon: 1e-3,
                momentum: 0.9,
                recomputed: false,
                unbiased: true,
            };
            let start = |x: &ops::Tensor4| ops::start(x.clone(), true, true);
            let y = ops::batch_norm(start(&x), norm, Some(start(&residual)), training, true).unwrap();
            let values = y.as_vec();
            let mut gradients = backward(y, &rule::values("cotangent", values.len()));
            let of_x = [&x, &residual].map(|x| gradient(&mut gradients, x));
            let of_parameters = [&gamma, &beta].map(|p| gradient(&mut gradients, p.tensor()));
            let statistics = [running_mean.values(), running_var.values()];
            [[values].as_slice(), &of_x, &of_parameters, &statistics].concat()
        });
    }
}

#[test]
fn a_training_step_of_a_resnet() {
    on_any_threads("resnet50v2", || {
        let (size, batch, classes) = (32, 3, 7);
        let mut network = resnet50v2((size, size, 3), classes, 1);
        let x = ops::tensor(rule::values("images", batch * size * size * 3), (batch, size, size, 3));
        let mut targets = vec![0.0; batch * classes];
        (0..batch).for_each(|image| targets[image * classes + 2 * image] = 1.0);
        let mut results = Vec::new();
        for _ in 0..2 {
            let logits = network.forward(x.clone(), &mut Pass::new(Mode::Training, 1)).unwrap();
            results.push(logits.as_vec());
            let (logits, recorder) = logits.split_tape();
            let targets = ops::tensor(targets.clone(), (batch, 1, 1, classes));
            let loss = cross_entropy_with_logits_loss(logits.put_tape(recorder.into_tape().unwrap()), targets);
            results.push(vec![loss.array()]);
            let mut gradients = loss.backward();
            for parameter in network.parameters_mut() {
                let mut values = parameter.values();
                if parameter.trainable {
                    let gradient = gradient(&mut gradients, parameter.tensor());
                    values.iter_mut().zip(&gradient).for_each(|(v, g)| *v -= 0.01 * g);
                    parameter.set_values(&values);
                }
                results.push(values);
            }
        }
        results
    });
}
