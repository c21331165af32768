//! Whether a heat map is true to the network: V. Petsiuk, A. Das, K. Saenko: RISE: Randomized Input Sampling for
//! Explanation of Black-box Models (2018), section 4.2.

use super::random::random_values;
use super::target::{Target, mean_image};
use super::{Curve, HeatMap};
use crate::data::Images;
use crate::net::nn::Network;
use crate::{Error, Result};
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};

/// What stands where nothing is to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Replacement {
    /// The mean of each channel of the image.
    Mean,
    /// The image blurred until its lines are gone: by a Gaussian whose standard deviation is a tenth of the shorter side.
    /// (RISE's is a 45th, through which the lines of a drawing are still seen.)
    Blurred,
}

/// How faithfulness is measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FaithfulnessSettings {
    /// In how many steps all pixels are exchanged.
    pub steps: usize,
    /// What deleted pixels become.
    pub deleted: Replacement,
    /// What pixels are before they are inserted.
    pub before: Replacement,
    /// Over how many random maps the baseline is the mean.
    pub random_maps: usize,
    /// Where the random maps come from, and the order of pixels that are equally hot.
    pub seed: u64,
}

impl Default for FaithfulnessSettings {
    /// 20 steps; the mean for deletion and the blurred image for insertion, as RISE has it (there a sharp edge of the
    /// inserted pixels could be taken for evidence); 3 random maps.
    fn default() -> Self {
        let (deleted, before) = (Replacement::Mean, Replacement::Blurred);
        FaithfulnessSettings { steps: 20, deleted, before, random_maps: 3, seed: 1 }
    }
}

/// How true one heat map is to the network, beside random maps that are as coarse.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Faithfulness {
    /// The method of the map.
    pub method: String,
    /// Its class.
    pub class: usize,
    /// The hottest pixels are deleted first: the sooner the class is gone, the more faithful. Small areas are good.
    pub deletion: Curve,
    /// The hottest pixels are inserted first: the sooner the class is there, the more faithful. Large areas are good.
    pub insertion: Curve,
    /// Deletion in the order of random maps.
    pub random_deletion: Curve,
    /// Insertion in the order of random maps.
    pub random_insertion: Curve,
}

impl Faithfulness {
    /// Whether the map is better than chance at both.
    pub fn beats_random(&self) -> bool {
        self.deletion.area() < self.random_deletion.area() && self.insertion.area() > self.random_insertion.area()
    }
}

/// The faithfulness of each of `maps`, which are all of the one `image` (`1, H, W, C`); with the usual
/// [`FaithfulnessSettings`]. It takes some 40 passes for each map, and thrice that for random ones.
///
/// # Errors
/// No map, one of another size or a class that the network does not have; else as [`grad_cam`](super::grad_cam).
pub fn faithfulness(network: &Network, image: &Images, maps: &[HeatMap]) -> Result<Vec<Faithfulness>> {
    faithfulness_with(network, image, maps, &FaithfulnessSettings::default())
}

/// As [`faithfulness`], with settings of one's own.
///
/// # Errors
/// Also 0 steps, more steps than pixels, or 0 random maps.
pub fn faithfulness_with(
    network: &Network,
    image: &Images,
    maps: &[HeatMap],
    settings: &FaithfulnessSettings,
) -> Result<Vec<Faithfulness>> {
    let (_, h, w, _) = image.shape();
    check(settings, (h, w), maps)?;
    // Maps of one grid and class share their random maps.
    let mut baselines: Vec<((usize, usize), usize, [Curve; 2])> = Vec::new();
    let mut all = Vec::with_capacity(maps.len());
    for map in maps {
        let class = map.class();
        let mut target = Target::new(network, image, &class)?;
        let [deletion, insertion] = curves(&mut target, map.values(), settings)?;
        let known = baselines.iter().find(|(grid, known, _)| (*grid, *known) == (map.grid(), class));
        let [random_deletion, random_insertion] = match known {
            Some((_, _, curves)) => curves.clone(),
            None => {
                let random = random(&mut target, map.grid(), settings)?;
                baselines.push((map.grid(), class, random.clone()));
                random
            }
        };
        let method = map.method().to_string();
        all.push(Faithfulness { method, class, deletion, insertion, random_deletion, random_insertion });
    }
    Ok(all)
}

