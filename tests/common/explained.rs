//! Networks and images whose explanation is known.

#![allow(dead_code)] // Each test file uses its own part.

use super::common::rule;
use manga_expressions::Error;
use manga_expressions::prelude::*;

/// A method with its usual settings.
pub type Method = fn(&mut Network, &Images, usize) -> manga_expressions::Result<HeatMap>;

pub const METHODS: [(&str, Method); 4] = [
    ("Grad-CAM", |network, image, class| grad_cam(network, image, class, None)),
    ("Grad-CAM++", |network, image, class| grad_cam_plus_plus(network, image, class, None)),
    ("Score-CAM", |network, image, class| score_cam(network, image, class, None, None)),
    ("Occlusion", |network, image, class| occlusion(network, image, class, None)),
];

/// The network of `tests/golden/heat_maps.py`.
pub fn golden_network() -> Network {
    let init = Initializer::keras(1);
    let conv = |name: &str, channels, filters, stride| {
        Box::new(Conv2d::new(name, &init, channels, filters, (3, 3)).padding(Padding::Around(1)).stride(stride))
    };
    let norm = |name: &str, channels| Box::new(BatchNorm::new(name, channels, 1e-3).torch_statistics().relu());
    let head = Sequential::new()
        .then(conv("head.conv", 6, 4, 1))
        .then(Box::new(Relu::new("head.relu")))
        .then(Box::new(GlobalAvgPool::new("head.pool")))
        .then(Box::new(Dense::new("head.fc", &init, 4, 3)));
    let stages = vec![
        Stage::new("stem", Box::new(Sequential::new().then(conv("stem.conv", 2, 5, 1)).then(norm("stem.bn", 5)))),
        Stage::new("middle", Box::new(Sequential::new().then(conv("middle.conv", 5, 6, 2)).then(norm("middle.bn", 6)))),
        Stage::new("head", Box::new(head)),
    ];
    let mut network = Network::of_stages("golden", (12, 10, 2), 3, stages);
    for parameter in network.parameters_mut() {
        let name = parameter.name.clone();
        let (scale, shift) = match name.rsplit_once('.').unwrap() {
            (layer, "weight") if layer.ends_with("conv") => (0.5, 0.0),
            (layer, "weight") if layer.ends_with("bn") => (0.3, 1.0),
            (_, "weight") => (1.0, 0.0),
            (layer, "bias") if !layer.ends_with("bn") => (0.1, 0.0),
            (_, "running_var") => (0.5, 1.0),
            _ => (0.3, 0.0),
        };
        parameter.set_values(&rule::filled(&name, parameter.len(), scale, shift));
    }
    network
}

pub fn golden_image() -> Images {
    Images::new((1, 12, 10, 2), rule::values("image", 240)).unwrap()
}

pub const SIZE: usize = 18;

/// Tells horizontal stripes (class 0) from vertical ones (class 1) by a filter for each.
pub fn stripes_network() -> Network {
    let init = Initializer::keras(1);
    let stem = Sequential::new()
        .then(Box::new(Conv2d::new("conv", &init, 1, 2, (3, 3))))
        .then(Box::new(Relu::new("relu")))
        .then(Box::new(MaxPool::new("pool", 2, 2, Padding::Valid)));
    let head =
        Sequential::new().then(Box::new(GlobalAvgPool::new("mean"))).then(Box::new(Dense::new("fc", &init, 2, 2)));
    let stages = vec![Stage::new("stem", Box::new(stem)), Stage::new("head", Box::new(head))];
    let mut network = Network::of_stages("stripes", (SIZE, SIZE, 1), 2, stages);
    // KH, KW, C_in, C_out: light rows between dark ones, light columns between dark ones.
    let across = [-1.0, 2.0, -1.0];
    let kernel: Vec<f32> = (0..9).flat_map(|i| [across[i / 3], across[i % 3]]).collect();
    let values = [&kernel[..], &[0.0, 0.0], &[2.0, -2.0, -2.0, 2.0], &[0.0, 0.0]];
    network.parameters_mut().into_iter().zip(values).for_each(|(parameter, values)| parameter.set_values(values));
    network
}

/// The quadrants: top left, top right, bottom left, bottom right.
pub fn quadrant(index: usize) -> Rectangle {
    let half = SIZE / 2;
    Rectangle { top: index / 2 * half, left: index % 2 * half, height: half, width: half }
}

/// Strong horizontal stripes in one quadrant, faint vertical ones elsewhere.
pub fn striped(index: usize) -> Images {
    striped_beside(index, 0.3)
}

/// Horizontal stripes from 0 to 1 in one quadrant, vertical ones of less `contrast` elsewhere.
pub fn striped_beside(index: usize, contrast: f32) -> Images {
    let Rectangle { top, left, height, width } = quadrant(index);
    let value = |place: usize| {
        let (y, x) = (place / SIZE, place % SIZE);
        let within = (top..top + height).contains(&y) && (left..left + width).contains(&x);
        if within { (y % 2) as f32 } else { 0.5 + contrast * ((x % 2) as f32 - 0.5) }
    };
    Images::new((1, SIZE, SIZE, 1), (0..SIZE * SIZE).map(value).collect()).unwrap()
}

/// The message of an error about something that cannot work.
#[track_caller]
pub fn invalid<T: std::fmt::Debug>(result: manga_expressions::Result<T>) -> String {
    match result {
        Err(Error::Invalid(message) | Error::NotFound(message)) => message,
        other => panic!("{other:?}"),
    }
}
