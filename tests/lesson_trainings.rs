//! Trainings that notebooks ask for by one call: whose photos they see, and that they are those of the calls below them.

use manga_expressions::data::{Dataset, FoldSettings, Folds, Source};
use manga_expressions::lessons::{
    honest_neighbours, leaking_neighbours, learnt_features, network_learning_curve, watch_tests,
};
use manga_expressions::study::experiment::{Experiment, RunOptions, evaluate_run, load};
use manga_expressions::study::methods::{CrossValidation, FixedEpochs, learning_curve};
use manga_expressions::study::neighbours::{Distance, NeighbourAccuracy, cross_validate, cross_validate_each};
use manga_expressions::training::{EarlyStopping, Keep, Progress, ReduceOnPlateau, Run, Schedule, Training, evaluate};

/// A training of no more than a second, which early stopping would end after two epochs where it may.
fn experiment() -> Experiment {
    let mut experiment = Experiment { source: Source::Drawn { count: 56, seed: 7 }, ..Experiment::new("dcnn", 1) };
    (experiment.preparation.size, experiment.preparation.channels) = (12, 1);
    let training = &mut experiment.training;
    (training.epochs, training.batch_size, training.threads) = (3, 16, Some(1));
    training.early_stopping = Some(EarlyStopping { patience: 1, min_delta: 100.0, ..EarlyStopping::default() });
    experiment
}

fn folds(dataset: &Dataset, count: usize, seeds: &[u64]) -> Folds {
    let settings = FoldSettings { folds: count, seeds: seeds.to_vec() };
    Folds::stratified(dataset.classes(), dataset.labels(), &settings).unwrap()
}

#[test]
fn watched_tests_are_trained_to_the_end_and_the_best_epoch_flatters() {
    let mut experiment = experiment();
    let dataset = experiment.source.load().unwrap();
    let watched = watch_tests(&experiment, &dataset, &folds(&dataset, 2, &[3])).unwrap();
    assert_eq!((watched.histories.len(), watched.tested()), (2, 56));
    let accuracies = |fold: usize| {
        let epochs = watched.histories[fold].epochs.iter();
        epochs.map(|epoch| epoch.validation_accuracy.unwrap()).collect::<Vec<f64>>()
    };
    let mean = |value: &dyn Fn(Vec<f64>) -> f64| {
        (0..2).map(|fold| value(accuracies(fold)) * watched.photos[fold] as f64).sum::<f64>() / 56.0
    };
    for fold in 0..2 {
        assert_eq!(accuracies(fold).len(), 3, "not stopped early");
        let (best, all) = (watched.best_epochs()[fold], accuracies(fold));
        assert!(all.iter().all(|accuracy| *accuracy <= all[best - 1]));
    }
    assert!((watched.last() - mean(&|all| all[2])).abs() < 1e-12);
    assert!((watched.best_on_test() - mean(&|all| all.iter().copied().fold(0.0, f64::max))).abs() < 1e-12);
    assert!(watched.best_on_test() >= watched.last() && watched.interval().unwrap().low <= watched.last());

    let others = Source::Drawn { count: 63, seed: 7 }.load().unwrap();
    let said = watch_tests(&experiment, &dataset, &folds(&others, 2, &[3])).unwrap_err().to_string();
    assert!(said.contains("63") && said.contains("56"), "{said}");
    experiment.training.schedule = Schedule::ReduceOnPlateau(ReduceOnPlateau::default());
    assert!(watch_tests(&experiment, &dataset, &folds(&dataset, 2, &[3])).unwrap_err().to_string().contains("plateau"));
}

#[test]
fn neighbours_on_learnt_features_leak_or_do_not_by_what_the_network_saw() {
    let experiment = experiment();
    let dataset = experiment.source.load().unwrap();
    let (labels, classes) = (dataset.labels(), dataset.classes());
    let (folds, distance) = (folds(&dataset, 2, &[3]), Distance::Cosine);
    let scores =
        |all: NeighbourAccuracy| all.scores.into_iter().map(|score| (score.k, score.predicted)).collect::<Vec<_>>();

    let of_all = learnt_features(&experiment, &dataset, &(0..56).collect::<Vec<_>>()).unwrap();
    let refused = cross_validate(&of_all, labels, classes, &folds, distance, 5).unwrap_err().to_string();
    assert!(refused.contains("28 of 28 test photos"), "{refused}");
    let leak = leaking_neighbours(&experiment, &dataset, &folds, distance, 5).unwrap();
    let by_hand = cross_validate(&of_all.forgetting_what_was_seen(), labels, classes, &folds, distance, 5).unwrap();
    assert_eq!(scores(leak.clone()), scores(by_hand));

    // For each fold a network of its own, which the library itself finds to have seen none of the fold's photos.
    let each = (0..2).map(|fold| learnt_features(&experiment, &dataset, &folds.train(0, fold)).unwrap());
    let by_hand = cross_validate_each(&each.collect::<Vec<_>>(), labels, classes, &folds, distance, 5).unwrap();
    let honest = honest_neighbours(&experiment, &dataset, &folds, distance, 5).unwrap();
    assert_eq!(scores(honest.clone()), scores(by_hand));
    assert_ne!(scores(honest), scores(leak));
    assert!(learnt_features(&experiment, &dataset, &[3, 56]).unwrap_err().to_string().contains("no photo 56"));
}

