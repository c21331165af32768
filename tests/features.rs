//! Features of images: pixels, HOG as scikit-image's, what a stage of a network puts out.

use manga_expressions::data::{Features, Hog, Images};
use manga_expressions::net::models::dcnn;
use manga_expressions::net::nn::{Dense, Flatten, Initializer, Mode, Network, Pass, Relu, Sequential, Stage};
use manga_expressions::training::stage_features;
use serde_json::Value;

/// The picture of `golden/features.py`.
fn picture(shape: &Value) -> Images {
    let size = |i: usize| shape[i].as_u64().unwrap() as usize;
    let (h, w, c) = (size(0), size(1), size(2));
    let mut values = Vec::new();
    for y in 0..h {
        for x in 0..w {
            for c in 0..c {
                let rough = (x * 37 + y * 91 + x * y * 7 + c * 53) % 256;
                let smooth = (x * 5 + y * 3 + c * 40) % 256;
                values.push((rough + 3 * smooth) as f32 / 1020.0);
            }
        }
    }
    Images::new((1, h, w, c), values).unwrap()
}

fn golden(key: &str) -> Vec<Value> {
    let golden: Value = serde_json::from_str(include_str!("golden/features.json")).unwrap();
    golden[key].as_array().unwrap().clone()
}

fn size(case: &Value, key: &str) -> usize {
    case[key].as_u64().unwrap() as usize
}

#[track_caller]
fn near(ours: &[f32], theirs: &Value) {
    let theirs = theirs.as_array().unwrap();
    assert_eq!(ours.len(), theirs.len());
    for (i, (a, b)) in ours.iter().zip(theirs).enumerate() {
        let b = b.as_f64().unwrap();
        assert!((f64::from(*a) - b).abs() < 2e-6, "value {i}: {a} and {b}");
    }
}

/// Two images, of which the second is the picture.
fn after_another(picture: &Images) -> Images {
    let (_, h, w, c) = picture.shape();
    let values = [vec![0.25; h * w * c], picture.values().to_vec()].concat();
    Images::new((2, h, w, c), values).unwrap()
}

#[test]
fn hog_is_as_in_scikit_image() {
    for case in golden("hog") {
        let hog =
            Hog { orientations: size(&case, "orientations"), cell: size(&case, "cell"), block: size(&case, "block") };
        let features = hog.features(&after_another(&picture(&case["shape"]))).unwrap();
        near(features.row(1), &case["values"]);
        // Nothing is to be seen in the first.
        assert!(features.row(0).iter().all(|&value| value == 0.0));
    }
}

#[test]
fn hog_refuses_what_it_cannot_describe() {
    let images = Images::new((1, 15, 16, 1), vec![0.0; 240]).unwrap();
    let complaint = |hog: Hog| hog.features(&images).unwrap_err().to_string();
    assert!(complaint(Hog::default()).contains("15 x 16"), "{}", complaint(Hog::default()));
    assert!(complaint(Hog { cell: 0, ..Hog::default() }).contains("cell"));
    assert!(complaint(Hog { orientations: 0, ..Hog::default() }).contains("orientations"));
    assert!(complaint(Hog { block: 0, ..Hog::default() }).contains("block"));
    assert_eq!(Hog { cell: 7, ..Hog::default() }.features(&images).unwrap().columns(), 36);
    let none = Images::new((0, 16, 16, 1), Vec::new()).unwrap();
    assert!(Hog::default().features(&none).is_err());
}

#[test]
fn features_are_rows_of_numbers() {
    assert!(Features::new("x", 2, vec![1.0; 5]).is_err());
    assert!(Features::new("x", 0, Vec::new()).is_err());
    let error = Features::new("x", 2, vec![1.0, 2.0, 3.0, f32::NAN]).unwrap_err().to_string();
    assert!(error.contains("feature 1 of image 1 is NaN"), "{error}");
    let features = Features::new("x", 3, vec![1.0, 2.0, 3.0]).unwrap().named("y");
    assert_eq!((features.name(), features.select(&[2, 0]).row(0)), ("y", [3.0].as_slice()));
}

/// A network whose first stage changes nothing that is not negative.
fn transparent((h, w, c): (usize, usize, usize)) -> Network {
    let head = Sequential::new().then(Box::new(Flatten::new("flat"))).then(Box::new(Dense::new(
        "fc",
        &Initializer::keras(1),
        h * w * c,
        2,
    )));
    let stages = vec![Stage::new("glass", Box::new(Relu::new("glass.relu"))), Stage::new("head", Box::new(head))];
    Network::of_stages("transparent", (h, w, c), 2, stages)
}

#[test]
fn a_stage_is_pooled_as_by_pytorch() {
    for case in golden("pooled") {
        let images = after_another(&picture(&case["shape"]));
        let (_, h, w, c) = images.shape();
        let features = stage_features(&transparent((h, w, c)), &images, "glass", size(&case, "grid")).unwrap();
        near(features.row(1), &case["values"]);
        assert!(features.row(0).iter().all(|&value| value == 0.25));
    }
}

#[test]
fn stages_are_run_in_inference_and_in_batches() {
    // More than a batch, and a network with dropout and batch norm.
    let images = Images::new((35, 48, 48, 1), (0..35 * 48 * 48).map(|i| (i % 97) as f32 / 97.0).collect()).unwrap();
    let mut network = dcnn((48, 48, 1), 7, 1);
    let last = network.stages().last().unwrap().to_string();
    let features = stage_features(&network, &images, &last, 1).unwrap();
    let logits = network.forward(images.to_tensor(), &mut Pass::new(Mode::Inference, 0)).unwrap().as_vec();
    assert_eq!((features.rows(), features.columns()), (35, 7));
    for (i, row) in logits.chunks(7).enumerate() {
        assert!(features.row(i).iter().zip(row).all(|(a, b)| (a - b).abs() < 1e-4));
    }
}

#[test]
fn stages_and_grids_that_cannot_be_are_refused() {
    let network = transparent((5, 7, 1));
    let images = Images::new((1, 5, 7, 1), vec![0.5; 35]).unwrap();
    let complaint = |stage, grid| stage_features(&network, &images, stage, grid).unwrap_err().to_string();
    assert!(complaint("wood", 1).contains("it has glass, head"));
    assert!(complaint("glass", 0).contains("0 x 0"));
    assert!(complaint("glass", 6).contains("5 x 7"));
    assert!(stage_features(&transparent((5, 6, 1)), &images, "glass", 1).is_err());
}
