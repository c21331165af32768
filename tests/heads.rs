//! Heads of one's own on several stages: as in PyTorch, frozen in part, kept in files, looked into.

mod common;
#[path = "common/fitting.rs"]
mod fitting;
#[path = "common/small_network.rs"]
mod small_network;

use common::{backward, gradient};
use dfdx::prelude::*;
use fitting::{curve, doubles, floats, near, numbers, quietly};
use manga_expressions::data::{Augmentation, Images, LabelledImages};
use manga_expressions::explain::{grad_cam, stage_with_places};
use manga_expressions::net::models::resnet50;
use manga_expressions::net::nn::{
    BatchNorm, Conv2d, Dense, Head, Init, Initializer, Mode, Network, Pass, Sequential, Stage,
};
use manga_expressions::net::ops;
use manga_expressions::training::{
    BatchNormMode, Keep, OneCycle, Optimizer, Progress, Schedule, Settings, Training, evaluate, logits, stage_features,
};
use serde_json::Value;
use small_network::{CLASSES, Failure, bits, images};

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/heads.json")).unwrap()
}

fn heads() -> [Head; 2] {
    [Head { grid: 3, batch_norm: true, ..Head::on("middle") }, Head::on("late")]
}

/// The network of `golden/heads.py` for images of `side`, its head still its own.
fn plain(side: usize) -> Network {
    failing(side, None)
}

/// The same that fails in its last stage before the head.
fn failing(side: usize, failure: Option<Failure>) -> Network {
    let init = Initializer::keras(1);
    let relu = |name| Box::new(manga_expressions::net::nn::Relu::new(name));
    let stem = Sequential::new().then(Box::new(Conv2d::new("stem", &init, 1, 4, (3, 3)))).then(relu("stem.relu"));
    let middle = Sequential::new()
        .then(Box::new(Conv2d::new("middle", &init, 4, 5, (1, 1)).without_bias()))
        .then(Box::new(BatchNorm::new("bn", 5, 1e-3).torch_statistics().relu()));
    let mut late = Sequential::new().then(Box::new(Conv2d::new("late", &init, 5, 6, (3, 3)))).then(relu("late.relu"));
    if let Some(failure) = failure {
        late = late.then(Box::new(failure));
    }
    let stages = vec![
        Stage::new("stem", Box::new(stem)),
        Stage::new("middle", Box::new(middle)),
        Stage::new("late", Box::new(late)),
        Stage::new("head", Box::new(Dense::new("fc", &init, (side - 4) * (side - 4) * 6, 3))),
    ];
    Network::of_stages("golden", (side, side, 1), 3, stages)
}

/// The same with two heads, and weights that are not zero in them.
fn network(side: usize) -> Network {
    let mut network = plain(side).with_heads(&heads()).unwrap();
    let init = Initializer { weights: Init::HeNormal, seed: 3 };
    let other = Network::new("other", (1, 1, 45), 3, Box::new(Dense::new("fc", &init, 45, 3)));
    let values = other.parameters()[0].values();
    for parameter in network.parameters_mut().into_iter().filter(|p| p.name.ends_with("fc.weight")) {
        let count = parameter.len();
        parameter.set_values(&values[..count]);
    }
    network
}

fn settings() -> Settings {
    Settings { epochs: 3, batch_size: 8, optimizer: Optimizer::adam(0.02), keep: Keep::Last, ..Settings::default() }
}

#[test]
fn pooling_over_a_grid_is_as_in_pytorch() {
    let golden = golden();
    let cases = golden["pooled"].as_array().unwrap();
    assert_eq!(cases.len(), 6);
    for case in cases {
        let &[n, h, w, c] = &numbers(&case["shape"])[..] else { panic!("four axes") };
        let x = ops::tensor(floats(&case["x"]), (n as usize, h as usize, w as usize, c as usize));
        let grid = case["grid"].as_u64().unwrap() as usize;
        let y = ops::adaptive_avg_pool(ops::start(x.clone(), true, true), grid).unwrap();
        near(&doubles(&y.as_vec()), &numbers(&case["y"]), 1e-6);
        let mut gradients = backward(y, &floats(&case["cotangent"]));
        near(&doubles(&gradient(&mut gradients, &x)), &numbers(&case["gradient"]), 1e-6);
    }
}

