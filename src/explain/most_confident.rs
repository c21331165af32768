//! The images that a network knows best.

use crate::Result;
use crate::data::LabelledImages;
use crate::net::nn::Network;
use crate::training::{check_images, probabilities};

/// The images in the order of how probable their true class is to the network, the most confident first: it is a recognised face
/// whose heat map is asked for first, and the last ones are worth a look.
///
/// # Errors
/// No images, or some that do not fit the network.
pub fn most_confident_first(network: &Network, images: &LabelledImages) -> Result<LabelledImages> {
    check_images("sorted", images, network)?;
    let rows = probabilities(network, &images.images)?;
    let sure = |index: usize| rows[index][images.labels[index]];
    let mut order: Vec<usize> = (0..images.len()).collect();
    order.sort_by(|&a, &b| sure(b).total_cmp(&sure(a)));
    Ok(images.select(&order))
}
