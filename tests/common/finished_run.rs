//! Folders as finished trainings leave them, without training.

use manga_expressions::COMPUTE_VERSION;
use manga_expressions::data::Source;
use manga_expressions::study::experiment::Experiment;
use serde_json::{Value, json};
use std::path::Path;

pub fn experiment(network: &str, seed: u64) -> Experiment {
    Experiment { source: Source::Drawn { count: 70, seed: 1 }, ..Experiment::new(network, seed) }
}

/// A finished run in `folder`, as a training of `network` with `seed` would leave it; its name.
pub fn finished(folder: &Path, network: &str, seed: u64, accuracy: f64) -> String {
    finished_as(folder, &experiment(network, seed), accuracy)
}

/// As [`finished`], of any experiment. The class a has the run's accuracy as its precision; b is never predicted.
pub fn finished_as(folder: &Path, experiment: &Experiment, accuracy: f64) -> String {
    std::fs::create_dir_all(folder).unwrap();
    let write = |name: &str, value: Value| std::fs::write(folder.join(name), value.to_string()).unwrap();
    let seed = experiment.training.seed;
    write(
        "settings.json",
        json!({
            "version": COMPUTE_VERSION, "network": experiment.network, "input": [100, 100, 3], "classes": ["a", "b"],
            "training": experiment.training, "data": experiment,
            "images": {"train": 1, "validation": 1, "sha256": ""},
        }),
    );
    write("split.json", json!({}));
    let memory = 100 * seed;
    write(
        "result.json",
        json!({"best_epoch": 1, "stopped": "All 1 epochs are done.", "peak_memory_mib": memory as f64}),
    );
    write(
        "report.json",
        json!({
            "accuracy": {
                "accuracy": accuracy, "interval": {"low": accuracy - 0.125, "high": accuracy + 0.0625},
                "baseline": {"accuracy": 0.25},
            },
            "report": {
                "macro avg": {"f1-score": 0.5},
                "classes": [
                    {"name": "a", "precision": accuracy, "recall": 0.75, "f1-score": accuracy / 2.0, "support": 3},
                    {"name": "b", "precision": 0.0, "recall": 0.0, "f1-score": 0.0, "support": 7 + seed},
                ],
            },
        }),
    );
    std::fs::write(folder.join("report.txt"), format!("accuracy {accuracy}\n")).unwrap();
    let heads = "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,learning_rate,seconds,cpu_seconds";
    std::fs::write(folder.join("history.csv"), format!("{heads}\n1,2,0.1,2,0.1,0.001,1.5,3\n")).unwrap();
    folder.to_string_lossy().into_owned()
}
