//! GoogLeNet: C. Szegedy, W. Liu, Y. Jia, P. Sermanet, S. Reed, D. Anguelov, D. Erhan, V. Vanhoucke, A. Rabinovich:
//! Going Deeper with Convolutions (2014), table 1.
//!
//! As in the report (figure 21): the paper's network, with biases and without batch norm, and with both auxiliary heads,
//! whose losses count 0.3 in training. Padding is "same" throughout, as the sizes of the table ask for. Left out is the
//! local response normalisation of the first layers, which nobody uses any more (torchvision's has none either).
//!
//! Names are torchvision's, but its weights do not fit: its network has batch norms, and 3x3 convolutions where the paper
//! has 5x5.

use crate::net::nn::{
    AuxiliaryHead, AvgPool, Concat, Conv2d, Dense, Dropout, Flatten, GlobalAvgPool, Initializer, Layer, MaxPool,
    Network, Relu, Sequential, Stage,
};
use crate::net::ops::Padding;

/// What the loss of an auxiliary head counts.
const AUXILIARY_WEIGHT: f32 = 0.3;

/// Window and stride of the pooling in an auxiliary head.
const AUXILIARY_POOL: (usize, usize) = (5, 3);

/// GoogLeNet for images of `input` = `(H, W, C)`, at least 65 x 65: what comes to the auxiliary heads, a sixteenth of it,
/// must hold their pooling over 5 x 5. In smaller images a training pass is an error.
///
/// At 100 x 100 x 3 with 7 classes it has 6,392,645 parameters. Weights are drawn from `seed`, from the distributions that Keras uses.
///
/// ```
/// use manga_expressions::net::models::googlenet;
///
/// assert_eq!(googlenet((100, 100, 3), 7, 1).summary()?.total, 6_392_645);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn googlenet(input: (usize, usize, usize), classes: usize, seed: u64) -> Network {
    let init = &Initializer::keras(seed);
    let conv = |name: &str, channels, filters, kernel, stride| conv(name, init, channels, filters, kernel, stride);
    let pool = |name: &str| Box::new(MaxPool::new(name, 3, 2, Padding::Same));
    let inception = |name: &str, channels, a, reduce_b, b, reduce_c, c, d| {
        Box::new(inception(name, init, channels, a, [reduce_b, b], [reduce_c, c], d))
    };
    let auxiliary = |name: &str, channels| {
        Box::new(AuxiliaryHead::new(auxiliary(name, init, input, channels, classes), AUXILIARY_WEIGHT))
    };
    // Shapes are for 100 x 100.
    let stem = Sequential::new()
        .then(conv("conv1", input.2, 64, 7, 2)) // 50 x 50 x 64
        .then(pool("maxpool1")) // 25 x 25 x 64
        .then(conv("conv2", 64, 64, 1, 1))
        .then(conv("conv3", 64, 192, 3, 1)) // 25 x 25 x 192
        .then(pool("maxpool2")); // 13 x 13 x 192
    //                  channels in, 1x1, 3x3 reduce and 3x3, 5x5 reduce and 5x5, pool projection
    let inception3 = Sequential::new()
        .then(inception("inception3a", 192, 64, 96, 128, 16, 32, 32)) // 13 x 13 x 256
        .then(inception("inception3b", 256, 128, 128, 192, 32, 96, 64)) // 13 x 13 x 480
        .then(pool("maxpool3")); // 7 x 7 x 480
    let inception4 = Sequential::new()
        .then(inception("inception4a", 480, 192, 96, 208, 16, 48, 64)) // 7 x 7 x 512
        .then(auxiliary("aux1", 512))
        .then(inception("inception4b", 512, 160, 112, 224, 24, 64, 64)) // 7 x 7 x 512
        .then(inception("inception4c", 512, 128, 128, 256, 24, 64, 64)) // 7 x 7 x 512
        .then(inception("inception4d", 512, 112, 144, 288, 32, 64, 64)) // 7 x 7 x 528
        .then(auxiliary("aux2", 528))
        .then(inception("inception4e", 528, 256, 160, 320, 32, 128, 128)) // 7 x 7 x 832
        .then(pool("maxpool4")); // 4 x 4 x 832
    let inception5 = Sequential::new()
        .then(inception("inception5a", 832, 256, 160, 320, 32, 128, 128)) // 4 x 4 x 832
        .then(inception("inception5b", 832, 384, 192, 384, 48, 128, 128)); // 4 x 4 x 1024
    let head = Sequential::new()
        .then(Box::new(GlobalAvgPool::new("avgpool"))) // 1024
        .then(Box::new(Dropout::new("dropout", 0.4)))
        .then(Box::new(Dense::new("fc", init, 1024, classes)));
    let stages = [stem, inception3, inception4, inception5, head];
    let names = ["stem", "inception3", "inception4", "inception5", "head"];
    let stages = names.iter().zip(stages).map(|(name, stage)| Stage::new(name, Box::new(stage))).collect();
    Network::of_stages("googlenet", input, classes, stages)
}

