//! The checkers of the exercises about training by hand, learning rate, epochs, time and CPU.

use manga_expressions::lessons::exercises::{Verdict, epochs, learning_rate, time_and_cpu, training_by_hand};
use manga_expressions::training::{Cost, History, RateCurve, RateRange, Rule, Work};

/// The text of a verdict that must not be right.
fn hint(verdict: Verdict) -> String {
    assert!(!verdict.is_right(), "{verdict}");
    verdict.to_string()
}

const NO_ANSWER: &str = "Not yet. Put your answer in place of f64::NAN.";

#[test]
fn learning_rates() {
    let losses: Vec<f64> =
        (0..60).map(|step| 2.0 - 0.02 * f64::from(step) + f64::exp(f64::from(step) - 50.0)).collect();
    let range = RateRange { from: 1e-6, to: 1.0, steps: 60 };
    let curve = RateCurve::from_losses("scripted", 1, &range, &losses).unwrap();

    let lowest = curve.suggestion(Rule::Minimum).unwrap().mark.0;
    assert!(learning_rate::minimum_rule(&curve, lowest / 10.0).unwrap().is_right());
    assert!(hint(learning_rate::minimum_rule(&curve, lowest).unwrap()).contains("a tenth"));
    assert_eq!(hint(learning_rate::minimum_rule(&curve, f64::NAN).unwrap()), NO_ANSWER);
    let rising = RateCurve::from_losses("rising", 1, &range, &[1.0, 1.1, 1.2]).unwrap();
    assert!(learning_rate::minimum_rule(&rising, 0.1).is_err());

    // Six powers of ten in 60 steps: a tenth of a power of ten each.
    assert!(learning_rate::factor_of_a_step(&range, 1.2589).is_right());
    assert!(hint(learning_rate::factor_of_a_step(&range, 0.1)).contains("logarithm"));
    assert!(hint(learning_rate::factor_of_a_step(&range, 1e6 / 60.0)).contains("multiply"));

    // The lowest loss: its derivative, -0.02 + e^(step - 50), is 0 at step 46.09.
    let smoothed = (0..curve.smoothed.len()).min_by(|&a, &b| curve.smoothed[a].total_cmp(&curve.smoothed[b])).unwrap();
    let lag = curve.rates[smoothed] / curve.rates[46];
    assert!(lag > 1.0 && learning_rate::lag_of_smoothing(&curve, lag).is_right());
    assert!(hint(learning_rate::lag_of_smoothing(&curve, 1.0 / lag)).contains("other way"));
}

fn history(validation: &[(f64, f64)]) -> History {
    let header =
        "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,learning_rate,seconds,cpu_seconds";
    let row = |(i, (loss, accuracy)): (usize, &(f64, f64))| format!("\n{},1,0.5,{loss},{accuracy},0.1,1,2", i + 1);
    History::from_csv(&format!("{header}{}", validation.iter().enumerate().map(row).collect::<String>())).unwrap()
}

#[test]
fn epochs_of_a_training() {
    // Lowest at epochs 1 and 2, a bump of two epochs, the lowest of all at 5, and no more.
    let history = history(&[(2.0, 0.1), (1.8, 0.2), (1.9, 0.5), (1.85, 0.3), (1.5, 0.4), (1.6, 0.4)]);
    let patience = |patience, answer| epochs::epochs_with_patience(&history, patience, answer).unwrap();
    assert!(patience(2, 4.0).is_right() && patience(1, 3.0).is_right() && patience(9, 6.0).is_right());
    assert!(hint(patience(2, 2.0)).contains("weights are kept"));
    assert_eq!(hint(patience(2, f64::NAN)), NO_ANSWER);

    let smallest = |answer| epochs::smallest_patience(&history, answer).unwrap();
    assert!(smallest(3.0).is_right());
    assert!(hint(smallest(5.0)).contains("best epoch") && !smallest(2.0).is_right());

    let given_up = |answer| epochs::accuracy_given_up(&history, answer).unwrap();
    assert!(given_up(0.1).is_right());
    assert!(hint(given_up(10.0)).contains("fraction") && hint(given_up(0.5)).contains("take away"));

    let none = History::default();
    assert!(epochs::epochs_with_patience(&none, 2, 1.0).is_err() && epochs::smallest_patience(&none, 1.0).is_err());
}

