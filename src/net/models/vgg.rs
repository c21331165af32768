//! VGG-16: K. Simonyan, A. Zisserman: Very Deep Convolutional Networks for Large-Scale Image Recognition (2014),
//! configuration D.
//!
//! As in the report (figure 21): the thirteen convolutions, made to be filled with ImageNet's weights and therefore
//! frozen; in place of the paper's two dense layers of 4096 a global average pooling and one dense layer of 128. Names
//! are torchvision's: `features.N` with its place in the row of all layers, `classifier.N` in that of the head.

use crate::net::nn::{Conv2d, Dense, GlobalAvgPool, Initializer, MaxPool, Network, Relu, Sequential, Stage};
use crate::net::ops::Padding;

/// VGG-16 for images of `input` = `(H, W, C)`, at least 32 x 32, with its convolutions frozen: [`Network::unfreeze`]
/// makes all of it learn.
///
/// With 3 channels and 7 classes it has 14,781,255 parameters, of which 66,567 are not frozen. Weights are drawn from
/// `seed`, from the distributions that Keras uses; frozen ones are of use only once those of a file are put in their place.
///
/// ```
/// use manga_expressions::net::models::vgg16;
///
/// let mut network = vgg16((32, 32, 3), 7, 1);
/// assert_eq!(network.summary()?.trainable, 66_567);
/// network.unfreeze();
/// assert_eq!(network.summary()?.trainable, 14_781_255);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn vgg16(input: (usize, usize, usize), classes: usize, seed: u64) -> Network {
    let init = &Initializer::keras(seed);
    let head = Sequential::new()
        .then(Box::new(GlobalAvgPool::new("avgpool"))) // 512
        .then(Box::new(Dense::new("classifier.0", init, 512, 128)))
        .then(Box::new(Relu::new("classifier.1")))
        .then(Box::new(Dense::new("classifier.2", init, 128, classes)));
    // Shapes are for 100 x 100; the numbers in brackets are the convolutions' places in torchvision's `features`.
    let stages = vec![
        block("block1", init, input.2, 64, &[0, 2]),    // 50 x 50 x 64
        block("block2", init, 64, 128, &[5, 7]),        // 25 x 25 x 128
        block("block3", init, 128, 256, &[10, 12, 14]), // 12 x 12 x 256
        block("block4", init, 256, 512, &[17, 19, 21]), // 6 x 6 x 512
        block("block5", init, 512, 512, &[24, 26, 28]), // 3 x 3 x 512
        Stage::new("head", Box::new(head)),
    ];
    let mut network = Network::of_stages("vgg16", input, classes, stages);
    network.freeze_through("block5").expect("a stage called block5");
    network
}

/// 3x3 convolutions at `places`, each with its ReLU, and a max pooling that halves the image.
fn block(name: &str, init: &Initializer, channels: usize, filters: usize, places: &[usize]) -> Stage {
    let layer = |place: usize| format!("features.{place}");
    let (mut all, mut channels, mut next) = (Sequential::new(), channels, 0);
    for &place in places {
        let conv = Conv2d::new(&layer(place), init, channels, filters, (3, 3)).padding(Padding::Around(1));
        all = all.then(Box::new(conv)).then(Box::new(Relu::new(&layer(place + 1))));
        (channels, next) = (filters, place + 2);
    }
    Stage::new(name, Box::new(all.then(Box::new(MaxPool::new(&layer(next), 2, 2, Padding::Valid)))))
}
