//! Figures and tables of explanations, the feature maps they show, and what cannot be explained.

mod common;
#[path = "common/explained.rs"]
mod explained;
#[path = "common/svg.rs"]
mod svg;

use common::rule;
use explained::{METHODS, golden_image, golden_network, invalid, striped, stripes_network};
use manga_expressions::prelude::*;

#[test]
fn feature_maps_are_what_the_layer_puts_out() {
    let (mut network, image) = (golden_network(), golden_image());
    let layer = feature_maps(&network, &image, "middle.bn").unwrap();
    let stages = network.forward_stages(0..2, image.to_tensor(), &mut Pass::new(Mode::Inference, 0)).unwrap();
    // A pass that is watched layer by layer keeps batch norms apart from convolutions, and rounds otherwise.
    let near = |(a, b): (&f32, f32)| (a - b).abs() <= 1e-5 * b.abs().max(1.0);
    assert!(layer.values().iter().zip(stages.as_vec()).all(near));
    assert_eq!(layer.values().len(), 6 * 5 * 6);
    assert_eq!((layer.height(), layer.width(), layer.channels(), layer.layer()), (6, 5, 6, "middle.bn"));
    assert_eq!(layer.channel(4).unwrap()[7], layer.values()[7 * 6 + 4]);
    let sum = |k: usize| layer.channel(k).unwrap().iter().sum::<f32>();
    let strongest = layer.strongest(9);
    assert_eq!(strongest.len(), 6);
    assert!(strongest.windows(2).all(|pair| sum(pair[0]) >= sum(pair[1])));
    assert_eq!(layer.strongest(2), strongest[..2]);

    let figure = activation_maps(&layer, &strongest).unwrap();
    svg::check(&figure);
    assert_eq!(figure.svg().matches("<image").count(), 12);
    assert!(figure.title().contains("middle.bn") && figure.svg().contains(&format!("channel {}", strongest[5])));
    assert!(activation_maps(&layer, &[6]).unwrap_err().to_string().contains("no channel 6"));
    assert!(activation_maps(&layer, &[]).unwrap_err().to_string().contains("no channel was chosen"));

    let error = invalid(feature_maps(&network, &image, "bn"));
    assert!(error.contains("no layer \"bn\"") && error.contains("stem.bn, middle.bn"), "{error}");
    assert!(invalid(feature_maps(&network, &image, "")).contains("head.fc"));
    assert!(invalid(feature_maps(&network, &image, "conv9")).contains("among its 8 layers"));
}

#[test]
fn a_figure_shows_every_map_over_its_image() {
    let (mut network, image) = (stripes_network(), striped(1));
    let mut maps: Vec<HeatMap> = METHODS.iter().map(|(_, method)| method(&mut network, &image, 0).unwrap()).collect();
    maps.push(random_map(&network, &image, 1, None, 1).unwrap());
    let classes = ["rows", "columns"].map(String::from);
    let figure = heat_maps(&image, &maps, &classes).unwrap();
    svg::check(&figure);
    // The image, five maps and the scale of colours.
    assert_eq!(figure.svg().matches("<image").count(), 7);
    for text in ["Grad-CAM++", "Score-CAM", "Occlusion", "Random", "rows, ", "columns, "] {
        assert!(figure.svg().contains(text), "{text}");
    }
    assert!(heat_maps(&image, &maps, &[]).unwrap().svg().contains("class 1, "));
    let refused =
        |image: &Images, maps: &[HeatMap], classes: &[String]| heat_maps(image, maps, classes).unwrap_err().to_string();
    assert!(refused(&image, &[], &classes).contains("0 maps"));
    assert!(refused(&image, &maps, &classes[..1]).contains("none of class 1"));
    assert!(refused(&golden_image(), &maps, &classes).contains("18 x 18, the image 12 x 10"));

    let results = faithfulness(&network, &image, &maps[..4]).unwrap();
    let table = Table::faithfulness(&results).unwrap();
    assert_eq!(table.rows(), 4);
    let curves = faithfulness_curves(&results).unwrap();
    svg::check(&curves);
    assert!(curves.svg().contains("Deletion") && curves.svg().contains("fraction of the pixels inserted"));
    assert!(faithfulness_curves(&[]).is_err());
    let other = faithfulness(&network, &image, &maps[4..]).unwrap();
    assert!(faithfulness_curves(&[results, other].concat()).unwrap_err().to_string().contains("one class"));
}