#[test]
fn heads_are_trained_as_in_pytorch() {
    let golden = golden();
    let labels: Vec<usize> = numbers(&golden["labels"]).iter().map(|&label| label as usize).collect();
    let side = golden["side"].as_u64().unwrap() as usize;
    let train = LabelledImages {
        images: Images::new((labels.len(), side, side, 1), floats(&golden["images"])).unwrap(),
        names: labels.iter().map(|label| format!("of {label}")).collect(),
        labels,
        classes: ["a", "b", "c"].map(String::from).to_vec(),
    };
    let cases = golden["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 6);
    for case in cases {
        let mut network = plain(side).with_heads(&heads()).unwrap();
        network.parameters_mut().into_iter().for_each(|p| p.set_values(&floats(&golden["first"][&p.name])));
        let frozen = case["frozen"].as_array().and_then(|stages| stages.last()).and_then(Value::as_str);
        network.freeze_as(frozen).unwrap();
        // Stages after the first that a head looks at are passed in every epoch, also where they are frozen.
        assert_eq!(network.fixed_stages(), case["frozen"].as_array().map_or(0, |stages| stages.len().min(2)));
        let settings = Settings {
            epochs: golden["epochs"].as_u64().unwrap() as usize,
            batch_size: train.len(),
            optimizer: Optimizer::sgd(0.1, 0.9),
            body_learning_rate: Some(0.02),
            schedule: Schedule::OneCycle(OneCycle::default()),
            label_smoothing: 0.1,
            weight_average: case["average"].as_f64(),
            batch_norm: if case["running"] == true { BatchNormMode::Running } else { BatchNormMode::Batch },
            keep: Keep::Last,
            ..Settings::default()
        };
        let history = quietly(&mut network, &train, None, &settings).unwrap();
        let trained = &case["trained"];
        let losses: Vec<f64> = history.epochs.iter().map(|row| row.train_loss).collect();
        near(&losses, &numbers(&trained["losses"]), 3e-6);
        for parameter in network.parameters() {
            near(&doubles(&parameter.values()), &numbers(&trained["state"][&parameter.name]), 2e-5);
        }
        near(&doubles(&logits(&network, &train.images).unwrap().concat()), &numbers(&trained["logits"]), 1e-4);
    }
}

#[test]
fn what_no_head_needs_is_taken_out() {
    let network = plain(8).with_heads(&heads()[..1]).unwrap();
    assert_eq!(network.stages(), ["stem", "middle", "head"]);
    let names: Vec<&str> = network.head_parameters().into_iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names[..2], ["head.middle.bn.weight", "head.middle.bn.bias"]);
    assert_eq!(names[4..], ["head.middle.fc.weight", "head.middle.fc.bias"]);
    // In whatever order they are named, heads are in the order of the stages.
    let mut reversed = heads();
    reversed.reverse();
    let (a, b) = (plain(8).with_heads(&heads()).unwrap(), plain(8).with_heads(&reversed).unwrap());
    assert_eq!(bits(&a), bits(&b));
    assert_eq!(a.parameters().len(), b.parameters().len());
}

