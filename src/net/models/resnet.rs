//! ResNet-50: K. He, X. Zhang, S. Ren, J. Sun: Deep Residual Learning for Image Recognition (2015).
//!
//! Here in the two versions that are in use, which differ in little and are told apart by it only:
//!
//! | | `resnet50` ("v1") | `resnet50-v1.5` |
//! |---|---|---|
//! | as in | the paper; `keras.applications.ResNet50` | torchvision's `resnet50` |
//! | where a stage halves the image | in the first 1x1 convolution of its first block | in the 3x3 convolution of that block |
//! | biases of convolutions | yes (Keras's; the paper says nothing), although a batch norm follows | no |
//! | epsilon of batch norms | 1.001e-5 | 1e-5 |
//! | running statistics | momentum 0.99, variance of the batch | momentum 0.1 as PyTorch counts, variance of a sample |
//!
//! Weights of the one run in the other without complaint and are quietly worse. Names of both are torchvision's.

use super::pooled_head;
use crate::Result;
use crate::net::nn::{BatchNorm, Conv2d, Initializer, Layer, MaxPool, Network, Pass, Sequential, Stage};
use crate::net::ops::{self, Activation, Padding};
use crate::visit_layers;

/// ResNet-50 as in its paper ("v1"), for images of `input` = `(H, W, C)`, ending in global average pooling and one dense
/// layer.
///
/// Without that layer it has 23,587,712 parameters for 3 channels. Weights are drawn from `seed`, from the distributions that Keras uses.
///
/// ```
/// use manga_expressions::net::models::resnet50;
///
/// assert_eq!(resnet50((100, 100, 3), 7, 1).name(), "resnet50");
/// ```
pub fn resnet50(input: (usize, usize, usize), classes: usize, seed: u64) -> Network {
    network("resnet50", Version::V1, input, classes, seed)
}

/// ResNet-50 as torchvision has it ("v1.5"), otherwise as [`resnet50`].
///
/// Without its dense layer it has 23,561,152 parameters for 3 channels.
pub fn resnet50_v1_5(input: (usize, usize, usize), classes: usize, seed: u64) -> Network {
    network("resnet50-v1.5", Version::V1_5, input, classes, seed)
}

/// What the versions differ in.
#[derive(Clone, Copy, PartialEq)]
enum Version {
    V1,
    V1_5,
}

impl Version {
    /// The strides of a block's first 1x1 and of its 3x3 convolution.
    fn strides(self, stride: usize) -> (usize, usize) {
        match self {
            Version::V1 => (stride, 1),
            Version::V1_5 => (1, stride),
        }
    }

    fn conv(self, name: &str, init: &Initializer, channels: usize, filters: usize, kernel: usize) -> Conv2d {
        let conv = Conv2d::new(name, init, channels, filters, (kernel, kernel)).padding(Padding::Around(kernel / 2));
        match self {
            Version::V1 => conv,
            Version::V1_5 => conv.without_bias(),
        }
    }

    fn norm(self, name: &str, channels: usize) -> BatchNorm {
        match self {
            Version::V1 => BatchNorm::new(name, channels, 1.001e-5),
            Version::V1_5 => BatchNorm::new(name, channels, 1e-5).torch_statistics(),
        }
    }
}

fn network(name: &str, version: Version, input: (usize, usize, usize), classes: usize, seed: u64) -> Network {
    let init = &Initializer::keras(seed);
    let stage = |name: &str, channels, filters, blocks, stride| {
        Stage::new(name, Box::new(blocks_of(name, version, init, channels, filters, blocks, stride)))
    };
    // Shapes are for 100 x 100.
    let stem = Sequential::new()
        .then(Box::new(version.conv("conv1", init, input.2, 64, 7).stride(2))) // 50 x 50 x 64
        .then(Box::new(version.norm("bn1", 64).relu()))
        .then(Box::new(MaxPool::new("maxpool", 3, 2, Padding::Around(1)))); // 25 x 25 x 64
    let stages = vec![
        Stage::new("stem", Box::new(stem)),
        stage("layer1", 64, 64, 3, 1),    // 25 x 25 x 256
        stage("layer2", 256, 128, 4, 2),  // 13 x 13 x 512
        stage("layer3", 512, 256, 6, 2),  // 7 x 7 x 1024
        stage("layer4", 1024, 512, 3, 2), // 4 x 4 x 2048
        pooled_head("avgpool", "fc", init, 2048, classes),
    ];
    Network::of_stages(name, input, classes, stages)
}

/// `blocks` bottlenecks to `4 * filters` channels; the first has the stride and a convolution in its shortcut.
fn blocks_of(
    name: &str,
    version: Version,
    init: &Initializer,
    channels: usize,
    filters: usize,
    blocks: usize,
    stride: usize,
) -> Sequential {
    let mut all = Sequential::new();
    for block in 0..blocks {
        let (channels, stride) = if block == 0 { (channels, stride) } else { (4 * filters, 1) };
        let block_name = format!("{name}.{block}");
        all = all.then(Box::new(Bottleneck::new(&block_name, version, init, channels, filters, stride, block == 0)));
    }
    all
}

struct Bottleneck {
    /// The shortcut: empty where the input goes on as it is.
    downsample: Sequential,
    conv1: Conv2d,
    bn1: BatchNorm,
    conv2: Conv2d,
    bn2: BatchNorm,
    conv3: Conv2d,
    bn3: BatchNorm,
}

impl Bottleneck {
    fn new(
        name: &str,
        version: Version,
        init: &Initializer,
        channels: usize,
        filters: usize,
        stride: usize,
        project: bool,
    ) -> Self {
        let part = |suffix: &str| format!("{name}.{suffix}");
        let out = 4 * filters;
        let (first, second) = version.strides(stride);
        let mut downsample = Sequential::new();
        if project {
            let conv = version.conv(&part("downsample.0"), init, channels, out, 1).stride(stride);
            downsample = downsample.then(Box::new(conv)).then(Box::new(version.norm(&part("downsample.1"), out)));
        }
        Bottleneck {
            downsample,
            conv1: version.conv(&part("conv1"), init, channels, filters, 1).stride(first),
            bn1: version.norm(&part("bn1"), filters).relu(),
            conv2: version.conv(&part("conv2"), init, filters, filters, 3).stride(second),
            bn2: version.norm(&part("bn2"), filters).relu(),
            conv3: version.conv(&part("conv3"), init, filters, out, 1),
            bn3: version.norm(&part("bn3"), out).relu(),
        }
    }
}

impl Layer for Bottleneck {
    fn forward(&self, x: Activation, pass: &mut Pass) -> Result<Activation> {
        let (x, shortcut) = ops::fork(x);
        let shortcut = self.downsample.forward(shortcut, pass)?;
        let x = self.conv1.forward_norm(x, &self.bn1, None, pass)?;
        let x = self.conv2.forward_norm(x, &self.bn2, None, pass)?;
        self.conv3.forward_norm(x, &self.bn3, Some(shortcut), pass)
    }

    visit_layers!(downsample, conv1, bn1, conv2, bn2, conv3, bn3);
}
