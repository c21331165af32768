//! The networks and their layers, beyond the golden numbers: names, arithmetic, first weights, what cannot be.

use manga_expressions::data::Images;
use manga_expressions::net::models::{self, NETWORKS};
use manga_expressions::net::nn::{
    Dense, Dropout, GlobalAvgPool, Init, Initializer, Mode, Network, Observation, Pass, Relu, Sequential,
};
use manga_expressions::net::ops::Role;
use manga_expressions::training::{Work, cost, logits};
use std::collections::HashSet;

const SMALL: (usize, usize, usize) = (32, 32, 3);

/// The network for images as small as it takes, of its usual channels.
fn smallest(name: &str) -> Network {
    let architecture = models::architecture(name).unwrap();
    let side = architecture.smallest;
    models::by_name(name, (side, side, architecture.input.2), 7, 1).unwrap()
}

#[test]
fn the_arithmetic_of_resnet50_is_that_of_its_paper() {
    // He et al. 2015, table 1: "3.8 x 10^9 FLOPs" for 50 layers at 224 x 224, a multiplication with its addition as one.
    let network = models::resnet50((224, 224, 3), 1000, 1);
    let giga = network.multiply_adds(Mode::Inference).unwrap() as f64 * 1e-9;
    assert!((3.8..3.9).contains(&giga), "{giga}");
}

#[test]
fn the_arithmetic_of_googlenet_is_that_of_its_paper() {
    // Szegedy et al. 2014, section 1: "1.5 billion multiply-adds at inference time", where auxiliary heads are no part.
    let network = models::googlenet((224, 224, 3), 1000, 1);
    let giga = network.multiply_adds(Mode::Inference).unwrap() as f64 * 1e-9;
    assert!((1.45..1.6).contains(&giga), "{giga}");
}

#[test]
fn the_outputs_of_googlenet_are_those_of_its_paper() {
    // Table 1, and section 5 for the auxiliary heads.
    let summary = models::googlenet((224, 224, 3), 1000, 1).summary().unwrap();
    for (layer, output) in [
        ("conv1.conv", (112, 112, 64)),
        ("maxpool1", (56, 56, 64)),
        ("conv3.conv", (56, 56, 192)),
        ("maxpool2", (28, 28, 192)),
        ("inception3a", (28, 28, 256)),
        ("inception3b", (28, 28, 480)),
        ("maxpool3", (14, 14, 480)),
        ("inception4a", (14, 14, 512)),
        ("aux1.avgpool", (4, 4, 512)),
        ("inception4b", (14, 14, 512)),
        ("inception4c", (14, 14, 512)),
        ("inception4d", (14, 14, 528)),
        ("aux2.avgpool", (4, 4, 528)),
        ("inception4e", (14, 14, 832)),
        ("maxpool4", (7, 7, 832)),
        ("inception5a", (7, 7, 832)),
        ("inception5b", (7, 7, 1024)),
        ("avgpool", (1, 1, 1024)),
    ] {
        assert_eq!(summary.layers.iter().find(|row| row.layer == layer).unwrap().output, output, "{layer}");
    }
}

#[test]
fn frozen_layers_cost_no_backward_pass() {
    let network = models::vgg16(SMALL, 7, 1);
    let cost = |mode| network.multiply_adds(mode).unwrap();
    assert_eq!(cost(Mode::Training) - cost(Mode::Inference), 2 * (512 * 128 + 128 * 7));
}

#[test]
fn the_table_says_which_layers_are_frozen() {
    let mut network = models::vgg16(SMALL, 7, 1);
    let summary = network.summary().unwrap();
    let of = |layer: &str| summary.layers.iter().find(|row| row.layer == layer).unwrap().trainable;
    assert_eq!((of("features.28"), of("features.30"), of("classifier.0")), (Some(false), None, Some(true)));
    let text = summary.to_string();
    let row = |layer: &str| text.lines().find(|line| line.starts_with(layer)).unwrap().split_whitespace().last();
    assert_eq!((row("features.28 "), row("features.30 "), row("classifier.0 ")), (Some("N"), Some("-"), Some("Y")));
    assert!(text.contains("(None, 128)") && text.contains("(None, 2, 2, 512)"), "{text}");
    network.unfreeze();
    assert_eq!(network.summary().unwrap().trainable, 14_781_255);
}

#[test]
fn auxiliary_heads_learn_with_their_stage_only() {
    let mut network = smallest("googlenet");
    let (h, w, c) = network.input();
    let image = Images::new((1, h, w, c), vec![0.5; h * w * c]).unwrap();
    let weights = |network: &mut Network| -> Vec<f32> {
        let mut pass = Pass::new(Mode::Training, 1);
        network.forward(image.to_tensor(), &mut pass).unwrap();
        pass.auxiliary.iter().map(|(_, weight)| *weight).collect()
    };
    assert_eq!(weights(&mut network), [0.3, 0.3]);
    network.freeze_through("inception3").unwrap();
    assert_eq!(weights(&mut network), [0.3, 0.3]);
    network.freeze_through("inception4").unwrap();
    assert!(weights(&mut network).is_empty());
}