#[test]
fn heads_that_cannot_be_are_named() {
    let two = |first: Head, second: Head| plain(8).with_heads(&[first, second]).unwrap_err().to_string();
    let on = Head::on;
    for (error, wanted) in [
        (plain(8).with_heads(&[]).unwrap_err().to_string(), "there is none"),
        (two(on("middle"), on("later")), "no stage \"later\"; there are stem, middle, late"),
        (two(on("middle"), on("head")), "no stage \"head\""),
        (two(on("late"), on("late")), "two look at late"),
        (two(on("late"), Head { grid: 0, ..on("stem") }), "the grid on stem is 0"),
        (two(on("late"), Head { dropout: 1.0, ..on("stem") }), "the dropout on stem is 1"),
    ] {
        assert!(error.contains(wanted), "{error}");
    }
    // A pass that begins in the middle, without what a head looks at.
    let x = ops::tensor(vec![0.0; 6 * 6 * 6], (1, 6, 6, 6));
    let error = network(8).forward_stages(3..4, x, &mut Pass::new(Mode::Inference, 0)).unwrap_err().to_string();
    assert!(error.contains("2 heads were given the outputs of 1"), "{error}");
}

#[test]
fn a_head_has_statistics_of_its_own_where_the_body_keeps_its() {
    let mut network = network(8);
    let statistic = |network: &Network, name: &str| {
        network.parameters().into_iter().find(|p| p.name == format!("{name}.running_mean")).unwrap().values()
    };
    let before = [statistic(&network, "bn"), statistic(&network, "head.middle.bn")];
    let settings = Settings { batch_norm: BatchNormMode::Running, ..settings() };
    quietly(&mut network, &images(20, 1), None, &settings).unwrap();
    assert_eq!(statistic(&network, "bn"), before[0]);
    assert_ne!(statistic(&network, "head.middle.bn"), before[1]);
}

#[test]
fn features_of_frozen_stages_lead_to_what_passing_them_in_every_epoch_leads_to() {
    for last in ["stem", "middle", "late"] {
        let train = |augmentation| {
            let mut network = network(8);
            network.freeze_through(last).unwrap();
            let settings = Settings { augmentation, ..settings() };
            quietly(&mut network, &images(20, 1), Some(&images(9, 2)), &settings).unwrap();
            network
        };
        // Augmentation that changes nothing: images pass through the frozen stages in every epoch.
        let (once, each_time) = (train(None), train(Some(Augmentation::default())));
        for (a, b) in once.parameters().into_iter().zip(each_time.parameters()) {
            near(&doubles(&a.values()), &doubles(&b.values()), 1e-5);
        }
    }
}

#[test]
fn a_batch_is_learnt_by_heart() {
    let head = Head { dropout: 0.1, ..heads()[0].clone() };
    let mut network = plain(8).with_heads(&[head, heads()[1].clone()]).unwrap();
    let train = images(9, 1);
    let settings = Settings { epochs: 60, batch_size: 9, batch_norm: BatchNormMode::Running, ..settings() };
    quietly(&mut network, &train, None, &settings).unwrap();
    let after = evaluate(&network, &train).unwrap();
    assert_eq!(after.accuracy, 1.0);
    assert!(after.loss < 0.1, "{}", after.loss);
}

#[test]
fn runs_and_files_keep_them() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().join("run").to_string_lossy().into_owned();
    let mut trained = network(8);
    let training = Training::new(&settings()).in_folder(&name).progress(Progress::quiet());
    training.run(&mut trained, &images(20, 1), None).unwrap();
    let mut loaded = network(8);
    loaded.load_weights(format!("{name}/weights.safetensors")).unwrap();
    assert_eq!(bits(&loaded), bits(&trained));
    assert!(plain(8).load_weights(format!("{name}/weights.safetensors")).is_err());
}

