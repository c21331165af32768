//! Operations against PyTorch's and Keras's numbers in 64 bits (golden/ops.py).

mod common;

use common::golden::{self, numbers};
use common::{backward, gradient, rule, weight};
use dfdx::prelude::*;
use manga_expressions::net::ops::{self, Activation, BatchNorm, Padding, Parameter, Role, Tensor4};
use serde_json::Value;

/// A list of counts.
fn sizes(list: &Value) -> Vec<usize> {
    numbers(list).iter().map(|n| *n as usize).collect()
}

/// One case, and where our numbers were furthest from its own.
struct Case<'a> {
    json: &'a Value,
    worst: (f64, String),
}

impl Case<'_> {
    fn shape(&self, input: &str) -> Vec<usize> {
        golden::shape(&self.json["inputs"][input])
    }

    fn has(&self, input: &str) -> bool {
        self.json["inputs"].get(input).is_some()
    }

    fn values(&self, input: &str) -> Vec<f32> {
        golden::input(input, &self.json["inputs"][input])
    }

    /// The input as an activation would have it.
    fn tensor(&self, input: &str) -> Tensor4 {
        let &[n, h, w, c] = &self.shape(input)[..] else { panic!("{input} has four axes") };
        ops::tensor(self.values(input), (n, h, w, c))
    }

    fn parameter(&self, input: &str) -> Parameter {
        weight(input, &self.shape(input), self.values(input))
    }

    fn optional<T>(&self, input: &str, get: impl Fn(&Self, &str) -> T) -> Option<T> {
        self.has(input).then(|| get(self, input))
    }

    fn setting(&self, name: &str) -> &Value {
        &self.json["settings"][name]
    }

    fn flag(&self, name: &str) -> bool {
        self.setting(name).as_bool().unwrap_or(false)
    }

    fn stride(&self) -> usize {
        self.setting("stride").as_u64().unwrap() as usize
    }

    fn sides(&self) -> [usize; 4] {
        sizes(self.setting("padding")).try_into().unwrap()
    }

    fn kernel(&self) -> (usize, usize) {
        let kernel = sizes(self.setting("kernel"));
        (kernel[0], kernel[1])
    }

    fn compare(&mut self, what: &str, got: &[f32], kept: &Value) {
        assert!(!kept.is_null(), "{} is not in the file", what);
        let distance = golden::distance(got, kept, f64::MIN_POSITIVE);
        if distance >= self.worst.0 {
            self.worst = (distance, what.into());
        }
    }

    fn output(&mut self, name: &str, got: &[f32]) {
        let kept = &self.json["outputs"][name];
        self.compare(name, got, kept);
    }

    fn gradient(&mut self, name: &str, got: &[f32]) {
        let kept = &self.json["gradients"][name];
        self.compare(&format!("gradient of {name}"), got, kept);
    }

    /// Compares `y` and the gradients of all `tensors` and `parameters`, which are called as the inputs.
    fn check(&mut self, y: Activation, tensors: &[(&str, &Tensor4)], parameters: &[&Parameter]) {
        let &(n, h, w, c) = y.shape();
        assert_eq!([n, h, w, c][..], golden::shape(&self.json["outputs"]["y"]), "shape of the output");
        self.output("y", &y.as_vec());
        let mut gradients = backward(y, &rule::values("cotangent", n * h * w * c));
        for (name, x) in tensors {
            self.gradient(name, &gradient(&mut gradients, *x));
        }
        for parameter in parameters {
            self.gradient(&parameter.name, &gradient(&mut gradients, parameter.tensor()));
        }
        let known = self.json["gradients"].as_object().unwrap().len();
        assert_eq!(tensors.len() + parameters.len(), known, "number of gradients");
    }
}

/// The start of a recorded pass down to `x` itself.
fn traced(x: &Tensor4) -> Activation {
    ops::start(x.clone(), true, true)
}

