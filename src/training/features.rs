//! What the frozen stages of a network make of the images: the same in every epoch, so it is computed once.

use super::event::Event;
use super::predict::outputs;
use super::workers::Workers;
use crate::Result;
use crate::data::{Images, LabelledImages};
use crate::net::nn::Network;
use std::borrow::Cow;

/// Bytes of features that are kept in memory at most.
const LIMIT: usize = 2 << 30;

/// The images of a training as they are given to the network in each epoch.
#[derive(Debug)]
pub(super) struct Inputs<'a> {
    /// The first stage that they pass through.
    pub from: usize,
    /// Training images, or their features.
    pub train: Cow<'a, Images>,
    /// Validation images, or their features.
    pub validation: Option<Cow<'a, Images>>,
}

impl<'a> Inputs<'a> {
    /// The images as they are.
    pub fn images(train: &'a LabelledImages, validation: Option<&'a LabelledImages>) -> Self {
        let validation = validation.map(|images| Cow::Borrowed(&images.images));
        Inputs { from: 0, train: Cow::Borrowed(&train.images), validation }
    }

    /// What the frozen stages of `network` put out for the images, in inference mode; the images themselves where no
    /// stage is frozen or the features would need more than [`LIMIT`].
    pub fn features(
        workers: &Workers,
        network: &mut Network,
        train: &'a LabelledImages,
        validation: Option<&'a LabelledImages>,
        observer: &mut dyn FnMut(&Event),
    ) -> Result<Self> {
        let from = network.fixed_stages();
        let count = train.len() + validation.map_or(0, LabelledImages::len);
        let plain = Inputs::images(train, validation);
        if from == 0 {
            return Ok(plain);
        }
        let one = outputs(workers, network, 0..from, &plain.train.select(&[0]), &mut |_| {})?;
        if !fits(count, one.values().len()) {
            return Ok(plain);
        }
        let through = network.stages()[from - 1].to_string();
        let mut tell = |done| observer(&Event::Features { through: &through, done, images: count });
        tell(0);
        let mut pass = |images: &Images, before: usize| {
            outputs(workers, network, 0..from, images, &mut |done| tell(before + done))
        };
        let features = Cow::Owned(pass(&plain.train, 0)?);
        let validation = plain.validation.map(|images| pass(&images, train.len())).transpose()?;
        Ok(Inputs { from, train: features, validation: validation.map(Cow::Owned) })
    }
}

/// Whether the features of `count` images, of so many values each, are within the [`LIMIT`].
fn fits(count: usize, values: usize) -> bool {
    let bytes = values.checked_mul(count).and_then(|values| values.checked_mul(size_of::<f32>()));
    bytes.is_some_and(|bytes| bytes <= LIMIT)
}

#[cfg(test)]
mod tests {
    #[test]
    fn two_gibibytes_of_features_are_kept_and_no_more() {
        // VGG-16's last convolutions for 100 x 100 pixels, and ResNet-50's first stage for 160 x 160.
        assert!(super::fits(455, 3 * 3 * 512));
        assert!(!super::fits(2000, 40 * 40 * 256));
        assert!(super::fits(1 << 20, 512));
        assert!(!super::fits((1 << 20) + 1, 512));
        assert!(!super::fits(usize::MAX, 2));
    }
}