/// Deletion and insertion by random maps: the means of their curves.
fn random(target: &mut Target, grid: (usize, usize), settings: &FaithfulnessSettings) -> Result<[Curve; 2]> {
    let (mut deletions, mut insertions) = (Vec::new(), Vec::new());
    for number in 0..settings.random_maps as u64 {
        let values = random_values(grid, target.size(), settings.seed.wrapping_add(number));
        let [deletion, insertion] = curves(target, &values, settings)?;
        deletions.push(deletion);
        insertions.push(insertion);
    }
    Ok([Curve::mean(&deletions), Curve::mean(&insertions)])
}

/// Deletion and insertion of the pixels in the order of their `heat`.
fn curves(target: &mut Target, heat: &[f32], settings: &FaithfulnessSettings) -> Result<[Curve; 2]> {
    let image = target.images;
    let order = hottest_first(heat, settings.seed);
    let steps = settings.steps;
    let mut curve = |from: &Images, to: &Images| -> Result<Curve> {
        let channels = image.shape().3;
        let exchanged = |step: usize| {
            let mut values = from.values().to_vec();
            for &pixel in &order[..count(step, steps, order.len())] {
                let place = pixel * channels..(pixel + 1) * channels;
                values[place.clone()].copy_from_slice(&to.values()[place]);
            }
            values
        };
        let probabilities = target.probabilities(steps + 1, &exchanged)?;
        let fractions = (0..=steps).map(|step| count(step, steps, order.len()) as f64 / order.len() as f64).collect();
        Ok(Curve { fractions, probabilities })
    };
    Ok([curve(image, &without(image, settings.deleted)?)?, curve(&without(image, settings.before)?, image)?])
}

/// How many of `pixels` are exchanged after `step` of `steps`.
fn count(step: usize, steps: usize, pixels: usize) -> usize {
    step * pixels / steps
}

/// The pixels from hot to cold; equally hot ones, as all where there is no evidence, in random order, lest the upper left
/// corner be always the first.
fn hottest_first(heat: &[f32], seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..heat.len()).collect();
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    order.sort_by(|&a, &b| heat[b].total_cmp(&heat[a]));
    order
}

/// The image with nothing to be seen in it.
fn without(image: &Images, replacement: Replacement) -> Result<Images> {
    let (_, height, width, c) = image.shape();
    match replacement {
        Replacement::Mean => mean_image(image),
        Replacement::Blurred => {
            let deviation = height.min(width) as f64 / 10.0;
            let along_rows = blurred(image.values(), height, width, c, deviation);
            let along_columns = blurred(&along_rows, 1, height, width * c, deviation);
            Images::new(image.shape(), along_columns)
        }
    }
}

/// `values` of axes `outer, length, inner` smoothed along `length` by a Gaussian; at the ends the last value goes on.
fn blurred(values: &[f32], outer: usize, length: usize, inner: usize, deviation: f64) -> Vec<f32> {
    let reach = (3.0 * deviation).ceil() as isize;
    let kernel: Vec<f64> = (-reach..=reach).map(|d| (-0.5 * (d as f64 / deviation).powi(2)).exp()).collect();
    let sum: f64 = kernel.iter().sum();
    let mut out = Vec::with_capacity(values.len());
    for block in values.chunks_exact(length * inner).take(outer) {
        for at in 0..length as isize {
            for i in 0..inner {
                let near = |d: isize| block[(at + d).clamp(0, length as isize - 1) as usize * inner + i];
                let smooth: f64 = (-reach..=reach).zip(&kernel).map(|(d, k)| k * f64::from(near(d))).sum();
                out.push((smooth / sum) as f32);
            }
        }
    }
    out
}

fn check(settings: &FaithfulnessSettings, size: (usize, usize), maps: &[HeatMap]) -> Result<()> {
    let (steps, pixels) = (settings.steps, size.0 * size.1);
    if maps.is_empty() {
        return Err(Error::Invalid("there is no heat map whose faithfulness could be measured".into()));
    }
    if let Some(map) = maps.iter().find(|map| (map.height(), map.width()) != size) {
        return Err(Error::Invalid(format!(
            "the {} map has {} x {} pixels and the image {} x {}: it is of another image",
            map.method(),
            map.height(),
            map.width(),
            size.0,
            size.1
        )));
    }
    if !(1..=pixels).contains(&steps) {
        return Err(Error::Invalid(format!("{pixels} pixels cannot be exchanged in {steps} steps")));
    }
    if settings.random_maps == 0 {
        return Err(Error::Invalid(
            "faithfulness says little without a baseline: ask for a random map at least".into(),
        ));
    }
    Ok(())
}
