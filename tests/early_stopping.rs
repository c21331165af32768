//! Early stopping.

#[path = "common/fitting.rs"]
mod fitting;
#[path = "common/small_network.rs"]
mod small_network;

use fitting::{curve, epoch, numbers, quietly};
use manga_expressions::training::{EarlyStopping, Epoch, Monitor, Optimizer, Settings, evaluate};
use serde_json::Value;
use small_network::{images, network};

#[test]
fn early_stopping_decides_as_keras_does() {
    let golden: Value = serde_json::from_str(include_str!("golden/early_stopping.json")).unwrap();
    for case in golden["cases"].as_array().unwrap() {
        let accuracy = case["accuracy"].as_bool().unwrap();
        let mut options = case["options"].clone();
        options["monitor"] = if accuracy { "validation_accuracy" } else { "validation_loss" }.into();
        let rule: EarlyStopping = serde_json::from_value(options).unwrap();
        let values = numbers(&case["values"]);
        let epochs: Vec<Epoch> = (1..)
            .zip(&values)
            .map(|(i, &value)| Epoch {
                validation_loss: (!accuracy).then_some(value),
                validation_accuracy: accuracy.then_some(value),
                ..epoch(i, 0.0)
            })
            .collect();
        let done = (1..=epochs.len()).find(|&done| rule.verdict(&epochs[..done]).stop.is_some());
        let after = done.unwrap_or(epochs.len());
        let verdict = rule.verdict(&epochs[..after]);
        let weights_of = verdict.best_epoch.filter(|_| rule.restore_best_weights).unwrap_or(after);
        let ours = serde_json::json!({ "epochs": after, "stopped": done.is_some(), "weights_of": weights_of });
        assert_eq!(ours, case["keras"], "{case}");
    }
}

#[test]
fn early_stopping_can_watch_the_training_and_says_why_it_stops() {
    let epochs: Vec<Epoch> = (1..).zip([2.0, 1.5, 1.6, 1.75]).map(|(i, loss)| epoch(i, loss)).collect();
    let rule = EarlyStopping { monitor: Monitor::TrainLoss, patience: 2, ..EarlyStopping::default() };
    let verdict = rule.verdict(&epochs);
    assert_eq!(verdict.best_epoch, Some(2));
    let sentence =
        "Early stopping after epoch 4: for 2 epochs the training loss has not been better than the 1.5000 of epoch 2.";
    assert_eq!(verdict.stop.as_deref(), Some(sentence));
    let rule = EarlyStopping { monitor: Monitor::TrainAccuracy, ..rule };
    let verdict = rule.verdict(&epochs);
    assert_eq!(verdict.best_epoch, Some(1));
    let sentence = "Early stopping after epoch 3: for 2 epochs the training accuracy has not been better than the 0.2000 of epoch 1.";
    assert_eq!(verdict.stop.as_deref(), Some(sentence));
}

#[test]
fn early_stopping_restores_the_best_weights() {
    let (train, validation) = (images(30, 1), images(30, 2));
    let best = EarlyStopping { patience: 3, ..EarlyStopping::default() };
    let mut settings = Settings {
        epochs: 200,
        batch_size: 6,
        optimizer: Optimizer::adam(0.1),
        early_stopping: Some(best),
        ..Settings::default()
    };
    let mut trained = network(1);
    let history = quietly(&mut trained, &train, Some(&validation), &settings).unwrap();
    let epoch = history.best_epoch.unwrap();
    assert_eq!(history.epochs.len(), epoch + 3, "{}", history.conclusion());
    assert_eq!(history.lowest_validation_loss().unwrap().epoch, epoch);
    assert!(history.conclusion().contains(&format!("the optimal number of epochs observed is {epoch}.")));
    let row = &history.epochs[epoch - 1];
    let seen = evaluate(&trained, &validation).unwrap();
    assert_eq!((Some(seen.loss), Some(seen.accuracy)), (row.validation_loss, row.validation_accuracy));

    settings.early_stopping = Some(EarlyStopping { restore_best_weights: false, ..best });
    let mut trained = network(1);
    let last = quietly(&mut trained, &train, Some(&validation), &settings).unwrap();
    assert_eq!(curve(&last), curve(&history));
    assert_eq!(last.best_epoch, Some(history.epochs.len()));
    let seen = evaluate(&trained, &validation).unwrap();
    assert_eq!(Some(seen.loss), last.epochs.last().unwrap().validation_loss);
}
