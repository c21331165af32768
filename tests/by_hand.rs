//! A training step in the open: what a cell writes by hand is what the library's own loop does.

#[path = "common/fitting.rs"]
mod fitting;
#[path = "common/small_network.rs"]
mod small_network;

use fitting::quietly;
use manga_expressions::net::nn::{Mode, Network, Pass};
use manga_expressions::net::ops;
use manga_expressions::training::{
    Gradients, Optimizer, Settings, batches, cross_entropy, evaluate, fit, step, targets,
};
use small_network::{bits, images, network_without_dropout};

const SEED: u64 = 4;

fn settings() -> Settings {
    Settings { epochs: 3, batch_size: 7, seed: SEED, ..Settings::default() }
}

#[test]
fn a_loop_by_hand_gives_the_weights_of_fit_to_the_bit() {
    let train = images(30, 1);
    let mut network = network_without_dropout(2);
    let mut optimizer = Optimizer::adam(0.001).start(&network).unwrap();
    let mut losses = Vec::new();
    for epoch in 1..=3 {
        let (mut sum, mut seen) = (0.0, 0);
        for batch in batches(&train, 7, SEED, epoch) {
            let mut pass = Pass::new(Mode::Training, 1);
            let logits = network.forward(batch.images.to_tensor(), &mut pass).unwrap();
            let loss = cross_entropy(logits, &targets(&batch.labels, 3, 0.0).unwrap()).unwrap();
            sum += f64::from(loss.value()) * batch.len() as f64;
            seen += batch.len();
            optimizer.update(&mut network, loss.backward().unwrap()).unwrap();
        }
        assert_eq!(seen, 30, "every image once an epoch, the last batch smaller");
        losses.push(sum / 30.0);
    }
    let mut fitted = network_without_dropout(2);
    let history = quietly(&mut fitted, &train, None, &settings()).unwrap();
    assert_eq!(bits(&network), bits(&fitted));
    assert_eq!(losses, history.epochs.iter().map(|epoch| epoch.train_loss).collect::<Vec<_>>());

    let mut stepped = network_without_dropout(2);
    let mut optimizer = Optimizer::adam(0.001).start(&stepped).unwrap();
    for epoch in 1..=3 {
        for batch in batches(&train, 7, SEED, epoch) {
            step(&mut stepped, &mut optimizer, &batch, 1).unwrap();
        }
    }
    assert_eq!(bits(&stepped), bits(&fitted));
}

#[test]
fn the_tapes_gradient_of_a_weight_is_the_difference_that_the_weight_makes() {
    let batch = images(6, 3);
    let mut network = network_without_dropout(5);
    let goal = targets(&batch.labels, 3, 0.1).unwrap();
    let loss = |network: &mut Network| {
        let mut pass = Pass { batch_norm_momentum: Some(0.5), ..Pass::new(Mode::Training, 1) };
        let logits = network.forward(batch.images.to_tensor(), &mut pass).unwrap();
        cross_entropy(logits, &goal).unwrap()
    };
    let mut gradients = loss(&mut network).backward().unwrap();
    for name in ["conv.weight", "bn.weight", "bn.bias", "head.weight", "head.bias"] {
        let place = network.parameters().iter().position(|p| p.name == name).unwrap();
        let gradient = gradients.of(network.parameters()[place]).unwrap();
        let values = network.parameters()[place].values();
        for index in [0, values.len() - 1] {
            let mut at = |change: f32| {
                let mut moved = values.clone();
                moved[index] += change;
                network.parameters_mut()[place].set_values(&moved);
                f64::from(loss(&mut network).value())
            };
            let by_difference = (at(1e-3) - at(-1e-3)) / 2e-3;
            at(0.0);
            let by_tape = f64::from(gradient[index]);
            assert!((by_tape - by_difference).abs() < 1e-3, "{name}[{index}]: {by_tape} and {by_difference}");
        }
        assert!(gradient.iter().any(|value| value.abs() > 1e-4), "{name} has a gradient");
    }
}

#[test]
fn a_cell_learns_to_classify_in_ten_lines() {
    let (train, test) = (images(240, 1), images(120, 2));
    let mut network = network_without_dropout(2);
    let mut optimizer = Optimizer::adam(0.02).start(&network).unwrap();
    for epoch in 1..=20 {
        for (place, batch) in batches(&train, 24, 1, epoch).enumerate() {
            step(&mut network, &mut optimizer, &batch, place as u64).unwrap();
        }
    }
    let accuracy = evaluate(&network, &test).unwrap().accuracy;
    assert!((0.6..0.99).contains(&accuracy), "three classes of noisy stripes: {accuracy}");
}

#[test]
fn what_does_not_fit_is_an_error_that_says_so() {
    let said = targets(&[0, 3], 3, 0.0).unwrap_err().to_string();
    assert!(said.contains("label 3") && said.contains("3 classes"), "{said}");
    assert!(targets(&[0], 3, 1.0).unwrap_err().to_string().contains("label_smoothing"));

    let mut network = network_without_dropout(2);
    let batch = images(4, 1);
    let logits = network.forward(batch.images.to_tensor(), &mut Pass::new(Mode::Training, 1)).unwrap();
    let said = cross_entropy(logits, &ops::tensor(vec![0.0; 9], (3, 1, 1, 3))).unwrap_err().to_string();
    assert!(said.contains("(4, 1, 1, 3)") && said.contains("(3, 1, 1, 3)"), "{said}");

    let mut gradients = Gradients::zero();
    let said = gradients.set(network.parameters()[0], vec![1.0]).unwrap_err().to_string();
    assert!(said.contains("conv.weight"), "{said}");
    assert!(gradients.of(network.parameters()[0]).unwrap().iter().all(|&value| value == 0.0));

    let mut optimizer = Optimizer::sgd(0.1, 0.0).start(&network).unwrap();
    network.parameters_mut()[0].trainable = false;
    assert!(optimizer.update(&mut network, gradients).unwrap_err().to_string().contains("trainable parameters"));
    assert!(Optimizer::adam(-1.0).start(&network).unwrap_err().to_string().contains("learning_rate"));
    assert_eq!(batches(&batch, 0, 1, 1).count(), 4, "a size of 0 counts as 1");

    let none = Settings { epochs: 0, ..settings() };
    assert!(fit(&mut network, &batch, None, &none, &mut |_| {}).is_err());
}
