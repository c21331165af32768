//! The networks and their layers, beyond the golden numbers: names, arithmetic, first weights, what cannot be.

use manga_expressions::data::Images;
use manga_expressions::models::{self, NETWORKS};
use manga_expressions::nn::{Dense, Dropout, GlobalAvgPool, Init, Initializer, Mode, Network, Pass, Relu, Sequential};
use manga_expressions::training::{Work, cost, logits};
use std::collections::HashSet;

const SMALL: (usize, usize, usize) = (32, 32, 3);

#[test]
fn the_arithmetic_of_resnet50_is_that_of_its_paper() {
    // He et al. 2015, table 1: "3.8 x 10^9 FLOPs" for 50 layers at 224 x 224, a multiplication with its addition as one.
    let mut network = models::resnet50((224, 224, 3), 1000, 1);
    let giga = network.multiply_adds(Mode::Inference).unwrap() as f64 * 1e-9;
    assert!((3.8..3.9).contains(&giga), "{giga}");
}

#[test]
fn every_parameter_has_a_name_of_its_own() {
    for name in NETWORKS {
        let network = models::by_name(name, SMALL, 7, 1).unwrap();
        let names: HashSet<&str> = network.parameters().iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names.len(), network.parameters().len(), "{name}");
    }
}

#[test]
fn parameters_come_in_the_same_order_to_be_read_and_to_be_changed() {
    for name in NETWORKS {
        let mut network = models::by_name(name, SMALL, 7, 1).unwrap();
        let read: Vec<String> = network.parameters().iter().map(|p| p.name.clone()).collect();
        let changed: Vec<String> = network.parameters_mut().iter().map(|p| p.name.clone()).collect();
        assert_eq!(read, changed, "{name}");
    }
}

#[test]
fn the_seed_decides_the_first_weights() {
    let weights = |seed| -> Vec<Vec<f32>> {
        models::resnet50v2(SMALL, 7, seed).parameters().iter().map(|p| p.values()).collect()
    };
    assert!(weights(1) == weights(1));
    assert!(weights(1) != weights(2));
}

#[test]
fn an_image_is_judged_by_itself_whatever_else_is_in_the_batch() {
    let image = |shift: usize| (0..32 * 32 * 3).map(move |i| ((i * 7 + shift) % 256) as f32 / 255.0);
    let mut network = models::resnet50v2(SMALL, 7, 1);
    let both = Images::new((2, 32, 32, 3), image(0).chain(image(90)).collect()).unwrap();
    let alone = logits(&mut network, &both.select(&[1])).unwrap().remove(0);
    let among = logits(&mut network, &both).unwrap().remove(1);
    // Not to the bit: products of other sizes are added up in another order.
    let far = alone.iter().zip(&among).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    let size = alone.iter().map(|a| a.abs()).fold(0.0, f32::max);
    assert!(far < 1e-4 * size, "{alone:?} {among:?}");
}

#[test]
fn what_cannot_be_is_an_error_that_says_what_can() {
    for name in NETWORKS {
        for (input, classes) in [
            ((0, 32, 3), 7),
            ((32, 0, 3), 7),
            ((1 << 20, 32, 3), 7),
            ((32, 32, 0), 7),
            ((32, 32, usize::MAX), 7),
            ((32, 32, 3), 0),
            ((32, 32, 3), usize::MAX),
        ] {
            let error = models::by_name(name, input, classes, 1).unwrap_err().to_string();
            assert!(error.contains(" to "), "{input:?}, {classes}: {error}");
        }
    }
    assert!(models::by_name("VGG", SMALL, 7, 1).unwrap_err().to_string().contains("resnet50"));
}

/// A network of a dense layer, with `before` in front of it.
fn dense(before: Sequential, weights: Init) -> Network {
    let init = Initializer { weights, seed: 1 };
    Network::new("dense", (2, 2, 1), 3, Box::new(before.then(Box::new(Dense::new("fc", &init, 4, 3)))))
}

#[test]
fn a_dense_layer_adds_up_its_inputs() {
    let image = Images::new((1, 2, 2, 1), vec![1.0, -2.0, 4.0, 8.0]).unwrap();
    let mut plain = dense(Sequential::new(), Init::Constant(0.5));
    assert_eq!(logits(&mut plain, &image).unwrap(), [[5.5; 3]]);
    let mut rectified = dense(Sequential::new().then(Box::new(Relu::new("relu"))), Init::Constant(0.5));
    assert_eq!(logits(&mut rectified, &image).unwrap(), [[6.5; 3]]);
}

#[test]
fn dropout_drops_in_training_only_and_by_its_seed() {
    let image = Images::new((1, 8, 8, 4), vec![1.0; 256]).unwrap();
    let body = Sequential::new().then(Box::new(Dropout::new("drop", 0.5)));
    let mut network = Network::new("dropout", (8, 8, 4), 4, Box::new(body.then(Box::new(GlobalAvgPool::new("mean")))));
    let mut pass = |mode, seed| network.forward(image.to_tensor(), &mut Pass::new(mode, seed)).unwrap().as_vec();
    assert_eq!(pass(Mode::Inference, 1), [1.0; 4]);
    let dropped = pass(Mode::Training, 1);
    assert_eq!(dropped, pass(Mode::Training, 1));
    assert_ne!(dropped, pass(Mode::Training, 2));
    // 64 values of 0 or 2 each: the mean is within 4 deviations (1 / 8 each) of 1.
    assert!(dropped.iter().all(|mean| (mean - 1.0).abs() < 0.5), "{dropped:?}");
}

#[test]
fn a_cost_needs_a_thread_an_image_and_a_step() {
    let mut network = dense(Sequential::new(), Init::GlorotUniform);
    for (threads, batch, steps) in [(0, 1, 1), (1, 0, 1), (1, 1, 0), (1, usize::MAX, 2), (usize::MAX, 1, 1)] {
        assert!(cost(&mut network, Work::Infer, threads, batch, steps).is_err(), "{threads} {batch} {steps}");
    }
    let cost = cost(&mut network, Work::Train, 1, 2, 3).unwrap();
    assert_eq!((cost.network.as_str(), cost.work, cost.batch, cost.steps), ("dense", Work::Train, 2, 3));
    assert!(cost.to_string().contains("training step, batch 2, 1 thread(s)"), "{cost}");
}
