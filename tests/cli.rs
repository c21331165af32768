//! The program `manga`, driven as a person does: by its arguments, its output and its exit status.

#[path = "common/program.rs"]
mod program;

use manga_expressions::report::discussion::rate_curves_in;
use manga_expressions::training::RatesEnd;
use program::{command, complaint, empty, json, output, photos, with};
use serde_json::Value;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A folder with `count` drawn faces in `faces`.
fn drawn(count: &str) -> TempDir {
    let folder = empty();
    output(&folder, &["draw", "faces", "--count", count]);
    folder
}

const CLASSES: [&str; 7] = ["sad", "pleased", "shock", "angry", "crying", "happy", "embarrassed"];
/// A training of ResNet-50 that takes about a second.
const SHORT: [&str; 9] = ["train", "resnet50v2", "--drawn", "40", "--size", "32", "--threads", "1", "--json"];

#[test]
fn data_counts_the_photos_of_a_folder_and_lists_what_it_leaves_out() {
    let folder = drawn("40");
    std::fs::write(folder.path().join("faces/angry/notes.txt"), "no photo").unwrap();
    let summary = json(&folder, &["data", "--data", "faces", "--json"]);
    let mut total = 0;
    for class in CLASSES {
        let here = photos(&folder.path().join("faces").join(class)).len() - usize::from(class == "angry");
        assert_eq!(summary["counts"][class], here, "{class}");
        total += here;
    }
    assert_eq!((summary["total"].as_u64(), total), (Some(40), 40));
    assert_eq!(summary["unused"].as_array().unwrap().len(), 1);
    assert_eq!(summary["unused"][0]["path"], "angry/notes.txt");
    let text = output(&folder, &["data", "--data", "faces"]);
    assert!(text.contains("angry/notes.txt") && text.contains("embarrassed"), "{text}");
}

#[test]
fn the_folder_that_the_environment_names_is_used() {
    let folder = drawn("20");
    let found = command(&folder, &["data", "--json"]).env("MANGA_DATA", "faces").output().unwrap();
    let summary: Value = serde_json::from_slice(&found.stdout).unwrap();
    assert_eq!(summary["total"], 20);
    let missing = command(&folder, &["data"]).env("MANGA_DATA", "elsewhere").output().unwrap();
    assert_eq!(missing.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("elsewhere"));
}

#[test]
fn the_project_and_the_folder_of_runs_are_those_that_the_environment_names() {
    let folder = empty();
    output(&folder, &["draw", "project/data/manga-facial-expressions", "--count", "28"]);
    let run = |arguments: &[&str], runs: &str| {
        let mut program = command(&folder, arguments);
        let done = program.env("MANGA_PROJECT", "project").env("MANGA_RUNS", runs).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        done.stdout
    };
    let summary: Value = serde_json::from_slice(&run(&["data", "--json"], "")).unwrap();
    assert_eq!(summary["total"], 28);
    let fit = ["cross-validate", "majority", "--folds", "2", "--repeats", "1"];
    run(&fit, "elsewhere");
    assert!(folder.path().join("elsewhere/cross-validation/majority-seed1/repeat1-fold2/fit.json").is_file());
    run(&fit, "");
    assert!(folder.path().join("runs/cross-validation/majority-seed1/repeat1-fold2/fit.json").is_file());
}

#[test]
fn a_folder_that_is_no_data_set_ends_with_a_message_that_names_it() {
    let folder = empty();
    let call = |name: &str| complaint(&folder, &["data", "--data", name]);
    assert!(call("nowhere").contains("nowhere"));

    let faces = drawn("20");
    let copy = |class: &str, to: &str| {
        let to = folder.path().join(to);
        std::fs::create_dir_all(&to).unwrap();
        for photo in photos(&faces.path().join("faces").join(class)) {
            std::fs::copy(&photo, to.join(photo.file_name().unwrap())).unwrap();
        }
    };
    copy("happy", "lonely/happy");
    assert!(call("lonely").contains("only one class, happy"), "{}", call("lonely"));

    copy("happy", "hollow/happy");
    std::fs::create_dir_all(folder.path().join("hollow/sad")).unwrap();
    assert!(call("hollow").contains("the class sad"), "{}", call("hollow"));

    copy("happy", "double/happy");
    copy("happy", "double/sad");
    let message = call("double");
    assert!(message.contains("happy/") && message.contains("sad/") && message.contains("same"), "{message}");
}