#[test]
fn time_and_processor() {
    let cost = Cost {
        network: "vgg16".into(),
        frozen_through: None,
        work: Work::Train,
        threads: 2,
        batch: 16,
        size: 100,
        steps: 4,
        images_per_second: 8.0,
        images_per_cpu_second: 5.0,
        gflop_per_image: 18.0,
        gflops_per_second: 144.0,
        peak_fraction: 0.9,
        peak_memory_mib: None,
    };
    assert!((cost.cpu_use() - 1.6).abs() < 1e-9);
    assert!(time_and_cpu::cpu_seconds(&cost, 100, 10, 200.0).is_right());
    assert!(hint(time_and_cpu::cpu_seconds(&cost, 100, 10, 20.0)).contains("one epoch"));
    assert!(hint(time_and_cpu::cpu_seconds(&cost, 100, 10, 125.0)).contains("clock"));
    assert!(time_and_cpu::frozen_advantage(15, 45.0).is_right());
    assert!(hint(time_and_cpu::frozen_advantage(15, 15.0)).contains("backward"));
    assert_eq!(hint(time_and_cpu::frozen_advantage(15, f64::NAN)), NO_ANSWER);
}

#[test]
fn losses_and_updates_by_hand() {
    // ln 5 = 1.6094.
    let loss = |answer| training_by_hand::loss_of_one_face(0.2, answer).unwrap();
    assert!(loss(1.61).is_right());
    for (answer, why) in [(-1.609, "minus"), (0.699, "base 10"), (2.322, "base 2"), (0.8, "all other classes")] {
        assert!(hint(loss(answer)).contains(why), "{answer}: {}", loss(answer));
    }
    assert_eq!(hint(loss(f64::NAN)), NO_ANSWER);
    for impossible in [0.0, -0.1, 1.1, f64::NAN] {
        assert!(training_by_hand::loss_of_one_face(impossible, 1.0).is_err(), "{impossible}");
    }

    // 140 faces in batches of 32 are four whole ones and one of 12.
    let updates = |answer| training_by_hand::updates(140, 32, 12, answer).unwrap();
    assert!(updates(60.0).is_right());
    for (answer, why) in [(5.0, "one epoch"), (48.0, "fewer faces"), (1680.0, "each batch"), (52.5, "round up")] {
        assert!(hint(updates(answer)).contains(why), "{answer}: {}", updates(answer));
    }
    assert!(training_by_hand::updates(64, 32, 1, 2.0).unwrap().is_right(), "a right answer is no mistake");
    assert!(training_by_hand::updates(64, 0, 1, 2.0).is_err());
}

#[test]
fn a_prediction_is_compared_with_the_training_that_was_asked_for() {
    let header =
        "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,learning_rate,seconds,cpu_seconds";
    let run = |rate: f64| {
        History::from_csv(&format!("{header}\n1,2.3,0.1,2.2,0.1,{rate},1,1\n2,2.25,0.1,2.2,0.1,{rate},1,1")).unwrap()
    };
    let judged = |rate: f64, answer| training_by_hand::loss_at_another_rate(&run(rate), 0.00001, answer).unwrap();
    assert!(judged(0.00001, 2.2).is_right() && judged(0.00001, 2.39).is_right());
    assert!(hint(judged(0.00001, f64::NAN)).contains("before you run it"));
    assert!(hint(judged(0.002, 2.2)).contains("change it to 0.00001"));
    assert!(hint(judged(0.00001, 1.0)).contains("lower than it is"));
    assert!(hint(judged(0.00001, 9.0)).contains("higher than it is"));
    assert!(training_by_hand::loss_at_another_rate(&History::default(), 0.1, 1.0).is_err());
}
