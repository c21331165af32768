//! Heat maps: equal to those of other programs, hot where the evidence is, and faithful.

mod common;
#[path = "common/explained.rs"]
mod explained;
#[path = "common/small_network.rs"]
mod small_network;

use common::{golden, on_any_threads, rule};
use explained::{
    METHODS, SIZE, golden_image, golden_network, invalid, quadrant, striped, striped_beside, stripes_network,
};
use manga_expressions::net::models::{self, ARCHITECTURES};
use manga_expressions::net::ops;
use manga_expressions::prelude::*;
use manga_expressions::training;

#[test]
fn maps_are_those_of_other_programs() {
    let file = golden::load("heat_maps.json");
    let (network, image) = (golden_network(), golden_image());
    let side = file["side"].as_u64().unwrap() as usize;
    let probabilities = golden::numbers(&file["probabilities"]);
    let cases = file["maps"].as_array().unwrap();
    assert_eq!(cases.len(), 14);
    for case in cases {
        let (stage, class) = (case["stage"].as_str(), case["class"].as_u64().unwrap() as usize);
        let method = case["method"].as_str().unwrap();
        let map = match method {
            "Grad-CAM" => grad_cam(&network, &image, class, stage),
            "Grad-CAM++" => grad_cam_plus_plus(&network, &image, class, stage),
            "Score-CAM" => score_cam(&network, &image, class, stage, None),
            _ => occlusion(&network, &image, class, Some(side)),
        };
        let map = map.unwrap();
        assert_eq!((map.method(), map.class(), map.stage()), (method, class, stage));
        assert!((f64::from(map.probability()) - probabilities[class]).abs() < 1e-5);
        let theirs = golden::numbers(&case["values"]);
        assert_eq!((map.height(), map.width(), map.values().len()), (12, 10, theirs.len()));
        let worst = map.values().iter().zip(&theirs).map(|(&a, b)| (f64::from(a) - b).abs()).fold(0.0, f64::max);
        assert!(worst < 1e-4, "{method} at {stage:?}, class {class}: off by {worst}");
    }
}

/// Where global pooling and a dense layer follow, Grad-CAM is CAM: the channels weighted by the dense layer's weights.
#[test]
fn grad_cam_of_a_pooled_network_is_cam() {
    let init = Initializer::keras(3);
    let conv = Conv2d::new("conv", &init, 1, 12, (3, 3)).padding(Padding::Same);
    let stem = Sequential::new().then(Box::new(conv)).then(Box::new(Relu::new("relu")));
    let head =
        Sequential::new().then(Box::new(GlobalAvgPool::new("pool"))).then(Box::new(Dense::new("fc", &init, 12, 4)));
    let stages = vec![Stage::new("stem", Box::new(stem)), Stage::new("head", Box::new(head))];
    let mut network = Network::of_stages("pooled", (9, 7, 1), 4, stages);
    let image = Images::new((1, 9, 7, 1), rule::values("picture", 63)).unwrap();

    let features =
        network.forward_stages(0..1, image.to_tensor(), &mut Pass::new(Mode::Inference, 0)).unwrap().as_vec();
    let weights = network.head_parameters()[0].values(); // 12, 4
    for class in 0..4 {
        let cam = |place: &[f32]| (0..12).map(|k| place[k] * weights[4 * k + class]).sum::<f32>().max(0.0);
        let cam: Vec<f32> = features.chunks_exact(12).map(cam).collect();
        let most = cam.iter().fold(0.0, |a: f32, &b| a.max(b));
        assert!(most > 0.0);
        let map = grad_cam(&network, &image, class, Some("stem")).unwrap();
        for (ours, cam) in map.values().iter().zip(&cam) {
            assert!((ours - cam / most).abs() < 1e-5, "class {class}: {ours} and {}", cam / most);
        }
    }
}

#[test]
fn maps_are_hot_where_the_evidence_is_and_beat_random_maps() {
    let mut network = stripes_network();
    for index in 0..4 {
        let (image, quadrant) = (striped(index), quadrant(index));
        let maps: Vec<HeatMap> = METHODS.iter().map(|(_, method)| method(&mut network, &image, 0).unwrap()).collect();
        for map in &maps {
            let (row, column) = map.peak().unwrap();
            let within = (quadrant.top..quadrant.top + quadrant.height).contains(&row)
                && (quadrant.left..quadrant.left + quadrant.width).contains(&column);
            assert!(within, "quadrant {index}: {map}");
            // By chance it would be a quarter.
            assert!(map.fraction_in(&quadrant).unwrap() > 0.4, "quadrant {index}: {map}");
        }
        for result in faithfulness(&network, &image, &maps).unwrap() {
            assert!(result.beats_random(), "quadrant {index}: {result:?}");
        }
    }
}

