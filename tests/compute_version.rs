//! Numbers do not change without the compute version: `tests/golden/compute_version.json` has what each part of the library
//! computes, and for which version.
//!
//! Where a number is to change, count `COMPUTE_VERSION` up and make the file again:
//! `MANGA_BLESS=1 cargo test --release --test compute_version`

use manga_expressions::COMPUTE_VERSION;
use manga_expressions::data::{Augmentation, Hog};
use manga_expressions::experiment::Experiment;
use manga_expressions::models;
use manga_expressions::prelude::{
    Dataset, Keep, Kernel, Network, OneCycle, Optimizer, Preparation, Ridge, Schedule, Settings, Source,
};
use manga_expressions::training::fit;
use serde_json::{Map, Value, json};
use std::path::Path;

/// Kernels choose their instructions by the processor, and round otherwise: two steps from the same weights differ in the
/// sixth digit at most. Another seed, order or formula changes the third.
const TOLERANCE: f64 = 2e-4;

fn faces() -> Dataset {
    Source::Drawn { count: 21, seed: 5 }.load().unwrap()
}

/// Loss of the second epoch and the mean size of all weights after it.
fn trained(network: &mut Network, channels: usize, settings: &Settings) -> Value {
    let preparation = Preparation { size: network.input().0, channels, ..Preparation::default() };
    let train = preparation.apply(&faces()).unwrap();
    let history = fit(network, &train, None, settings, &mut |_| {}).unwrap();
    let values: Vec<f64> = network.parameters().iter().flat_map(|p| p.values()).map(|v| f64::from(v.abs())).collect();
    json!([history.epochs[1].train_loss, values.iter().sum::<f64>() / values.len() as f64])
}

fn numbers() -> Map<String, Value> {
    let plain = Settings { epochs: 2, batch_size: 11, keep: Keep::Last, seed: 3, ..Settings::default() };
    let mut all = Map::new();
    for (name, size, channels) in [
        ("resnet50", 33, 1),
        ("resnet50v2", 33, 3),
        ("googlenet", 80, 1),
        ("densenet201", 32, 1),
        ("vgg16", 32, 1),
        ("dcnn", 16, 1),
        ("small_cnn", 32, 1),
    ] {
        let mut network = models::by_name(name, (size, size, channels), 7, 4).unwrap();
        all.insert(name.into(), trained(&mut network, channels, &plain));
    }
    let tuned = Settings {
        optimizer: Optimizer::adamw(0.01, 0.05),
        schedule: Schedule::OneCycle(OneCycle::default()),
        augmentation: Some(Augmentation {
            flip: 0.5,
            rotation: 15.0,
            zoom: 0.15,
            shift: 0.1,
            ..Augmentation::default()
        }),
        label_smoothing: 0.1,
        mixup: Some(0.2),
        ..plain
    };
    all.insert("tuned".into(), trained(&mut models::small_cnn((32, 32, 1), 7, 4), 1, &tuned));
    let images = Preparation { size: 48, ..Preparation::default() }.apply(&faces()).unwrap().images;
    let pixels: f64 = images.values().iter().map(|&value| f64::from(value)).sum();
    let hog = Hog::default().features(&images).unwrap();
    let histograms: f64 = (0..hog.rows()).flat_map(|row| hog.row(row)).map(|&value| f64::from(value)).sum();
    all.insert("pixels and histograms".into(), json!([pixels, histograms]));
    let (train, test): (Vec<usize>, Vec<usize>) = (0..21).partition(|photo| photo % 3 > 0);
    let targets: Vec<Vec<f64>> = train.iter().map(|photo| vec![(photo % 7) as f64]).collect();
    let kernel = Kernel::linear(&[hog], &train, &test, Default::default()).unwrap();
    let ridge = Ridge::new(&kernel, &targets).unwrap();
    let scores: f64 = ridge.predict(&kernel, 0.1).iter().map(|row| row[0].abs()).sum();
    all.insert("ridge".into(), json!([scores]));
    all
}

#[test]
fn numbers_change_only_with_the_compute_version() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/compute_version.json");
    let now = numbers();
    if std::env::var_os("MANGA_BLESS").is_some() {
        let text =
            serde_json::to_string_pretty(&json!({ "compute_version": COMPUTE_VERSION, "numbers": now })).unwrap();
        std::fs::write(&path, format!("{text}\n")).unwrap();
    }
    let golden: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(golden["compute_version"], COMPUTE_VERSION, "the file is of another version: make it again");
    let kept = golden["numbers"].as_object().unwrap();
    assert_eq!(kept.keys().collect::<Vec<_>>(), now.keys().collect::<Vec<_>>());
    for (name, numbers) in kept {
        for (a, b) in numbers.as_array().unwrap().iter().zip(now[name].as_array().unwrap()) {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            assert!(
                (a - b).abs() <= TOLERANCE * a.abs(),
                "{name}: {a} by version {COMPUTE_VERSION}, and {b} now. If that is meant, count COMPUTE_VERSION up"
            );
        }
    }
}

#[test]
fn a_run_of_another_version_is_not_taken_for_one_of_this() {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("run").to_string_lossy().into_owned();
    let mut experiment = Experiment { source: Source::Drawn { count: 70, seed: 5 }, ..Experiment::new("small_cnn", 1) };
    (experiment.preparation.size, experiment.preparation.channels, experiment.training.epochs) = (8, 1, 1);
    let train = |resume| experiment.run(&run, resume, manga_expressions::training::Progress::quiet());
    train(false).unwrap();
    let settings = Path::new(&run).join("settings.json");
    let text = std::fs::read_to_string(&settings).unwrap();
    let mine = format!("\"version\": \"{COMPUTE_VERSION}\"");
    assert!(text.contains(&mine), "{text}");
    std::fs::write(&settings, text.replace(&mine, "\"version\": \"0.1.0\"")).unwrap();
    let said = train(true).unwrap_err().to_string();
    assert!(said.contains("compute version 1") && said.contains("another folder"), "{said}");
    // What it has learnt can still be used.
    let run = manga_expressions::training::Run::open(&run).unwrap();
    assert!(manga_expressions::experiment::load(&run).is_ok());
    let folders = [run.folder().to_string_lossy().into_owned()];
    let comparison = manga_expressions::experiment::Comparison::of(&folders).unwrap();
    assert_eq!(comparison.compute_versions(), "1");
}
