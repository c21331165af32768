//! DCNN: Hitesh Kumar: Emotion Detection using DCNN, a notebook on Kaggle; the "deep convolutional neural network" for
//! facial expressions that the report's references 4 and 5 use.
//!
//! Three stages of two convolutions, made for grey images of 128 x 128. Each convolution is followed by an ELU and then,
//! in this order, a batch norm. Layers are called as in the Keras original.

use crate::net::nn::{
    BatchNorm, Conv2d, Dense, Dropout, Elu, Flatten, Init, Initializer, MaxPool, Network, Sequential, Stage,
};
use crate::net::ops::Padding;

/// Keras's default for batch norms, beside its momentum of 0.99.
const EPSILON: f32 = 1e-3;

/// The DCNN for images of `input` = `(H, W, C)`, at least 8 x 8.
///
/// At 128 x 128 x 1 with 7 classes it has 9,604,551 parameters. Weights are drawn from `seed`, He-normal, those of the
/// last layer Glorot-uniform, both as in Keras.
///
/// ```
/// use manga_expressions::net::models::dcnn;
///
/// assert_eq!(dcnn((128, 128, 1), 7, 1).name(), "dcnn");
/// ```
pub fn dcnn(input: (usize, usize, usize), classes: usize, seed: u64) -> Network {
    let init = &Initializer { weights: Init::HeNormal, seed };
    let features = (input.0 / 8) * (input.1 / 8) * 256;
    let head = Sequential::new()
        .then(Box::new(Flatten::new("flatten"))) // 65536
        .then(Box::new(Dense::new("dense_1", init, features, 128)))
        .then(Box::new(Elu::new("elu_7")))
        .then(Box::new(BatchNorm::new("batchnorm_7", 128, EPSILON)))
        .then(Box::new(Dropout::new("dropout_4", 0.6)))
        .then(Box::new(Dense::new("out_layer", &Initializer::keras(seed), 128, classes)));
    // Shapes are for 128 x 128.
    let stages = vec![
        stage(1, init, input.2, 64, 5, 0.4), // 64 x 64 x 64
        stage(2, init, 64, 128, 3, 0.4),     // 32 x 32 x 128
        stage(3, init, 128, 256, 3, 0.5),    // 16 x 16 x 256
        Stage::new("head", Box::new(head)),
    ];
    Network::of_stages("dcnn", input, classes, stages)
}

/// Stage `number`: two convolutions, a max pooling that halves the image, dropout.
fn stage(number: usize, init: &Initializer, channels: usize, filters: usize, kernel: usize, dropout: f32) -> Stage {
    let mut all = Sequential::new();
    for (conv, channels) in [(2 * number - 1, channels), (2 * number, filters)] {
        let conv_layer = Conv2d::new(&format!("conv2d_{conv}"), init, channels, filters, (kernel, kernel));
        all = all
            .then(Box::new(conv_layer.padding(Padding::Same)))
            .then(Box::new(Elu::new(&format!("elu_{conv}"))))
            .then(Box::new(BatchNorm::new(&format!("batchnorm_{conv}"), filters, EPSILON)));
    }
    let pool = MaxPool::new(&format!("maxpool2d_{number}"), 2, 2, Padding::Valid);
    let all = all.then(Box::new(pool)).then(Box::new(Dropout::new(&format!("dropout_{number}"), dropout)));
    Stage::new(&format!("stage{number}"), Box::new(all))
}
