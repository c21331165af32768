//! ResNet-50: K. He, X. Zhang, S. Ren, J. Sun: Deep Residual Learning for Image Recognition (2015).
//!
//! The original ("v1"), as Keras has it in `keras.applications.ResNet50`: a stage halves the image in the first 1x1
//! convolution of its first block, and convolutions have biases, although a batch norm follows. Names are torchvision's,
//! whose network ("v1.5") halves in the 3x3 convolution and has no biases.

use crate::Result;
use crate::nn::{
    BatchNorm, Conv2d, Dense, GlobalAvgPool, Initializer, Layer, MaxPool, Network, Pass, Sequential, Stage,
};
use crate::ops::{self, Activation, Padding};
use crate::visit_layers;

const EPSILON: f32 = 1.001e-5;

/// ResNet-50 for images of `input` = `(H, W, C)`, ending in global average pooling and one dense layer.
///
/// Without that layer it has 23,587,712 parameters for 3 channels. Weights are drawn from `seed`, from the distributions that Keras uses.
///
/// ```
/// use manga_expressions::models::resnet50;
///
/// assert_eq!(resnet50((100, 100, 3), 7, 1).name(), "resnet50");
/// ```
pub fn resnet50(input: (usize, usize, usize), classes: usize, seed: u64) -> Network {
    let init = Initializer::keras(seed);
    // Shapes are for 100 x 100.
    let stem = Conv2d::new("conv1", &init, input.2, 64, (7, 7)).stride(2).padding(Padding::Around(3));
    let stem = Sequential::new()
        .then(Box::new(stem)) // 50 x 50 x 64
        .then(Box::new(BatchNorm::new("bn1", 64, EPSILON).relu()))
        .then(Box::new(MaxPool::new("maxpool", 3, 2, Padding::Around(1)))); // 25 x 25 x 64
    let head = Sequential::new()
        .then(Box::new(GlobalAvgPool::new("avgpool"))) // 2048
        .then(Box::new(Dense::new("fc", &init, 2048, classes)));
    let stages = vec![
        Stage::new("stem", Box::new(stem)),
        stage("layer1", &init, 64, 64, 3, 1),    // 25 x 25 x 256
        stage("layer2", &init, 256, 128, 4, 2),  // 13 x 13 x 512
        stage("layer3", &init, 512, 256, 6, 2),  // 7 x 7 x 1024
        stage("layer4", &init, 1024, 512, 3, 2), // 4 x 4 x 2048
        Stage::new("head", Box::new(head)),
    ];
    Network::of_stages("resnet50", input, classes, stages)
}

/// `blocks` bottlenecks to `4 * filters` channels; the first has the stride and a convolution in its shortcut.
fn stage(name: &str, init: &Initializer, channels: usize, filters: usize, blocks: usize, stride: usize) -> Stage {
    let mut all = Sequential::new();
    for block in 0..blocks {
        let (channels, stride) = if block == 0 { (channels, stride) } else { (4 * filters, 1) };
        let block_name = format!("{name}.{block}");
        all = all.then(Box::new(Bottleneck::new(&block_name, init, channels, filters, stride, block == 0)));
    }
    Stage::new(name, Box::new(all))
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
    fn new(name: &str, init: &Initializer, channels: usize, filters: usize, stride: usize, project: bool) -> Self {
        let part = |suffix: &str| format!("{name}.{suffix}");
        let out = 4 * filters;
        let mut downsample = Sequential::new();
        if project {
            let conv = Conv2d::new(&part("downsample.0"), init, channels, out, (1, 1)).stride(stride);
            downsample = downsample.then(Box::new(conv));
            downsample = downsample.then(Box::new(BatchNorm::new(&part("downsample.1"), out, EPSILON)));
        }
        Bottleneck {
            downsample,
            conv1: Conv2d::new(&part("conv1"), init, channels, filters, (1, 1)).stride(stride),
            bn1: BatchNorm::new(&part("bn1"), filters, EPSILON).relu(),
            conv2: Conv2d::new(&part("conv2"), init, filters, filters, (3, 3)).padding(Padding::Same),
            bn2: BatchNorm::new(&part("bn2"), filters, EPSILON).relu(),
            conv3: Conv2d::new(&part("conv3"), init, filters, out, (1, 1)),
            bn3: BatchNorm::new(&part("bn3"), out, EPSILON).relu(),
        }
    }
}

impl Layer for Bottleneck {
    fn forward(&mut self, x: Activation, pass: &mut Pass) -> Result<Activation> {
        let (x, shortcut) = ops::fork(x);
        let shortcut = self.downsample.forward(shortcut, pass)?;
        let x = self.conv1.forward(x, pass)?;
        let x = self.bn1.forward(x, pass)?;
        let x = self.conv2.forward(x, pass)?;
        let x = self.bn2.forward(x, pass)?;
        let x = self.conv3.forward(x, pass)?;
        self.bn3.forward_add(x, Some(shortcut), pass)
    }

    visit_layers!(downsample, conv1, bn1, conv2, bn2, conv3, bn3);
}
