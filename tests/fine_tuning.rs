//! What one fine-tunes with: auxiliary heads, frozen stages, rates of their own, batch norm as it is, augmentation.

#[path = "common/fitting.rs"]
mod fitting;
#[path = "common/small_network.rs"]
mod small_network;

use fitting::{curve, doubles, floats, near, numbers, quietly};
use manga_expressions::data::{Augmentation, Images, LabelledImages};
use manga_expressions::net::nn::{
    AuxiliaryHead, BatchNorm, Conv2d, Dense, Initializer, Network, Relu, Sequential, Stage,
};
use manga_expressions::training::{
    BatchNormMode, Epoch, Event, Keep, OneCycle, Optimizer, Schedule, Settings, Work, cost, evaluate, fit,
};
use manga_expressions::{Error, Result};
use serde_json::{Value, json};
use small_network::{Failure, bits, images, network, network_with_stem_as_frozen, staged_network};

/// The network of `golden/fine_tuning.py`.
fn golden_network(first: &Value) -> Network {
    let init = Initializer::keras(1);
    let dense = |name, inputs, outputs| Box::new(Dense::new(name, &init, inputs, outputs));
    let stem = Sequential::new().then(dense("stem", 6, 5)).then(Box::new(Relu::new("stem.relu")));
    let middle = Sequential::new()
        .then(Box::new(Conv2d::new("middle", &init, 5, 4, (1, 1)).without_bias()))
        .then(Box::new(BatchNorm::new("bn", 4, 1e-3).torch_statistics()))
        .then(Box::new(AuxiliaryHead::new(Sequential::new().then(dense("aux", 4, 3)), 0.3)))
        .then(Box::new(Relu::new("relu")));
    let stages = vec![
        Stage::new("stem", Box::new(stem)),
        Stage::new("middle", Box::new(middle)),
        Stage::new("head", dense("head", 4, 3)),
    ];
    let mut network = Network::of_stages("golden", (1, 6, 1), 3, stages);
    network.parameters_mut().into_iter().for_each(|p| p.set_values(&floats(&first[&p.name])));
    network
}