#[test]
fn drawn_faces_are_the_same_to_the_byte_and_overwrite_nothing() {
    let (one, two) = (drawn("20"), drawn("20"));
    let mut compared = 0;
    for class in CLASSES {
        for photo in photos(&one.path().join("faces").join(class)) {
            let other = two.path().join(photo.strip_prefix(one.path()).unwrap());
            assert_eq!(std::fs::read(&photo).unwrap(), std::fs::read(&other).unwrap(), "{}", other.display());
            compared += 1;
        }
    }
    assert_eq!(compared, 20);
    assert!(complaint(&one, &["draw", "faces", "--count", "20"]).contains("there already"));
    output(&one, &["draw", "more", "--count", "20", "--figure", "faces.svg"]);
    assert!(std::fs::read_to_string(one.path().join("faces.svg")).unwrap().starts_with("<svg"));
}

#[test]
fn the_summary_has_keras_totals() {
    let folder = empty();
    // With 7 classes, at each network's own size: the report's figure 21, or Keras's and torchvision's count without top
    // and a dense layer.
    for (network, total, trainable) in [
        ("vgg16", 14_781_255, 66_567),
        ("googlenet", 6_392_645, 6_392_645),
        ("resnet50", 23_602_055, 23_548_935),
        ("resnet50-v1.5", 23_575_495, 23_522_375),
        ("resnet50v2", 23_579_143, 23_533_703),
        ("densenet201", 18_335_431, 18_106_375),
        ("dcnn", 9_604_551, 9_602_503),
        ("small_cnn", 30_471, 30_471),
    ] {
        let summary = json(&folder, &["summary", network, "--json"]);
        assert_eq!((&summary["total"], &summary["trainable"]), (&total.into(), &trainable.into()), "{network}");
    }
    let text = output(&folder, &["summary", "vgg16"]);
    for part in ["Layer (type)", "Total params: 14,781,255", "Trainable params: 66,567", "Simonyan"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(complaint(&folder, &["summary", "resnet"]).contains("resnet50v2"));
}

#[test]
fn numbers_out_of_range_are_complaints_and_no_panics() {
    let folder = empty();
    let huge = "18446744073709551615";
    for arguments in [
        &["summary", "resnet50v2", "--size", "0"][..],
        &["summary", "resnet50v2", "--size", "200000"],
        &["summary", "resnet50v2", "--size", huge],
        &["summary", "resnet50v2", "--channels", "0"],
        &["summary", "resnet50v2", "--channels", huge],
        &["summary", "resnet50v2", "--classes", "0"],
        &["summary", "resnet50v2", "--classes", huge],
        &["draw", "faces", "--count", "0"],
        &["draw", "faces", "--count", "3"],
        &["draw", "faces", "--count", huge],
        &["bench", "--size", "32", "--batch", "0"],
        &["bench", "--size", "32", "--batch", huge],
        &["bench", "--size", "32", "--threads", "0"],
        &["bench", "--size", "32", "--threads", huge],
    ] {
        complaint(&folder, arguments);
        assert!(!folder.path().join("faces").exists(), "{arguments:?} left a folder");
    }
    for (option, value) in [
        ("--drawn", "3"),
        ("--drawn", huge),
        ("--size", "0"),
        ("--size", huge),
        ("--epochs", "0"),
        ("--set", "training.batch_size=0"),
        ("--threads", "0"),
        ("--threads", huge),
        ("--learning-rate", "nan"),
        ("--learning-rate", "0"),
        ("--set", "split.validation=1.5"),
        ("--set", "split.validation=nan"),
        ("--batch-norm-momentum", "1"),
    ] {
        let mut arguments = vec!["train", "resnet50v2", "--run", "run"];
        if option != "--drawn" {
            arguments.extend(["--drawn", "40"]);
        }
        if option != "--size" {
            arguments.extend(["--size", "32"]);
        }
        complaint(&folder, &with(&arguments, &[option, value]));
        assert!(!folder.path().join("run").exists(), "{option} {value} left a run");
    }
}

#[test]
fn a_run_that_is_not_there_is_named() {
    let folder = empty();
    for arguments in [&["evaluate", "nothing"][..], &["predict", "nothing", "a.png"], &["compare", "nothing"]] {
        assert!(complaint(&folder, arguments).contains("nothing"), "{arguments:?}");
    }
}

#[test]
fn early_stopping_may_stand_before_the_network() {
    let folder = empty();
    let arguments = ["train", "--early-stopping", "resnet50v2", "--drawn", "40", "--epochs", "0"];
    assert!(complaint(&folder, &arguments).contains("epochs is 0"));
}

/// The settings of an experiment that a run keeps.
fn kept_settings(folder: &TempDir, run: &str) -> Value {
    let text = std::fs::read_to_string(folder.path().join(run).join("settings.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn options_of_train_are_short_for_set() {
    let folder = empty();
    let drawn = ["train", "resnet50v2", "--drawn", "40", "--threads", "1"];
    let short = [
        "--size=32",
        "--epochs=1",
        "--keep=last",
        "--early-stopping=no",
        "--learning-rate=1e-4",
        "--scaling=caffe",
        "--batch-norm-momentum=0.9",
    ];
    let long = [
        "preparation.size=32",
        "training.epochs=1",
        "training.keep=last",
        "training.early_stopping=false",
        "training.optimizer.learning_rate=0.0001",
        "preparation.scaling=caffe",
        "own_scaling=true",
        "training.batch_norm_momentum=0.9",
    ];
    output(&folder, &with(&with(&drawn, &short), &["--run", "short"]));
    let long: Vec<&str> = long.iter().flat_map(|change| ["--set", change]).collect();
    output(&folder, &with(&with(&drawn, &long), &["--run", "long"]));
    let settings = kept_settings(&folder, "short");
    assert_eq!(settings, kept_settings(&folder, "long"));
    assert_eq!(settings.pointer("/data/preparation/scaling"), Some(&"caffe".into()));
    assert_eq!(settings.pointer("/training/optimizer/learning_rate"), Some(&1e-4.into()));

    // What only --set reaches; the recipe's own folder is left to the recipe.
    let adamw = "training.optimizer={ name = \"adamw\", learning_rate = 1e-3, weight_decay = 0.05 }";
    output(&folder, &with(&drawn, &["--set", adamw, "--size", "32", "--epochs", "1"]));
    let settings = kept_settings(&folder, "runs/resnet50v2-drawn40-changed-seed1");
    assert_eq!(settings.pointer("/training/optimizer/weight_decay"), Some(&0.05.into()));

    for (more, wanted) in [
        (&["--set", "training.epoch=3"][..], "unknown field `epoch`, expected one of `epochs`"),
        (&["--set", "training.mixup"], "training.mixup=0.2"),
        (&["--set", "training.epochs=3", "--epochs", "4"], "training.epochs is given twice"),
        (&["--set", "training.threads=2"], "--threads"),
        (&["--set", "source.seed=2"], "--data"),
        (&["--set", "network=resnet"], "there is no network \"resnet\""),
    ] {
        let said = complaint(&folder, &with(&with(&drawn, more), &["--run", "none"]));
        assert!(said.contains(wanted), "{more:?}: {said}");
        assert!(!folder.path().join("none").exists());
    }
}

#[test]
fn a_changed_recipe_is_cross_validated_beside_the_recipe() {
    let folder = drawn("40");
    let all = ["cross-validate", "knn-pixels", "--data", "faces", "--folds", "2", "--repeats", "1", "--keep", "kept"];
    for more in [&["--set", "largest_k=3"][..], &["--set", "largest_k=2", "--name", "knn-2"]] {
        output(&folder, &with(&all, more));
    }
    for (name, set) in [("knn-pixels-changed", "largest_k=3"), ("knn-2", "largest_k=2")] {
        let about: Value =
            serde_json::from_slice(&std::fs::read(folder.path().join(format!("kept/{name}.json"))).unwrap()).unwrap();
        let command = format!("manga cross-validate knn-pixels --folds 2 --repeats 1 --set {set} --name {name}");
        assert_eq!((&about["method"], &about["command"]), (&name.into(), &command.into()));
        assert!(about["about"].as_str().unwrap().ends_with(&format!("With {set}.")), "{about}");
        assert!(folder.path().join(format!("kept/{name}.csv")).is_file());
        assert!(folder.path().join(format!("runs/cross-validation/{name}-seed1/repeat1-fold2")).is_dir());
    }
    assert!(!folder.path().join("kept/knn-pixels.csv").exists());
    for (more, wanted) in [
        (&["--set", "split.seed=3"][..], "--seed"),
        (&["--set", "largest=3"], "unknown field `largest`"),
        (&["--name", "mine"], "--set"),
    ] {
        let said = complaint(&folder, &with(&all, more));
        assert!(said.contains(wanted), "{more:?}: {said}");
    }
}

/// One short run through all commands that use a run.
#[test]
fn a_run_is_evaluated_predicts_and_is_compared() {
    let folder = empty();
    let trained = json(&folder, &with(&SHORT, &["--epochs", "1", "--run", "one"]));
    assert_eq!(trained["run"], "one");
    assert_eq!(trained["outcome"]["history"]["epochs"].as_array().unwrap().len(), 1);
    for file in ["settings.json", "split.json", "history.csv", "weights.safetensors", "report.txt", "report.json"] {
        assert!(folder.path().join("one").join(file).is_file(), "{file}");
    }
    assert!(complaint(&folder, &with(&SHORT, &["--epochs", "1", "--run", "one"])).contains("resume"));

    let evaluation = json(&folder, &["evaluate", "one", "--json"]);
    assert_eq!(evaluation, trained["outcome"]["evaluation"]);
    let text = output(&folder, &["evaluate", "one"]);
    assert_eq!(text.trim_end(), std::fs::read_to_string(folder.path().join("one/report.txt")).unwrap().trim_end());
    assert!(text.contains("95 % interval") && text.contains("weighted avg"), "{text}");

    output(&folder, &["draw", "faces", "--count", "14", "--seed", "9"]);
    let photo = photos(&folder.path().join("faces/shock")).remove(0).to_string_lossy().into_owned();
    let predicted = json(&folder, &["predict", "one", &photo, &photo, "--json"]);
    assert_eq!(predicted.as_array().unwrap().len(), 2);
    assert_eq!(predicted[0], predicted[1]);
    let probabilities = predicted[0]["probabilities"].as_object().unwrap();
    assert_eq!(probabilities.len(), 7);
    let values: Vec<f64> = probabilities.values().map(|p| p.as_f64().unwrap()).collect();
    assert!((values.iter().sum::<f64>() - 1.0).abs() < 1e-5);
    let expression = predicted[0]["expression"].as_str().unwrap();
    assert_eq!(probabilities[expression].as_f64(), values.iter().copied().reduce(f64::max));
    assert!(output(&folder, &["predict", "one", &photo]).contains(&format!("{photo}: {expression} ")));
    assert_eq!(predicted[0]["scaling"], "zero_to_one");

    // The run's weights alone, which bring size, scaling and the names of the classes with them.
    let weights = ["predict", "--network", "resnet50v2", "--weights", "one/weights.safetensors"];
    assert_eq!(json(&folder, &with(&weights, &[&photo, &photo, "--json"])), predicted);
    let wrong = json(&folder, &with(&weights, &[&photo, "--scaling", "caffe", "--size", "40", "--json"]));
    assert_eq!(wrong[0]["scaling"], "caffe");
    assert_ne!(wrong[0]["logits"], predicted[0]["logits"]);
    assert_eq!(wrong[0]["logits"].as_array().unwrap().len(), 7);
    let other =
        complaint(&folder, &["predict", "--network", "resnet50", "--weights", "one/weights.safetensors", &photo]);
    assert!(other.contains("has no tensor conv1.weight (the file is of resnet50v2)"), "{other}");
    assert!(complaint(&folder, &["predict", "--network", "resnet50", &photo]).contains("--weights"));
    assert!(complaint(&folder, &["predict", "one"]).contains("photos"));

    std::fs::write(folder.path().join("text.png"), "no photo").unwrap();
    let done = command(&folder, &["predict", "one", &photo, "text.png"]).output().unwrap();
    assert!(done.status.code() == Some(1) && !done.stdout.is_empty());
    assert!(String::from_utf8_lossy(&done.stderr).contains("text.png"));

    let second = json(&folder, &with(&SHORT, &["--epochs", "1", "--seed", "2", "--run", "two"]));
    let compared = json(&folder, &["compare", "one", "two", "--json", "--out", "results"]);
    let accuracy = |row: usize| compared["rows"][row]["accuracy"].as_f64().unwrap();
    assert_eq!(compared["rows"][0]["accuracy"], trained["outcome"]["evaluation"]["accuracy"]["accuracy"]);
    // Of two numbers the mean lies in the middle, and the deviation of a sample is their distance over the root of 2.
    assert!((compared["mean_accuracy"].as_f64().unwrap() - (accuracy(0) + accuracy(1)) / 2.0).abs() < 1e-12);
    let deviation = (accuracy(0) - accuracy(1)).abs() / 2f64.sqrt();
    assert!((compared["deviation"].as_f64().unwrap() - deviation).abs() < 1e-12);
    let recall = |run: &Value| run["outcome"]["evaluation"]["report"]["classes"][3]["recall"].as_f64().unwrap();
    let mean = (recall(&trained) + recall(&second)) / 2.0;
    assert!((compared["classes"][3]["recall"].as_f64().unwrap() - mean).abs() < 1e-12);
    let kept = photos(&folder.path().join("results"));
    assert_eq!(kept.len(), 3 + 2 * 2, "both tables, the curves, a history and a report of each run: {kept:?}");
    // The same run twice: neither may take the other's place.
    let message = complaint(&folder, &["compare", "one", "one", "--out", "twice"]);
    assert!(message.contains("seed 1"), "{message}");
}

#[test]
fn other_photos_than_those_of_the_run_are_refused() {
    let folder = drawn("40");
    let train = ["train", "resnet50v2", "--data", "faces", "--size", "32", "--threads", "1", "--epochs", "1"];
    output(&folder, &with(&train, &["--run", "run"]));
    std::fs::rename(folder.path().join("faces"), folder.path().join("moved")).unwrap();
    assert!(complaint(&folder, &["evaluate", "run"]).contains("faces"));
    let before = output(&folder, &["evaluate", "run", "--data", "moved"]);
    assert_eq!(before.trim_end(), std::fs::read_to_string(folder.path().join("run/report.txt")).unwrap().trim_end());

    // As many photos of the same names, but which of them is in the test is another matter now.
    for class in CLASSES {
        let names = photos(&folder.path().join("moved").join(class));
        let mut bytes: Vec<Vec<u8>> = names.iter().map(|name| std::fs::read(name).unwrap()).collect();
        bytes.rotate_left(1);
        for (name, bytes) in names.iter().zip(bytes) {
            std::fs::write(name, bytes).unwrap();
        }
    }
    assert!(complaint(&folder, &["evaluate", "run", "--data", "moved"]).contains("not the photos"));
}

/// The columns of a history that do not tell a time.
fn without_times(history: &str) -> Vec<Vec<&str>> {
    let heads: Vec<&str> = history.lines().next().unwrap().split(',').collect();
    let timeless = |line: &'_ str| -> Vec<usize> {
        (0..line.split(',').count()).filter(|&i| !heads[i].contains("seconds")).collect()
    };
    history.lines().map(|line| timeless(line).into_iter().map(|i| line.split(',').nth(i).unwrap()).collect()).collect()
}

#[cfg(unix)]
#[test]
fn a_killed_training_goes_on_to_the_same_bytes_on_another_number_of_threads() {
    let folder = empty();
    let train = ["train", "resnet50v2", "--drawn", "40", "--size", "32", "--epochs", "3"];
    output(&folder, &with(&train, &["--run", "straight", "--threads", "1"]));

    let mut child = command(&folder, &with(&train, &["--run", "killed", "--threads", "1"])).spawn().unwrap();
    let (start, killed) = (Instant::now(), folder.path().join("killed"));
    // The description of a checkpoint is what is written last of it.
    while !killed.join("checkpoint-1.json").exists() {
        assert!(start.elapsed() < Duration::from_secs(300), "no checkpoint after five minutes");
        assert!(child.try_wait().unwrap().is_none(), "the training ended before it was killed");
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap(); // SIGKILL: nothing can be tidied up.
    assert!(!child.wait().unwrap().success());
    assert!(!killed.join("result.json").exists(), "the training was over before it was killed");
    assert!(complaint(&folder, &["compare", "killed"]).contains("--resume"));

    output(&folder, &with(&train, &["--run", "killed", "--threads", "2", "--resume"]));
    let read = |run: &str, file: &str| std::fs::read(folder.path().join(run).join(file)).unwrap();
    for file in ["weights.safetensors", "report.json", "split.json"] {
        assert!(read("straight", file) == read("killed", file), "{file} differs");
    }
    // All but the memory that the processes took.
    let ended = |run| {
        let mut result: serde_json::Value = serde_json::from_slice(&read(run, "result.json")).unwrap();
        assert!(result.as_object_mut().unwrap().remove("peak_memory_mib").is_some());
        result
    };
    assert_eq!(ended("straight"), ended("killed"));
    let history = |run| String::from_utf8(read(run, "history.csv")).unwrap();
    assert_eq!(without_times(&history("straight")), without_times(&history("killed")));
    let names = |run: &str| -> Vec<_> {
        photos(&folder.path().join(run)).iter().map(|path| path.file_name().unwrap().to_owned()).collect()
    };
    assert_eq!(names("straight"), names("killed"), "something was left over");

    let message = complaint(&folder, &with(&train, &["--run", "killed", "--resume", "--seed", "2"]));
    assert!(message.contains("seed was 1 and is 2 now"), "{message}");
}

/// Sends a signal to a program.
#[cfg(unix)]
fn signal(child: &std::process::Child, name: &str) {
    let sent =
        std::process::Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

#[cfg(unix)]
#[test]
fn a_signal_ends_a_training_after_its_batch_and_it_goes_on_to_the_same_bytes() {
    let folder = empty();
    let train = ["train", "small_cnn", "--drawn", "200", "--epochs", "2", "--set", "training.batch_size=8"];
    output(&folder, &with(&train, &["--run", "straight"]));
    for (name, status, cause) in [("INT", 130, "Ctrl-C"), ("TERM", 143, "SIGTERM")] {
        // Checkpoints after each batch tell when it has begun.
        let run = ["--run", name, "--checkpoint-minutes", "0"];
        let child = command(&folder, &with(&train, &run)).stderr(std::process::Stdio::piped()).spawn().unwrap();
        let (start, at) = (Instant::now(), folder.path().join(name));
        while !at.join("checkpoint-0-2.json").exists() {
            assert!(start.elapsed() < Duration::from_secs(300), "no checkpoint after five minutes");
            std::thread::sleep(Duration::from_millis(1));
        }
        signal(&child, name);
        let ended = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(status), "{said}");
        assert!(said.contains(&format!("stopped by {cause} after ")) && said.contains("--resume"), "{said}");
        assert!(!at.join("result.json").exists());
        output(&folder, &with(&train, &["--run", name, "--resume"]));
        let read = |run: &str| std::fs::read(folder.path().join(run).join("weights.safetensors")).unwrap();
        assert!(read("straight") == read(name), "the weights differ after {name}");
    }
}

#[test]
fn bench_tells_what_it_measured() {
    let folder = empty();
    let arguments = ["bench", "dcnn", "--size", "32", "--batch", "2", "--steps", "1", "--threads", "1", "--json"];
    let costs = json(&folder, &arguments);
    assert_eq!((&costs[0]["work"], &costs[1]["work"]), (&"train".into(), &"infer".into()));
    for cost in costs.as_array().unwrap() {
        assert_eq!((&cost["threads"], &cost["batch"], &cost["steps"]), (&1.into(), &2.into(), &1.into()));
        for number in ["images_per_second", "images_per_cpu_second", "gflops_per_second", "peak_fraction"] {
            assert!(cost[number].as_f64().is_some_and(|n| n > 0.0), "{number} of {cost}");
        }
    }
}

#[test]
fn methods_are_cross_validated_kept_and_put_in_a_leaderboard() {
    let folder = drawn("70");
    let call = |recipe: &'static str| {
        let all =
            ["cross-validate", recipe, "--data", "faces", "--folds", "2", "--repeats", "2", "--keep", "kept", "--json"];
        json(&folder, &all)
    };
    let (hog, majority) = (call("ridge-hog"), call("majority"));
    assert_eq!((hog["images"].as_u64(), majority["repeats"].as_u64()), (Some(70), Some(2)));
    let file = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let about: Value = serde_json::from_str(&file("kept/majority.json")).unwrap();
    assert_eq!(about["command"], "manga cross-validate majority --folds 2 --repeats 2");
    assert_eq!(file("kept/majority.csv"), file("runs/cross-validation/majority-seed1/predictions.csv"));
    // One fit by itself is found finished.
    let one =
        ["cross-validate", "majority", "--data", "faces", "--folds", "2", "--repeats", "2", "--fit", "2.1", "--json"];
    assert_eq!(json(&folder, &one)["total"], 35);

    assert_eq!(about["compute_version"], manga_expressions::COMPUTE_VERSION);
    let version = output(&folder, &["--version"]);
    let told = format!("compute version {}, source {}", about["compute_version"], about["computed_by"]["source"]);
    assert!(version.contains(&told.replace('"', "")), "{version} {told}");
    // One from before there were compute versions.
    let before: Value = {
        let mut about = about.clone();
        ["compute_version", "computed_by"].iter().for_each(|key| _ = about.as_object_mut().unwrap().remove(*key));
        about
    };
    std::fs::write(folder.path().join("kept/majority.json"), before.to_string()).unwrap();

    let board = json(&folder, &["leaderboard", "--predictions", "kept", "--out", "board", "--json"]);
    assert_eq!(board["rows"][0]["compute_version"], about["compute_version"]);
    assert_eq!(board["rows"][1]["compute_version"], "1");
    assert!(file("board/leaderboard.csv").lines().last().unwrap().ends_with(",1"));
    assert!(file("board/leaderboard.md").contains("| compute_version |"));
    assert_eq!(board["rows"].as_array().unwrap().len(), 2);
    assert_eq!(board["rows"][1]["against"], Value::Null);
    assert_eq!(file("board/leaderboard.csv").lines().count(), 3);
    assert!(file("board/leaderboard.md").starts_with("| method | accuracy, % |"));
    assert!(file("board/leaderboard.svg").contains("ridge-hog"));
    assert!(complaint(&folder, &["leaderboard", "--predictions", "board"]).contains("leaderboard.csv"));
    let pair = ["leaderboard", "--predictions", "kept", "--pair", "majority", "ridge-hog", "--out", "board", "--json"];
    let pair = json(&folder, &pair);
    assert_eq!((&pair[0]["first"], &pair[0]["accuracies"][1]), (&"majority".into(), &hog["accuracy"]));
    assert_eq!(file("board/pairs.csv").lines().count(), 2);
    assert!(file("board/pairs.md").contains("| majority | ridge-hog |"));
    let unknown = complaint(&folder, &["leaderboard", "--predictions", "kept", "--pair", "majority", "mine"]);
    assert!(unknown.contains("mine is none of the methods"), "{unknown}");
    let grouped = complaint(&folder, &["cross-validate", "majority", "--data", "faces", "--group-by-page"]);
    assert!(grouped.contains("page_x_y_width_height"), "{grouped}");
    assert!(complaint(&folder, &["leaderboard", "--predictions", "none"]).contains("none"));
    let recipes = json(&folder, &["recipes", "--json"]);
    let trains = |name: &str| {
        recipes.as_array().unwrap().iter().find(|recipe| recipe["name"] == name).unwrap()["trains"].clone()
    };
    assert_eq!((trains("majority"), trains("vgg16")), (Value::Bool(false), Value::Bool(true)));
    assert_eq!(json(&folder, &["recipes", "knn-hog", "--json"])["features"]["kind"], "hog");
}

#[test]
fn a_learning_rate_is_looked_for_and_its_curve_kept_to_the_last_digit() {
    let folder = drawn("70");
    let find = ["find-rate", "small_cnn", "--data", "faces", "--steps", "40"];
    let range = ["--from", "1e-6", "--to", "1e6"];
    let more = ["--seed", "1,2", "--optimizer", "sgd", "--out", "rates/sgd.csv", "--figure", "sgd.svg", "--json"];
    let told = json(&folder, &with(&with(&find, &range), &more));
    let kept = rate_curves_in(&folder.path().join("rates/sgd.csv")).unwrap();
    assert_eq!(kept.len(), 2);
    for (told, kept) in told.as_array().unwrap().iter().zip(&kept) {
        assert_eq!((&told["network"], &told["seed"]), (&"small_cnn (SGD)".into(), &kept.seed.into()));
        // JSON's numbers are read to the last digit but one.
        for (told, kept) in [(&told["losses"], &kept.losses), (&told["smoothed"], &kept.smoothed)] {
            let told: Vec<f64> = serde_json::from_value(told.clone()).unwrap();
            assert_eq!(told.len(), kept.len());
            assert!(told.iter().zip(kept).all(|(a, b)| (a - b).abs() <= 1e-14 * a.abs()), "{told:?} and {kept:?}");
        }
        // Rates that rise to a million end it before its last step.
        assert!(kept.end != RatesEnd::AllSteps && kept.rates.len() < 40, "{kept}");
    }
    assert_ne!(kept[0].losses, kept[1].losses);
    assert!(std::fs::read_to_string(folder.path().join("sgd.svg")).unwrap().contains("small_cnn (SGD)"));
    assert!(complaint(&folder, &with(&find, &["--from", "10", "--to", "1"])).contains("must rise"));
}

#[test]
fn the_claims_are_those_that_the_project_keeps() {
    let folder = empty();
    let results = concat!(env!("CARGO_MANIFEST_DIR"), "/results");
    let told = json(&folder, &["claims", "--results", results, "--out", "out", "--json"]);
    let file = |path: &std::path::Path| std::fs::read_to_string(path).unwrap();
    for name in ["claims.md", "claims.csv"] {
        let kept = file(&std::path::Path::new(results).join(name));
        assert_eq!(
            file(&folder.path().join("out").join(name)),
            kept,
            "`manga claims --out results` writes {name} again"
        );
    }
    let rows = told.as_array().unwrap();
    assert!(
        rows.iter()
            .all(|row| row["verdict"] != Value::Null && row["because"].as_str().is_some_and(|why| !why.is_empty()))
    );
    assert!(complaint(&folder, &["claims", "--results", "nowhere"]).contains("nowhere"));
}
