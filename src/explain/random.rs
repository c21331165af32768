//! A random map: the baseline that every method must beat.

use super::HeatMap;
use super::target::Target;
use crate::Result;
use crate::data::{Images, bilinear};
use crate::net::nn::Network;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// A map that knows nothing: for each place after `stage` a random number from `seed`, upsampled to the `image` (`1, H, W,
/// C`) like those of the methods, so that it is as smooth as they are and differs from them in nothing but where it is
/// hot.
///
/// # Errors
/// As [`grad_cam`](super::grad_cam).
pub fn random_map(network: &Network, image: &Images, class: usize, stage: Option<&str>, seed: u64) -> Result<HeatMap> {
    let mut target = Target::new(network, image, &class)?;
    let features = target.features(stage)?;
    let (_, h, w, _) = features.values.shape();
    let values = random_values((h, w), target.size(), seed);
    HeatMap::new("Random", class, features.probabilities[0], Some(&features.stage), (h, w), target.size(), values)
}

/// Random numbers from 0 to 1 at the places of `grid`, upsampled to `size`, both `(H, W)`.
pub(super) fn random_values(grid: (usize, usize), size: (usize, usize), seed: u64) -> Vec<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let cells: Vec<f32> = (0..grid.0 * grid.1).map(|_| rng.r#gen()).collect();
    bilinear(&cells, (grid.1, grid.0), (size.1, size.0))
}
