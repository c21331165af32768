//! Score-CAM: H. Wang, Z. Wang, M. Du, F. Yang, Z. Zhang, S. Ding, P. Mardziel, X. Hu: Score-CAM: Score-Weighted Visual
//! Explanations for Convolutional Neural Networks (2020).

use super::HeatMap;
use super::target::Target;
use crate::data::{Images, bilinear};
use crate::net::nn::Network;
use crate::{Error, Result};

/// Score-CAM of `class` in one `image` `X` (`1, H, W, C`), which needs no gradient: each channel `A_k` after `stage`,
/// upsampled and scaled to 0 to 1, is a mask `H_k` through which the network sees the image, and weighs as much as the
/// network then says for the class (definition 3, algorithm 1):
///
/// `S_k = logit of (X * H_k)`, `w = softmax over k of S`, `map = ReLU(sum over k of w_k A_k)`.
///
/// Where a mask is 0 the network sees the pixel value 0, which after [`Scaling::ZeroToOne`](crate::data::Scaling) is
/// black. The paper takes the score of an image of zeros off each `S_k`, which the softmax cancels. A channel that is the
/// same everywhere masks nothing and has the weight 0, as in the authors' program.
///
/// That is one pass for each channel, of which ResNet-50 has 2048. With `channels` only so many are looked at: those of
/// the largest variance over the image, the deviation from the paper known as "faster Score-CAM". The softmax is then
/// over these.
///
/// # Errors
/// As [`grad_cam`](super::grad_cam); `channels` of 0.
pub fn score_cam(
    network: &Network,
    image: &Images,
    class: usize,
    stage: Option<&str>,
    channels: Option<usize>,
) -> Result<HeatMap> {
    if channels == Some(0) {
        return Err(Error::Invalid("Score-CAM of no channel: ask for at least one, or for all with None".into()));
    }
    let mut target = Target::new(network, image, &class)?;
    let features = target.features(stage)?;
    let (_, h, w, count) = features.values.shape();
    let (height, width) = target.size();
    let plane = |k: usize| -> Vec<f32> { features.values.values().iter().skip(k).step_by(count).copied().collect() };
    let mut varying: Vec<(usize, f64)> =
        (0..count).map(|k| (k, variance(&plane(k)))).filter(|(_, v)| *v > 0.0).collect();
    // A stable sort: of equals the first channel.
    varying.sort_by(|a, b| b.1.total_cmp(&a.1));
    varying.truncate(channels.unwrap_or(count));

    let (pixels, depth) = (image.image(0), image.shape().3);
    let masked = |index: usize| -> Vec<f32> {
        let mask = unit(bilinear(&plane(varying[index].0), (w, h), (width, height)));
        let each = pixels.chunks_exact(depth).zip(mask);
        each.flat_map(|(pixel, mask)| pixel.iter().map(move |value| value * mask)).collect()
    };
    let scores: Vec<f64> = target.logits(varying.len(), &masked)?.iter().map(|row| f64::from(row[class])).collect();
    let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let exponentials: Vec<f64> = scores.iter().map(|score| (score - highest).exp()).collect();
    let sum: f64 = exponentials.iter().sum();
    let mut weights = vec![0.0; count];
    for (&(k, _), e) in varying.iter().zip(&exponentials) {
        weights[k] = e / sum;
    }
    target.map("Score-CAM", &features, 0, &weights)
}

fn variance(plane: &[f32]) -> f64 {
    let mean = plane.iter().map(|&v| f64::from(v)).sum::<f64>() / plane.len() as f64;
    plane.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / plane.len() as f64
}

/// From 0 at the smallest to 1 at the largest.
fn unit(mut mask: Vec<f32>) -> Vec<f32> {
    let (low, high) = mask.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), &v| (low.min(v), high.max(v)));
    let range = high - low;
    mask.iter_mut().for_each(|v| *v = if range > 0.0 { (*v - low) / range } else { 0.0 });
    mask
}