/// J. Adebayo et al.: Sanity Checks for Saliency Maps (2018): a map that stays the same when the weights are drawn again
/// shows the image and not the network. The stripes are equally strong everywhere, so that only the network tells why one
/// quadrant should be hot.
#[test]
fn other_weights_have_other_maps() {
    let image = striped_beside(2, 1.0);
    for (name, method) in METHODS {
        let learnt = method(&mut stripes_network(), &image, 0).unwrap();
        assert!(learnt.fraction_in(&quadrant(2)).unwrap() > 0.4, "{learnt}");
        let correlations: Vec<f64> = (0..8)
            .map(|seed| {
                let mut network = stripes_network();
                for parameter in network.parameters_mut() {
                    let values = rule::values(&format!("{} {seed}", parameter.name), parameter.len());
                    parameter.set_values(&values);
                }
                correlation(learnt.values(), method(&mut network, &image, 0).unwrap().values())
            })
            .collect();
        let mean = correlations.iter().sum::<f64>() / 8.0;
        assert!(mean < 0.4, "{name}: {correlations:?}");
    }
}

/// Pearson's; 0 where one of them is the same everywhere.
fn correlation(a: &[f32], b: &[f32]) -> f64 {
    let centred = |values: &[f32]| -> Vec<f64> {
        let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / values.len() as f64;
        values.iter().map(|&v| f64::from(v) - mean).collect()
    };
    let (a, b) = (centred(a), centred(b));
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let norms = (dot(&a, &a) * dot(&b, &b)).sqrt();
    if norms > 0.0 { dot(&a, &b) / norms } else { 0.0 }
}

#[test]
fn score_cam_of_some_channels_takes_those_that_vary_most() {
    let (network, image) = (golden_network(), golden_image());
    let all = score_cam(&network, &image, 0, None, None).unwrap();
    assert_eq!(score_cam(&network, &image, 0, None, Some(6)).unwrap(), all);
    assert_eq!(score_cam(&network, &image, 0, None, Some(100)).unwrap(), all);
    // Alone, a channel has the weight 1 whatever its score.
    let layer = feature_maps(&network, &image, "middle.bn").unwrap();
    let variance = |k: usize| {
        let values: Vec<f64> = layer.channel(k).unwrap().into_iter().map(f64::from).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.iter().map(|v| (v - mean).powi(2)).sum::<f64>()
    };
    let widest = (0..6).max_by(|&a, &b| variance(a).total_cmp(&variance(b))).unwrap();
    let one = score_cam(&network, &image, 0, None, Some(1)).unwrap();
    let mut expected = vec![0.0; layer.values().len()];
    for (place, value) in layer.channel(widest).unwrap().into_iter().enumerate() {
        expected[6 * place + widest] = value;
    }
    let hottest = one.peak().unwrap();
    let (most, _) = layer
        .channel(widest)
        .unwrap()
        .into_iter()
        .enumerate()
        .fold((0, 0.0), |best, (i, v)| if v > best.1 { (i, v) } else { best });
    assert!(hottest.0.abs_diff(2 * (most / 5)) <= 1 && hottest.1.abs_diff(2 * (most % 5)) <= 1);
}

/// Deletion and insertion as RISE describes them, step by step, for a map without two equally hot pixels.
#[test]
fn faithfulness_is_as_defined() {
    let (network, image) = (golden_network(), golden_image());
    let map = random_map(&network, &image, 1, Some("stem"), 5).unwrap();
    let settings = FaithfulnessSettings { steps: 7, before: Replacement::Mean, random_maps: 2, ..Default::default() };
    let results = faithfulness_with(&network, &image, std::slice::from_ref(&map), &settings).unwrap();
    let mut order: Vec<usize> = (0..120).collect();
    order.sort_by(|&a, &b| map.values()[b].total_cmp(&map.values()[a]));
    let mean = |c: usize| image.values().iter().skip(c).step_by(2).sum::<f32>() / 120.0;
    let blank: Vec<f32> = (0..240).map(|i| mean(i % 2)).collect();
    for (curve, from, to) in
        [(&results[0].deletion, image.values(), &blank[..]), (&results[0].insertion, &blank[..], image.values())]
    {
        assert_eq!((curve.fractions.len(), curve.probabilities.len()), (8, 8));
        for step in 0..=7 {
            let count = step * 120 / 7;
            let mut values = from.to_vec();
            for &pixel in &order[..count] {
                values[2 * pixel..2 * pixel + 2].copy_from_slice(&to[2 * pixel..2 * pixel + 2]);
            }
            let seen = Images::new((1, 12, 10, 2), values).unwrap();
            let expected = f64::from(training::probabilities(&network, &seen).unwrap()[0][1]);
            assert!((curve.probabilities[step] - expected).abs() < 1e-5, "step {step}");
            assert_eq!(curve.fractions[step], count as f64 / 120.0);
        }
    }
    let baseline = &results[0];
    assert_ne!(baseline.deletion, baseline.random_deletion);
    assert_eq!(baseline.deletion.probabilities[0], baseline.random_deletion.probabilities[0]);
    // The blurred image keeps the mean, and no more of its lines than a step.
    let blurred = FaithfulnessSettings { steps: 1, ..Default::default() };
    let stripes = striped(0);
    let network = stripes_network();
    let map = grad_cam(&network, &stripes, 0, None).unwrap();
    let result = faithfulness_with(&network, &stripes, &[map], &blurred).unwrap();
    assert!((result[0].insertion.probabilities[0] - 0.5).abs() < 0.05, "{result:?}");
}