#[test]
fn an_image_too_small_for_the_auxiliary_heads_is_an_error() {
    let error = models::by_name("googlenet", (64, 80, 3), 7, 1).unwrap_err().to_string();
    assert!(error.contains("height is 64") && error.contains("65"), "{error}");
    let mut network = models::googlenet((64, 80, 3), 7, 1);
    let image = || Images::new((1, 64, 80, 3), vec![0.5; 64 * 80 * 3]).unwrap().to_tensor();
    let error = network.forward(image(), &mut Pass::new(Mode::Training, 1)).unwrap_err().to_string();
    assert!(error.contains("(5, 5)"), "{error}");
    assert!(network.forward(image(), &mut Pass::new(Mode::Inference, 1)).is_ok());
}

#[test]
fn dropouts_have_the_rates_of_their_papers() {
    for (name, rates) in [("googlenet", &[0.7, 0.7, 0.4][..]), ("dcnn", &[0.4, 0.4, 0.5, 0.6])] {
        let mut network = smallest(name);
        let (h, w, c) = network.input();
        // Two, as a batch norm makes nothing of a single value.
        let pixels = (0..2 * h * w * c).map(|i| ((i * 7) % 256) as f32 / 255.0).collect();
        let images = Images::new((2, h, w, c), pixels).unwrap();
        let (mut before, mut seen): (Vec<f32>, Vec<f32>) = (Vec::new(), Vec::new());
        let mut observer = |layer: Observation| {
            let values = layer.output.as_vec();
            if layer.kind == "Dropout" {
                // What is kept is divided by what the rate leaves.
                let (&y, &x) = values.iter().zip(&before).find(|(y, _)| **y != 0.0).unwrap();
                seen.push(1.0 - x / y);
            }
            before = values;
        };
        let mut pass = Pass { observer: Some(&mut observer), ..Pass::new(Mode::Training, 1) };
        network.forward(images.to_tensor(), &mut pass).unwrap();
        assert_eq!(seen.len(), rates.len(), "{name}");
        assert!(seen.iter().zip(rates).all(|(a, b)| (a - b).abs() < 1e-5), "{name}: {seen:?}");
    }
}

#[test]
fn every_network_works_with_its_smallest_images_and_with_none_smaller() {
    for name in NETWORKS {
        smallest(name).summary().unwrap_or_else(|error| panic!("{name}: {error}"));
        let (least, (_, _, channels)) =
            (models::architecture(name).unwrap().smallest, models::default_input(name).unwrap());
        assert!(models::by_name(name, (least, least - 1, channels), 7, 1).is_err(), "{name}");
    }
}

#[test]
fn every_parameter_has_a_name_of_its_own() {
    for name in NETWORKS {
        let network = smallest(name);
        let names: HashSet<&str> = network.parameters().iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names.len(), network.parameters().len(), "{name}");
    }
}

#[test]
fn parameters_come_in_the_same_order_to_be_read_and_to_be_changed() {
    for name in NETWORKS {
        let mut network = smallest(name);
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
    let network = models::resnet50v2(SMALL, 7, 1);
    let both = Images::new((2, 32, 32, 3), image(0).chain(image(90)).collect()).unwrap();
    let alone = logits(&network, &both.select(&[1])).unwrap().remove(0);
    let among = logits(&network, &both).unwrap().remove(1);
    // Not to the bit: products of other sizes are added up in another order.
    let far = alone.iter().zip(&among).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    let size = alone.iter().map(|a| a.abs()).fold(0.0, f32::max);
    assert!(far < 1e-4 * size, "{alone:?} {among:?}");
}

#[test]
fn what_cannot_be_is_an_error_that_says_what_can() {
    for name in NETWORKS {
        for (input, classes) in [
            ((0, 100, 3), 7),
            ((100, 0, 3), 7),
            ((1 << 20, 100, 3), 7),
            ((100, 100, 0), 7),
            ((100, 100, usize::MAX), 7),
            ((100, 100, 3), 0),
            ((100, 100, 3), usize::MAX),
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
    let plain = dense(Sequential::new(), Init::Constant(0.5));
    assert_eq!(logits(&plain, &image).unwrap(), [[5.5; 3]]);
    let rectified = dense(Sequential::new().then(Box::new(Relu::new("relu"))), Init::Constant(0.5));
    assert_eq!(logits(&rectified, &image).unwrap(), [[6.5; 3]]);
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
fn prediction_changes_nothing_and_several_threads_may_ask_at_a_time() {
    let side = SMALL.0;
    let values = (0..2 * side * side * 3).map(|i| (i % 17) as f32 / 17.0).collect();
    let images = Images::new((2, side, side, 3), values).unwrap();
    let mut network = models::resnet50v2(SMALL, 7, 1);
    let before = network.digest();
    let forward = network.forward(images.to_tensor(), &mut Pass::new(Mode::Inference, 1)).unwrap().as_vec();
    let asked = std::thread::scope(|scope| {
        let ask = || network.predict(images.to_tensor()).unwrap().as_vec();
        [scope.spawn(ask), scope.spawn(ask)].map(|thread| thread.join().unwrap())
    });
    assert_eq!(asked, [forward.clone(), forward]);
    assert_eq!(network.digest(), before);
    // A pass that learns changes the running statistics, each once, and nothing else.
    network.forward(images.to_tensor(), &mut Pass::new(Mode::Training, 1)).unwrap();
    let untouched = models::resnet50v2(SMALL, 7, 1);
    for (now, then) in network.parameters().into_iter().zip(untouched.parameters()) {
        assert_eq!(now.values() == then.values(), now.role() == Role::Weight, "{}", now.name);
    }
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
