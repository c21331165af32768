//! What a stage of a network puts out, as features for another method.

use super::checks::check_size;
use super::predict::{BATCH, outputs};
use super::workers::Workers;
use crate::data::{Features, Images};
use crate::net::nn::Network;
use crate::net::ops;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// How the maps that a stage puts out for an image become a row of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pooling {
    /// Means over a grid of so many by so many fields, field by field from top left to bottom right, in each the channels.
    /// Fields are as in PyTorch's `AdaptiveAvgPool2d(grid)`: where the rows or columns cannot be shared out evenly they
    /// overlap.
    Grid(usize),
    /// The mean of each channel, then the largest value of each: Keras's `GlobalAveragePooling2D` beside
    /// `GlobalMaxPooling2D`.
    MeanAndMaximum,
}

/// What the stage `stage` of `network` puts out for `images`, in inference mode, averaged over a grid of `grid` x `grid`
/// fields; a row of `grid * grid * channels` numbers for each image, field by field from top left to bottom right.
///
/// Fields are those of [`ops::adaptive_avg_pool`]: where the rows or columns cannot be shared out evenly they overlap. A
/// grid of 1 is the mean of each channel.
///
/// # Errors
/// [`Error::Invalid`] for images that the network is not for, and a grid that is 0 or finer than the stage's output;
/// [`Error::NotFound`] for a stage that it does not have.
///
/// ```
/// use manga_expressions::data::Images;
/// use manga_expressions::net::models::resnet50;
/// use manga_expressions::training::stage_features;
///
/// let mut network = resnet50((48, 48, 1), 7, 1);
/// let images = Images::new((2, 48, 48, 1), vec![0.5; 2 * 48 * 48])?;
/// let features = stage_features(&mut network, &images, "layer3", 3)?;
/// assert_eq!((features.rows(), features.columns()), (2, 3 * 3 * 1024));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn stage_features(network: &Network, images: &Images, stage: &str, grid: usize) -> Result<Features> {
    check_size(images, network)?;
    let Some(last) = network.stages().iter().position(|name| *name == stage) else {
        let (name, known) = (network.name(), network.stages().join(", "));
        return Err(Error::NotFound(format!("{name} has no stage {stage:?}; it has {known}")));
    };
    let name = format!("{} {stage}, {grid} x {grid}", network.name());
    let workers = Workers::new(None)?;
    let (indices, mut values) = ((0..images.len()).collect::<Vec<usize>>(), Vec::new());
    // A batch at a time, because an early stage puts out far more than the means.
    for batch in indices.chunks(BATCH) {
        let output = outputs(&workers, network, 0..last + 1, &images.select(batch), &mut |_| {})?;
        values.extend(Pooling::Grid(grid).rows(&output, stage, network)?);
    }
    Features::new(&name, images.len(), values)
}

impl Pooling {
    /// The rows of all images, of whose `maps` the stage `stage` of `network` is the author, one after the other.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a grid that is 0 or finer than the maps.
    pub(crate) fn rows(self, maps: &Images, stage: &str, network: &Network) -> Result<Vec<f32>> {
        let shape @ (_, h, w, _) = maps.shape();
        let grid = match self {
            Pooling::Grid(grid) => grid,
            Pooling::MeanAndMaximum => 1,
        };
        if grid == 0 || grid > h.min(w) {
            return Err(Error::Invalid(format!(
                "a grid of {grid} x {grid} fields does not fit what {stage} of {} puts out, {h} x {w}",
                network.name()
            )));
        }
        let pooled = ops::adaptive_avg_pool(ops::start(maps.to_tensor(), false, false), grid)?.as_vec();
        if self != Pooling::MeanAndMaximum {
            return Ok(pooled);
        }
        let means = pooled.chunks_exact(pooled.len() / maps.len());
        Ok(means
            .enumerate()
            .flat_map(|(image, means)| [means.to_vec(), maxima(maps.image(image), shape)].concat())
            .collect())
    }
}

/// The largest value of each channel of one image of `shape`.
fn maxima(image: &[f32], (_, _, _, c): (usize, usize, usize, usize)) -> Vec<f32> {
    let mut largest = vec![f32::NEG_INFINITY; c];
    for pixel in image.chunks_exact(c) {
        largest.iter_mut().zip(pixel).for_each(|(largest, &value)| *largest = largest.max(value));
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::Pooling;
    use crate::data::Images;

    #[test]
    fn maps_become_means_over_fields_or_the_mean_and_the_maximum_of_each_channel() {
        // Two channels of 2 x 3 pixels: 1 to 6, and their negatives.
        let values: Vec<f32> = (1..=6).flat_map(|i| [i as f32, -(i as f32)]).collect();
        let maps = Images::new((1, 2, 3, 2), values).unwrap();
        let network = crate::net::models::dcnn((12, 12, 1), 7, 1);
        let rows = |pooling: Pooling| pooling.rows(&maps, "body", &network);
        assert_eq!(rows(Pooling::MeanAndMaximum).unwrap(), [3.5, -3.5, 6.0, -1.0]);
        // Three columns in two fields: the middle one is in both.
        assert_eq!(rows(Pooling::Grid(2)).unwrap(), [1.5, -1.5, 2.5, -2.5, 4.5, -4.5, 5.5, -5.5]);
        assert!(rows(Pooling::Grid(3)).unwrap_err().to_string().contains("2 x 3"));
        assert!(rows(Pooling::Grid(0)).is_err());
    }
}
