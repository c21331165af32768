//! Explanations over many images, claims about a place, and convolutions by hand.

mod common;
#[path = "common/explained.rs"]
mod explained;
#[path = "common/svg.rs"]
mod svg;

use explained::{SIZE, invalid, quadrant, striped, stripes_network};
use manga_expressions::data::EXPRESSIONS;
use manga_expressions::prelude::*;
use manga_expressions::show::plots;

/// Images whose horizontal stripes are in the given quadrants; all of class "rows".
fn stripes_in(quadrants: &[usize]) -> LabelledImages {
    let each: Vec<Images> = quadrants.iter().map(|&index| striped(index)).collect();
    LabelledImages {
        images: Images::joined(&each.iter().collect::<Vec<_>>()).unwrap(),
        labels: vec![0; quadrants.len()],
        classes: ["rows", "columns"].map(String::from).to_vec(),
        names: quadrants.iter().enumerate().map(|(number, index)| format!("{number} in {index}")).collect(),
    }
}

#[test]
fn a_convolution_by_hand_is_that_of_the_layer() {
    let image = Images::new((1, 5, 4, 1), common::rule::values("by hand", 20)).unwrap();
    let filters = [[0.5, -1.0, 2.0, 0.0, 3.0, -0.25, 1.0, -2.0, 0.75], [1.0; 9]];
    let layer = Conv2d::of_filters("filters", &filters).unwrap().padding(Padding::Around(1));
    let network = Network::new("by hand", (5, 4, 1), 2, Box::new(layer));
    let maps = feature_maps(&network, &image, "filters").unwrap();
    for (channel, filter) in filters.iter().enumerate() {
        let by_hand = OutputPixel::all(&image, filter).unwrap();
        for (a, b) in by_hand.iter().zip(maps.channel(channel).unwrap()) {
            assert!((a - b).abs() < 1e-5, "filter {channel}: {a} and {b}");
        }
        let strongest = OutputPixel::strongest(&image, filter).unwrap();
        let within = (1..4).flat_map(|row| (1..3).map(move |column| row * 4 + column));
        let most = within.map(|place| by_hand[place]).fold(f32::NEG_INFINITY, f32::max);
        assert_eq!(strongest.sum, most);
    }
    let corner = OutputPixel::of(&image, &filters[1], 0, 0).unwrap();
    assert_eq!(corner.window[..4], [0.0; 4]);
    assert_eq!(corner.window[4], image.values()[0]);
    svg::check(&plots::convolution_by_hand(&image, &corner).unwrap());
    assert!(invalid(OutputPixel::of(&image, &filters[0], 5, 0)).contains("row 5"));
    assert!(invalid(Conv2d::of_filters("none", &[])).contains("no filter"));
}

#[test]
fn the_work_of_layers_adds_up_to_that_of_the_network() {
    for name in ["vgg16", "resnet50v2"] {
        let network = by_name(name, (64, 64, 3), 7, 1).unwrap();
        let summary = network.summary().unwrap();
        let sum: u64 = summary.layers.iter().map(|layer| layer.multiply_adds).sum();
        assert_eq!(sum, network.multiply_adds(Mode::Inference).unwrap());
        svg::check(&plots::layer_costs(&summary).unwrap());
    }
    let table = Table::networks(&mut [by_name("vgg16", (100, 100, 3), 7, 1).unwrap()]).unwrap().to_string();
    assert!(table.contains("14781255") && table.contains("66567"), "{table}");
}

#[test]
fn methods_that_find_the_stripes_beat_random_maps() {
    let (network, images) = (stripes_network(), stripes_in(&[0, 1, 2, 3, 0, 3]));
    let settings = FaithfulnessSettings { steps: 9, random_maps: 2, ..FaithfulnessSettings::default() };
    let methods = [Method::GradCam, Method::ScoreCam(2), Method::Random(7)];
    let rows = compare_methods(&network, &images, None, &methods, &settings).unwrap();
    for row in &rows[..2] {
        assert!(row.deletion_gain.is_above(0.0) && row.insertion_gain.is_above(0.0), "{row:?}");
        assert_eq!((row.beats_random, row.images), (6, 6));
    }
    assert!(!rows[2].deletion_gain.is_above(0.0) || !rows[2].insertion_gain.is_above(0.0), "{:?}", rows[2]);
    let table = Table::methods(&rows).unwrap();
    assert_eq!(table.rows(), 3);
    let one = images.first(1);
    assert!(invalid(compare_methods(&network, &one, None, &methods, &settings)).contains("over 1 images"));
    let both = maps_of_classes(&network, &striped(2), None, Method::Occlusion).unwrap();
    assert_eq!(both.iter().map(HeatMap::class).collect::<Vec<_>>(), [0, 1]);
    assert!((both[0].correlation(&both[0]).unwrap().unwrap() - 1.0).abs() < 1e-9);
}