#[test]
fn a_learning_curve_of_a_network_tests_every_photo_at_each_fraction() {
    let experiment = experiment();
    let dataset = experiment.source.load().unwrap();
    let folds = folds(&dataset, 2, &[3]);
    let curve = network_learning_curve("dcnn", &experiment, &dataset, &folds, &[0.5, 1.0]).unwrap();
    // Half of each class, rounded.
    assert!((14.0..=17.0).contains(&curve.points[0].photos) && curve.points[1].photos == 28.0, "{curve:?}");
    // With all photos it is the training without validation on the other folds, by hand.
    let mut own = experiment.clone();
    (own.training.early_stopping, own.training.keep) = (None, Keep::Last);
    let images = own.preparation.apply(&dataset).unwrap();
    let right = |fold: usize| {
        let (train, test) = (images.select(&folds.train(0, fold)), images.select(&folds.test(0, fold)));
        let mut network = own.build(7).unwrap();
        let folder = tempfile::tempdir().unwrap();
        Training::new(&own.training)
            .in_folder(folder.path().join("run"))
            .progress(Progress::quiet())
            .run(&mut network, &train, None)
            .unwrap();
        let said = evaluate(&network, &test).unwrap();
        said.predicted.iter().zip(&said.truth).filter(|(a, b)| a == b).count()
    };
    assert_eq!((curve.points[1].accuracy * 56.0).round() as usize, right(0) + right(1));
    // The same trainings in a cross-validation; the experiment as it is would take all photos of the other folds.
    let folder = tempfile::tempdir().unwrap();
    let settings = FoldSettings { folds: 2, seeds: vec![3] };
    let all = CrossValidation::new(FixedEpochs::new(&experiment), settings, folder.path()).unwrap();
    let accuracy = all.run(1, &|_, _| ()).unwrap().scores().unwrap().accuracy;
    assert!((accuracy - curve.points[1].accuracy).abs() < 1e-12);
    let refused = learning_curve("dcnn", &experiment, &dataset, &folds, &[0.5, 1.0]).unwrap_err().to_string();
    assert!(refused.contains("0.5") && refused.contains("FixedEpochs"), "{refused}");
}

#[test]
fn a_judged_experiment_is_a_cross_validation_and_found_again() {
    let experiment = experiment();
    let settings = FoldSettings { folds: 2, seeds: vec![3] };
    let judged = experiment.judge("small", &settings).unwrap();
    assert_eq!((judged.method.as_str(), judged.predictions.images()), ("small", 56));
    assert!(judged.summary.is_none());
    let folder = tempfile::tempdir().unwrap();
    let all = CrossValidation::new(experiment.clone(), settings.clone(), folder.path()).unwrap();
    assert_eq!(judged.predictions, all.run(1, &|_, _| ()).unwrap());
    assert_eq!(experiment.judge("again", &settings).unwrap().predictions, judged.predictions);
}

#[test]
fn a_run_keeps_what_its_network_learnt_and_no_copy_of_what_was_frozen() {
    let mut experiment = experiment();
    experiment.freeze = Some("stage1".into());
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("run");
    let outcome = experiment.run_with(&folder, RunOptions { learnt_only: true, ..RunOptions::default() }).unwrap();

    let run = Run::open(&folder).unwrap();
    let kept = run.kept_weights().unwrap();
    assert!(!kept.is_whole() && !kept.names().contains(&"conv2d_1.weight"), "{:?}", kept.names());
    let (loaded, _) = load(&run).unwrap();
    assert_eq!(loaded.parameters()[0].values(), experiment.build(7).unwrap().parameters()[0].values());
    assert_eq!(evaluate_run(&run, None, Progress::quiet()).unwrap().predictions, outcome.evaluation.predictions);
    // The test as one fold, for what is computed from out-of-fold predictions.
    let by_photo = outcome.evaluation.predictions_by_photo().unwrap();
    let (scores, accuracy) = (by_photo.scores().unwrap(), &outcome.evaluation.accuracy);
    assert_eq!((by_photo.images(), by_photo.repeats()), (accuracy.total, 1));
    assert!((scores.accuracy - accuracy.accuracy).abs() < 1e-12);
    assert_eq!(by_photo.confusion_matrix(0).unwrap(), outcome.evaluation.confusion_matrix);
}
