//! The training loop.

#[path = "common/fitting.rs"]
mod fitting;
#[path = "common/small_network.rs"]
mod small_network;

use fitting::{curve, doubles, epoch, floats, near, numbers, quietly};
use manga_expressions::Error;
use manga_expressions::data::{Images, LabelledImages};
use manga_expressions::net::nn::{Dense, Initializer, Network, Sequential};
use manga_expressions::training::{
    EarlyStopping, Epoch, Event, History, Keep, Optimizer, Settings, evaluate, fit, logits, probabilities,
};
use serde_json::Value;
use small_network::{Failure, bits, failing_network, images, network, network_without_dropout};

#[test]
fn one_batch_is_learnt_by_heart() {
    let train = images(9, 1);
    let settings = Settings { epochs: 150, batch_size: 9, optimizer: Optimizer::adam(0.05), ..Settings::default() };
    let mut network = network_without_dropout(1);
    let history = quietly(&mut network, &train, None, &settings).unwrap();
    let last = history.epochs.last().unwrap();
    assert!(last.train_loss < 0.02, "{last:?}");
    assert_eq!(last.train_accuracy, 1.0);
    let seen = evaluate(&network, &train).unwrap();
    assert_eq!((seen.accuracy, seen.predicted), (1.0, train.labels));
}

