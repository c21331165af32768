//! A small convolutional network to learn with: it trains in seconds on one core, so that a class can watch its loss fall,
//! flatten and over-fit. LeNet's plan (Y. LeCun et al.: Gradient-Based Learning Applied to Document Recognition, 1998)
//! with today's parts: 3 x 3 convolutions, ReLU, max pooling, dropout.

use crate::net::nn::{Conv2d, Dense, Dropout, Flatten, Init, Initializer, MaxPool, Network, Relu, Sequential, Stage};
use crate::net::ops::Padding;

/// The small CNN for images of `input` = `(H, W, C)`, at least 8 x 8.
///
/// At 32 x 32 x 1 with 7 classes it has 30,471 parameters. Weights are drawn from `seed`, He-normal, those of the last layer
/// Glorot-uniform. There is no batch norm: with pixels scaled to -1..1 it learns from the first epoch without one, and
/// what it answers does not depend on running statistics.
///
/// ```
/// use manga_expressions::net::models::small_cnn;
///
/// assert_eq!(small_cnn((32, 32, 1), 7, 1).summary()?.total, 30_471);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn small_cnn(input: (usize, usize, usize), classes: usize, seed: u64) -> Network {
    let init = &Initializer { weights: Init::HeNormal, seed };
    let features = (input.0 / 8) * (input.1 / 8) * 64;
    let head = Sequential::new()
        .then(Box::new(Flatten::new("flatten"))) // 1024
        .then(Box::new(Dropout::new("dropout", 0.3)))
        .then(Box::new(Dense::new("dense", &Initializer::keras(seed), features, classes)));
    // Shapes are for 32 x 32.
    let stages = vec![
        block(1, init, input.2, 16), // 16 x 16 x 16
        block(2, init, 16, 32),      // 8 x 8 x 32
        block(3, init, 32, 64),      // 4 x 4 x 64
        Stage::new("head", Box::new(head)),
    ];
    Network::of_stages("small_cnn", input, classes, stages)
}

/// Block `number`: a convolution, a ReLU, a max pooling that halves the image.
fn block(number: usize, init: &Initializer, channels: usize, filters: usize) -> Stage {
    let conv = Conv2d::new(&format!("block{number}_conv"), init, channels, filters, (3, 3)).padding(Padding::Same);
    let layers = Sequential::new()
        .then(Box::new(conv))
        .then(Box::new(Relu::new(&format!("block{number}_relu"))))
        .then(Box::new(MaxPool::new(&format!("block{number}_pool"), 2, 2, Padding::Valid)));
    Stage::new(&format!("block{number}"), Box::new(layers))
}
