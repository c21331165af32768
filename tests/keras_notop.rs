//! The way of a user's `resnet50v2_weights_tf_dim_ordering_tf_kernels_notop.h5`, in full size: into the cache, into the
//! network, and through the recipes that begin with it. The file is made here, with the layers that Keras names
//! (golden/keras_layers.json) and rule-filled numbers, for which Keras's logits are known (golden/networks.json). As Keras
//! itself writes such a file: golden/keras_notop.py.

mod common;
#[path = "common/program.rs"]
mod program;

use common::golden;
use hdf5_pure::{AttrValue, FileBuilder};
use manga_expressions::data::{Images, Scaling};
use manga_expressions::net::models::resnet50v2;
use manga_expressions::net::weights::{Part, Weights};
use manga_expressions::training;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;
use tempfile::TempDir;

const NAME: &str = "resnet50v2_weights_tf_dim_ordering_tf_kernels_notop.h5";

/// Keras's ResNet50V2 on rule-filled weights.
fn golden_network() -> Value {
    let file = golden::load("networks.json");
    file["networks"].as_array().unwrap().iter().find(|network| network["name"] == "resnet50v2").unwrap().clone()
}

/// What Keras's array of a layer is called in networks.json.
fn suffix(array: &str) -> &'static str {
    match array {
        "kernel" | "gamma" => "weight",
        "bias" | "beta" => "bias",
        "moving_mean" => "running_mean",
        "moving_variance" => "running_var",
        other => panic!("no array of these layers is called {other}"),
    }
}

/// A layer's name, and the names and shapes of its arrays.
type Layer<'a> = (&'a str, Vec<(&'a str, Vec<u64>)>);

/// Writes the file as Keras lays it out: a group for each layer, with the names of its arrays, which lie in a group within.
fn write(file: &Path, network: &Value) {
    let filled: BTreeMap<&str, &Value> =
        network["parameters"].as_array().unwrap().iter().map(|p| (p["name"].as_str().unwrap(), p)).collect();
    let listed = golden::load("keras_layers.json");
    let mut layers: Vec<Layer> = vec![("input_1", vec![]), ("conv1_pad", vec![])];
    for array in listed["resnet50v2"].as_array().unwrap() {
        let (layer, name) = (array[0].as_str().unwrap(), array[1].as_str().unwrap());
        let shape = golden::numbers(&array[2]).iter().map(|&side| side as u64).collect();
        match layers.last_mut() {
            Some((last, arrays)) if *last == layer => arrays.push((name, shape)),
            _ => layers.push((layer, vec![(name, shape)])),
        }
    }
    let mut root = FileBuilder::new();
    let names = layers.iter().map(|(layer, _)| layer.to_string()).collect();
    root.set_attr("layer_names", AttrValue::AsciiStringArray(names));
    for (layer, arrays) in layers {
        let mut group = root.create_group(layer);
        if arrays.is_empty() {
            // As numpy makes an array of no names.
            group.set_attr("weight_names", AttrValue::F64Array(vec![]));
        } else {
            let names = arrays.iter().map(|(name, _)| format!("{layer}/{name}:0")).collect();
            group.set_attr("weight_names", AttrValue::AsciiStringArray(names));
            let mut within = group.create_group(layer);
            for (name, shape) in arrays {
                let key = format!("{layer}.{}", suffix(name));
                let values = golden::input(&key, filled[key.as_str()]);
                within.create_dataset(&format!("{name}:0")).with_f32_data(&values).with_shape(&shape);
            }
            group.add_group(within.finish());
        }
        root.add_group(group.finish());
    }
    root.write(file).unwrap();
}

/// `manga` in `folder`, with a cache of its own there.
fn manga(folder: &TempDir, arguments: &[&str]) -> Output {
    program::command(folder, arguments).env("MANGA_CACHE", folder.path().join("cache")).output().unwrap()
}

fn succeeds(folder: &TempDir, arguments: &[&str]) {
    let output = manga(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_notop_file_of_full_size_goes_through_the_cache_into_the_recipes() {
    let (folder, network) = (program::empty(), golden_network());
    write(&folder.path().join(NAME), &network);
    assert!(folder.path().join(NAME).metadata().unwrap().len() > 94_000_000);

    // Before it is there, what to do is said.
    let recipe = |name: &str| format!("{}/recipes/imagenet-hypothesis/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let frozen = recipe("resnet50v2-frozen-zero-one");
    let short = ["--drawn", "40", "--size", "32", "--epochs", "1", "--threads", "1", "--run"];
    let without = manga(&folder, &program::with(&["train", &frozen], &program::with(&short, &["without"])));
    let said = String::from_utf8(without.stderr).unwrap();
    assert!(said.contains("manga weights resnet50v2 --file FILE") && said.contains("_notop.h5"), "{said}");

    // Its numbers are Keras's: the same logits under the same head.
    succeeds(&folder, &["weights", "resnet50v2", "--file", NAME]);
    let cached = folder.path().join("cache/weights/resnet50v2-imagenet.safetensors");
    let weights = Weights::open(&cached).unwrap();
    assert_eq!((weights.network(), weights.scaling()), (Some("resnet50v2"), Scaling::MinusOneToOne));
    assert_eq!(weights.source(), Some(NAME));
    let count: usize = weights.names().iter().map(|name| weights.shape(name).unwrap().iter().product::<usize>()).sum();
    assert_eq!(count, 23_564_800);
    let ((n, h, w, c), images) = golden::images(&network["input"]);
    let mut ours = resnet50v2((h, w, c), 7, 1);
    weights.load_into(&mut ours, Part::Body).unwrap();
    let parameters = network["parameters"].as_array().unwrap();
    for parameter in ours.parameters_mut().into_iter().filter(|p| p.name.starts_with("predictions.")) {
        let theirs = parameters.iter().find(|p| p["name"] == parameter.name.as_str()).unwrap();
        parameter.set_values(&golden::input(&parameter.name, theirs));
    }
    let logits = training::logits(&ours, &Images::new((n, h, w, c), images).unwrap()).unwrap();
    for (ours, theirs) in logits.iter().zip(network["inference"]["logits"].as_array().unwrap()) {
        let distance = golden::distance(ours, &serde_json::json!({ "values": theirs }), 0.0);
        assert!(distance < 1e-4, "{ours:?}, in Keras {theirs}");
    }

    // And the recipes begin with them: frozen they stay as they are, else all of them learn.
    for (name, learns) in [("resnet50v2-frozen-zero-one", false), ("resnet50v2-all-layers-caffe", true)] {
        succeeds(&folder, &program::with(&["train", &recipe(name)], &program::with(&short, &[name])));
        let trained = Weights::open(folder.path().join(name).join("weights.safetensors")).unwrap();
        let mut network = resnet50v2((32, 32, 3), 7, 1);
        trained.load_into(&mut network, Part::All).unwrap();
        let mut began = resnet50v2((32, 32, 3), 7, 1);
        weights.load_into(&mut began, Part::Body).unwrap();
        for (after, before) in network.parameters().into_iter().zip(began.parameters()) {
            let changes = learns || after.name.starts_with("predictions.");
            assert_eq!(after.values() != before.values(), changes, "{name}: {}", after.name);
        }
    }

    // A scaling that the weights do not expect has to be meant.
    let changes = ["--set", "own_scaling=false"];
    let refused = manga(&folder, &program::with(&["train", &frozen], &program::with(&changes, &short[..8])));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("expect pixels scaled as MinusOneToOne"), "{said}");
}
