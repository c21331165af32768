//! Trainings that are followed: every ending is in them, as if the training had ended so.

#[path = "common/fitting.rs"]
mod fitting;
#[path = "common/small_network.rs"]
mod small_network;

use fitting::{near, quietly};
use manga_expressions::data::{Preparation, Source};
use manga_expressions::metrics::Interval;
use manga_expressions::study::experiment::{Ending, EndingRow, Experiment, FollowedTraining, endings};
use manga_expressions::training::{
    EarlyStopping, Glance, History, Keep, ReduceOnPlateau, Schedule, Settings, Snapshot, Statistics, Trajectory,
    evaluate, follow, measure_statistics,
};
use small_network::{images, network, staged_network};

fn settings() -> Settings {
    Settings { epochs: 6, batch_size: 16, seed: 3, ..Settings::default() }
}

fn of(trajectory: &Trajectory, statistics: Statistics) -> Vec<&Snapshot> {
    trajectory.snapshots.iter().filter(|one| one.statistics == statistics).collect()
}

#[test]
fn a_trajectory_has_what_trainings_with_each_momentum_and_end_have() {
    let (train, validation, test) = (images(60, 1), images(30, 2), images(45, 3));
    let trajectory =
        follow(&mut network(7), &train, &validation, &test, &settings(), &[0.9, 0.5], &mut |_| {}).unwrap();
    for momentum in [0.9, 0.5] {
        let followed = of(&trajectory, Statistics::Running(momentum));
        let settings = Settings { batch_norm_momentum: Some(momentum), keep: Keep::Last, ..settings() };
        for epochs in [1, 4, 6] {
            let mut trained = network(7);
            let history =
                quietly(&mut trained, &train, Some(&validation), &Settings { epochs, ..settings.clone() }).unwrap();
            let (last, snapshot) = (history.epochs.last().unwrap(), followed[epochs - 1]);
            near(
                &[snapshot.validation.loss, snapshot.validation.accuracy],
                &[last.validation_loss.unwrap(), last.validation_accuracy.unwrap()],
                1e-6,
            );
            near(&[trajectory.training.epochs[epochs - 1].train_loss], &[last.train_loss], 1e-12);
            let said = evaluate(&trained, &test).unwrap();
            assert_eq!(snapshot.test.predicted, said.predicted);
            near(&[snapshot.test.loss, snapshot.test.accuracy], &[said.loss, said.accuracy], 1e-6);

            measure_statistics(&mut trained, &train.images).unwrap();
            let measured = of(&trajectory, Statistics::MeasuredAgain);
            if let Some(measured) = measured.iter().find(|one| one.epoch == epochs) {
                assert_eq!(measured.test.predicted, evaluate(&trained, &test).unwrap().predicted);
            }
        }
    }
    assert_eq!(of(&trajectory, Statistics::MeasuredAgain).last().unwrap().epoch, 6, "a training may end with the last");
}

#[test]
fn statistics_measured_at_the_end_of_a_training_are_those_measured_by_hand() {
    let (train, validation, test) = (images(60, 1), images(30, 2), images(45, 3));
    let settings = Settings { measure_statistics: true, ..settings() };
    let mut measured = network(7);
    let history = quietly(&mut measured, &train, Some(&validation), &settings).unwrap();
    let mut by_hand = network(7);
    let without = Settings { measure_statistics: false, ..settings };
    assert_eq!(quietly(&mut by_hand, &train, Some(&validation), &without).unwrap().best_epoch, history.best_epoch);
    let said = |network: &mut _| evaluate(network, &test).unwrap().probabilities;
    assert_ne!(said(&mut measured), said(&mut by_hand));
    measure_statistics(&mut by_hand, &train.images).unwrap();
    assert_eq!(said(&mut measured), said(&mut by_hand));
}

#[test]
fn where_no_statistic_changes_there_is_one_kind_of_snapshot() {
    let (train, validation, test) = (images(40, 1), images(20, 2), images(20, 3));
    let mut frozen = staged_network(1);
    frozen.freeze_through("middle").unwrap();
    let trajectory = follow(&mut frozen, &train, &validation, &test, &settings(), &[0.99, 0.9], &mut |_| {}).unwrap();
    assert_eq!(of(&trajectory, Statistics::None).len(), 6);
    assert_eq!(trajectory.snapshots.len(), 6);
}

#[test]
fn a_training_that_follows_its_validation_is_followed_with_one_momentum() {
    let parts = (images(40, 1), images(20, 2), images(20, 3));
    let settings = Settings { schedule: Schedule::ReduceOnPlateau(ReduceOnPlateau::default()), ..settings() };
    let followed = |settings: &Settings, momenta: &[f64]| {
        follow(&mut network(1), &parts.0, &parts.1, &parts.2, settings, momenta, &mut |_| {})
    };
    assert!(followed(&settings, &[0.99, 0.9]).unwrap_err().to_string().contains("plateau"));
    assert!(followed(&settings, &[0.9]).is_ok());
    assert!(followed(&settings, &[]).unwrap_err().to_string().contains("at least one momentum"));
    assert!(followed(&settings, &[1.0]).unwrap_err().to_string().contains("momentum is 1"));
    let averaged = Settings { weight_average: Some(0.9), ..settings };
    assert!(followed(&averaged, &[0.9]).unwrap_err().to_string().contains("weight_average"));
}

