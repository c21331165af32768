//! Experiments in one piece: what a lesson needs. (What `manga train` does is in `cli.rs`, runs side by side
//! are in `comparison.rs`.)

#[path = "common/finished_run.rs"]
mod finished_run;

use finished_run::{experiment, finished};
use manga_expressions::data::{Source, SplitKind};
use manga_expressions::lab::Budget;
use manga_expressions::lessons::Lessons;
use manga_expressions::study::experiment::{Experiment, RECIPES};
use manga_expressions::training::{Optimizer, Run};
use serde_json::Value;
use std::path::Path;

#[test]
fn the_default_is_the_reports_protocol() {
    let experiment = experiment("resnet50v2", 3);
    assert_eq!((experiment.preparation.size, experiment.preparation.channels), (100, 3));
    assert_eq!((experiment.split.test, experiment.split.kind), (0.2, SplitKind::Stratified));
    assert_eq!((experiment.training.epochs, experiment.training.optimizer), (30, Optimizer::adam(0.001)));
    assert_eq!((experiment.split.seed, experiment.training.seed), (3, 3));
    let report = Experiment::lesson("resnet50v2", 1, Budget::Report).unwrap();
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
    let error = experiment("vgg", 1).run(&run, false, progress).unwrap_err().to_string();
    assert!(error.contains("vgg") && error.contains("resnet50"), "{error}");
    assert!(!run.exists());
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

#[test]
fn less_time_is_smaller_images_and_fewer_epochs_of_the_same_recipe() {
    for recipe in RECIPES {
        let report = Experiment::lesson(recipe.name, 1, Budget::Report).unwrap();
        let drawn = Source::Drawn { count: 1200, seed: 1 };
        let expected = Experiment { source: report.source.clone(), ..Experiment::recipe(recipe.name, 1).unwrap() };
        assert!(report == expected && (report.source == drawn || matches!(report.source, Source::Folder(_))));
        for budget in [Budget::Class, Budget::Smoke] {
            let less = Experiment::lesson(recipe.name, 1, budget).unwrap();
            assert!(less.preparation.size <= report.preparation.size && less.training.epochs <= 12, "{}", recipe.name);
            assert_eq!(
                (&less.network, &less.weights, &less.freeze),
                (&report.network, &report.weights, &report.freeze)
            );
            assert_eq!(less.pretraining, None, "it takes longer than a lesson");
            // Every network can be built for images of that size.
            let network = Experiment { weights: None, ..less }.build(7).unwrap();
            assert_eq!(network.classes(), 7);
        }
    }
}

#[test]
fn lessons_want_a_name_for_each_experiment_and_tell_which_there_are() {
    let error = Lessons::train_experiments(&[], &[experiment("dcnn", 1)]).unwrap_err().to_string();
    assert!(error.contains("0 names for 1"), "{error}");
    let none = Lessons::train_experiments(&[], &[]).unwrap();
    assert!(none.all().is_empty() && none.get("large").unwrap_err().to_string().contains("large"));
}
