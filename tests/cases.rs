//! Files and folders that people have, from public reports of faults in programs of this kind: each gets the answer that
//! its owner expects. Inputs that no program here writes lie in `tests/cases`.

#[path = "common/program.rs"]
mod program;

use manga_expressions::data::{Dataset, Limits, Photo};
use manga_expressions::metrics::{OutOfFoldPredictions, OutOfFoldRow};
use manga_expressions::net::models::small_cnn;
use manga_expressions::net::weights::{Part, Weights};
use manga_expressions::training::{EarlyStopping, Epoch, History, RateCurve, RateRange};
use program::{command, complaint, empty, json, output, photos, with};
use safetensors::tensor::{Dtype, TensorView};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name)
}

/// Faces in the folder `at`, of two classes with these names.
fn two_classes(folder: &TempDir, at: &str, names: [&str; 2]) {
    output(folder, &["draw", "drawn", "--count", "60", "--side", "65"]);
    for (class, name) in ["happy", "shock"].into_iter().zip(names) {
        let to = folder.path().join(at).join(name);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::rename(folder.path().join("drawn").join(class), to).unwrap();
    }
    std::fs::remove_dir_all(folder.path().join("drawn")).unwrap();
}

// Photos

#[test]
fn a_picture_whose_opacity_is_0_everywhere_is_shown_as_other_programs_do() {
    let photo = Photo::open(case("bgra32_v4.bmp")).unwrap();
    assert!(photo.grey().iter().any(|&value| value < 128), "a blank page");
}

#[test]
fn a_bmp_whose_length_field_is_wrong_is_read_and_one_without_its_last_rows_is_not() {
    let whole = std::fs::read(case("bigsize.bmp")).unwrap();
    Photo::from_bytes("whole", &whole, &Limits::default()).unwrap();
    let error = Photo::from_bytes("cut", &whole[..whole.len() - 200], &Limits::default()).unwrap_err().to_string();
    assert!(error.contains("cut off"), "{error}");
}

// Folders

#[test]
fn a_folder_too_high_is_told_which_to_name_and_nobody_is_told_to_remove_it() {
    let folder = empty();
    two_classes(&folder, "outer/Manga Facial Expressions", ["happy", "shock"]);
    let error = complaint(&folder, &["data", "--data", "outer"]);
    assert!(error.contains("outer/Manga Facial Expressions instead") && !error.contains("remove"), "{error}");
    assert_eq!(
        json(&folder, &["data", "--data", "outer/Manga Facial Expressions", "--json"])["unused"],
        serde_json::json!([])
    );

    std::fs::rename(folder.path().join("outer/Manga Facial Expressions"), folder.path().join("outer/train")).unwrap();
    two_classes(&folder, "outer/test", ["happy", "shock"]);
    let error = complaint(&folder, &["data", "--data", "outer"]);
    assert!(error.contains("the folders test, train") && error.contains("name one of them"), "{error}");
}

#[test]
fn what_macos_adds_to_an_archive_is_no_class() {
    let folder = empty();
    two_classes(&folder, "faces", ["happy", "shock"]);
    std::fs::create_dir_all(folder.path().join("faces/__MACOSX/happy")).unwrap();
    std::fs::write(folder.path().join("faces/__MACOSX/happy/._0.png"), "resource").unwrap();
    let summary = json(&folder, &["data", "--data", "faces", "--json"]);
    assert_eq!(summary["unused"], serde_json::json!([{ "path": "__MACOSX", "reason": "hidden" }]));
}

#[test]
fn every_command_says_how_many_files_it_does_not_use() {
    let folder = empty();
    two_classes(&folder, "faces", ["happy", "shock"]);
    let used = Dataset::from_folder(folder.path().join("faces")).unwrap().len();
    for i in 0..3 {
        std::fs::write(folder.path().join(format!("faces/happy/note{i}.txt")), "no photo").unwrap();
    }
    let expected = format!("3 of {} files are not used; `manga data` lists them", used + 3);
    let short = ["--data", "faces", "--size", "16", "--epochs", "1"];
    for arguments in [
        with(&["train", "small_cnn", "--run", "run"], &short),
        vec!["evaluate", "run", "--data", "faces"],
        vec!["cross-validate", "majority", "--data", "faces"],
        vec!["find-rate", "small_cnn", "--data", "faces", "--steps", "10"],
    ] {
        let done = command(&folder, &arguments).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success() && said.contains(&expected), "{arguments:?}: {said}");
    }
}

