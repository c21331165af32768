//! What a trained network says of images.

use super::checks::{check_images, check_size};
use super::loss::{argmax, mean_cross_entropy, softmax, split_rows};
use super::workers::Workers;
use crate::data::{Images, LabelledImages};
use crate::net::nn::{Mode, Network, Pass};
use crate::net::ops::{self, Shape4};
use crate::{Error, Result};
use dfdx::prelude::HasShape;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Images that pass through a network at a time; only memory and speed depend on it.
pub(super) const BATCH: usize = 32;

/// What a network said of images whose class is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Predictions {
    /// The names of the classes.
    pub classes: Vec<String>,
    /// The name of each image.
    pub names: Vec<String>,
    /// The class of each image, an index into `classes`.
    pub truth: Vec<usize>,
    /// The class that was most probable to the network, for each image.
    pub predicted: Vec<usize>,
    /// The probability of each class, for each image.
    pub probabilities: Vec<Vec<f32>>,
    /// Mean cross-entropy, without label smoothing.
    pub loss: f64,
    /// Fraction of images classified correctly, 0 to 1.
    pub accuracy: f64,
}

impl Predictions {
    /// What these logits, a row for each of some images, say of them.
    pub(crate) fn of_logits(images: &LabelledImages, logits: &[Vec<f32>]) -> Predictions {
        let predicted: Vec<usize> = logits.iter().map(|row| argmax(row)).collect();
        let right = predicted.iter().zip(&images.labels).filter(|(a, b)| a == b).count();
        Predictions {
            classes: images.classes.clone(),
            names: images.names.clone(),
            truth: images.labels.clone(),
            predicted,
            probabilities: softmax(logits),
            loss: mean_cross_entropy(logits, &images.labels, 0.0),
            accuracy: right as f64 / images.len() as f64,
        }
    }

    /// The images that were classified wrongly with the highest probability, the most confident mistake first: at most `count`
    /// places in these lists.
    pub fn confident_mistakes(&self, count: usize) -> Vec<usize> {
        let sure = |image: usize| self.probabilities[image][self.predicted[image]];
        let mut wrong: Vec<usize> = (0..self.truth.len()).filter(|&i| self.truth[i] != self.predicted[i]).collect();
        wrong.sort_by(|&a, &b| sure(b).total_cmp(&sure(a)));
        wrong.truncate(count);
        wrong
    }
}

/// The logit of each class for each image, with dropout off and batch norm on its running statistics.
///
/// # Errors
/// [`Error::Invalid`] where the images do not have the size that the network is for.
pub fn logits(network: &Network, images: &Images) -> Result<Vec<Vec<f32>>> {
    check_size(images, network)?;
    logits_by(&Workers::new(None)?, network, 0, images)
}

/// The probability of each class for each image: softmax over its [`logits`]. Equivalent to Keras's `Model.predict`.
///
/// # Errors
/// As [`logits`].
pub fn probabilities(network: &Network, images: &Images) -> Result<Vec<Vec<f32>>> {
    Ok(softmax(&logits(network, images)?))
}

/// What the network says of `images`, and how well. Equivalent to Keras's `Model.evaluate`.
///
/// # Errors
/// [`Error::Invalid`] where there are no images, or they do not fit the network in size or classes.
pub fn evaluate(network: &Network, images: &LabelledImages) -> Result<Predictions> {
    check_images("test", images, network)?;
    let logits = logits(network, &images.images)?;
    Ok(Predictions::of_logits(images, &logits))
}

/// [`logits`] on threads that are there already, of images that pass through the stages `from` and after only.
pub(super) fn logits_by(workers: &Workers, network: &Network, from: usize, images: &Images) -> Result<Vec<Vec<f32>>> {
    if images.is_empty() {
        return Ok(Vec::new());
    }
    let stages = from..network.stages().len();
    let logits = outputs(workers, network, stages, images, &mut |_| {})?;
    check_logits(network, &logits.shape(), images.len())?;
    Ok(split_rows(logits.values(), images.len()))
}

/// What the stages `range` put out for `images`, in inference mode; `done` hears how many images are through.
pub(crate) fn outputs(
    workers: &Workers,
    network: &Network,
    range: Range<usize>,
    images: &Images,
    done: &mut dyn FnMut(usize),
) -> Result<Images> {
    outputs_beside(workers, network, range, images, &[], done)
}

/// As [`outputs`], of a pass that begins after stages that heads look at; `side` is what these put out for the images.
pub(crate) fn outputs_beside(
    workers: &Workers,
    network: &Network,
    range: Range<usize>,
    images: &Images,
    side: &[Images],
    done: &mut dyn FnMut(usize),
) -> Result<Images> {
    let (mut shape, mut values) = ((0, 0, 0, 0), Vec::new());
    let indices: Vec<usize> = (0..images.len()).collect();
    for batch in indices.chunks(BATCH) {
        let x = images.select(batch).to_tensor();
        let y = workers.run(|| {
            let side_outputs = side.iter().map(|side| ops::start(side.select(batch).to_tensor(), false, false));
            let mut pass = Pass { side_outputs: side_outputs.collect(), ..Pass::new(Mode::Inference, 0) };
            network
                .continue_stages(range.clone(), ops::start(x, false, false), &mut pass)
                .map(|y| (*y.shape(), y.as_vec()))
        })?;
        let (n, h, w, c) = y.0;
        if values.is_empty() {
            values.reserve_exact(images.len() * h * w * c);
        }
        shape = (shape.0 + n, h, w, c);
        values.extend(y.1);
        done(shape.0);
    }
    Images::new(shape, values)
}

/// An error unless a network's output has the shape of logits for `count` images.
pub(super) fn check_logits(network: &Network, shape: &Shape4, count: usize) -> Result<()> {
    let (name, wanted) = (network.name(), (count, 1, 1, network.classes()));
    if *shape == wanted {
        return Ok(());
    }
    Err(Error::Invalid(format!("{name} put out {shape:?} and not one logit for each image and class, {wanted:?}")))
}
