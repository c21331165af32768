//! All networks against Keras's and PyTorch's numbers in 64 bits (golden/networks.py, golden/torch_networks.py).

mod common;

use common::golden::{self, distance, numbers};
use common::{gradient, norm};
use dfdx::prelude::*;
use manga_expressions::net::models;
use manga_expressions::net::nn::{Mode, Network, Pass};
use manga_expressions::net::ops::{self, Activation};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How much further from their numbers in 64 bits we may be than they themselves are in 32, the file's "float32": sums
/// are taken in another order.
const SLACK: f64 = 8.0;

fn of_file(name: &str) -> Value {
    let found = ["networks.json", "torch_networks.json"].into_iter().find_map(|file| {
        let file = golden::load(file);
        file["networks"].as_array().unwrap().iter().find(|n| n["name"] == name).cloned()
    });
    found.unwrap_or_else(|| panic!("no golden file has {name}"))
}

/// What the `layer` of the file is called here.
fn our_layer(network: &str, layer: &str) -> String {
    match network {
        "resnet50" => our_resnet_layer(layer),
        // The pools in the shortcuts have no names of their own in Keras.
        "resnet50v2" => match layer {
            "max_pooling2d" => "conv2_block3_max_pooling2d".into(),
            "max_pooling2d_1" => "conv3_block4_max_pooling2d".into(),
            "max_pooling2d_2" => "conv4_block6_max_pooling2d".into(),
            _ => layer.into(),
        },
        _ => layer.into(),
    }
}

/// Torchvision's name, which we use, of a layer of Keras's ResNet-50.
fn our_resnet_layer(layer: &str) -> String {
    match layer {
        "conv1_conv" => return "conv1".into(),
        "conv1_bn" => return "bn1".into(),
        "pool1_pool" => return "maxpool".into(),
        "avg_pool" => return "avgpool".into(),
        "predictions" => return "fc".into(),
        _ => {}
    }
    let parts: Vec<&str> = layer.split('_').collect();
    let [stage, block, number, kind] = parts[..] else { panic!("{layer} has no four parts") };
    let stage: usize = stage.strip_prefix("conv").unwrap().parse().unwrap();
    let block: usize = block.strip_prefix("block").unwrap().parse().unwrap();
    let part = match (number, kind) {
        ("0", "conv") => "downsample.0".into(),
        ("0", "bn") => "downsample.1".into(),
        _ => format!("{kind}{number}"),
    };
    format!("layer{}.{}.{part}", stage - 1, block - 1)
}

fn our_parameter(network: &str, parameter: &str) -> String {
    let (layer, suffix) = parameter.rsplit_once('.').unwrap();
    format!("{}.{suffix}", our_layer(network, layer))
}

