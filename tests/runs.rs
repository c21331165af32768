//! Runs: trainings that are kept in a folder and go on after an interruption.

#[path = "common/small_network.rs"]
mod small_network;

use manga_expressions::data::{Augmentation, LabelledImages};
use manga_expressions::net::nn::Network;
use manga_expressions::training::{
    BatchNormMode, EarlyStopping, History, Keep, OneCycle, Optimizer, Progress, ReduceOnPlateau, Run, RunData,
    Schedule, Settings, Stop, StopReason, Training, evaluate,
};
use manga_expressions::{COMPUTE_VERSION, Error, Result};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use small_network::{
    Failure, bits, failing_network, failing_staged_network, images, network, staged_network, wider_network,
};
use std::collections::HashSet;
use std::path::Path;
use tempfile::TempDir;

/// Steps in an epoch of [`settings`].
const STEPS: usize = 3;

fn settings() -> Settings {
    Settings { epochs: 5, batch_size: 8, optimizer: Optimizer::adam(0.02), ..Settings::default() }
}

fn photos() -> (LabelledImages, LabelledImages) {
    (images(20, 1), images(9, 2))
}

fn train(folder: &TempDir, resume: bool, settings: &Settings, network: &mut Network) -> Result<History> {
    let (train, validation) = photos();
    Training::new(settings)
        .in_folder(name(folder))
        .resume(resume)
        .with_data(json!({ "size": 8 }), json!({ "train": ["0.png"] }))
        .progress(Progress::quiet())
        .run(network, &train, Some(&validation))
}

/// Trains until the given step is interrupted.
fn interrupt(folder: &TempDir, resume: bool, settings: &Settings, step: usize) {
    let error =
        train(folder, resume, settings, &mut failing_network(1, Failure::Interrupted(step.into()))).unwrap_err();
    assert_eq!(error.to_string(), "interrupted");
}

