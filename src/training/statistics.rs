//! The running statistics of batch norms, measured again.

use super::checks::check_size;
use super::predict::BATCH;
use super::workers::Workers;
use crate::data::Images;
use crate::net::nn::{Mode, Network, Pass};
use crate::{Error, Result};

/// Replaces the running mean and variance of the batch norms by what they are on `images`: the mean over batches of 32,
/// with the weights as they are. Nothing is learnt, and frozen stages keep theirs. ("Precise batch norm": Y. Wu and
/// J. Johnson 2021, section 3.)
///
/// Where a network is good on these images while it trains and bad in inference, and is good in both after this, its
/// weights were never at fault: only its running statistics had not caught up.
///
/// # Errors
/// [`Error::Invalid`] for no images, and images that the network is not for.
///
/// ```
/// use manga_expressions::data::Images;
/// use manga_expressions::net::models::resnet50v2;
/// use manga_expressions::training::measure_statistics;
///
/// let mut network = resnet50v2((32, 32, 1), 7, 1);
/// let images = Images::new((4, 32, 32, 1), (0..4 * 32 * 32).map(|i| (i % 37) as f32 / 37.0).collect())?;
/// measure_statistics(&mut network, &images)?;
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn measure_statistics(network: &mut Network, images: &Images) -> Result<()> {
    check_size(images, network)?;
    if images.is_empty() {
        return Err(Error::Invalid("statistics of no image cannot be measured".into()));
    }
    let workers = Workers::new(None)?;
    let stages = 0..network.stages().len();
    let indices: Vec<usize> = (0..images.len()).collect();
    // A last batch of one or two images would count as much as the others.
    let whole = indices.chunks(BATCH).filter(|batch| batch.len() == BATCH.min(images.len()));
    for (done, batch) in whole.enumerate() {
        let x = images.select(batch).to_tensor();
        workers.run(|| {
            let mut pass = Pass {
                // So the running value is the mean of all batches so far.
                batch_norm_momentum: Some(done as f32 / (done + 1) as f32),
                dropout: false,
                auxiliary_heads: false,
                ..Pass::new(Mode::Training, 0)
            };
            network.forward_stages(stages.clone(), x, &mut pass).map(|_| ())
        })?;
    }
    Ok(())
}