#[test]
fn what_cannot_be_explained_is_an_error_that_says_why() {
    let (mut network, image) = (golden_network(), golden_image());
    let network = &mut network;
    for (_, method) in METHODS {
        assert!(invalid(method(network, &image, 3)).contains("no class 3: golden tells 3 apart, 0 to 2"));
        let two = image.select(&[0, 0]);
        assert!(invalid(method(network, &two, 0)).contains("one image is explained at a time, and not 2"));
        assert!(invalid(method(network, &image.select(&[]), 0)).contains("not 0"));
        assert!(invalid(method(network, &striped(0), 0)).contains("(18, 18, 1)"));
        let mut values = image.values().to_vec();
        values[7] = f32::NAN;
        assert!(invalid(method(network, &Images::new(image.shape(), values).unwrap(), 0)).contains("not numbers"));
    }
    assert!(invalid(grad_cam(network, &image, 0, Some("layer4"))).contains("it has stem, middle"));
    assert!(invalid(grad_cam(network, &image, 0, Some("head"))).contains("before its head"));
    assert!(invalid(score_cam(network, &image, 0, None, Some(0))).contains("no channel"));
    assert!(invalid(occlusion(network, &image, 0, Some(0))).contains("must be 1 to 10"));
    assert!(invalid(occlusion(network, &image, 0, Some(11))).contains("must be 1 to 10"));

    let map = grad_cam(network, &image, 0, None).unwrap();
    let maps = std::slice::from_ref(&map);
    assert!(invalid(faithfulness(network, &image, &[])).contains("no heat map"));
    assert!(invalid(faithfulness(&stripes_network(), &striped(0), maps)).contains("of another image"));
    let with = |network: &mut Network, settings| invalid(faithfulness_with(network, &image, maps, &settings));
    assert!(with(network, FaithfulnessSettings { steps: 0, ..Default::default() }).contains("0 steps"));
    assert!(with(network, FaithfulnessSettings { steps: 121, ..Default::default() }).contains("121 steps"));
    assert!(with(network, FaithfulnessSettings { random_maps: 0, ..Default::default() }).contains("random map"));

    network.parameters_mut().pop().unwrap().set_values(&[f32::NAN; 3]);
    for (_, method) in METHODS {
        assert!(invalid(method(network, &image, 0)).contains("values that are not numbers"));
    }
    assert!(invalid(feature_maps(network, &image, "head.fc")).contains("not numbers"));
}

#[test]
fn a_stage_without_places_is_an_error_that_names_another() {
    let init = Initializer::keras(1);
    let conv = || Box::new(Conv2d::new("conv", &init, 1, 4, (3, 3)));
    let stages = vec![
        Stage::new("stem", conv()),
        Stage::new("pooled", Box::new(GlobalAvgPool::new("mean"))),
        Stage::new("head", Box::new(Dense::new("fc", &init, 4, 3))),
    ];
    let network = Network::of_stages("narrow", (8, 8, 1), 3, stages);
    let image = Images::new((1, 8, 8, 1), rule::values("image", 64)).unwrap();
    let error = invalid(grad_cam(&network, &image, 0, Some("pooled")));
    assert!(error.contains("1 x 1") && error.contains("ask for \"stem\""), "{error}");
    assert_eq!(grad_cam(&network, &image, 0, None).unwrap().stage(), Some("stem"));

    let body = Sequential::new()
        .then(conv())
        .then(Box::new(GlobalAvgPool::new("mean")))
        .then(Box::new(Dense::new("fc", &init, 4, 3)));
    let whole = Network::new("whole", (8, 8, 1), 3, Box::new(body));
    assert!(invalid(grad_cam(&whole, &image, 0, None)).contains("Network::of_stages"));
    assert!(invalid(grad_cam(&whole, &image, 0, Some("body"))).contains("it has none"));
    // Occlusion looks at the image only.
    assert!(occlusion(&whole, &image, 0, None).is_ok());
}