#[test]
fn random_maps_come_from_their_seed() {
    let (network, image) = (golden_network(), golden_image());
    let map = |seed| random_map(&network, &image, 0, None, seed).unwrap();
    assert_eq!(map(1), map(1));
    assert_ne!(map(1), map(2));
    assert_eq!((map(1).grid(), map(1).stage()), ((6, 5), Some("middle")));
    let mean = map(1).values().iter().sum::<f32>() / 120.0;
    assert!((0.2..0.8).contains(&mean), "{mean}");
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    on_any_threads("heat maps", || {
        let mut network = models::resnet50((64, 64, 1), 7, 1);
        let image = Images::new((1, 64, 64, 1), rule::values("photo", 64 * 64)).unwrap();
        let mut maps: Vec<HeatMap> = METHODS[..2].iter().map(|(_, m)| m(&mut network, &image, 3).unwrap()).collect();
        maps.push(score_cam(&network, &image, 3, None, Some(5)).unwrap());
        maps.push(occlusion(&network, &image, 3, Some(40)).unwrap());
        let settings = FaithfulnessSettings { steps: 3, random_maps: 1, ..Default::default() };
        let results = faithfulness_with(&network, &image, &maps[..1], &settings).unwrap();
        let mut bits: Vec<Vec<f32>> = maps.iter().map(|map| map.values().to_vec()).collect();
        bits.push(results[0].insertion.probabilities.iter().map(|&p| p as f32).collect());
        bits
    });
}

#[test]
fn every_network_can_be_explained_at_its_last_stage_with_places() {
    let expected = [
        ("vgg16", 64, "block5"),
        ("googlenet", 65, "inception5"),
        ("resnet50", 64, "layer4"),
        ("resnet50", 32, "layer3"),
        ("resnet50-v1.5", 64, "layer4"),
        ("resnet50v2", 64, "post"),
        ("densenet201", 64, "norm5"),
        ("dcnn", 16, "stage3"),
        ("small_cnn", 32, "block3"),
    ];
    for architecture in ARCHITECTURES {
        assert!(expected.iter().any(|(name, ..)| *name == architecture.name), "{}", architecture.name);
    }
    for (name, size, stage) in expected {
        let network = models::by_name(name, (size, size, 1), 7, 1).unwrap();
        let image = Images::new((1, size, size, 1), rule::filled("photo", size * size, 0.5, 0.5)).unwrap();
        let map = grad_cam(&network, &image, 0, None).unwrap();
        assert_eq!((map.stage(), map.height()), (Some(stage), size), "{name}");
    }
}

/// Dropout, auxiliary heads and running statistics: a pass of an explanation has none of the first two and leaves the third.
#[test]
fn explaining_is_inference() {
    let mut network = small_network::staged_network(1);
    let image = small_network::images(1, 1).images;
    let state = |network: &Network| -> Vec<(Vec<f32>, bool)> {
        network.parameters().iter().map(|p| (p.values(), p.trainable)).collect()
    };
    network.freeze_through("stem").unwrap();
    let before = state(&network);
    let logits = training::logits(&network, &image).unwrap();
    let probability = training::probabilities(&network, &image).unwrap()[0][2];
    for (name, method) in METHODS {
        let map = method(&mut network, &image, 2).unwrap();
        assert_eq!(map, method(&mut network, &image, 2).unwrap(), "{name}");
        assert!((map.probability() - probability).abs() < 1e-6, "{name}");
    }
    assert_eq!(state(&network), before);
    assert_eq!(training::logits(&network, &image).unwrap(), logits);

    // The gradient of the input, against central differences along a direction.
    let x = image.to_tensor();
    let mut pass = Pass::new(Mode::Inference, 0);
    let y = network.continue_stages(0..3, ops::start(x.clone(), true, true), &mut pass).unwrap();
    assert!(pass.auxiliary.is_empty());
    let mut gradients = common::backward(y, &[0.0, 0.0, 1.0]);
    let gradient = common::gradient(&mut gradients, &x);
    let direction = rule::values("direction", gradient.len());
    let logit = |step: f32| {
        let values = image.values().iter().zip(&direction).map(|(v, d)| v + step * d).collect();
        let moved = Images::new(image.shape(), values).unwrap();
        f64::from(training::logits(&network, &moved).unwrap()[0][2])
    };
    let slope = (logit(1e-3) - logit(-1e-3)) / 2e-3;
    assert!((common::dot(&gradient, &direction) - slope).abs() < 0.02 * slope.abs().max(0.01), "{slope}");
}

