//! Learning rates for an experiment: looked for, and tried.

#[path = "common/svg.rs"]
mod svg;

use manga_expressions::data::{Dataset, Source};
use manga_expressions::lessons::RateTrial;
use manga_expressions::show::plots::rate_trials;
use manga_expressions::show::tables::Table;
use manga_expressions::study::experiment::{Experiment, Parts};
use manga_expressions::training::{Optimizer, RateRange, learning_rate_finder};

/// An experiment that takes a moment.
fn small(name: &str) -> (Experiment, Parts) {
    let mut experiment = Experiment::new("dcnn", 1);
    // Runs are found again by what they were told, so each test has photos of its own.
    let seed = name.bytes().map(u64::from).sum();
    experiment.source = Source::Drawn { count: 42, seed };
    (experiment.preparation.size, experiment.preparation.channels) = (48, 1);
    experiment.training.batch_size = 16;
    experiment.training.optimizer = Optimizer::sgd(0.01, 0.0);
    let dataset: Dataset = experiment.source.load().unwrap();
    let parts = experiment.parts(&dataset).unwrap();
    (experiment, parts)
}

#[test]
fn a_curve_for_each_seed_is_that_of_the_finder() {
    let (experiment, parts) = small("curves");
    let range = RateRange { from: 1e-4, to: 1.0, steps: 6 };
    let curves = experiment.rate_curves(&parts, &[4, 5], &range).unwrap();
    assert_eq!(curves.iter().map(|curve| curve.seed).collect::<Vec<_>>(), [4, 5]);
    assert_ne!(curves[0].losses, curves[1].losses);
    let mut seeded = experiment.clone();
    seeded.training.seed = 5;
    let mut network = seeded.build(7).unwrap();
    let before = network.digest();
    let alone = learning_rate_finder(&mut network, &parts.train, &seeded.training, &range, &mut |_| {}).unwrap();
    assert_eq!(alone, curves[1]);
    assert_eq!(network.digest(), before);
    assert_ne!(experiment.build(7).unwrap().digest(), before, "other weights have another digest");
}

#[test]
fn a_rate_that_ends_in_no_number_is_a_result_and_stays_one() {
    let (experiment, parts) = small("trials");
    let rates = [0.01, 1e30];
    let trials = experiment.try_rates(&parts, &rates, 2).unwrap();
    assert_eq!((trials[0].history.epochs.len(), trials[0].failure.is_none()), (2, true));
    assert!(trials[1].history.epochs.len() < 2);
    assert_eq!(trials[1].verdict(), "no number");
    assert!(trials[1].failure.as_deref().is_some_and(|why| why.contains("the loss became")));
    // Found again, it is the same.
    assert_eq!(experiment.try_rates(&parts, &rates, 2).unwrap(), trials);

    let table = Table::rate_trials(&trials).unwrap().to_string();
    assert!(table.contains("no number") && table.contains("has the loss 1.95"), "{table}");
    let figure = rate_trials(&trials).unwrap();
    svg::check(&figure);
    assert!(svg::texts(&figure).iter().any(|text| text.starts_with("rate 0.01: ")));
    assert!(rate_trials(&trials[1..]).is_err(), "there is no epoch to draw");
}

#[test]
fn other_errors_stay_errors() {
    let (experiment, parts) = small("errors");
    assert!(experiment.try_rates(&parts, &[-1.0], 1).is_err());
    assert!(experiment.try_rates(&parts, &[0.1], 0).is_err());
}

#[test]
fn an_explosion_has_a_logarithmic_axis() {
    let trial = |learning_rate: f64, loss: f64| {
        let header =
            "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,learning_rate,seconds,cpu_seconds";
        let rows: String = (1..5).map(|e| format!("\n{e},{loss},0.2,{loss},0.2,{learning_rate},1,2")).collect();
        let history = manga_expressions::training::History::from_csv(&format!("{header}{rows}")).unwrap();
        RateTrial { learning_rate, classes: 7, history, failure: None }
    };
    let verdicts = |losses: [f64; 3]| losses.map(|loss| trial(0.1, loss).verdict());
    assert_eq!(verdicts([1.0, 1.9, 500.0]), ["learns", "does not learn", "explodes"]);
    // Two of three explode: the one that learns would lie flat on the axis.
    let figure = rate_trials(&[trial(0.001, 1.0), trial(10.0, 1e6), trial(100.0, 1e7)]).unwrap();
    assert!(svg::texts(&figure).iter().any(|text| text == "Loss (logarithmic scale)"));
    let figure = rate_trials(&[trial(0.001, 1.0), trial(0.1, 1.9)]).unwrap();
    assert!(svg::texts(&figure).iter().any(|text| text == "Loss"));
}
