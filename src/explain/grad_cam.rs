//! Grad-CAM: R. R. Selvaraju, M. Cogswell, A. Das, R. Vedantam, D. Parikh, D. Batra: Grad-CAM: Visual Explanations from
//! Deep Networks via Gradient-based Localization (2017).

use super::HeatMap;
use super::target::Target;
use crate::Result;
use crate::data::Images;
use crate::net::nn::Network;

/// Grad-CAM of `class` in one `image` (`1, H, W, C`): the channels `A_k` after `stage`, each weighted by the mean of its
/// gradient over all places `i, j` (equation 1), and of the sum what is above 0 (equation 2):
///
/// `alpha_k = mean over i, j of d logit / d A_kij`, `map = ReLU(sum over k of alpha_k A_k)`.
///
/// Without a stage it looks at the last before the head with more than 1 x 1 pixels. Where global pooling and one dense
/// layer follow this is CAM (B. Zhou et al.: Learning Deep Features for Discriminative Localization, 2016).
///
/// # Errors
/// More than one image, or one that does not fit the network; a class or stage that it does not have; a stage of 1 x 1
/// pixels.
pub fn grad_cam(network: &Network, image: &Images, class: usize, stage: Option<&str>) -> Result<HeatMap> {
    let mut target = Target::new(network, image, &class)?;
    Ok(maps(&mut target, stage)?.remove(0))
}

/// Grad-CAM of the class of each of `images` (`N, H, W, C`), which were checked before.
pub(super) fn grad_cams(
    network: &Network,
    images: &Images,
    classes: &[usize],
    stage: Option<&str>,
) -> Result<Vec<HeatMap>> {
    maps(&mut Target::of(network, images, classes)?, stage)
}

fn maps(target: &mut Target, stage: Option<&str>) -> Result<Vec<HeatMap>> {
    let features = target.features(stage)?;
    let gradient = target.gradient(&features)?;
    let (_, h, w, channels) = features.values.shape();
    let each = gradient.chunks_exact(h * w * channels).enumerate().map(|(index, gradient)| {
        let mut alpha = vec![0.0; channels];
        for place in gradient.chunks_exact(channels) {
            alpha.iter_mut().zip(place).for_each(|(alpha, &g)| *alpha += f64::from(g) / (h * w) as f64);
        }
        target.map("Grad-CAM", &features, index, &alpha)
    });
    each.collect()
}