/// The network with the file's parameters, and its batch of images.
fn filled(file: &Value) -> (Network, ops::Tensor4) {
    let name = file["name"].as_str().unwrap();
    let (shape, images) = golden::images(&file["input"]);
    let (_, h, w, c) = shape;
    let mut network = models::by_name(name, (h, w, c), 7, 1).unwrap();
    network.unfreeze();
    let theirs: BTreeMap<String, &Value> = file["parameters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| (our_parameter(name, p["name"].as_str().unwrap()), p))
        .collect();
    let mut parameters = network.parameters_mut();
    assert_eq!(parameters.len(), theirs.len());
    for parameter in &mut parameters {
        let theirs = theirs.get(&parameter.name).unwrap_or_else(|| panic!("the file has no {}", parameter.name));
        assert_eq!(parameter.shape(), golden::shape(theirs), "{}", parameter.name);
        parameter.set_values(&golden::input(theirs["name"].as_str().unwrap(), theirs));
    }
    (network, ops::tensor(images, shape))
}

/// Compares logits, shape `N, 1, 1, classes`, and returns how far they are off relative to their norm.
fn logits_distance(got: &[f32], rows: &Value) -> f64 {
    let wanted: Vec<f64> = rows.as_array().unwrap().iter().flat_map(numbers).collect();
    distance(got, &serde_json::json!({ "shape": [got.len()], "values": wanted }), 0.0)
}

/// The difference that the file's own margin `key` allows, and never more than `most`.
fn allowed(file: &Value, key: &str, most: f64) -> f64 {
    (SLACK * file["float32"][key].as_f64().unwrap()).min(most)
}

fn check(what: &str, distance: f64, allowed: f64) {
    assert!(distance <= allowed, "{what}: off by {distance:.1e}, allowed is {allowed:.1e}");
}

fn table(name: &str, total: usize) {
    let file = of_file(name);
    let mut network = models::by_name(name, models::default_input(name).unwrap(), 7, 1).unwrap();
    network.unfreeze();
    let summary = network.summary().unwrap();
    assert_eq!(summary.total, total);
    assert_eq!(summary.trainable + summary.non_trainable, summary.total);
    let statistics: usize =
        summary.layers.iter().filter(|l| l.kind == "BatchNormalization").map(|l| l.parameters / 2).sum();
    assert_eq!(summary.non_trainable, statistics);
    assert_eq!(summary.layers.iter().map(|l| l.parameters).sum::<usize>(), total);

    /// Name, kind, output, number of parameters.
    type Row = (String, String, (usize, usize, usize), usize);
    // The rest of our table is not part of the file's.
    let ours: Vec<Row> = summary
        .layers
        .iter()
        .filter(|l| ["Conv2D", "BatchNormalization", "Dense"].contains(&l.kind.as_str()) || l.kind.contains("Pooling"))
        .map(|l| (l.layer.clone(), l.kind.clone(), l.output, l.parameters))
        .collect();
    let count = ours.len();
    let ours = BTreeSet::from_iter(ours);
    assert_eq!(ours.len(), count, "a layer is there twice");
    let theirs: BTreeSet<Row> = file["layers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| {
            let output: Vec<usize> = numbers(&l["output"]).iter().map(|n| *n as usize).collect();
            let output = match output[..] {
                [h, w, c] => (h, w, c),
                [c] => (1, 1, c),
                _ => panic!("{l}"),
            };
            let name = our_layer(name, l["name"].as_str().unwrap());
            (name, l["class"].as_str().unwrap().into(), output, l["parameters"].as_u64().unwrap() as usize)
        })
        .collect();
    assert_eq!(ours.difference(&theirs).collect::<Vec<_>>(), Vec::<&Row>::new(), "only ours");
    assert_eq!(theirs.difference(&ours).collect::<Vec<_>>(), Vec::<&Row>::new(), "only theirs");
}

/// Compares the logits of a pass, and those of its auxiliary heads, with the file's `theirs`.
fn check_logits(logits: &[f32], auxiliary: &[(Activation, f32)], theirs: &Value, allowed: f64) {
    check("logits", logits_distance(logits, &theirs["logits"]), allowed);
    let heads = theirs["auxiliary"].as_array().unwrap();
    assert_eq!(auxiliary.len(), heads.len(), "auxiliary heads");
    for ((logits, weight), head) in auxiliary.iter().zip(heads) {
        check("auxiliary logits", logits_distance(&logits.as_vec(), head), allowed);
        assert_eq!(*weight, 0.3);
    }
}

fn inference(name: &str) {
    let file = of_file(name);
    let (mut network, images) = filled(&file);
    let before: Vec<Vec<f32>> = network.parameters().iter().map(|p| p.values()).collect();
    let mut pass = Pass { auxiliary_heads: true, ..Pass::new(Mode::Inference, 1) };
    let logits = network.forward(images.clone(), &mut pass).unwrap().as_vec();
    check_logits(&logits, &pass.auxiliary, &file["inference"], allowed(&file, "inference_logits", 1e-4));
    let after: Vec<Vec<f32>> = network.parameters().iter().map(|p| p.values()).collect();
    assert!(before == after, "inference changed the network");

    let mut plain = Pass::new(Mode::Inference, 1);
    assert_eq!(network.forward(images, &mut plain).unwrap().as_vec(), logits, "without auxiliary heads");
    assert!(plain.auxiliary.is_empty());
}

