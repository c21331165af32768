//! The optimizers.

#[path = "common/fitting.rs"]
mod fitting;

use fitting::{floats, numbers};
use manga_expressions::net::nn::{Dense, Initializer, Network, Sequential};
use manga_expressions::training::{Gradients, Optimizer};
use serde_json::Value;

#[test]
fn optimizers_step_as_in_pytorch_and_keras() {
    let golden: Value = serde_json::from_str(include_str!("golden/optimizers.json")).unwrap();
    let start: Vec<Vec<f32>> = golden["start"].as_array().unwrap().iter().map(floats).collect();
    for case in golden["cases"].as_array().unwrap() {
        let optimizer: Optimizer = serde_json::from_value(case["optimizer"].clone()).unwrap();
        // Two weights, of 5 and of 3 values, that learn, and their biases, that do not.
        let dense = Box::new(Dense::new("dense", &Initializer::keras(1), 5, 1));
        let second = Box::new(Dense::new("second", &Initializer::keras(1), 3, 1));
        let mut network = Network::new("two", (1, 5, 1), 1, Box::new(Sequential::new().then(dense).then(second)));
        let names = ["dense.weight", "second.weight"];
        for parameter in network.parameters_mut() {
            match names.iter().position(|name| *name == parameter.name) {
                Some(index) => parameter.set_values(&start[index]),
                None => parameter.trainable = false,
            }
        }
        let mut state = optimizer.start(&network).unwrap();
        for step in golden["gradients"].as_array().unwrap() {
            let mut gradients = Gradients::zero();
            for (name, gradient) in names.iter().zip(step.as_array().unwrap()) {
                let parameters = network.parameters();
                let parameter = parameters.iter().find(|p| p.name == *name).unwrap();
                gradients.set(parameter, floats(gradient)).unwrap();
            }
            state.update(&mut network, gradients).unwrap();
        }
        for (index, name) in names.iter().enumerate() {
            let parameters = network.parameters();
            let ours = parameters.iter().find(|p| p.name == *name).unwrap().values();
            let start = &start[index];
            for ((ours, theirs), start) in ours.iter().zip(numbers(&case["values"][index])).zip(start) {
                // What counts is how far the weight went, beside the precision with which it can be written at all.
                let tolerance = 2e-5 * (theirs - *start as f64).abs() + 2e-6 * (*start as f64).abs();
                let difference = (*ours as f64 - theirs).abs();
                assert!(difference <= tolerance, "{}: {ours} and {theirs} in {case}", case["made_by"]);
            }
        }
        let frozen = network.parameters().into_iter().filter(|p| !p.trainable).all(|p| p.values()[0] == 0.0);
        assert!(frozen, "frozen parameters stay");
    }
}