#[test]
fn all_photos_of_two_classes_are_named_at_once() {
    let folder = empty();
    two_classes(&folder, "faces", ["happy", "shock"]);
    let (happy, shock) = (folder.path().join("faces/happy"), folder.path().join("faces/shock"));
    for (i, photo) in photos(&happy).iter().take(3).enumerate() {
        std::fs::copy(photo, shock.join(format!("copy{i}.png"))).unwrap();
    }
    let error = complaint(&folder, &["data", "--data", "faces"]);
    assert!(error.contains("3 pairs") && (0..3).all(|i| error.contains(&format!("copy{i}.png"))), "{error}");
}

#[test]
fn predict_answers_for_the_photos_that_it_can_read_and_names_the_others() {
    let folder = empty();
    two_classes(&folder, "faces", ["happy", "shock"]);
    output(&folder, &["train", "small_cnn", "--data", "faces", "--size", "16", "--epochs", "1", "--run", "run"]);
    std::fs::create_dir(folder.path().join("new")).unwrap();
    let all = photos(&folder.path().join("faces/happy"));
    std::fs::copy(&all[0], folder.path().join("new/a.png")).unwrap();
    std::fs::copy(&all[1], folder.path().join("new/c.png")).unwrap();
    std::fs::write(folder.path().join("new/b.png"), "no photo").unwrap();
    std::fs::write(folder.path().join("new/.hidden"), "nothing").unwrap();
    let done = command(&folder, &["predict", "run", "new", "--json", "--csv", "said.csv"]).output().unwrap();
    assert_eq!(done.status.code(), Some(1));
    let said: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(said.as_array().unwrap().len(), 2);
    let error = String::from_utf8_lossy(&done.stderr);
    assert!(error.contains("1 of 3 photos cannot be used: ") && error.contains("b.png"), "{error}");
    let csv = std::fs::read_to_string(folder.path().join("said.csv")).unwrap();
    assert!(csv.starts_with("image,expression,probability,shock,happy\n") && csv.lines().count() == 3, "{csv}");
}

// Names of classes

#[test]
fn predictions_are_read_back_whatever_the_classes_are_called() {
    let folder = tempfile::tempdir().unwrap();
    for (number, names) in [
        ["0001", "0002"],
        ["True", "false"],
        ["1e3", "NaN"],
        ["say \"hi\"", "a, b"],
        ["image", "repeat"],
        ["true", "predicted"],
        ["=1+1", "fold"],
        ["line\nbreak", "null"],
    ]
    .into_iter()
    .enumerate()
    {
        let classes = names.map(String::from);
        // 130 rows of one class first: a type that is guessed from the first rows would be wrong.
        let row = |photo: usize| OutOfFoldRow {
            image: format!("{}/{photo:04}.png", names[usize::from(photo >= 130)]),
            repeat: 0,
            fold: photo % 2,
            truth: usize::from(photo >= 130),
            predicted: photo % 2,
            probabilities: vec![0.25, 0.75],
        };
        let all = OutOfFoldPredictions::new(&classes, (0..140).map(row).collect()).unwrap();
        let file = folder.path().join(format!("{number}.csv"));
        all.save(&file).unwrap();
        assert_eq!(OutOfFoldPredictions::open(&file).unwrap(), all, "{names:?}");
    }
}

#[test]
fn what_cross_validate_keeps_the_leaderboard_reads() {
    for names in [["true", "false"], ["repeat", "0001"]] {
        let folder = empty();
        two_classes(&folder, "faces", names);
        output(&folder, &["cross-validate", "majority", "--data", "faces", "--keep", "kept"]);
        let table = output(&folder, &["leaderboard", "--predictions", "kept", "--out", "out"]);
        assert!(table.contains("majority"), "{table}");
    }
}

#[test]
fn a_class_too_small_for_the_folds_is_an_error_before_any_fit() {
    let folder = empty();
    two_classes(&folder, "faces", ["happy", "shock"]);
    photos(&folder.path().join("faces/shock")).iter().skip(2).for_each(|photo| std::fs::remove_file(photo).unwrap());
    let error = complaint(&folder, &["cross-validate", "majority", "--data", "faces"]);
    assert!(error.contains("shock") && !error.contains("twice"), "{error}");
}

// Weights

/// The weights of a small network in a file of safetensors, under names that begin with `prefix`, beside others.
fn checkpoint(file: &Path, prefix: &str, beside: &[&str], change: impl Fn(&mut Vec<f32>)) {
    let plain = file.with_extension("plain.safetensors");
    small_cnn((16, 16, 1), 2, 1).save_weights(&plain).unwrap();
    let bytes = std::fs::read(plain).unwrap();
    let read = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let mut all: Vec<(String, Vec<usize>, Vec<u8>)> = Vec::new();
    for (name, tensor) in read.tensors() {
        let mut values: Vec<f32> = tensor.data().as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        change(&mut values);
        let data = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        all.push((format!("{prefix}{name}"), tensor.shape().to_vec(), data));
    }
    for name in beside {
        all.push((name.to_string(), vec![2], vec![0; 8]));
    }
    let views = all.iter().map(|(name, shape, data)| (name, TensorView::new(Dtype::F32, shape.clone(), data).unwrap()));
    std::fs::write(file, safetensors::serialize(views, None).unwrap()).unwrap();
}