#[test]
fn auxiliary_heads_rates_schedule_and_frozen_parts_work_as_in_pytorch() {
    let golden: Value = serde_json::from_str(include_str!("golden/fine_tuning.json")).unwrap();
    let labels: Vec<usize> = numbers(&golden["labels"]).iter().map(|&label| label as usize).collect();
    let train = LabelledImages {
        images: Images::new((labels.len(), 1, 6, 1), floats(&golden["images"])).unwrap(),
        names: labels.iter().map(|label| format!("of {label}")).collect(),
        labels,
        classes: ["a", "b", "c"].map(String::from).to_vec(),
    };
    let cases = golden["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 12);
    for case in cases {
        let yes = |key: &str| case[key] == true;
        let mut network = golden_network(&golden["first"]);
        if yes("frozen") {
            network.freeze_through("stem").unwrap();
        }
        let settings = Settings {
            epochs: golden["epochs"].as_u64().unwrap() as usize,
            batch_size: train.len(),
            optimizer: if case["optimizer"] == "sgd" { Optimizer::sgd(0.1, 0.9) } else { Optimizer::adamw(0.02, 0.05) },
            body_learning_rate: case["body_rate"].as_f64(),
            schedule: if yes("one_cycle") { Schedule::OneCycle(OneCycle::default()) } else { Schedule::Constant },
            label_smoothing: case["smoothing"].as_f64().unwrap_or(0.0),
            batch_norm: if yes("running") { BatchNormMode::Running } else { BatchNormMode::Batch },
            keep: Keep::Last,
            ..Settings::default()
        };
        let history = quietly(&mut network, &train, None, &settings).unwrap();
        let trained = &case["trained"];
        // PyTorch's losses here are those of the main head alone.
        let losses: Vec<f64> = history.epochs.iter().map(|row| row.train_loss).collect();
        near(&losses, &numbers(&trained["losses"]), 2e-6);
        let rates: Vec<f64> = history.epochs.iter().map(|row| row.learning_rate).collect();
        near(&rates, &numbers(&trained["rates"]), 1e-9);
        for parameter in network.parameters() {
            near(&doubles(&parameter.values()), &numbers(&trained["state"][&parameter.name]), 1e-5);
        }
    }
}

#[test]
fn an_auxiliary_loss_that_is_no_number_stops_the_training() {
    let init = Initializer::keras(1);
    let auxiliary =
        Sequential::new().then(Box::new(Dense::new("aux", &init, 64, 3))).then(Box::new(Failure::NotANumber(1.into())));
    let body = Sequential::new()
        .then(Box::new(AuxiliaryHead::new(auxiliary, 0.3)))
        .then(Box::new(Dense::new("head", &init, 64, 3)));
    let mut network = Network::new("auxiliary", (8, 8, 1), 3, Box::new(body));
    let before = bits(&network);
    let settings = Settings { epochs: 1, batch_size: 6, ..Settings::default() };
    let error = quietly(&mut network, &images(12, 1), None, &settings).unwrap_err();
    assert!(matches!(error, Error::NotFinite { epoch: 1, batch: 2, .. }), "{error}");
    assert_eq!(bits(&network), before);
}

fn settings() -> Settings {
    Settings { epochs: 4, batch_size: 8, optimizer: Optimizer::adam(0.02), ..Settings::default() }
}

/// How many of how many images were told to have passed through the frozen stages up to the named one.
type Features = Vec<(String, usize, usize)>;

/// Trains, and returns the curve, the network, and what was told of frozen stages.
fn trained(mut network: Network, settings: &Settings) -> Result<(Vec<u64>, Network, Features)> {
    let mut features = Vec::new();
    let mut observer = |event: &Event| {
        if let Event::Features { through, done, images } = *event {
            features.push((through.to_string(), done, images));
        }
    };
    let history = fit(&mut network, &images(50, 1), Some(&images(9, 2)), settings, &mut observer)?;
    Ok((curve(&history), network, features))
}

fn frozen_through(stage: &str) -> Network {
    let mut network = staged_network(1);
    network.freeze_through(stage).unwrap();
    network
}

#[test]
fn frozen_stages_computed_once_lead_to_the_same() {
    let (seen, once, features) = trained(frozen_through("stem"), &settings()).unwrap();
    let stem = "stem".to_string();
    assert_eq!(features, [0, 32, 50, 59].map(|done| (stem.clone(), done, 59)));
    let (expected, each_time, features) = trained(network_with_stem_as_frozen(1), &settings()).unwrap();
    assert_eq!(features, []);
    let values = |curve: &[u64]| curve.iter().map(|&bits| f64::from_bits(bits)).collect::<Vec<_>>();
    near(&values(&seen), &values(&expected), 1e-5);
    for (a, b) in once.parameters().into_iter().zip(each_time.parameters()) {
        assert_eq!(a.name, b.name);
        near(&doubles(&a.values()), &doubles(&b.values()), 1e-4);
    }
    // Augmentation that changes nothing: frozen stages are passed in every epoch.
    let augmented = Settings { augmentation: Some(Augmentation::default()), ..settings() };
    let (seen, network, features) = trained(frozen_through("stem"), &augmented).unwrap();
    assert_eq!((seen, bits(&network), features.len()), (expected, bits(&each_time), 0));
}

#[test]
fn what_is_frozen_stays_as_it_is() {
    for (last, frozen) in [("stem", ["stem."].as_slice()), ("middle", &["stem.", "middle.", "aux."])] {
        for augmentation in [None, Some(Augmentation { flip: 0.5, ..Augmentation::default() })] {
            let network = frozen_through(last);
            let before: Vec<Vec<f32>> = network.parameters().iter().map(|p| p.values()).collect();
            let (_, network, _) = trained(network, &Settings { augmentation, ..settings() }).unwrap();
            for (parameter, before) in network.parameters().into_iter().zip(before) {
                let stays = frozen.iter().any(|stage| parameter.name.starts_with(stage));
                assert_eq!(parameter.values() == before, stays, "{}", parameter.name);
            }
        }
    }
}

#[test]
fn the_number_of_threads_does_not_count() {
    let whole = Settings {
        augmentation: Some(Augmentation::strong()),
        schedule: Schedule::OneCycle(OneCycle::default()),
        optimizer: Optimizer::adamw(0.02, 0.05),
        body_learning_rate: Some(0.01),
        mixup: Some(0.4),
        weight_average: Some(0.9),
        ..settings()
    };
    for settings in [settings(), whole] {
        let run = |threads, seed| {
            let (curve, network, _) =
                trained(frozen_through("stem"), &Settings { threads: Some(threads), seed, ..settings.clone() })
                    .unwrap();
            (curve, bits(&network))
        };
        let one = run(1, 1);
        assert_eq!(one, run(1, 1));
        assert_eq!(one, run(3, 1));
        assert_ne!(one, run(1, 2));
    }
}

#[test]
fn only_training_images_are_augmented_each_by_its_number() {
    // With steps too small to change a weight each epoch's loss is that of the changed images.
    let (train, validation) = (images(10, 1), images(9, 2));
    let dense = Box::new(Dense::new("dense", &Initializer::keras(1), 64, 3));
    let mut network = Network::new("linear", (8, 8, 1), 3, dense);
    let augmentation = Augmentation { flip: 0.5, rotation: 30.0, brightness: 0.5, ..Augmentation::default() };
    let settings = Settings {
        epochs: 3,
        batch_size: 4,
        optimizer: Optimizer::sgd(1e-60, 0.0),
        augmentation: Some(augmentation.clone()),
        seed: 5,
        ..Settings::default()
    };
    let history = quietly(&mut network, &train, Some(&validation), &settings).unwrap();
    let plain = evaluate(&network, &validation).unwrap().loss;
    let ids: Vec<usize> = (0..train.len()).collect();
    for row in &history.epochs {
        assert_eq!(row.validation_loss, Some(plain));
        let changed = augmentation.apply(&train.images, &ids, 5, row.epoch).unwrap();
        let changed = evaluate(&network, &LabelledImages { images: changed, ..train.clone() }).unwrap();
        near(&[row.train_loss], &[changed.loss], 1e-6);
        assert_eq!(row.train_accuracy, changed.accuracy);
    }
    let losses: Vec<f64> = history.epochs.iter().map(|row| row.train_loss).collect();
    assert!(losses[0] != losses[1] && losses[1] != losses[2], "{losses:?}");
}

#[test]
fn an_average_is_what_validation_sees_and_what_is_kept() {
    let averaged = |keep| Settings { weight_average: Some(0.9), keep, ..settings() };
    for keep in [Keep::Last, Keep::Best] {
        let mut network = staged_network(1);
        let history = quietly(&mut network, &images(50, 1), Some(&images(9, 2)), &averaged(keep)).unwrap();
        let kept = &history.epochs[history.best_epoch.unwrap() - 1];
        assert_eq!(kept.validation_loss, Some(evaluate(&network, &images(9, 2)).unwrap().loss));
        // Steps are made from the last weights, not from the average.
        let plain = quietly(&mut staged_network(1), &images(50, 1), None, &settings()).unwrap();
        let losses = |epochs: &[Epoch]| epochs.iter().map(|epoch| epoch.train_loss).collect::<Vec<_>>();
        assert_eq!(losses(&history.epochs), losses(&plain.epochs));
    }
    // Without a decay it is the last weights.
    let last = |weight_average| {
        let mut network = staged_network(1);
        let settings = Settings { weight_average, keep: Keep::Last, ..settings() };
        quietly(&mut network, &images(20, 1), None, &settings).unwrap();
        bits(&network)
    };
    assert_eq!(last(Some(0.0)), last(None));
    assert_ne!(last(Some(0.5)), last(None));
}

#[test]
fn mixed_images_pass_through_frozen_stages_in_every_epoch_and_can_be_learnt() {
    let mixed = Settings { mixup: Some(0.3), epochs: 30, keep: Keep::Last, ..settings() };
    let (_, network, features) = trained(frozen_through("stem"), &mixed).unwrap();
    assert_eq!(features, []);
    // Mixed targets are harder than the images themselves.
    let history = quietly(&mut staged_network(1), &images(50, 1), None, &mixed).unwrap();
    let plain = quietly(&mut staged_network(1), &images(50, 1), None, &Settings { mixup: None, ..mixed }).unwrap();
    let last = |history: &manga_expressions::training::History| history.epochs.last().unwrap().train_loss;
    assert!(last(&history) > last(&plain) + 0.05, "{} and {}", last(&history), last(&plain));
    assert!(evaluate(&network, &images(50, 1)).unwrap().accuracy > 0.6);
}

#[test]
fn the_cost_of_a_step_is_that_of_the_stages_that_learn() {
    let gflop_an_image = |mut network: Network| {
        let cost = cost(&mut network, Work::Train, 1, 2, 1).unwrap();
        cost.gflops_per_second / cost.images_per_second
    };
    // The head is one dense layer of 5 inputs and 3 outputs; three passes of a product and a sum each.
    near(&[gflop_an_image(frozen_through("middle")) * 1e9], &[3.0 * 2.0 * 15.0], 1e-6);
    let whole = 8 * 8 * 9 * 6 + 4 * 4 * 9 * 6 * 5 + 5 * 3 + 5 * 3;
    near(&[gflop_an_image(staged_network(1)) * 1e9], &[6.0 * whole as f64], 1e-3);
}

#[test]
fn settings_that_cannot_work_are_named() {
    let cases = [
        ("body_learning_rate is 0", Settings { body_learning_rate: Some(0.0), ..settings() }),
        (
            "flip is 2",
            Settings { augmentation: Some(Augmentation { flip: 2.0, ..Augmentation::default() }), ..settings() },
        ),
        (
            "beta2 is 1",
            Settings {
                optimizer: Optimizer::AdamW {
                    learning_rate: 0.1,
                    beta1: 0.9,
                    beta2: 1.0,
                    epsilon: 1e-8,
                    weight_decay: 0.1,
                },
                ..settings()
            },
        ),
        ("mixup is 0", Settings { mixup: Some(0.0), ..settings() }),
        ("mixup is NaN", Settings { mixup: Some(f64::NAN), ..settings() }),
        ("weight_average is 1", Settings { weight_average: Some(1.0), ..settings() }),
        ("weight_decay is -1", Settings { optimizer: Optimizer::adamw(0.1, -1.0), ..settings() }),
    ];
    for (message, settings) in cases {
        let error = trained(staged_network(1), &settings).unwrap_err().to_string();
        assert!(error.contains(message), "{error}, not {message}");
    }
    let error = trained(network(1), &Settings { body_learning_rate: Some(0.1), ..settings() }).unwrap_err();
    assert_eq!(error.to_string(), "body_learning_rate is set, and small is one stage, without a body");
}

#[test]
fn settings_are_as_before_where_nothing_new_is_set() {
    let before = json!({
        "epochs": 30, "batch_size": 32, "label_smoothing": 0.0, "batch_norm_momentum": null, "early_stopping": null,
        "optimizer": { "name": "adam", "learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-7 },
        "keep": "best", "seed": 1, "threads": null,
    });
    assert_eq!(serde_json::to_value(Settings::default()).unwrap(), before);
    assert_eq!(serde_json::from_value::<Settings>(before).unwrap(), Settings::default());
    let new = Settings {
        optimizer: Optimizer::adamw(0.001, 0.05),
        body_learning_rate: Some(1.5e-4),
        schedule: Schedule::OneCycle(OneCycle::default()),
        augmentation: Some(Augmentation::strong()),
        batch_norm: BatchNormMode::Running,
        ..Settings::default()
    };
    let text = serde_json::to_string(&new).unwrap();
    assert!(text.contains(r#""batch_norm":"running""#) && text.contains(r#""name":"adamw""#), "{text}");
    assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), new);
}