/// A training with these validation losses, test losses and numbers of right answers of four photos, an epoch each.
fn scripted(seed: u64, epochs: &[(f64, f64, usize)]) -> FollowedTraining {
    let snapshot = |(index, &(validation, test, right)): (usize, &(f64, f64, usize))| Snapshot {
        epoch: index + 1,
        statistics: Statistics::Running(0.99),
        validation: Glance { loss: validation, accuracy: 0.5, predicted: vec![] },
        test: Glance {
            loss: test,
            accuracy: right as f64 / 4.0,
            predicted: (0..4).map(|photo| if photo < right { photo % 2 } else { 1 - photo % 2 }).collect(),
        },
    };
    let row = |(index, _): (usize, _)| manga_expressions::training::Epoch {
        validation_loss: None,
        validation_accuracy: None,
        ..fitting::epoch(index + 1, 1.0)
    };
    FollowedTraining {
        about: manga_expressions::study::experiment::AboutFollowed {
            recipe: "scripted".into(),
            seed,
            command: "manga endings scripted".into(),
            compute_version: "2".into(),
            cpu_seconds: 1.0,
            classes: vec!["sad".into(), "happy".into()],
            truth: vec![0, 1, 0, 1],
            settings: serde_json::json!({ "network": "dcnn" }),
        },
        trajectory: Trajectory {
            training: History { epochs: epochs.iter().enumerate().map(row).collect(), ..History::default() },
            snapshots: epochs.iter().enumerate().map(snapshot).collect(),
        },
    }
}

fn row(rows: &[EndingRow], ending: Ending) -> &EndingRow {
    rows.iter().find(|row| row.ending == ending).unwrap()
}

#[test]
fn each_ending_keeps_the_epoch_that_its_rule_says() {
    // Losses on validation rise once, fall to their lowest at epoch 4, and rise; on the test epoch 3 is the lowest.
    let first =
        scripted(1, &[(1.9, 1.9, 1), (2.0, 1.8, 2), (1.8, 1.5, 2), (1.2, 1.6, 3), (1.6, 2.0, 4), (1.7, 2.1, 2)]);
    let second =
        scripted(2, &[(1.9, 1.9, 1), (1.8, 2.0, 0), (1.7, 1.5, 3), (1.8, 1.6, 2), (1.6, 2.0, 2), (1.7, 2.1, 1)]);
    let rows = endings(&[first, second]).unwrap();
    assert_eq!(rows.len(), 6);
    let epochs = |ending| row(&rows, ending).epochs.clone();
    // By Keras: patience 0 ends a training after the first epoch without improvement, and the network is then its last.
    assert_eq!(epochs(Ending::KerasEarlyStopping), [2, 4]);
    assert_eq!(epochs(Ending::BestEpoch), [4, 5]);
    assert_eq!(epochs(Ending::LastEpoch), [6, 6]);
    assert_eq!(epochs(Ending::KerasEarlyStoppingOnTest), [4, 2]);
    assert_eq!(epochs(Ending::LowestTestLoss), [3, 3]);
    assert_eq!(epochs(Ending::HighestTestAccuracy), [5, 3]);

    let last = row(&rows, Ending::LastEpoch);
    assert_eq!((last.accuracies.clone(), last.accuracy), (vec![0.5, 0.25], 0.375));
    assert!((last.deviation.unwrap() - 0.25 / 2f64.sqrt()).abs() < 1e-12);
    let wilson = [Interval::wilson(2, 4).unwrap(), Interval::wilson(1, 4).unwrap()];
    near(&[last.interval.low], &[(wilson[0].low + wilson[1].low) / 2.0], 1e-12);
    assert_eq!(Ending::HighestTestAccuracy.chosen_on(), "test");
}

#[test]
fn a_loss_that_is_no_number_is_never_the_lowest() {
    let training = scripted(1, &[(f64::NAN, f64::NAN, 1), (2.0, 1.8, 2), (1.8, f64::NAN, 2)]);
    let rows = endings(&[training]).unwrap();
    assert_eq!(row(&rows, Ending::BestEpoch).epochs, [3]);
    assert_eq!(row(&rows, Ending::LowestTestLoss).epochs, [2]);
}

#[test]
fn what_is_kept_is_read_back_and_damage_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let mut experiment = Experiment {
        source: Source::Drawn { count: 56, seed: 7 },
        preparation: Preparation { size: 12, channels: 1, ..Preparation::default() },
        ..Experiment::new("dcnn", 1)
    };
    (experiment.training.epochs, experiment.training.early_stopping) = (2, Some(EarlyStopping::default()));
    let dataset = experiment.source.load().unwrap();
    let mut followed = experiment.follow("small", &dataset, &[0.99, 0.9], &mut |_| {}).unwrap();
    followed.save(path).unwrap();
    let read = FollowedTraining::open(path, "small", 1).unwrap().unwrap();
    assert_eq!(read.about, followed.about);
    // What the CSV does not have: the answers to validation photos, and times.
    followed.trajectory.snapshots.iter_mut().for_each(|one| one.validation.predicted.clear());
    assert_eq!(read.trajectory.snapshots, followed.trajectory.snapshots);
    assert_eq!(endings(&FollowedTraining::all_in(path).unwrap()).unwrap(), endings(&[followed]).unwrap());
    assert_eq!(FollowedTraining::open(path, "small", 2).unwrap(), None);

    let csv = folder.path().join("small-seed1.csv");
    let text = std::fs::read_to_string(&csv).unwrap();
    std::fs::write(&csv, text.replacen(",momentum_0.9,", ",momentum_nine,", 1)).unwrap();
    let said = FollowedTraining::open(path, "small", 1).unwrap_err().to_string();
    assert!(said.contains("small-seed1.csv, line 3 is damaged"), "{said}");
}