#[test]
fn the_network_in_a_checkpoint_is_taken_and_the_rest_is_said_to_be_ignored() {
    let folder = empty();
    let file = folder.path().join("checkpoint.safetensors");
    for prefix in ["state_dict.module.", "model_state_dict.", "model.", "net.", "_orig_mod.", "backbone."] {
        checkpoint(&file, prefix, &["optimizer.state.0.exp_avg", "ema.loss"], |_| ());
        let weights = Weights::open(&file).unwrap();
        let mut network = small_cnn((16, 16, 1), 2, 2);
        weights.load_into(&mut network, Part::All).unwrap();
        let ignored = weights.ignored().unwrap();
        assert!(ignored.contains(prefix) && ignored.contains("ignored are 2 others"), "{ignored}");
        let saved = folder.path().join("again.safetensors");
        network.save_weights(&saved).unwrap();
        let first = folder.path().join("first.safetensors");
        small_cnn((16, 16, 1), 2, 1).save_weights(&first).unwrap();
        assert!(std::fs::read(saved).unwrap() == std::fs::read(first).unwrap(), "{prefix}: other weights");
    }
    checkpoint(&file, "unknown.", &[], |_| ());
    let error = Weights::open(&file).unwrap().load_into(&mut small_cnn((16, 16, 1), 2, 2), Part::All).unwrap_err();
    assert!(error.to_string().contains("tensors: unknown."), "{error}");
}

#[test]
fn weights_that_are_no_numbers_are_refused_with_the_name_of_the_tensor() {
    let folder = empty();
    let file = folder.path().join("weights.safetensors");
    for value in [f32::NAN, f32::INFINITY] {
        checkpoint(&file, "", &[], |values| *values.last_mut().unwrap() = value);
        let error = Weights::open(&file).unwrap().load_into(&mut small_cnn((16, 16, 1), 2, 2), Part::All).unwrap_err();
        assert!(error.to_string().contains("tensor ") && error.to_string().contains("must be numbers"), "{error}");
    }
}