/// Mean cross-entropy with `labels`.
fn loss(logits: Activation, labels: &[usize]) -> Tensor<Rank0, f32, Cpu, OwnedTape<f32, Cpu>> {
    let &(n, _, _, classes) = logits.shape();
    let mut targets = vec![0.0; n * classes];
    for (image, label) in labels.iter().enumerate() {
        targets[image * classes + label] = 1.0;
    }
    let (logits, recorder) = logits.split_tape();
    let logits = logits.put_tape(recorder.into_tape().unwrap());
    cross_entropy_with_logits_loss(logits, ops::tensor(targets, (n, 1, 1, classes)))
}

fn training(name: &str) {
    let file = of_file(name);
    let theirs = &file["training"];
    let (mut network, images) = filled(&file);
    let mut pass = Pass { dropout: false, ..Pass::new(Mode::Training, 1) };
    let logits = network.forward(images, &mut pass).unwrap();
    let allowed_logits = allowed(&file, "training_logits", 1e-4);
    check_logits(&logits.as_vec(), &pass.auxiliary, theirs, allowed_logits);

    let labels: Vec<usize> = numbers(&theirs["labels"]).iter().map(|label| *label as usize).collect();
    let heads = pass.auxiliary.into_iter();
    let loss = heads.fold(loss(logits, &labels), |sum, (logits, weight)| sum + loss(logits, &labels) * weight);
    let wanted = theirs["loss"].as_f64().unwrap();
    // Their own error of this one number can be small by chance; what that of the logits makes of it is not.
    check("loss", (loss.array() as f64 - wanted).abs() / wanted, allowed_logits);

    let mut gradients = loss.backward();
    let mut parameters: BTreeMap<&str, _> = network.parameters().into_iter().map(|p| (p.name.as_str(), p)).collect();
    for (key, kept) in theirs["gradients"].as_object().unwrap() {
        let parameter = parameters.remove(our_parameter(name, key).as_str()).unwrap();
        assert!(parameter.trainable, "{key}");
        let gradient = gradient(&mut gradients, parameter.tensor());
        if kept["norm"].as_f64().unwrap() < 1e-9 {
            // A bias that a batch norm takes away again: only rounding is left.
            check(key, norm(&gradient), allowed(&file, "largest_gradient_that_should_be_zero", 1e-3));
        } else {
            check(key, distance(&gradient, kept, 0.0), allowed(&file, "worst_gradient", 1e-3));
        }
    }
    for (key, kept) in theirs["statistics"].as_object().unwrap() {
        let parameter = parameters.remove(our_parameter(name, key).as_str()).unwrap();
        assert!(!parameter.trainable, "{key}");
        check(key, distance(&parameter.values(), kept, 0.0), allowed(&file, "worst_statistic", 1e-5));
    }
    assert!(parameters.is_empty(), "not in the file: {:?}", parameters.keys());
}

/// For each network what its table must add up to, with 7 classes, and its tests.
macro_rules! networks {
    ($($module:ident: $name:literal, $total:literal;)+) => {
        $(
            mod $module {
                #[test]
                fn table() {
                    super::table($name, $total);
                }

                #[test]
                fn inference() {
                    super::inference($name);
                }

                #[test]
                fn training() {
                    super::training($name);
                }
            }
        )+

        #[test]
        fn every_network_is_compared() {
            assert_eq!(BTreeSet::from([$($name),+]), BTreeSet::from(models::NETWORKS));
        }
    };
}

// Figure 21 of the report for the first two; Keras's and torchvision's own count without top, and a dense layer, for
// those after it.
networks! {
    vgg16: "vgg16", 14_781_255;
    googlenet: "googlenet", 6_392_645;
    resnet50: "resnet50", 23_602_055;
    resnet50_v1_5: "resnet50-v1.5", 23_575_495;
    resnet50v2: "resnet50v2", 23_579_143;
    densenet201: "densenet201", 18_335_431;
    dcnn: "dcnn", 9_604_551;
    small_cnn: "small_cnn", 30_471;
}