fn conv2d(case: &mut Case) {
    let (x, weight) = (case.tensor("x"), case.parameter("weight"));
    let (bias, residual) = (case.optional("bias", Case::parameter), case.optional("residual", Case::tensor));
    let padding = Padding::Sides(case.sides());
    let y =
        ops::conv2d(traced(&x), &weight, bias.as_ref(), residual.as_ref().map(traced), case.stride(), padding).unwrap();
    let tensors: Vec<_> = [("x", &x)].into_iter().chain(residual.iter().map(|r| ("residual", r))).collect();
    let parameters: Vec<_> = [&weight].into_iter().chain(&bias).collect();
    case.check(y, &tensors, &parameters);
}

fn batch_norm(case: &mut Case) {
    let (x, gamma, beta) = (case.tensor("x"), case.parameter("gamma"), case.parameter("beta"));
    let residual = case.optional("residual", Case::tensor);
    for (manner, momentum, unbiased) in [("keras", 0.99, false), ("torch", 0.9, true)] {
        let statistic = |name: &str| Parameter::new(name, Role::Statistic, &case.shape(name), case.values(name));
        let (mut running_mean, mut running_var) = (statistic("running_mean"), statistic("running_var"));
        let norm = BatchNorm {
            gamma: &gamma,
            beta: &beta,
            running_mean: &mut running_mean,
            running_var: &mut running_var,
            epsilon: case.setting("epsilon").as_f64().unwrap() as f32,
            momentum,
            recomputed: false,
            unbiased,
        };
        let (training, relu) = (case.flag("training"), case.flag("relu"));
        let y = ops::batch_norm(traced(&x), norm, residual.as_ref().map(traced), training, relu).unwrap();
        let tensors: Vec<_> = [("x", &x)].into_iter().chain(residual.iter().map(|r| ("residual", r))).collect();
        case.check(y, &tensors, &[&gamma, &beta]);
        for statistic in [&running_mean, &running_var] {
            let name = format!("{manner}_{}", statistic.name);
            if !training {
                assert_eq!(statistic.values(), case.values(&statistic.name), "{name} stays in inference");
            } else if manner == "keras" || case.json["outputs"].get(&name).is_some() {
                // PyTorch refuses to take statistics of a single value.
                case.output(&name, &statistic.values());
            }
        }
    }
}

/// The padding of a pooling case; where it is Keras's "same", ours has to come to the same sides.
fn pool_padding(case: &Case) -> Padding {
    if !case.flag("same") {
        return Padding::Sides(case.sides());
    }
    let shape = case.shape("x");
    assert_eq!(Padding::Same.around((shape[1], shape[2]), case.kernel(), case.stride()), case.sides());
    Padding::Same
}

fn max_pool(case: &mut Case) {
    let x = case.tensor("x");
    let (input, padding) = match case.flag("zero_padded") {
        true => (ops::zero_pad(traced(&x), case.sides()), Padding::Valid),
        false => (traced(&x), pool_padding(case)),
    };
    let y = ops::max_pool(input, case.kernel(), case.stride(), padding).unwrap();
    case.check(y, &[("x", &x)], &[]);
}

fn avg_pool(case: &mut Case) {
    let x = case.tensor("x");
    let count_padding = case.flag("count_padding");
    let y = ops::avg_pool(traced(&x), case.kernel(), case.stride(), pool_padding(case), count_padding).unwrap();
    case.check(y, &[("x", &x)], &[]);
}

fn global_avg_pool(case: &mut Case) {
    let x = case.tensor("x");
    case.check(ops::global_avg_pool(traced(&x)).unwrap(), &[("x", &x)], &[]);
}

fn concat(case: &mut Case) {
    let inputs: Vec<_> = ["a", "b", "c"].into_iter().filter(|i| case.has(i)).map(|i| (i, case.tensor(i))).collect();
    let y = ops::concat(inputs.iter().map(|(_, x)| traced(x)).collect()).unwrap();
    let tensors: Vec<_> = inputs.iter().map(|(name, x)| (*name, x)).collect();
    case.check(y, &tensors, &[]);
}