#[test]
fn a_run_or_predictions_that_were_changed_give_no_answer() {
    let folder = empty();
    two_classes(&folder, "faces", ["happy", "shock"]);
    output(&folder, &["train", "small_cnn", "--data", "faces", "--size", "16", "--epochs", "1", "--run", "run"]);
    let photo = photos(&folder.path().join("faces/happy"))[0].to_string_lossy().into_owned();
    output(&folder, &["cross-validate", "majority", "--data", "faces", "--keep", "kept"]);
    let flip = |file: &str, back: usize| {
        let file = folder.path().join(file);
        let mut bytes = std::fs::read(&file).unwrap();
        let place = bytes.len() - back;
        bytes[place] ^= 1;
        std::fs::write(&file, bytes).unwrap();
    };
    // The last bit of the last weight's fraction, and a digit of a probability.
    flip("run/weights.safetensors", 4);
    flip("kept/majority.csv", 3);
    for arguments in [vec!["predict", "run", &photo], vec!["evaluate", "run"]] {
        let error = complaint(&folder, &arguments);
        assert!(
            error.contains("run/weights.safetensors is not the file") || error.contains("digest in result.json"),
            "{error}"
        );
    }
    let error = complaint(&folder, &["leaderboard", "--predictions", "kept", "--out", "out"]);
    assert!(
        error.contains("majority.csv is not the file") && error.contains("manga cross-validate majority"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_weights_is_refused_and_not_waited_for() {
    let folder = empty();
    let pipe = folder.path().join("weights.safetensors");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let error = Weights::open(&pipe).unwrap_err().to_string();
    assert!(error.contains("no regular file"), "{error}");
}

#[test]
fn a_tensor_without_values_is_refused() {
    let folder = empty();
    let file = folder.path().join("empty.safetensors");
    for shape in [vec![0, 3, 3, 3], vec![4, 0, 3, 3], vec![0, 0]] {
        let view = TensorView::new(Dtype::F32, shape.clone(), &[]).unwrap();
        std::fs::write(&file, safetensors::serialize([("conv1.weight", view)], None).unwrap()).unwrap();
        let load =
            Weights::open(&file).and_then(|weights| weights.load_into(&mut small_cnn((16, 16, 1), 2, 2), Part::All));
        assert!(load.is_err(), "{shape:?}");
    }
}

#[test]
fn a_file_of_torch_save_with_a_name_of_21_characters_is_read() {
    // zip 9.8 takes its directory for damaged.
    let weights = Weights::open(case("name_of_21_characters.pth")).unwrap();
    assert!(!weights.names().is_empty());
}

#[test]
fn a_keras_network_within_a_model_is_found_by_its_layers() {
    let weights = Weights::open(case("keras_sequential.h5")).unwrap();
    assert_eq!(weights.network(), Some("resnet50"));
    assert!(weights.names().contains(&"layer1.0.conv1.weight"), "{:?}", weights.names());
}

#[test]
fn pointers_and_pages_are_called_what_they_are() {
    for (file, what) in [("lfs.safetensors", "git lfs pull"), ("html.safetensors", "web page")] {
        let error = Weights::open(case(file)).unwrap_err().to_string();
        assert!(error.contains(what), "{error}");
    }
}

#[test]
fn weights_in_several_files_are_read_by_their_index() {
    let folder = empty();
    let at = |name: &str| folder.path().join(name);
    checkpoint(&at("all.safetensors"), "", &[], |_| ());
    let bytes = std::fs::read(at("all.safetensors")).unwrap();
    let all = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let names: Vec<&str> = all.names();
    let mut index = serde_json::Map::new();
    for (number, part) in names.chunks(names.len().div_ceil(2)).enumerate() {
        let file = format!("model-{number}.safetensors");
        let views = part.iter().map(|name| (name.to_string(), all.tensor(name).unwrap()));
        std::fs::write(at(&file), safetensors::serialize(views, None).unwrap()).unwrap();
        index.extend(part.iter().map(|name| (name.to_string(), file.clone().into())));
    }
    let text = serde_json::json!({ "metadata": {}, "weight_map": index }).to_string();
    std::fs::write(at("model.safetensors.index.json"), text).unwrap();
    let weights = Weights::open(at("model.safetensors.index.json")).unwrap();
    weights.load_into(&mut small_cnn((16, 16, 1), 2, 2), Part::All).unwrap();
    std::fs::remove_file(at("model-1.safetensors")).unwrap();
    let error = Weights::open(at("model.safetensors.index.json")).unwrap_err().to_string();
    assert!(error.contains("model-1.safetensors"), "{error}");
}

// Training

#[test]
fn more_folds_or_repeats_than_anybody_needs_are_an_error() {
    let folder = empty();
    two_classes(&folder, "faces", ["happy", "shock"]);
    for more in [["--folds", "4294967296"], ["--folds", "1"], ["--repeats", "4294967296"], ["--repeats", "0"]] {
        complaint(&folder, &with(&["cross-validate", "majority", "--data", "faces"], &more));
    }
}

#[test]
fn classes_that_read_the_same_are_an_error() {
    let folder = empty();
    // An accent as one character, and as a letter and a mark.
    two_classes(&folder, "faces", ["caf\u{e9}", "cafe\u{301}"]);
    let error = complaint(&folder, &["data", "--data", "faces"]);
    assert!(error.contains("two classes are called caf"), "{error}");
}

#[test]
fn what_is_no_number_is_never_the_best_epoch() {
    let row = |epoch: usize, loss: f64| Epoch {
        epoch,
        validation_loss: Some(loss),
        validation_accuracy: Some(0.5),
        ..Epoch::default()
    };
    let losses = [f64::NAN, 2.0, 1.0, f64::NAN, 1.5];
    let epochs: Vec<Epoch> = losses.iter().enumerate().map(|(i, &loss)| row(i + 1, loss)).collect();
    let history = History { epochs: epochs.clone(), ..History::default() };
    assert_eq!(history.lowest_validation_loss().map(|epoch| epoch.epoch), Some(3));
    let rule = EarlyStopping { patience: 5, ..EarlyStopping::default() };
    assert_eq!(rule.verdict(&epochs).best_epoch, Some(3));
}

#[test]
fn a_curve_of_one_loss_suggests_no_rate() {
    let range = RateRange { from: 1e-7, to: 10.0, steps: 100 };
    for wobble in [0.0, 1e-9] {
        let losses: Vec<f64> = (0..100).map(|i| 1.0 + wobble * f64::from(i % 3)).collect();
        let curve = RateCurve::from_losses("flat", 1, &range, &losses).unwrap();
        assert!(curve.suggestions().is_empty(), "{:?}", curve.suggestions());
    }
}