#[test]
fn an_interrupted_training_of_heads_goes_on_to_the_same_result() {
    let settings = Settings {
        augmentation: Some(Augmentation { flip: 0.5, ..Augmentation::default() }),
        batch_norm: BatchNormMode::Running,
        body_learning_rate: Some(0.002),
        weight_average: Some(0.8),
        mixup: Some(0.3),
        ..settings()
    };
    let folder = tempfile::tempdir().unwrap();
    let train = |name: &str, mut network: Network| {
        network.freeze_through("stem").unwrap();
        let name = folder.path().join(name).to_string_lossy().into_owned();
        let training = Training::new(&settings).in_folder(&name).resume(true).progress(Progress::quiet());
        let done = training.run(&mut network, &images(20, 1), Some(&images(9, 2)));
        done.map(|history| (curve(&history), bits(&network)))
    };
    let dropping = |failure| {
        let heads = [Head { grid: 2, batch_norm: true, dropout: 0.5, ..Head::on("middle") }, Head::on("late")];
        failing(8, failure).with_heads(&heads).unwrap()
    };
    let straight = train("straight", dropping(None)).unwrap();
    for step in [4, 1, 2] {
        train("resumed", dropping(Some(Failure::Interrupted(step.into())))).unwrap_err();
    }
    assert_eq!(train("resumed", dropping(None)).unwrap(), straight);
    let file = |name: &str| std::fs::read(folder.path().join(name).join("weights.safetensors")).unwrap();
    assert!(file("straight") == file("resumed"));
}

#[test]
fn the_gradient_of_a_class_is_that_of_all_heads() {
    // The slope of a logit along a direction in what `middle` or `late` puts out, by differences of whole passes.
    let mut network = network(8);
    let image = images(1, 5).images;
    for (stage, next) in [("middle", 2), ("late", 3)] {
        let map = grad_cam(&network, &image, 1, Some(stage)).unwrap();
        assert_eq!(map.stage(), Some(stage));
        let said = logits(&network, &image).unwrap();
        let probabilities = manga_expressions::training::probabilities(&network, &image).unwrap();
        assert!((map.probability() - probabilities[0][1]).abs() < 1e-6);

        let mut pass = Pass::new(Mode::Inference, 0);
        let features = network.forward_stages(0..next, image.to_tensor(), &mut pass).unwrap().split_tape().0;
        let again = network.continue_stages(next..4, ops::start(features, false, false), &mut pass).unwrap();
        near(&doubles(&again.as_vec()), &doubles(&said[0]), 1e-6);
    }
    assert_eq!(stage_with_places(&network, 5).unwrap(), "middle");
    assert_eq!(CLASSES.len(), network.classes());
}

#[test]
fn grad_cam_of_a_late_stage_weighs_channels_by_the_late_head_alone() {
    // What the middle head says does not depend on what `late` puts out: its weights do not count for the map.
    let image = images(1, 5).images;
    let mut one = network(8);
    let mut other = network(8);
    for parameter in other.parameters_mut().into_iter().filter(|p| p.name.starts_with("head.middle.fc")) {
        let changed: Vec<f32> = parameter.values().iter().map(|v| v + 0.5).collect();
        parameter.set_values(&changed);
    }
    let map = |network: &mut Network, stage| grad_cam(network, &image, 1, Some(stage)).unwrap();
    assert_eq!(map(&mut one, "late").values(), map(&mut other, "late").values());
    let (a, b) = (map(&mut one, "stem"), map(&mut other, "stem"));
    assert_ne!(a.values(), b.values());
}

#[test]
fn other_methods_see_the_stages_that_are_left() {
    let mut network = resnet50((48, 48, 1), 7, 1).with_heads(&[Head { grid: 2, ..Head::on("layer3") }]).unwrap();
    let images = Images::new((2, 48, 48, 1), (0..2 * 48 * 48).map(|i| (i % 37) as f32 / 37.0).collect()).unwrap();
    assert_eq!(stage_features(&network, &images, "layer3", 2).unwrap().columns(), 4 * 1024);
    let summary = network.summary().unwrap();
    let last = &summary.layers[summary.layers.len() - 3..];
    let names: Vec<&str> = last.iter().map(|row| row.layer.as_str()).collect();
    assert_eq!(names, ["head.layer3.pool", "head.layer3.flatten", "head.layer3.fc"]);
    // A head pools what it is given, so the network takes other sizes.
    network.resize((64, 40)).unwrap();
    let images = Images::new((1, 64, 40, 1), vec![0.5; 64 * 40]).unwrap();
    assert_eq!(logits(&network, &images).unwrap()[0].len(), 7);
}
