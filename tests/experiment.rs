//! Experiments in one piece: what a lesson needs, and runs side by side. (What `manga train` does is in `cli.rs`.)

use manga_expressions::data::{Source, SplitKind};
use manga_expressions::experiment::{Comparison, Experiment};
use manga_expressions::lab::Budget;
use manga_expressions::training::{Optimizer, Run};
use serde_json::{Value, json};
use std::path::Path;

fn experiment(network: &str, seed: u64) -> Experiment {
    Experiment { source: Source::Drawn { count: 70, seed: 1 }, ..Experiment::new(network, seed) }
}

#[test]
fn the_default_is_the_reports_protocol() {
    let experiment = experiment("resnet50v2", 3);
    assert_eq!((experiment.preparation.size, experiment.preparation.channels), (100, 3));
    assert_eq!((experiment.split.test, experiment.split.kind), (0.2, SplitKind::Stratified));
    assert_eq!((experiment.training.epochs, experiment.training.optimizer), (30, Optimizer::adam(0.001)));
    assert_eq!((experiment.split.seed, experiment.training.seed), (3, 3));
    let report = Experiment::lesson("resnet50v2", 1, Budget::Report);
    assert_eq!((report.preparation.size, report.training.epochs), (100, 30));
}

#[test]
fn parts_are_the_photos_of_the_split_each_once() {
    let mut experiment = experiment("resnet50v2", 1);
    experiment.preparation.size = 8;
    let dataset = experiment.source.load().unwrap();
    let parts = experiment.parts(&dataset).unwrap();
    assert_eq!(parts.train.len() + parts.validation.len() + parts.test.len(), 70);
    let mut names: Vec<&str> = [&parts.train, &parts.validation, &parts.test]
        .into_iter()
        .flat_map(|part| part.names.iter().map(String::as_str))
        .collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 70);
    for (index, &photo) in parts.split.test().iter().enumerate() {
        assert_eq!(parts.test.names[index], dataset.photos()[photo].name());
        assert_eq!(parts.test.labels[index], dataset.labels()[photo]);
    }
}

#[test]
fn an_unknown_network_is_an_error_before_anything_is_trained() {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("run");
    let progress = manga_expressions::training::Progress::quiet();
    let error = experiment("vgg", 1).run(&run.to_string_lossy(), false, progress).unwrap_err().to_string();
    assert!(error.contains("vgg") && error.contains("resnet50"), "{error}");
    assert!(!run.exists());
}

/// A finished run in `folder`, as a training of `network` with `seed` would leave it.
fn finished(folder: &Path, network: &str, seed: u64, accuracy: f64) -> String {
    std::fs::create_dir_all(folder).unwrap();
    let experiment = experiment(network, seed);
    let write = |name: &str, value: Value| std::fs::write(folder.join(name), value.to_string()).unwrap();
    write(
        "settings.json",
        json!({
            "version": "0.1.0", "network": network, "input": [100, 100, 3], "classes": ["a", "b"],
            "training": experiment.training, "data": experiment,
            "images": {"train": 1, "validation": 1, "sha256": ""},
        }),
    );
    write("split.json", json!({}));
    write("result.json", json!({"best_epoch": 1, "stopped": "All 1 epochs are done."}));
    write(
        "report.json",
        json!({
            "accuracy": {"accuracy": accuracy, "interval": {"low": 0.1, "high": 0.9}, "baseline": {"accuracy": 0.25}},
            "report": {"macro avg": {"f1-score": 0.5}},
        }),
    );
    let heads = "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,learning_rate,seconds,cpu_seconds";
    std::fs::write(folder.join("history.csv"), format!("{heads}\n1,2,0.1,2,0.1,0.001,1.5,3\n")).unwrap();
    folder.to_string_lossy().into_owned()
}

#[test]
fn runs_have_a_mean_and_the_deviation_of_a_sample() {
    let all = tempfile::tempdir().unwrap();
    let accuracies = [0.2, 0.4, 0.9];
    let folders: Vec<String> = (1..)
        .zip(accuracies)
        .map(|(seed, accuracy)| finished(&all.path().join(seed.to_string()), "resnet50v2", seed, accuracy))
        .collect();
    let comparison = Comparison::of(&folders).unwrap();
    // numpy: np.mean([.2, .4, .9]), np.std([.2, .4, .9], ddof=1)
    assert!((comparison.mean_accuracy - 0.5).abs() < 1e-12);
    assert!((comparison.deviation.unwrap() - 0.360_555_127_546_398_9).abs() < 1e-12);
    assert_eq!(comparison.rows.iter().map(|row| row.seed).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!((comparison.rows[0].seconds, comparison.rows[0].cpu_seconds), (1.5, 3.0));
    assert_eq!(comparison.to_string(), "mean accuracy 50.0 % over 3 runs, standard deviation 36.1 points");
    assert_eq!(Comparison::of(&folders[..1]).unwrap().deviation, None);
}

#[test]
fn what_cannot_be_compared_is_named() {
    let all = tempfile::tempdir().unwrap();
    assert!(Comparison::of(&[]).unwrap_err().to_string().contains("no run"));
    let whole = finished(&all.path().join("whole"), "resnet50v2", 1, 0.5);

    let unfinished = finished(&all.path().join("unfinished"), "resnet50v2", 2, 0.5);
    std::fs::remove_file(Path::new(&unfinished).join("result.json")).unwrap();
    let error = Comparison::of(&[whole.clone(), unfinished]).unwrap_err().to_string();
    assert!(error.contains("unfinished") && error.contains("--resume"), "{error}");

    let damaged = finished(&all.path().join("damaged"), "resnet50v2", 2, 0.5);
    std::fs::write(Path::new(&damaged).join("report.json"), "{").unwrap();
    assert!(Comparison::of(&[whole.clone(), damaged]).unwrap_err().to_string().contains("damaged"));

    // A mean over different experiments is a number without meaning.
    let other = finished(&all.path().join("other"), "resnet50", 2, 0.5);
    let error = Comparison::of(&[whole.clone(), other]).unwrap_err().to_string();
    assert!(error.contains("network was") && error.contains("resnet50"), "{error}");
    assert!(Comparison::of(&[whole.clone(), whole]).unwrap_err().to_string().contains("seed 1"));
}

#[test]
fn a_run_that_tells_nothing_of_its_photos_is_named() {
    let all = tempfile::tempdir().unwrap();
    let folder = finished(&all.path().join("cell"), "resnet50v2", 1, 0.5);
    let settings = Path::new(&folder).join("settings.json");
    let mut value: Value = serde_json::from_str(&std::fs::read_to_string(&settings).unwrap()).unwrap();
    value["data"] = Value::Null;
    std::fs::write(&settings, value.to_string()).unwrap();
    let error = Experiment::of(&Run::open(&folder).unwrap()).unwrap_err().to_string();
    assert!(error.contains("cell") && error.contains("photos"), "{error}");
}
