//! DenseNet-201: G. Huang, Z. Liu, L. van der Maaten, K. Q. Weinberger: Densely Connected Convolutional Networks (2016),
//! table 1, the network DenseNet-BC with a growth rate of 32.
//!
//! Each layer of a dense block takes what all layers before it put out. This is the network of the report's reference 2.
//! It is torchvision's in names, epsilon (1e-5) and running statistics; Keras's `DenseNet201` has the same layers, with
//! an epsilon of 1.001e-5 and a momentum of 0.99.

use super::pooled_head;
use crate::net::nn::{AvgPool, BatchNorm, Concat, Conv2d, Initializer, MaxPool, Network, Sequential, Stage};
use crate::net::ops::Padding;

/// Channels that each layer of a dense block adds.
const GROWTH: usize = 32;

/// Channels of a layer's 1x1 convolution, as a multiple of the growth.
const BOTTLENECK: usize = 4;

/// DenseNet-201 for images of `input` = `(H, W, C)`, at least 29 x 29, ending in global average pooling and one dense
/// layer.
///
/// Without that layer it has 18,321,984 parameters for 3 channels. Weights are drawn from `seed`, from the distributions that Keras uses.
///
/// ```
/// use manga_expressions::net::models::densenet201;
///
/// assert_eq!(densenet201((32, 32, 3), 7, 1).summary()?.total, 18_335_431);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn densenet201(input: (usize, usize, usize), classes: usize, seed: u64) -> Network {
    let init = &Initializer::keras(seed);
    // Shapes are for 100 x 100.
    let stem = Conv2d::new("features.conv0", init, input.2, 64, (7, 7)).stride(2).padding(Padding::Around(3));
    let stem = Sequential::new()
        .then(Box::new(stem.without_bias())) // 50 x 50 x 64
        .then(Box::new(norm("features.norm0", 64)))
        .then(Box::new(MaxPool::new("features.pool0", 3, 2, Padding::Around(1)))); // 25 x 25 x 64
    let stages = vec![
        Stage::new("stem", Box::new(stem)),
        dense_block("denseblock1", init, 64, 6),   // 25 x 25 x 256
        transition("transition1", init, 256),      // 12 x 12 x 128
        dense_block("denseblock2", init, 128, 12), // 12 x 12 x 512
        transition("transition2", init, 512),      // 6 x 6 x 256
        dense_block("denseblock3", init, 256, 48), // 6 x 6 x 1792
        transition("transition3", init, 1792),     // 3 x 3 x 896
        dense_block("denseblock4", init, 896, 32), // 3 x 3 x 1920
        Stage::new("norm5", Box::new(norm("features.norm5", 1920))),
        pooled_head("avgpool", "classifier", init, 1920, classes),
    ];
    Network::of_stages("densenet201", input, classes, stages)
}

/// A batch norm and its ReLU.
fn norm(name: &str, channels: usize) -> BatchNorm {
    BatchNorm::new(name, channels, 1e-5).torch_statistics().relu()
}

/// `layers` of norm, 1x1, norm, 3x3; each adds its [`GROWTH`] to the channels of its input.
///
/// The first norm of a layer is over all channels so far. Kept for the backward pass, these would take as much memory as all
/// else.
fn dense_block(name: &str, init: &Initializer, channels: usize, layers: usize) -> Stage {
    let mut all = Sequential::new();
    for layer in 0..layers {
        let layer_name = format!("features.{name}.denselayer{}", layer + 1);
        let part = |suffix: &str| format!("{layer_name}.{suffix}");
        let (channels, inner) = (channels + layer * GROWTH, BOTTLENECK * GROWTH);
        let new = Sequential::new()
            .then(Box::new(norm(&part("norm1"), channels).recomputed()))
            .then(Box::new(Conv2d::new(&part("conv1"), init, channels, inner, (1, 1)).without_bias()))
            .then(Box::new(norm(&part("norm2"), inner)))
            .then(Box::new(
                Conv2d::new(&part("conv2"), init, inner, GROWTH, (3, 3)).padding(Padding::Around(1)).without_bias(),
            ));
        all = all.then(Box::new(Concat::new(&layer_name, vec![Sequential::new(), new])));
    }
    Stage::new(name, Box::new(all))
}

/// Half the channels (the paper's compression of 0.5) and half the image.
fn transition(name: &str, init: &Initializer, channels: usize) -> Stage {
    let part = |suffix: &str| format!("features.{name}.{suffix}");
    let layers = Sequential::new()
        .then(Box::new(norm(&part("norm"), channels)))
        .then(Box::new(Conv2d::new(&part("conv"), init, channels, channels / 2, (1, 1)).without_bias()))
        .then(Box::new(AvgPool::new(&part("pool"), 2, 2, Padding::Valid)));
    Stage::new(name, Box::new(layers))
}