fn linear(case: &mut Case) {
    let (x, weight, bias) = (case.tensor("x"), case.parameter("weight"), case.optional("bias", Case::parameter));
    let y = ops::linear(traced(&x), &weight, bias.as_ref()).unwrap();
    let parameters: Vec<_> = [&weight].into_iter().chain(&bias).collect();
    case.check(y, &[("x", &x)], &parameters);
}

fn relu(case: &mut Case) {
    let x = case.tensor("x");
    case.check(ops::relu(traced(&x)), &[("x", &x)], &[]);
}

fn elu(case: &mut Case) {
    let x = case.tensor("x");
    case.check(ops::elu(traced(&x)), &[("x", &x)], &[]);
}

fn flatten(case: &mut Case) {
    let x = case.tensor("x");
    case.check(ops::flatten(traced(&x)), &[("x", &x)], &[]);
}

/// dfdx's own loss on our tape.
fn cross_entropy(case: &mut Case) {
    let x = case.tensor("x");
    let classes = case.shape("x")[3];
    let targets: Vec<f32> = match case.json["settings"].get("labels") {
        Some(labels) => sizes(labels)
            .iter()
            .flat_map(|label| (0..classes).map(move |class| (class == *label) as u8 as f32))
            .collect(),
        None => numbers(case.setting("targets")).iter().map(|v| *v as f32).collect(),
    };
    let (logits, recorder) = traced(&x).split_tape();
    let logits = logits.put_tape(recorder.into_tape().unwrap());
    let loss = cross_entropy_with_logits_loss(logits, ops::tensor(targets, *x.shape()));
    case.output("y", &[loss.array()]);
    let mut gradients = loss.backward();
    case.gradient("x", &gradient(&mut gradients, &x));
}

/// Runs every case of `op`, and names those that are too far off.
fn all(op: &str, run: fn(&mut Case)) {
    let file = golden::load("ops.json");
    let cases: Vec<_> = file["cases"].as_array().unwrap().iter().filter(|c| c["op"] == op).collect();
    assert!(!cases.is_empty());
    let mut failures = Vec::new();
    for json in cases {
        let name = json["name"].as_str().unwrap();
        let tolerance = tolerance(op, name);
        let mut case = Case { json, worst: (0.0, String::new()) };
        run(&mut case);
        let (error, what) = case.worst;
        if error > tolerance {
            failures.push(format!("{op} \"{name}\": {what} is off by {error:.1e}, allowed is {tolerance:.0e}"));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// How far a case may be off, relative to the norm of what is compared.
///
/// Rounding to 32 bits alone is worth 3e-8, and adds up with the root of the number of terms in a sum, here some hundred.
fn tolerance(op: &str, name: &str) -> f64 {
    match (op, name) {
        // With two values only epsilon keeps the gradient of x from being zero: what is left of terms 1e5 times its size.
        ("batch_norm", "training, two values in a channel") => 1e-4,
        // With a single one the variance is zero, and x is multiplied by 316 before its own multiple is taken away.
        ("batch_norm", "training, a single value in a channel") => 2e-4,
        _ => 2e-6,
    }
}

/// One test an operation, and one that no operation of the file was forgotten.
macro_rules! operations {
    ($($name:ident: $op:literal, $run:ident;)+) => {
        $(
            #[test]
            fn $name() {
                all($op, $run);
            }
        )+

        #[test]
        fn every_case_of_the_file_is_run() {
            let file = golden::load("ops.json");
            for case in file["cases"].as_array().unwrap() {
                assert!([$($op),+].contains(&case["op"].as_str().unwrap()), "{} is not tested", case["op"]);
            }
        }
    };
}

operations! {
    convolution: "conv2d", conv2d;
    batch_normalisation: "batch_norm", batch_norm;
    max_pooling: "max_pool", max_pool;
    average_pooling: "avg_pool", avg_pool;
    global_average_pooling: "global_average_pool", global_avg_pool;
    concatenation: "concat", concat;
    linear_layer: "linear", linear;
    rectified: "relu", relu;
    exponential_linear_unit: "elu", elu;
    flattening: "flatten", flatten;
    cross_entropy_loss: "cross_entropy", cross_entropy;
}
