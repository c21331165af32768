//! What a stage of a network puts out, as features for another method.

use super::checks::check_size;
use super::predict::{BATCH, outputs};
use super::workers::Workers;
use crate::data::{Features, Images};
use crate::nn::Network;
use crate::{Error, Result, ops};

/// What the stage `stage` of `network` puts out for `images`, in inference mode, averaged over a grid of `grid` x `grid`
/// fields; a row of `grid * grid * channels` numbers for each image, field by field from top left to bottom right.
///
/// Fields are those of [`ops::adaptive_avg_pool`]: where the rows or columns cannot be shared out evenly they overlap. A
/// grid of 1 is the mean of each channel.
///
/// # Errors
/// [`Error::Invalid`] for images that the network is not for, a stage that it does not have, and a grid that is 0 or
/// finer than the stage's output.
///
/// ```
/// use manga_expressions::data::Images;
/// use manga_expressions::models::resnet50;
/// use manga_expressions::training::stage_features;
///
/// let mut network = resnet50((48, 48, 1), 7, 1);
/// let images = Images::new((2, 48, 48, 1), vec![0.5; 2 * 48 * 48])?;
/// let features = stage_features(&mut network, &images, "layer3", 3)?;
/// assert_eq!((features.rows(), features.columns()), (2, 3 * 3 * 1024));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn stage_features(network: &mut Network, images: &Images, stage: &str, grid: usize) -> Result<Features> {
    check_size(images, network)?;
    let Some(last) = network.stages().iter().position(|name| *name == stage) else {
        let (name, known) = (network.name(), network.stages().join(", "));
        return Err(Error::Invalid(format!("{name} has no stage {stage:?}; it has {known}")));
    };
    let name = format!("{} {stage}, {grid} x {grid}", network.name());
    let workers = Workers::new(None)?;
    let (indices, mut values) = ((0..images.len()).collect::<Vec<usize>>(), Vec::new());
    // A batch at a time, because an early stage puts out far more than the means.
    for batch in indices.chunks(BATCH) {
        let output = outputs(&workers, network, 0..last + 1, &images.select(batch), &mut |_| {})?;
        let (_, h, w, _) = output.shape();
        if grid == 0 || grid > h.min(w) {
            return Err(Error::Invalid(format!(
                "a grid of {grid} x {grid} fields does not fit what {stage} of {} puts out, {h} x {w}",
                network.name()
            )));
        }
        let pooled = ops::adaptive_avg_pool(ops::start(output.to_tensor(), false, false), grid)?;
        values.extend(pooled.as_vec());
    }
    Features::new(&name, images.len(), values)
}