fn name(folder: &TempDir) -> String {
    folder.path().to_string_lossy().into_owned()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn run(folder: &TempDir) -> Run {
    Run::open(name(folder)).unwrap()
}

fn files(folder: &TempDir) -> Vec<String> {
    let entries = std::fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Everything of a history but its times.
fn without_times(mut history: History) -> History {
    history.epochs.iter_mut().for_each(|epoch| (epoch.seconds, epoch.cpu_seconds) = (0.0, 0.0));
    history
}

/// Fails unless both trainings came to the same, to the bit, in memory and in their folders.
fn assert_same(straight: (&TempDir, &Network, History), resumed: (&TempDir, &Network, History)) {
    assert_eq!(without_times(straight.2), without_times(resumed.2));
    assert_eq!(bits(straight.1), bits(resumed.1));
    let weights = |folder| std::fs::read(run(folder).weights()).unwrap();
    assert!(weights(straight.0) == weights(resumed.0), "the files of weights differ");
    let history = |folder| without_times(run(folder).history().unwrap());
    assert_eq!(history(straight.0), history(resumed.0));
}

#[test]
fn an_interrupted_run_goes_on_to_the_same_result() {
    let early = EarlyStopping { patience: 2, ..EarlyStopping::default() };
    let all = [
        settings(),
        Settings { keep: Keep::Last, optimizer: Optimizer::sgd(0.05, 0.9), ..settings() },
        Settings { epochs: 60, optimizer: Optimizer::adam(0.2), early_stopping: Some(early), ..settings() },
    ];
    for settings in all {
        let (one, mut straight) = (folder(), network(1));
        let history = train(&one, false, &settings, &mut straight).unwrap();
        assert!(history.epochs.len() < 60, "early stopping was to end this");
        let last = history.epochs.len() * STEPS - 1;
        for steps in [vec![1], vec![STEPS, 1, 2 * STEPS], vec![last]] {
            let two = folder();
            for (time, step) in steps.into_iter().enumerate() {
                interrupt(&two, time > 0, &settings, step);
            }
            assert!(!run(&two).is_finished());
            // Another number of threads, and first weights that would lead elsewhere: neither counts.
            let mut resumed = network(77);
            let settings = Settings { threads: Some(2), ..settings.clone() };
            let resumed_history = train(&two, true, &settings, &mut resumed).unwrap();
            assert_same((&one, &straight, history.clone()), (&two, &resumed, resumed_history));
        }
    }
}

/// Settings that use every kind of state that a checkpoint has.
fn settings_of_all_kinds() -> Vec<Settings> {
    let schedule = Schedule::OneCycle(OneCycle::default());
    let averaged = Settings { weight_average: Some(0.8), keep: Keep::Last, schedule, ..settings() };
    vec![
        settings(),
        averaged,
        Settings { optimizer: Optimizer::sgd(0.05, 0.9), augmentation: Some(Augmentation::default()), ..settings() },
        Settings { mixup: Some(0.3), early_stopping: Some(EarlyStopping::default()), ..settings() },
    ]
}

#[test]
fn a_training_that_is_stopped_after_every_batch_comes_to_the_same_result() {
    let (photos, validation) = photos();
    for settings in settings_of_all_kinds() {
        let (one, mut straight) = (folder(), network(1));
        let history = train(&one, false, &settings, &mut straight).unwrap();
        let batches = history.epochs.len() * STEPS;

        // With such a request a training does one batch.
        let stop = Stop::default();
        stop.request(StopReason::Interrupted);
        let two = folder();
        let mut stops = Vec::new();
        let (resumed, resumed_history) = loop {
            let mut network = network(if stops.is_empty() { 1 } else { 77 });
            let training = Training::new(&settings).in_folder(name(&two)).resume(true).stop(&stop);
            let training = training.with_data(json!({ "size": 8 }), json!({ "train": ["0.png"] }));
            match training.progress(Progress::quiet()).run(&mut network, &photos, Some(&validation)) {
                Ok(history) => break (network, history),
                Err(error) => stops.push(error.to_string()),
            }
        };
        assert_eq!(stops.len(), batches - 1, "{:?}", stops.last());
        assert!(
            stops[0].starts_with("stopped by Ctrl-C after batch 1 of 3 in epoch 1: all of it is kept in "),
            "{}",
            stops[0]
        );
        assert!(stops[STEPS - 1].starts_with("stopped by Ctrl-C after epoch 1: "), "{}", stops[STEPS - 1]);
        assert_same((&one, &straight, history), (&two, &resumed, resumed_history));
        assert_eq!(files(&one), files(&two), "something was left over");
    }
}

#[test]
fn a_crash_loses_no_batch_that_a_checkpoint_within_the_epoch_has() {
    let settings = Settings { checkpoint_minutes: 0.0, ..settings() };
    let (one, mut straight) = (folder(), network(1));
    let history = train(&one, false, &settings, &mut straight).unwrap();
    let two = folder();
    interrupt(&two, false, &settings, STEPS + 2);
    assert_eq!(
        files(&two)[..4],
        ["checkpoint-1-1.json", "checkpoint-1-1.safetensors", "checkpoint-1-2.json", "checkpoint-1-2.safetensors"]
    );
    // The network that goes on fails at its second step: the first is the third batch of epoch 2, and there is no other.
    interrupt(&two, true, &settings, 1);
    assert_eq!(files(&two)[2..4], ["checkpoint-2.json", "checkpoint-2.safetensors"]);
    // Of a damaged one within an epoch, the one before is taken.
    cut(&two.path().join("checkpoint-2.safetensors"), 2);
    let mut resumed = network(77);
    let resumed_history = train(&two, true, &settings, &mut resumed).unwrap();
    assert_same((&one, &straight, history), (&two, &resumed, resumed_history));
}

#[test]
fn a_training_without_a_folder_that_is_stopped_says_that_nothing_is_kept() {
    let (train, stop) = (photos().0, Stop::default());
    stop.request(StopReason::Terminated);
    let training = Training::new(&settings()).progress(Progress::quiet()).stop(&stop);
    let error = training.run(&mut network(1), &train, None).unwrap_err();
    assert!(matches!(error, Error::Stopped { reason: StopReason::Terminated, .. }), "{error}");
    let text = error.to_string();
    assert!(text.starts_with("stopped by SIGTERM after batch 1 of 3 in epoch 1") && text.contains("nothing"), "{text}");
}

#[test]
fn a_finished_run_is_whole_and_is_not_trained_again() {
    let (at, mut trained) = (folder(), network(1));
    let history = train(&at, false, &settings(), &mut trained).unwrap();
    assert_eq!(files(&at), ["history.csv", "result.json", "settings.json", "split.json", "weights.safetensors"]);
    let kept = run(&at);
    assert!(kept.is_finished());
    assert_eq!(kept.history().unwrap(), history);
    assert_eq!((kept.settings().network.as_str(), kept.settings().images.train), ("small", 20));
    assert_eq!((&kept.settings().training, &kept.settings().data), (&settings(), &RunData::from(json!({ "size": 8 }))));
    assert_eq!(kept.split().unwrap(), json!({ "train": ["0.png"] }));

    let mut loaded = network(5);
    kept.load_weights(&mut loaded).unwrap();
    assert_eq!(bits(&loaded), bits(&trained));
    let best = &history.epochs[history.best_epoch.unwrap() - 1];
    assert_eq!(Some(evaluate(&loaded, &photos().1).unwrap().loss), best.validation_loss);

    // A network that fails at its first step.
    let mut untrained = failing_network(5, Failure::Interrupted(0.into()));
    assert_eq!(train(&at, true, &settings(), &mut untrained).unwrap(), history);
    assert_eq!(bits(&untrained), bits(&trained));

    kept.write_report("accuracy 0.51", &json!({ "accuracy": 0.51 })).unwrap();
    assert_eq!(std::fs::read_to_string(at.path().join("report.txt")).unwrap(), "accuracy 0.51");
}

#[test]
fn a_loss_that_is_no_number_leaves_the_run_with_its_last_good_weights() {
    let (good, broken) = (folder(), folder());
    let mut straight = network(1);
    let history = train(&good, false, &settings(), &mut straight).unwrap();

    let mut network_then = failing_network(1, Failure::NotANumber((3 * STEPS + 1).into()));
    let error = train(&broken, false, &settings(), &mut network_then).unwrap_err();
    assert!(matches!(error, Error::NotFinite { epoch: 4, batch: 2, .. }), "{error}");
    let kept = run(&broken);
    assert_eq!(without_times(kept.history().unwrap()).epochs, without_times(history.clone()).epochs[..3]);
    let mut best = network(5);
    kept.load_weights(&mut best).unwrap();
    let lowest = kept.history().unwrap().lowest_validation_loss().unwrap().validation_loss;
    assert_eq!(Some(evaluate(&best, &photos().1).unwrap().loss), lowest);

    let mut resumed = network(1);
    let resumed_history = train(&broken, true, &settings(), &mut resumed).unwrap();
    assert_same((&good, &straight, history), (&broken, &resumed, resumed_history));

    let first = folder();
    train(&first, false, &settings(), &mut failing_network(1, Failure::NotANumber(0.into()))).unwrap_err();
    let error = run(&first).load_weights(&mut network(1)).unwrap_err();
    assert!(error.to_string().contains("first epoch is not finished"), "{error}");
}

/// Damages a file.
type Damage = fn(&Path);

const DAMAGES: [(&str, Damage); 5] = [
    ("safetensors", |path| cut(path, 2)),
    ("safetensors", |path| cut(path, 100)),
    ("safetensors", |path| {
        let mut bytes = std::fs::read(path).unwrap();
        let last = bytes.len() - 7;
        bytes[last] ^= 1;
        std::fs::write(path, bytes).unwrap();
    }),
    ("safetensors", |path| std::fs::remove_file(path).unwrap()),
    ("json", |path| cut(path, 2)),
];

/// Leaves one part in `parts` of a file.
fn cut(path: &Path, parts: usize) {
    let bytes = std::fs::read(path).unwrap();
    std::fs::write(path, &bytes[..bytes.len() / parts]).unwrap();
}

#[test]
fn the_checkpoint_before_is_used_where_the_newest_is_damaged() {
    let (one, mut straight) = (folder(), network(1));
    let history = train(&one, false, &settings(), &mut straight).unwrap();
    for (extension, damage) in DAMAGES {
        let two = folder();
        interrupt(&two, false, &settings(), 3 * STEPS + 1);
        let checkpoints =
            ["checkpoint-2.json", "checkpoint-2.safetensors", "checkpoint-3.json", "checkpoint-3.safetensors"];
        assert_eq!(files(&two)[..4], checkpoints);
        damage(&two.path().join(format!("checkpoint-3.{extension}")));
        let mut resumed = network(1);
        let resumed_history = train(&two, true, &settings(), &mut resumed).unwrap();
        assert_same((&one, &straight, history.clone()), (&two, &resumed, resumed_history));

        let two = folder();
        interrupt(&two, false, &settings(), 3 * STEPS + 1);
        damage(&two.path().join(format!("checkpoint-2.{extension}")));
        damage(&two.path().join(format!("checkpoint-3.{extension}")));
        let left = files(&two);
        let mut resumed = network(1);
        let before = bits(&resumed);
        let error = train(&two, true, &settings(), &mut resumed).unwrap_err();
        assert!(error.to_string().contains("checkpoint-3"), "{error}");
        assert_eq!((bits(&resumed), files(&two)), (before, left));
    }
}

#[test]
fn what_a_killed_process_leaves_does_not_disturb() {
    let (one, mut straight) = (folder(), network(1));
    let history = train(&one, false, &settings(), &mut straight).unwrap();
    let two = folder();
    std::fs::write(two.path().join(".unfinished-a"), "half of the settings").unwrap();
    interrupt(&two, false, &settings(), 2 * STEPS);
    std::fs::write(two.path().join(".unfinished-b"), "half a checkpoint").unwrap();
    std::fs::write(two.path().join("checkpoint-3.safetensors"), "a whole one, as yet without description").unwrap();
    std::fs::remove_file(two.path().join("split.json")).unwrap();
    let mut resumed = network(1);
    let resumed_history = train(&two, true, &settings(), &mut resumed).unwrap();
    assert_same((&one, &straight, history), (&two, &resumed, resumed_history));
    assert_eq!(files(&one), files(&two));
}

#[test]
fn other_settings_images_or_networks_do_not_go_on() {
    let at = folder();
    interrupt(&at, false, &settings(), 2 * STEPS);
    let left = files(&at);
    let refused = |settings: Settings, network: &mut Network, photos: (LabelledImages, LabelledImages)| {
        let before = bits(network);
        let training = Training::new(&settings).in_folder(name(&at)).resume(true).progress(Progress::quiet());
        let training = training.with_data(json!({ "size": 8 }), json!(null));
        let error = training.run(network, &photos.0, Some(&photos.1)).unwrap_err().to_string();
        assert_eq!((bits(network), files(&at)), (before, left.clone()));
        error
    };
    let other = Settings { batch_size: 16, seed: 2, ..settings() };
    let error = refused(other, &mut network(1), photos());
    assert!(error.contains("training.batch_size was 8 and is 16 now; training.seed was 1 and is 2 now"), "{error}");
    let other = Settings { optimizer: Optimizer::adam(0.03), ..settings() };
    let error = refused(other, &mut network(1), photos());
    assert!(error.contains("training.optimizer.learning_rate was 0.02 and is 0.03 now"), "{error}");
    let mut relabelled = photos();
    relabelled.0.labels.swap(0, 1);
    let error = refused(settings(), &mut network(1), relabelled);
    assert!(error.contains("images.sha256"), "{error}");
    let error = refused(settings(), &mut wider_network(1), photos());
    let what = "tensor last/conv.weight has the shape [3, 3, 1, 6], and this network wants [3, 3, 1, 8]";
    assert!(error.contains(what), "{error}");

    let (train, validation) = photos();
    let training = Training::new(&settings()).in_folder(name(&at)).resume(true).progress(Progress::quiet());
    let error = training.run(&mut network(1), &train, Some(&validation)).unwrap_err().to_string();
    assert!(error.contains("data was {\"size\":8} and is null now"), "{error}");
}

#[test]
fn no_folder_is_overwritten() {
    let at = folder();
    interrupt(&at, false, &settings(), STEPS);
    let left = files(&at);
    let error = train(&at, false, &settings(), &mut network(1)).unwrap_err();
    assert!(matches!(&error, Error::Conflict(what) if what.contains("holds a run already")), "{error}");
    assert_eq!(files(&at), left);

    for resume in [false, true] {
        let other = folder();
        std::fs::write(other.path().join("weights.safetensors"), "mine").unwrap();
        let error = train(&other, resume, &settings(), &mut network(1)).unwrap_err();
        assert!(error.to_string().contains("holds other things (weights.safetensors)"), "{error}");
        assert_eq!(std::fs::read_to_string(other.path().join("weights.safetensors")).unwrap(), "mine");
        assert_eq!(files(&other), ["weights.safetensors"]);
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_string_lossy().into_owned();
    let (train, validation) = photos();
    let error = Training::new(&settings()).in_folder(&path).progress(Progress::quiet());
    let error = error.run(&mut network(1), &train, Some(&validation)).unwrap_err();
    assert!(matches!(error, Error::Io { .. }), "{error}");
    assert!(Run::open(name(&folder())).unwrap_err().to_string().contains("is no run"));
}

/// As for fine-tuning: the first stage is frozen.
fn frozen(mut network: Network) -> Network {
    network.freeze_through("stem").unwrap();
    network
}

#[test]
fn a_run_may_keep_only_what_it_learnt() {
    let (train, validation) = photos();
    let trained = |learnt_only: bool| {
        let (at, mut network) = (folder(), frozen(staged_network(1)));
        Training::new(&settings())
            .in_folder(name(&at))
            .learnt_only(learnt_only)
            .progress(Progress::quiet())
            .run(&mut network, &train, Some(&validation))
            .unwrap();
        (at, network)
    };
    let ((whole, all), (part, network)) = (trained(false), trained(true));
    assert_eq!(bits(&all), bits(&network));
    let (all, learnt) = (run(&whole).kept_weights().unwrap(), run(&part).kept_weights().unwrap());
    assert!(all.is_whole() && !learnt.is_whole());
    let left_out: Vec<&str> = all.names().into_iter().filter(|name| !learnt.names().contains(name)).collect();
    assert!(!left_out.is_empty() && left_out.iter().all(|name| name.starts_with("stem")), "{left_out:?}");

    // What was frozen comes from where the training had it; what learnt may be anything.
    let mut begun = frozen(staged_network(1));
    begun.parameters_mut().into_iter().filter(|p| p.trainable).for_each(|p| p.set_values(&vec![0.5; p.len()]));
    run(&part).load_weights(&mut begun).unwrap();
    assert_eq!(bits(&begun), bits(&network));
    // Another beginning, or another frozen stage: an error that changes nothing.
    for mut other in [frozen(staged_network(2)), staged_network(1)] {
        let before = bits(&other);
        let error = run(&part).load_weights(&mut other).unwrap_err().to_string();
        assert!(error.contains("only what a training changed") && error.contains("open the run"), "{error}");
        assert_eq!(bits(&other), before);
    }
}

#[test]
fn an_interrupted_fine_tuning_goes_on_to_the_same_result() {
    let plateau = ReduceOnPlateau { patience: 1, min_delta: 0.1, ..ReduceOnPlateau::default() };
    let cycle = Schedule::OneCycle(OneCycle::default());
    let all = [
        // The frozen stage is computed once in each process.
        Settings { epochs: 6, schedule: Schedule::ReduceOnPlateau(plateau), ..settings() },
        Settings {
            augmentation: Some(Augmentation::strong()),
            schedule: Schedule::OneCycle(OneCycle::default()),
            optimizer: Optimizer::adamw(0.05, 0.05),
            body_learning_rate: Some(0.01),
            batch_norm: BatchNormMode::Running,
            label_smoothing: 0.1,
            ..settings()
        },
        // The average is kept, of the best epoch or of the last, and training goes on without it.
        Settings { mixup: Some(0.4), weight_average: Some(0.8), schedule: cycle, ..settings() },
        Settings { weight_average: Some(0.8), schedule: cycle, keep: Keep::Last, ..settings() },
    ];
    for settings in all {
        let (one, mut straight) = (folder(), frozen(staged_network(1)));
        let history = train(&one, false, &settings, &mut straight).unwrap();
        let rates: HashSet<u64> = history.epochs.iter().map(|row| row.learning_rate.to_bits()).collect();
        assert!(rates.len() > 2, "the schedule was to change the rate: {history:?}");
        let two = folder();
        for (time, step) in [STEPS + 1, 1, 2 * STEPS + 2].into_iter().enumerate() {
            let mut failing = frozen(failing_staged_network(1, Failure::Interrupted(step.into())));
            train(&two, time > 0, &settings, &mut failing).unwrap_err();
        }
        let mut resumed = frozen(staged_network(77));
        let settings = Settings { threads: Some(2), ..settings };
        let resumed_history = train(&two, true, &settings, &mut resumed).unwrap();
        assert_same((&one, &straight, history), (&two, &resumed, resumed_history));
        assert_eq!(files(&one), files(&two));
        assert!(!files(&two).iter().any(|name| name.starts_with("checkpoint")), "{:?}", files(&two));
    }
}

#[test]
fn the_weights_of_a_run_that_averages_are_the_average_at_any_time() {
    let settings = Settings { weight_average: Some(0.8), keep: Keep::Last, ..settings() };
    let (at, mut straight) = (folder(), network(1));
    train(&at, false, &Settings { epochs: 3, ..settings.clone() }, &mut straight).unwrap();
    // Interrupted in its fourth epoch, a run has what one of three epochs has.
    let two = folder();
    interrupt(&two, false, &settings, 3 * STEPS + 1);
    let mut so_far = network(5);
    run(&two).load_weights(&mut so_far).unwrap();
    assert_eq!(bits(&so_far), bits(&straight));
    let mut plain = network(1);
    train(&folder(), false, &Settings { epochs: 3, weight_average: None, ..settings }, &mut plain).unwrap();
    assert_ne!(bits(&plain), bits(&straight));
}

#[test]
fn frozen_weights_are_kept_once_beside_the_checkpoints() {
    let at = folder();
    let mut failing = frozen(failing_staged_network(1, Failure::Interrupted((3 * STEPS + 1).into())));
    train(&at, false, &settings(), &mut failing).unwrap_err();
    let path = |name: &str| at.path().join(name);
    let names = |file: &str| {
        let bytes = std::fs::read(path(file)).unwrap();
        let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
        let mut names: Vec<String> = tensors.names().into_iter().map(String::from).collect();
        names.sort();
        names
    };
    let frozen_names =
        ["frozen/stem.bn.bias", "frozen/stem.bn.weight", "frozen/stem.conv.bias", "frozen/stem.conv.weight"];
    assert_eq!(names("checkpoint-frozen.safetensors"), frozen_names);
    for name in names("checkpoint-3.safetensors") {
        let frozen = name.contains("stem.") && !name.contains("running");
        assert!(!frozen, "{name} is frozen");
    }

    // Other freezing, or damage of what both checkpoints need: an error, and nothing changes.
    let left = files(&at);
    let refused = |mut network: Network| {
        let before = bits(&network);
        let error = train(&at, true, &settings(), &mut network).unwrap_err().to_string();
        assert_eq!((bits(&network), files(&at)), (before, left.clone()));
        error
    };
    let error = refused(staged_network(1));
    assert!(error.contains("has no tensor last/stem.conv.weight"), "{error}");
    let mut more = staged_network(1);
    more.freeze_through("middle").unwrap();
    let error = refused(more);
    assert!(
        error.contains("has a tensor kept/aux.fc.bias") || error.contains("has a tensor last/aux.fc.bias"),
        "{error}"
    );
    cut(&path("checkpoint-frozen.safetensors"), 2);
    let error = refused(frozen(staged_network(1)));
    assert!(error.contains("checkpoint-frozen.safetensors: is damaged"), "{error}");
}

#[test]
fn a_training_without_a_folder_comes_to_the_same() {
    let (at, mut kept) = (folder(), network(1));
    let history = train(&at, false, &settings(), &mut kept).unwrap();
    let mut free = network(1);
    let (train, validation) = photos();
    let training = Training::new(&settings()).progress(Progress::quiet());
    let other = training.run(&mut free, &train, Some(&validation)).unwrap();
    assert_eq!(without_times(history), without_times(other));
    assert_eq!(bits(&kept), bits(&free));
}

#[test]
fn a_finished_run_of_the_same_photos_and_settings_is_taken_from_elsewhere() {
    let (runs, own) = (folder(), folder());
    let at = |path: &Path| path.to_string_lossy().into_owned();
    let (train, validation) = photos();
    let training = |folder: &Path, data: serde_json::Value, seed: u64| {
        Training::new(&Settings { seed, ..settings() })
            .in_folder(at(folder))
            .with_data(data, json!({}))
            .progress(Progress::quiet())
    };
    let told = |source: &str| json!({ "size": 8, "source": source });
    let made = runs.path().join("real").join("seed1");
    let mut there = network(1);
    let history = training(&made, told("here"), 1).run(&mut there, &train, Some(&validation)).unwrap();
    interrupt(&own, false, &settings(), STEPS + 1);

    let found = |name: &str, data: serde_json::Value, seed: u64| {
        let folder = own.path().join("later").join(name);
        let mut network = network(1);
        let training = training(&folder, data, seed).or_finished_in(at(runs.path()));
        let history = training.run(&mut network, &train, Some(&validation)).unwrap();
        (!folder.exists()).then_some((history, bits(&network)))
    };
    // Its times are those of the first training, so nothing was trained.
    assert_eq!(found("same", told("moved"), 1), Some((history, bits(&there))));
    assert_eq!(found("otherwise prepared", json!({ "size": 9, "source": "here" }), 1), None);
    assert_eq!(found("another seed", told("here"), 2), None);
    std::fs::remove_file(made.join("result.json")).unwrap();
    assert_eq!(found("not finished", told("here"), 1), None);
}

/// Makes the run in `folder` one from before there were compute versions.
fn from_before(folder: &Path) {
    let change = |file: &str, change: &dyn Fn(&mut Value)| {
        let path = folder.join(file);
        let mut told: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        change(&mut told);
        std::fs::write(&path, told.to_string()).unwrap();
    };
    change("settings.json", &|told| {
        assert_eq!(told["version"], COMPUTE_VERSION);
        told["version"] = "0.1.0".into();
    });
    change("result.json", &|told| {
        let told = told.as_object_mut().unwrap();
        assert_eq!(told.remove("compute_version"), Some(COMPUTE_VERSION.into()));
        assert!(told.remove("computed_by").is_some());
    });
}

#[test]
fn a_run_of_another_compute_version_is_not_taken_and_can_be_used() {
    let (runs, own) = (folder(), folder());
    let (images, validation) = photos();
    let made = runs.path().join("real").join("seed1");
    let training = |folder: &Path| {
        let training = Training::new(&settings()).in_folder(folder).progress(Progress::quiet());
        training.with_data(json!({ "size": 8 }), json!({}))
    };
    let mut trained = network(1);
    training(&made).run(&mut trained, &images, Some(&validation)).unwrap();
    let result = std::fs::read_to_string(made.join("result.json")).unwrap();
    assert!(result.contains("\"instructions\"") && result.contains("\"source\""), "{result}");
    let taken = |name: &str| {
        let folder = own.path().join(name);
        let training = training(&folder).or_finished_in(runs.path());
        training.run(&mut network(1), &images, Some(&validation)).unwrap();
        !folder.exists()
    };
    assert!(taken("of the same version"));
    from_before(&made);
    assert!(!taken("of another"));
    // Beside it one of this version: that is taken.
    training(&runs.path().join("real").join("seed1-again")).run(&mut network(1), &images, Some(&validation)).unwrap();
    assert!(taken("the second of two"));

    let error = training(&made).resume(true).run(&mut network(1), &images, Some(&validation)).unwrap_err().to_string();
    let what = format!("was trained by compute version 1 of this library, which is of {COMPUTE_VERSION} now");
    assert!(error.contains(&what) && error.contains("choose another folder"), "{error}");
    // Where more differs, all of it is named.
    let other = Training::new(&Settings { batch_size: 16, ..settings() }).in_folder(&made).resume(true);
    let other = other.with_data(json!({ "size": 8 }), json!({})).progress(Progress::quiet());
    let error = other.run(&mut network(1), &images, Some(&validation)).unwrap_err().to_string();
    assert!(error.contains("version was \"0.1.0\"") && error.contains("batch_size was 8"), "{error}");

    let older = Run::open(&made).unwrap();
    let mut loaded = network(5);
    older.load_weights(&mut loaded).unwrap();
    assert_eq!(bits(&loaded), bits(&trained));
    assert_eq!(older.settings().compute_version(), "1");
    assert!(older.is_finished() && older.history().is_ok() && older.peak_memory_mib().is_ok());
}

#[test]
fn the_digest_of_images_is_that_of_all_their_bytes_one_after_the_other() {
    let (at, (images, validation)) = (folder(), photos());
    train(&at, false, &Settings { epochs: 1, ..settings() }, &mut network(1)).unwrap();
    let mut bytes = Vec::new();
    for part in [&images, &validation] {
        part.labels.iter().for_each(|&label| bytes.extend((label as u64).to_le_bytes()));
        part.images.values().iter().for_each(|value| bytes.extend(value.to_le_bytes()));
    }
    assert_eq!(run(&at).settings().images.sha256, format!("{:x}", Sha256::digest(&bytes)));
}