#[test]
fn covering_the_place_that_decides_costs_most() {
    let (network, images) = (stripes_network(), stripes_in(&[2; 5]));
    let regions: Vec<Rectangle> = (0..4).map(quadrant).collect();
    let names = ["top left", "top right", "bottom left", "bottom right"];
    let covering = cover(&network, &images, &names, &regions).unwrap();
    for other in [0, 1, 3] {
        let difference = covering.difference(Some("rows"), 2, other).unwrap();
        assert!(difference.mean > 0.1 && difference.low > 0.0, "{other}: {difference}");
        assert!(covering.difference(None, other, 2).unwrap().is_below(0.0));
    }
    assert_eq!(covering.fall(Some("rows"), 2).unwrap().count, 5);
    svg::check(&plots::covering(&images, &covering, "rows").unwrap());
    assert_eq!(Table::covering(&covering).unwrap().rows(), 2, "one class has no image");
    assert!(invalid(covering.fall(Some("happy"), 0)).contains("no class"));
    assert!(invalid(covering.fall(None, 4)).contains("no region 4"));
    let outside = Rectangle { top: SIZE - 1, left: 0, height: 2, width: 2 };
    assert!(invalid(cover(&network, &images, &["outside"], &[outside])).contains("not a part"));
    assert!(invalid(cover(&network, &images, &[], &regions)).contains("0 names"));
}

#[test]
fn the_most_confident_images_come_first() {
    let network = stripes_network();
    let mut images = stripes_in(&[0, 1, 2]);
    // The second image has nothing of its class.
    images.images =
        Images::joined(&[&striped(0), &Images::new((1, SIZE, SIZE, 1), vec![0.5; SIZE * SIZE]).unwrap(), &striped(2)])
            .unwrap();
    let sorted = most_confident_first(&network, &images).unwrap();
    assert_eq!(sorted.names[2], "1 in 1");
    assert_eq!(images.of_class("columns").unwrap().len(), 0);
    assert_eq!(images.of_class("rows").unwrap(), images);
    assert!(invalid(images.of_class("shock")).contains("rows, columns"));
}

#[test]
fn only_the_mouth_changes_when_mouths_are_exchanged() {
    let side = 120;
    for seed in 0..8 {
        let somebody = Character::new(seed);
        let own = somebody.draw(3, side, seed).unwrap();
        assert_eq!(somebody.draw_with_mouth(3, 3, side, seed).unwrap(), own);
        let other = somebody.draw_with_mouth(3, 2, side, seed).unwrap();
        let changed: Vec<usize> =
            (0..own.pixels.len()).filter(|&i| own.pixels[i].abs_diff(other.pixels[i]) > 40).collect();
        assert!(!changed.is_empty(), "seed {seed}");
        // Everything is below the middle of the picture, where the mouth is; an opened mouth moves the chin, too.
        assert!(changed.iter().all(|&i| i / side as usize > side as usize / 2), "seed {seed}");
    }
    assert!(Character::new(1).draw_with_mouth(0, 7, side, 1).unwrap_err().to_string().contains("no expression 7"));
}

#[test]
fn swapping_mouths_separates_the_mouth_from_the_rest() {
    let preparation = Preparation { size: 32, channels: 3, ..Preparation::default() };
    let network = by_name("resnet50v2", (32, 32, 3), 7, 1).unwrap();
    let swap = swap_mouths(&network, &preparation, 2, 2, 5).unwrap();
    let by_hand = |of: &[[f64; 7]; 7]| {
        let others = (0..7).filter(|&face| face != 2);
        others.map(|face| of[face][2] - of[face][face]).sum::<f64>() / 6.0
    };
    let mean = swap.probabilities.iter().map(by_hand).sum::<f64>() / 2.0;
    assert!((swap.mouth_effect().unwrap().mean - mean).abs() < 1e-12);
    assert!(swap.rest_effect().unwrap().count == 2 && swap.mean(0, 1) > 0.0);
    let table = Table::mouth_swap(&swap).unwrap();
    assert!(table.rows() == EXPRESSIONS.len() && table.to_string().contains("shock mouth"));
    assert!(invalid(swap_mouths(&network, &preparation, 7, 2, 5)).contains("class 7"));
}

#[test]
fn the_stage_with_enough_places_is_the_deepest() {
    let network = by_name("resnet50v2", (64, 64, 3), 7, 1).unwrap();
    // 64 pixels: conv1 16, conv2 8, conv3 4, conv4 and conv5 2.
    for (places, stage) in [(8, "conv2"), (4, "conv3"), (3, "conv3"), (2, "post")] {
        assert_eq!(stage_with_places(&network, places).unwrap(), stage);
    }
    assert!(invalid(stage_with_places(&network, 17)).contains("17 x 17"));
}
