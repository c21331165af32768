//! Learning-rate schedules.

#[path = "common/fitting.rs"]
mod fitting;
#[path = "common/small_network.rs"]
mod small_network;

use fitting::{epoch, numbers, quietly};
use manga_expressions::training::{Epoch, Monitor, OneCycle, Optimizer, ReduceOnPlateau, Schedule, Settings, fit};
use serde_json::{Value, json};
use small_network::{Failure, failing_network, images, network};

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/schedules.json")).unwrap()
}

/// Fails unless both are as near as `tolerance`, relative to the second.
#[track_caller]
fn near(ours: f64, theirs: f64, tolerance: f64, case: &Value) {
    assert!((ours - theirs).abs() <= tolerance * theirs, "{ours} and {theirs} in {case}");
}

#[test]
fn the_rate_falls_on_a_plateau_as_in_keras() {
    let mut falls = 0;
    for case in golden()["plateaus"].as_array().unwrap() {
        let accuracy = case["accuracy"].as_bool().unwrap();
        let mut options = case["options"].clone();
        options["name"] = "reduce_on_plateau".into();
        options["monitor"] = if accuracy { "validation_accuracy" } else { "validation_loss" }.into();
        let schedule: Schedule = serde_json::from_value(options).unwrap();
        let first = case["first"].as_f64().unwrap();
        let values = numbers(&case["values"]);
        let epochs: Vec<Epoch> = (1..)
            .zip(&values)
            .map(|(i, &value)| Epoch {
                validation_loss: (!accuracy).then_some(value),
                validation_accuracy: accuracy.then_some(value),
                ..epoch(i, 0.0)
            })
            .collect();
        assert_eq!(schedule.learning_rate(first, &[], 0, 10), first);
        for (after, theirs) in (1..).zip(numbers(&case["rates"])) {
            // Keras keeps the rate in 32 bits.
            near(schedule.learning_rate(first, &epochs[..after], 0, 10), theirs, 1e-6, case);
            falls += usize::from(theirs < first);
        }
    }
    assert!(falls > 100, "the cases are to have falls");
}

#[test]
fn one_cycle_is_as_in_pytorch() {
    for case in golden()["cycles"].as_array().unwrap() {
        let mut options = case["options"].clone();
        options["name"] = "one_cycle".into();
        let schedule: Schedule = serde_json::from_value(options).unwrap();
        let theirs = numbers(&case["rates"]);
        for (step, rate) in theirs.iter().enumerate() {
            let ours = schedule.learning_rate(case["highest"].as_f64().unwrap(), &[], step, theirs.len());
            near(ours, *rate, 1e-9, case);
        }
    }
    // PyTorch divides by zero where the warm-up ends with the first step.
    let schedule = Schedule::OneCycle(OneCycle { warm_up: 0.1, ..OneCycle::default() });
    assert_eq!(schedule.learning_rate(0.5, &[], 0, 10), 0.5);
}

#[test]
fn an_epoch_shows_the_rate_of_its_last_step() {
    let schedule = Schedule::OneCycle(OneCycle::default());
    let settings =
        Settings { epochs: 4, batch_size: 8, optimizer: Optimizer::adam(0.02), schedule, ..Settings::default() };
    let history = quietly(&mut network(1), &images(20, 1), None, &settings).unwrap();
    for row in &history.epochs {
        // 3 steps an epoch.
        assert_eq!(row.learning_rate, schedule.learning_rate(0.02, &[], 3 * row.epoch - 1, 12));
    }
    let broken = &mut failing_network(1, Failure::NotANumber(7.into()));
    let error = quietly(broken, &images(20, 1), None, &settings).unwrap_err().to_string();
    assert!(error.contains(&format!("learning rate {}:", schedule.learning_rate(0.02, &[], 7, 12))), "{error}");
}

#[test]
fn a_training_on_a_plateau_goes_on_with_smaller_steps() {
    // Steps too small to change a weight: after the first epoch no loss is better than the one before.
    let schedule =
        Schedule::ReduceOnPlateau(ReduceOnPlateau { patience: 2, cooldown: 1, ..ReduceOnPlateau::default() });
    let settings = Settings {
        epochs: 7,
        batch_size: 8,
        optimizer: Optimizer::sgd(1e-30, 0.0),
        schedule,
        batch_norm: manga_expressions::training::BatchNormMode::Running,
        ..Settings::default()
    };
    let train = images(20, 1);
    let history = fit(&mut network(1), &train, Some(&train), &settings, &mut |_| {}).unwrap();
    let rates: Vec<f64> = history.epochs.iter().map(|row| row.learning_rate / 1e-30).collect();
    assert_eq!(rates, [1.0, 1.0, 1.0, 0.5, 0.5, 0.25, 0.25]);
}

#[test]
fn schedules_that_cannot_work_name_what_is_wrong() {
    let plateau = ReduceOnPlateau { monitor: Monitor::TrainLoss, ..ReduceOnPlateau::default() };
    let cycle = OneCycle::default();
    let cases = [
        ("schedule.factor is 1", Schedule::ReduceOnPlateau(ReduceOnPlateau { factor: 1.0, ..plateau })),
        ("schedule.factor is 0", Schedule::ReduceOnPlateau(ReduceOnPlateau { factor: 0.0, ..plateau })),
        ("schedule.min_delta is NaN", Schedule::ReduceOnPlateau(ReduceOnPlateau { min_delta: f64::NAN, ..plateau })),
        (
            "schedule.min_learning_rate is 0.1, and learning_rate is 0.001",
            Schedule::ReduceOnPlateau(ReduceOnPlateau { min_learning_rate: 0.1, ..plateau }),
        ),
        (
            "schedule is to follow the validation loss, but there are no validation images",
            Schedule::ReduceOnPlateau(ReduceOnPlateau::default()),
        ),
        ("schedule.warm_up is 1.5", Schedule::OneCycle(OneCycle { warm_up: 1.5, ..cycle })),
        ("schedule.div_factor is 0.5", Schedule::OneCycle(OneCycle { div_factor: 0.5, ..cycle })),
        ("schedule.final_div_factor is 0", Schedule::OneCycle(OneCycle { final_div_factor: 0.0, ..cycle })),
    ];
    for (message, schedule) in cases {
        let settings = Settings { schedule, ..Settings::default() };
        let error = quietly(&mut network(1), &images(6, 1), None, &settings).unwrap_err().to_string();
        assert!(error.contains(message), "{error}, not {message}");
    }
}

#[test]
fn schedules_are_written_by_name() {
    let schedule = Schedule::ReduceOnPlateau(ReduceOnPlateau::default());
    let text = json!({ "name": "reduce_on_plateau", "monitor": "validation_loss", "factor": 0.5, "patience": 7,
        "min_delta": 1e-4, "cooldown": 0, "min_learning_rate": 0.0 });
    assert_eq!(serde_json::to_value(schedule).unwrap(), text);
    let read = |text: Value| serde_json::from_value::<Schedule>(text);
    assert_eq!(read(json!({ "name": "one_cycle" })).unwrap(), Schedule::OneCycle(OneCycle::default()));
    assert_eq!(read(json!({ "name": "constant" })).unwrap(), Schedule::Constant);
    assert!(read(json!({ "name": "one_cycle", "warmup": 0.2 })).unwrap_err().to_string().contains("warmup"));
}
