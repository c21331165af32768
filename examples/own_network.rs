//! A network of one's own in cross-validation and under a heat map, beside one of the library.
//!
//! `cargo run --release --example own_network`

use manga_expressions::net::models;
use manga_expressions::net::nn::Flatten;
use manga_expressions::prelude::*;

/// One convolution and a dense layer.
fn one_layer((h, w, c): (usize, usize, usize), classes: usize, seed: u64) -> Network {
    let init = Initializer::keras(seed);
    let body = Sequential::new()
        .then(Box::new(Conv2d::new("conv", &init, c, 16, (5, 5)).padding(Padding::Same)))
        .then(Box::new(Relu::new("relu")))
        .then(Box::new(MaxPool::new("pool", 4, 4, Padding::Valid)));
    let head = Sequential::new().then(Box::new(Flatten::new("flatten"))).then(Box::new(Dense::new(
        "dense",
        &init,
        (h / 4) * (w / 4) * 16,
        classes,
    )));
    let stages = vec![Stage::new("body", Box::new(body)), Stage::new("head", Box::new(head))];
    Network::of_stages("one_layer", (h, w, c), classes, stages)
}

fn main() -> Result<()> {
    models::register("one_layer", (32, 32, 1), one_layer)?;
    let faces = Source::Drawn { count: 840, seed: 1 };
    for network in ["one_layer", "small_cnn"] {
        let mut experiment = Experiment::recipe("small_cnn", 1)?;
        (experiment.network, experiment.source) = (network.into(), faces.clone());
        experiment.training.epochs = 15;
        let folds = FoldSettings { folds: 3, seeds: vec![1] };
        let folder = format!("runs/examples/{network}");
        let all = CrossValidation::new(experiment, folds, &folder)?;
        println!("{network}: {}", all.run(2, &|fit, _| println!("  {}: {}", fit.name(), fit.accuracy))?.scores()?);
    }
    let dataset = faces.load()?;
    let photos = Experiment::recipe("small_cnn", 1)?.preparation.apply(&dataset)?;
    let network = one_layer((32, 32, 1), 7, 1);
    let map = grad_cam(&network, &photos.images.select(&[0]), photos.labels[0], None)?;
    println!("The untrained network's Grad-CAM peaks at (row, column) {:?}", map.peak());
    Ok(())
}