/// A convolution and its ReLU.
fn conv(
    name: &str,
    init: &Initializer,
    channels: usize,
    filters: usize,
    kernel: usize,
    stride: usize,
) -> Box<dyn Layer> {
    let conv = Conv2d::new(&format!("{name}.conv"), init, channels, filters, (kernel, kernel));
    let conv = conv.stride(stride).padding(Padding::Same);
    Box::new(Sequential::new().then(Box::new(conv)).then(Box::new(Relu::new(&format!("{name}.relu")))))
}

/// The inception module (figure 2b) with `[reduce, filters]` of the 3x3 and of the 5x5 convolutions.
fn inception(
    name: &str,
    init: &Initializer,
    channels: usize,
    branch1: usize,
    branch2: [usize; 2],
    branch3: [usize; 2],
    branch4: usize,
) -> Concat {
    let conv =
        |part: &str, channels, filters, kernel| conv(&format!("{name}.{part}"), init, channels, filters, kernel, 1);
    let pool = MaxPool::new(&format!("{name}.branch4.0"), 3, 1, Padding::Same);
    let branches = vec![
        Sequential::new().then(conv("branch1", channels, branch1, 1)),
        Sequential::new().then(conv("branch2.0", channels, branch2[0], 1)).then(conv(
            "branch2.1",
            branch2[0],
            branch2[1],
            3,
        )),
        Sequential::new().then(conv("branch3.0", channels, branch3[0], 1)).then(conv(
            "branch3.1",
            branch3[0],
            branch3[1],
            5,
        )),
        Sequential::new().then(Box::new(pool)).then(conv("branch4.1", channels, branch4, 1)),
    ];
    Concat::new(name, branches)
}

/// The layers of an auxiliary head (section 5).
fn auxiliary(
    name: &str,
    init: &Initializer,
    input: (usize, usize, usize),
    channels: usize,
    classes: usize,
) -> Sequential {
    let part = |suffix: &str| format!("{name}.{suffix}");
    let (window, stride) = AUXILIARY_POOL;
    // Four layers have halved the image, rounding up. Where the window does not fit there is nothing to weigh; the
    // pooling itself says so when it is asked to pool.
    let pooled = |size: usize| size.div_ceil(16).checked_sub(window).map_or(0, |rest| rest / stride + 1);
    let features = pooled(input.0) * pooled(input.1) * 128;
    Sequential::new()
        .then(Box::new(AvgPool::new(&part("avgpool"), window, stride, Padding::Valid))) // 1 x 1 x channels
        .then(conv(&part("conv"), init, channels, 128, 1, 1)) // 1 x 1 x 128
        .then(Box::new(Flatten::new(&part("flatten")))) // 128
        .then(Box::new(Dense::new(&part("fc1"), init, features, 1024)))
        .then(Box::new(Relu::new(&part("relu"))))
        .then(Box::new(Dropout::new(&part("dropout"), 0.7)))
        .then(Box::new(Dense::new(&part("fc2"), init, 1024, classes)))
}