#[test]
fn without_evidence_a_map_is_zero_and_says_so() {
    let network = stripes_network();
    // Nothing but horizontal stripes, of which nothing speaks for vertical ones.
    let rows: Vec<f32> = (0..SIZE * SIZE).map(|i| (i / SIZE % 2) as f32).collect();
    let image = Images::new((1, SIZE, SIZE, 1), rows).unwrap();
    let map = grad_cam(&network, &image, 1, None).unwrap();
    assert!(!map.has_evidence() && map.values().iter().all(|&v| v == 0.0));
    assert!(map.to_string().contains("no positive evidence"), "{map}");
    assert_eq!((map.peak(), map.fraction_in(&quadrant(0))), (None, None));
    assert!(heat_maps(&image, std::slice::from_ref(&map), &[]).unwrap().svg().contains("no positive evidence"));
    let result = faithfulness(&network, &image, &[map]).unwrap();
    assert!(result[0].deletion.area().is_finite());
}

/// Of 8 images of each class the horizontal stripes are in the bottom half, which decides for them.
#[test]
fn a_region_is_tested_over_a_data_set() {
    let mut network = stripes_network();
    let vertical: Vec<f32> = (0..SIZE * SIZE).map(|i| (i % 2) as f32).collect();
    let values = [striped(2).values(), striped(3).values(), &vertical[..]].concat();
    let images = LabelledImages {
        images: Images::new((3, SIZE, SIZE, 1), values).unwrap(),
        labels: vec![0, 0, 1],
        classes: vec!["rows".into(), "columns".into()],
        names: ["a", "b", "c"].map(String::from).to_vec(),
    };
    let bottom = test_region(&network, &images, &Rectangle::bottom_half((SIZE, SIZE)), None).unwrap();
    let top = test_region(&network, &images, &Rectangle::top_half((SIZE, SIZE)), None).unwrap();
    assert_eq!(bottom.area, 0.5);
    let counts = |test: &RegionTest, row: usize| {
        let row = &test.rows[row];
        (row.images, row.correct, row.correct_covered, row.lost, row.gained)
    };
    assert_eq!([counts(&bottom, 0), counts(&bottom, 1)], [(2, 2, 0, 2, 0), (1, 1, 1, 0, 0)]);
    assert_eq!([counts(&top, 0), counts(&top, 1)], [(2, 2, 2, 0, 0), (1, 1, 1, 0, 0)]);
    assert_eq!((bottom.rows[2].class.as_str(), counts(&bottom, 2)), ("all", (3, 3, 1, 2, 0)));
    assert!(bottom.rows[0].heat.unwrap() > 0.8 && (bottom.rows[1].heat.unwrap() - 0.5).abs() < 0.1, "{bottom:?}");
    let both = bottom.rows[0].heat.unwrap() + top.rows[0].heat.unwrap();
    assert!((both - 1.0).abs() < 1e-6, "{both}");
    assert_eq!(bottom.rows[0].accuracy_covered(), Some(0.0));
    let table = Table::region(&bottom).unwrap();
    assert_eq!(table.rows(), 3);
    assert!(table.to_string().contains("50.0 % of the image"), "{table}");

    let refused = |network: &mut Network, region| invalid(test_region(network, &images, &region, None));
    let outside = Rectangle { top: 10, left: 0, height: 9, width: 1 };
    assert!(refused(&mut network, outside).contains("9 x 1 pixels from row 10"));
    let huge = Rectangle { top: usize::MAX, left: 0, height: 2, width: 1 };
    assert!(refused(&mut network, huge).contains("not a part of images of 18 x 18"));
    assert!(refused(&mut network, Rectangle { height: 0, ..outside }).contains("not a part"));
}