#[test]
fn the_loss_falls_after_one_step() {
    let train = images(12, 1);
    for optimizer in [Optimizer::sgd(0.01, 0.0), Optimizer::sgd(0.01, 0.9), Optimizer::adam(0.001)] {
        let settings = Settings { epochs: 2, batch_size: 12, optimizer, ..Settings::default() };
        let epochs = quietly(&mut network_without_dropout(1), &train, None, &settings).unwrap().epochs;
        assert!(epochs[1].train_loss < epochs[0].train_loss, "{optimizer:?}: {epochs:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_curve_and_weights_on_any_number_of_threads() {
    let (train, validation) = (images(25, 1), images(9, 2));
    let run = |seed, threads| {
        let settings = Settings { epochs: 4, batch_size: 8, seed, threads, ..Settings::default() };
        let mut network = network(1);
        let history = quietly(&mut network, &train, Some(&validation), &settings).unwrap();
        (curve(&history), bits(&network))
    };
    let one = run(1, Some(1));
    assert_eq!(one, run(1, Some(1)));
    assert_eq!(one, run(1, Some(2)));
    assert_eq!(one, run(1, Some(5)));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    assert_eq!(one, pool.install(|| run(1, None)));
    assert_ne!(one, run(2, Some(1)));
}

#[test]
fn every_image_is_seen_once_an_epoch_and_counts_alike() {
    // With steps too small to change a weight the epoch's mean is that of all images: the last batch of 2 must count
    // less than the ones of 4. Batch norm and dropout would make the loss depend on the batch, so a plain layer.
    let train = images(10, 1);
    let dense = || Box::new(Sequential::new().then(Box::new(Dense::new("dense", &Initializer::keras(1), 64, 3))));
    let mut network = Network::new("linear", (8, 8, 1), 3, dense());
    let before = bits(&network);
    let settings = Settings { epochs: 3, batch_size: 4, optimizer: Optimizer::sgd(1e-60, 0.0), ..Settings::default() };
    let mut batches = Vec::new();
    let mut observer = |event: &Event| {
        if let Event::Batch { epoch, batch, loss, .. } = *event {
            batches.push((epoch, batch, loss));
        }
    };
    let history = fit(&mut network, &train, None, &settings, &mut observer).unwrap();
    assert_eq!(bits(&network), before);
    let all = evaluate(&network, &train).unwrap();
    for epoch in &history.epochs {
        assert!((epoch.train_loss - all.loss).abs() < 1e-6, "{} and {}", epoch.train_loss, all.loss);
        assert_eq!(epoch.train_accuracy, all.accuracy);
    }
    let numbers: Vec<_> = batches.iter().map(|&(epoch, batch, _)| (epoch, batch)).collect();
    assert_eq!(numbers, [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (3, 1), (3, 2), (3, 3)]);
    assert_ne!(batches[0].2, batches[3].2, "each epoch has its own order");
    assert_eq!(batches[2].2, history.epochs[0].train_loss);
}

#[test]
fn a_linear_classifier_trains_as_in_keras() {
    let golden: Value = serde_json::from_str(include_str!("golden/linear_fit.json")).unwrap();
    let labelled = |images: &str, labels: &str| {
        let labels: Vec<usize> = numbers(&golden[labels]).iter().map(|&label| label as usize).collect();
        LabelledImages {
            images: Images::new((labels.len(), 1, 6, 1), floats(&golden[images])).unwrap(),
            names: labels.iter().map(|label| format!("of {label}")).collect(),
            labels,
            classes: ["a", "b", "c"].map(String::from).to_vec(),
        }
    };
    let (train, validation) = (labelled("images", "labels"), labelled("validation_images", "validation_labels"));
    for keras in golden["fits"].as_array().unwrap() {
        let dense = Box::new(Dense::new("dense", &Initializer::keras(1), 6, 3));
        let mut network = Network::new("linear", (1, 6, 1), 3, dense);
        network.parameters_mut()[0].set_values(&floats(&golden["weight"]));
        network.parameters_mut()[1].set_values(&floats(&golden["bias"]));
        let settings = Settings {
            epochs: 8,
            batch_size: 12,
            optimizer: Optimizer::adam(0.05),
            label_smoothing: keras["label_smoothing"].as_f64().unwrap(),
            keep: Keep::Last,
            ..Settings::default()
        };
        let history = quietly(&mut network, &train, Some(&validation), &settings).unwrap();
        let column = |of: fn(&Epoch) -> f64| history.epochs.iter().map(of).collect::<Vec<_>>();
        near(&column(|e| e.train_loss), &numbers(&keras["history"]["loss"]), 1e-5);
        near(&column(|e| e.train_accuracy), &numbers(&keras["history"]["accuracy"]), 1e-6);
        near(&column(|e| e.validation_loss.unwrap()), &numbers(&keras["history"]["val_loss"]), 1e-5);
        near(&column(|e| e.validation_accuracy.unwrap()), &numbers(&keras["history"]["val_accuracy"]), 1e-6);
        let weight: Vec<f64> = network.parameters()[0].values().iter().map(|&v| v as f64).collect();
        near(&weight, &numbers(&keras["weight"]), 1e-5);
    }
}

#[test]
fn without_early_stopping_the_weights_of_the_lowest_validation_loss_are_kept() {
    // Validation images with wrong labels: the better the network, the worse its loss on them.
    let (train, mut validation) = (images(30, 1), images(30, 2));
    validation.labels.rotate_left(1);
    let mut settings = Settings { epochs: 12, batch_size: 6, optimizer: Optimizer::adam(0.1), ..Settings::default() };
    let mut run = |keep| {
        settings.keep = keep;
        let mut trained = network(1);
        let history = quietly(&mut trained, &train, Some(&validation), &settings).unwrap();
        (evaluate(&trained, &validation).unwrap().loss, history)
    };
    let (loss, history) = run(Keep::Best);
    let lowest = history.epochs.iter().filter_map(|e| e.validation_loss).fold(f64::INFINITY, f64::min);
    let last = history.epochs[11].validation_loss.unwrap();
    assert!(lowest < last, "the test needs an epoch that is better than the last");
    assert_eq!(loss, lowest);
    assert_eq!(history.stopped.as_deref(), Some("All 12 epochs are done."));
    let (loss, history) = run(Keep::Last);
    assert_eq!((loss, history.best_epoch), (last, Some(12)));
    let history = quietly(&mut network(1), &train, None, &Settings { epochs: 3, ..Settings::default() }).unwrap();
    assert_eq!(history.best_epoch, Some(3));
}

#[test]
fn a_loss_that_is_no_number_names_its_step_and_leaves_the_weights_before_its_epoch() {
    let train = images(20, 1);
    let settings = Settings { epochs: 3, batch_size: 8, ..Settings::default() };
    // 3 steps an epoch: the eighth step is the second of epoch 3.
    let mut broken = failing_network(1, Failure::NotANumber(7.into()));
    let error = quietly(&mut broken, &train, None, &settings).unwrap_err();
    let named = matches!(error, Error::NotFinite { epoch: 3, batch: 2, learning_rate: 0.001, loss } if loss.is_nan());
    assert!(named, "{error}");
    let mut good = network(1);
    quietly(&mut good, &train, None, &Settings { epochs: 2, ..settings }).unwrap();
    assert_eq!(bits(&broken), bits(&good));
}

#[test]
fn weights_that_a_last_step_made_infinite_are_not_kept() {
    let train = images(6, 1);
    let settings = Settings { epochs: 1, batch_size: 6, optimizer: Optimizer::sgd(1e39, 0.0), ..Settings::default() };
    let mut network = network(1);
    let before = bits(&network);
    let error = quietly(&mut network, &train, None, &settings).unwrap_err();
    assert!(matches!(error, Error::NotFinite { epoch: 1, batch: 1, .. }), "{error}");
    assert_eq!(bits(&network), before);
}

#[test]
fn what_cannot_work_is_an_error_that_names_it_and_changes_nothing() {
    type Change = fn(&mut Settings, &mut LabelledImages, &mut LabelledImages);
    let sgd = |momentum, nesterov| Optimizer::Sgd { learning_rate: 0.1, momentum, nesterov, weight_decay: 0.0 };
    assert!(
        quietly(&mut network(1), &images(6, 1), None, &Settings { optimizer: sgd(0.0, true), ..Settings::default() })
            .is_err()
    );
    let cases: [(&str, Change); 17] = [
        ("epochs is 0", |s, _, _| s.epochs = 0),
        ("batch_size is 0", |s, _, _| s.batch_size = 0),
        ("threads is 0", |s, _, _| s.threads = Some(0)),
        ("learning_rate is 0", |s, _, _| s.optimizer = Optimizer::adam(0.0)),
        ("learning_rate is NaN", |s, _, _| s.optimizer = Optimizer::adam(f64::NAN)),
        ("momentum is 1", |s, _, _| s.optimizer = Optimizer::sgd(0.1, 1.0)),
        ("label_smoothing is 1", |s, _, _| s.label_smoothing = 1.0),
        ("min_delta is -1", |s, _, _| {
            s.early_stopping = Some(EarlyStopping { min_delta: -1.0, ..EarlyStopping::default() })
        }),
        ("no training images", |_, train, _| *train = train.select(&[])),
        ("no validation images", |_, _, validation| *validation = validation.select(&[])),
        ("5 labels for 6 training images", |_, train, _| train.labels.truncate(5)),
        ("training image 2.png has the label 3", |_, train, _| train.labels[2] = 3),
        ("4 classes, and small tells 3 apart", |_, train, _| train.classes.push("more".into())),
        ("validation images have the classes", |_, _, validation| validation.classes[0] = "other".into()),
        ("(4, 16, 1)", |_, train, _| {
            train.images = Images::new((6, 4, 16, 1), train.images.values().to_vec()).unwrap()
        }),
        ("training image 1.png has pixel values", |_, train, _| {
            let mut values = train.images.values().to_vec();
            values[70] = f32::NAN;
            train.images = Images::new((6, 8, 8, 1), values).unwrap()
        }),
        ("validation image 3.png has the label 9", |_, _, validation| validation.labels[3] = 9),
    ];
    for (message, change) in cases {
        let (mut settings, mut train, mut validation) = (Settings::default(), images(6, 1), images(6, 2));
        change(&mut settings, &mut train, &mut validation);
        let mut network = network(1);
        let before = bits(&network);
        let error = quietly(&mut network, &train, Some(&validation), &settings).unwrap_err();
        assert!(error.to_string().contains(message), "{error}, not {message}");
        assert_eq!(bits(&network), before);
    }
    let settings = Settings { early_stopping: Some(EarlyStopping::default()), ..Settings::default() };
    let error = quietly(&mut network(1), &images(6, 1), None, &settings).unwrap_err();
    assert!(error.to_string().contains("no validation images"), "{error}");
    let mut frozen = network(1);
    frozen.parameters_mut().into_iter().for_each(|p| p.trainable = false);
    let error = quietly(&mut frozen, &images(6, 1), None, &Settings::default()).unwrap_err();
    assert!(error.to_string().contains("frozen"), "{error}");
}

#[test]
fn frozen_parameters_stay_and_the_others_learn() {
    let mut network = network(1);
    network.parameters_mut()[0].trainable = false;
    let before: Vec<Vec<f32>> = network.parameters().iter().map(|p| p.values()).collect();
    quietly(&mut network, &images(12, 1), None, &Settings { epochs: 1, ..Settings::default() }).unwrap();
    for (index, (parameter, before)) in network.parameters().iter().zip(before).enumerate() {
        assert_eq!(parameter.values() == before, index == 0, "{}", parameter.name);
    }
}

#[test]
fn predictions_are_of_each_image_alone_and_agree_with_each_other() {
    let all = images(70, 1); // more than pass through at a time
    let mut network = network(1);
    quietly(&mut network, &all, None, &Settings { epochs: 2, ..Settings::default() }).unwrap();
    let rows = logits(&network, &all.images).unwrap();
    let seen = evaluate(&network, &all).unwrap();
    assert_eq!(seen.probabilities, probabilities(&network, &all.images).unwrap());
    let mut loss = 0.0;
    for (i, row) in rows.iter().enumerate() {
        let alone = logits(&network, &all.images.select(&[i])).unwrap();
        near(&doubles(&alone[0]), &doubles(row), 1e-5);
        let powers: Vec<f64> = row.iter().map(|&logit| (logit as f64).exp()).collect();
        let sum: f64 = powers.iter().sum();
        let softmax: Vec<f64> = powers.iter().map(|power| power / sum).collect();
        near(&doubles(&seen.probabilities[i]), &softmax, 1e-6);
        let largest = softmax.iter().copied().fold(0.0, f64::max);
        assert_eq!(softmax[seen.predicted[i]], largest);
        loss -= softmax[all.labels[i]].ln() / 70.0;
    }
    assert!((seen.loss - loss).abs() < 1e-5, "{} and {loss}", seen.loss);
    let right = seen.predicted.iter().zip(&seen.truth).filter(|(a, b)| a == b).count();
    assert_eq!(seen.accuracy, right as f64 / 70.0);
    assert!(probabilities(&network, &all.images.select(&[])).unwrap().is_empty());
    let square = Images::new((1, 4, 4, 1), vec![0.0; 16]).unwrap();
    assert!(probabilities(&network, &square).unwrap_err().to_string().contains("(8, 8, 1)"));
    assert!(evaluate(&network, &all.select(&[])).unwrap_err().to_string().contains("no test images"));
}

#[test]
fn a_history_survives_as_csv_to_the_bit() {
    let mut history = History::default();
    for i in 0..20 {
        let mut row = epoch(i + 1, 1.0 / (i as f64 + 3.0));
        row.validation_accuracy = (i % 3 > 0).then_some((i as f64).sqrt() / 7.0);
        history.epochs.push(row);
    }
    let csv = history.to_csv();
    assert_eq!(History::from_csv(&csv).unwrap(), history);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 21);
    assert_eq!(lines[2], "2,0.25,0.1,0.25,0.14285714285714285,0.001,1.5,3");
    for cut in 1..csv.len() - 2 {
        // Where a whole line is cut off, or digits at the very end, the rest is a history too, but another.
        assert!(History::from_csv(&csv[..cut]).map_or(true, |part| part != history), "cut at {cut}");
    }
    assert!(History::from_csv(&csv.replace("\n2,", "\n3,")).unwrap_err().contains("line 3"));
    assert!(History::from_csv("").is_err());
}
