//! Grad-CAM++: A. Chattopadhay, A. Sarkar, P. Howlader, V. N. Balasubramanian: Grad-CAM++: Generalized Gradient-based
//! Visual Explanations for Deep Convolutional Networks (2018).

use super::HeatMap;
use super::target::Target;
use crate::Result;
use crate::data::Images;
use crate::net::nn::Network;

/// Grad-CAM++ of `class` in one `image` (`1, H, W, C`), which also finds several faces of one class, and small ones: a
/// channel's weight is a sum of its positive gradients `g_ij` in which each place has a weight of its own (equations 5
/// and 19):
///
/// `alpha_kij = g^2 / (2 g^2 + (sum over a, b of A_kab) g^3)`, `w_k = sum over i, j of alpha_kij ReLU(g_ij)`,
/// `map = ReLU(sum over k of w_k A_k)`.
///
/// As in the paper the score is `exp(logit)`; its second and third derivatives are then powers of the logit's gradient
/// `g`, and the factor `exp(logit)` is the same for all channels and left out. Where `g` or the denominator is 0, `alpha`
/// is 0.
///
/// # Errors
/// As [`grad_cam`](super::grad_cam).
pub fn grad_cam_plus_plus(network: &Network, image: &Images, class: usize, stage: Option<&str>) -> Result<HeatMap> {
    let mut target = Target::new(network, image, &class)?;
    let features = target.features(stage)?;
    let gradient = target.gradient(&features)?;
    let channels = features.values.shape().3;
    let mut sums = vec![0.0; channels];
    for place in features.values.values().chunks_exact(channels) {
        sums.iter_mut().zip(place).for_each(|(sum, &a)| *sum += f64::from(a));
    }
    let mut weights = vec![0.0; channels];
    for place in gradient.chunks_exact(channels) {
        for ((weight, &g), sum) in weights.iter_mut().zip(place).zip(&sums) {
            // Only where g > 0 does the place count; there alpha is 1 / (2 + sum * g), with g^2 divided out.
            let denominator = 2.0 + sum * f64::from(g);
            if g > 0.0 && denominator != 0.0 {
                *weight += f64::from(g) / denominator;
            }
        }
    }
    target.map("Grad-CAM++", &features, 0, &weights)
}
