//! ResNet-50 V2: K. He, X. Zhang, S. Ren, J. Sun: Identity Mappings in Deep Residual Networks (2016).
//!
//! Batch norm and ReLU come before each convolution, so that a plain sum runs from the first block to the last. This is
//! the network that the report cites (reference 7), as Keras has it in `keras.applications.ResNet50V2`, which differs
//! from the paper in that a stage halves the image in its last block, not its first. Names of layers are Keras's.

use super::pooled_head;
use crate::Result;
use crate::net::nn::{BatchNorm, Conv2d, Initializer, Layer, MaxPool, Network, Pass, Sequential, Stage, ZeroPad};
use crate::net::ops::{self, Activation, Padding};
use crate::visit_layers;

const EPSILON: f32 = 1.001e-5;

/// ResNet-50 V2 for images of `input` = `(H, W, C)`, ending in global average pooling and one dense layer.
///
/// Without that layer it has 23,564,800 parameters for 3 channels. Weights are drawn from `seed`, from the distributions that Keras uses.
///
/// ```
/// use manga_expressions::net::models::resnet50v2;
///
/// assert_eq!(resnet50v2((100, 100, 3), 7, 1).name(), "resnet50v2");
/// ```
pub fn resnet50v2(input: (usize, usize, usize), classes: usize, seed: u64) -> Network {
    let init = Initializer::keras(seed);
    // Shapes are for 100 x 100.
    let stem = Conv2d::new("conv1_conv", &init, input.2, 64, (7, 7)).stride(2).padding(Padding::Around(3));
    let stem = Sequential::new()
        .then(Box::new(stem)) // 50 x 50 x 64
        .then(Box::new(ZeroPad::new("pool1_pad", [1; 4])))
        .then(Box::new(MaxPool::new("pool1_pool", 3, 2, Padding::Valid))); // 25 x 25 x 64
    let stages = vec![
        Stage::new("conv1", Box::new(stem)),
        stage("conv2", &init, 64, 64, 3, 2),    // 13 x 13 x 256
        stage("conv3", &init, 256, 128, 4, 2),  // 7 x 7 x 512
        stage("conv4", &init, 512, 256, 6, 2),  // 4 x 4 x 1024
        stage("conv5", &init, 1024, 512, 3, 1), // 4 x 4 x 2048
        Stage::new("post", Box::new(BatchNorm::new("post_bn", 2048, EPSILON).relu())),
        pooled_head("avg_pool", "predictions", &init, 2048, classes),
    ];
    Network::of_stages("resnet50v2", input, classes, stages)
}

/// `blocks` bottlenecks to `4 * filters` channels: the first widens its shortcut, the last has the stride.
fn stage(name: &str, init: &Initializer, channels: usize, filters: usize, blocks: usize, stride: usize) -> Stage {
    let mut all = Sequential::new();
    for block in 1..=blocks {
        let (first, last) = (block == 1, block == blocks);
        let channels = if first { channels } else { 4 * filters };
        let stride = if last { stride } else { 1 };
        let block_name = format!("{name}_block{block}");
        all = all.then(Box::new(Bottleneck::new(&block_name, init, channels, filters, stride, first)));
    }
    Stage::new(name, Box::new(all))
}

struct Bottleneck {
    preact_bn: BatchNorm,
    /// From the normalised input where it widens, else from the input itself.
    shortcut: Sequential,
    widen: bool,
    conv1: Conv2d,
    bn1: BatchNorm,
    conv2: Conv2d,
    bn2: BatchNorm,
    conv3: Conv2d,
}

impl Bottleneck {
    fn new(name: &str, init: &Initializer, channels: usize, filters: usize, stride: usize, widen: bool) -> Self {
        let part = |suffix: &str| format!("{name}_{suffix}");
        let shortcut = match (widen, stride) {
            (true, _) => Sequential::new()
                .then(Box::new(Conv2d::new(&part("0_conv"), init, channels, 4 * filters, (1, 1)).stride(stride))),
            (false, 1) => Sequential::new(),
            // Every second pixel: a maximum over windows of one.
            (false, _) => {
                Sequential::new().then(Box::new(MaxPool::new(&part("max_pooling2d"), 1, stride, Padding::Valid)))
            }
        };
        Bottleneck {
            preact_bn: BatchNorm::new(&part("preact_bn"), channels, EPSILON).relu(),
            shortcut,
            widen,
            conv1: Conv2d::new(&part("1_conv"), init, channels, filters, (1, 1)).without_bias(),
            bn1: BatchNorm::new(&part("1_bn"), filters, EPSILON).relu(),
            conv2: Conv2d::new(&part("2_conv"), init, filters, filters, (3, 3))
                .without_bias()
                .stride(stride)
                .padding(Padding::Around(1)),
            bn2: BatchNorm::new(&part("2_bn"), filters, EPSILON).relu(),
            conv3: Conv2d::new(&part("3_conv"), init, filters, 4 * filters, (1, 1)),
        }
    }
}

impl Layer for Bottleneck {
    fn forward(&self, x: Activation, pass: &mut Pass) -> Result<Activation> {
        let (x, input) = ops::fork(x);
        let (x, normalised) = ops::fork(self.preact_bn.forward(x, pass)?);
        let shortcut = self.shortcut.forward(if self.widen { normalised } else { input }, pass)?;
        let x = self.conv1.forward_norm(x, &self.bn1, None, pass)?;
        let x = self.conv2.forward_norm(x, &self.bn2, None, pass)?;
        self.conv3.forward_add(x, Some(shortcut), pass)
    }

    visit_layers!(preact_bn, shortcut, conv1, bn1, conv2, bn2, conv3);
}
