//! Copies of a photo at test time, of which the network is asked and the answers averaged.

use crate::data::{Images, Photo, Preparation, Transform};
use crate::net::nn::Network;
use crate::training::{logits, softmax};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// Which copies of each photo a trained network is asked about, beside the photo itself; none by default.
///
/// What is averaged is the probabilities, as A. Krizhevsky et al. (2012, section 4.1) do with ten patches of a photo: none
/// of the copies can weigh more than another, while a mean of logits would follow the one that shouts. The logits that
/// come of it are the logarithms of these means, whose softmax they are.
///
/// ```
/// use manga_expressions::study::experiment::{Experiment, TestTimeAugmentation};
///
/// let mut experiment = Experiment::new("resnet50", 1);
/// experiment.test_time = TestTimeAugmentation { flip: true, sizes: vec![128] };
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TestTimeAugmentation {
    /// Whether also the mirrored copy is looked at.
    pub flip: bool,
    /// Further sizes to which the photo is resized, beside that of its preparation. The network must take any size
    /// ([`Network::resize`]).
    pub sizes: Vec<usize>,
}

impl TestTimeAugmentation {
    /// Whether there are no copies.
    pub fn is_none(&self) -> bool {
        *self == TestTimeAugmentation::default()
    }

    /// Photos prepared at each further size.
    ///
    /// # Errors
    /// A size that a photo cannot be prepared at.
    pub fn sized(&self, preparation: &Preparation, photos: &[Photo]) -> Result<Vec<Images>> {
        self.sizes.iter().map(|&size| Preparation { size, ..preparation.clone() }.images(photos)).collect()
    }

    /// The logits of `images`, of the network's size, and of `sized`, the same photos at other sizes: without copies those
    /// of the network, else the logarithm of the mean probability. The network's size is afterwards what it was.
    ///
    /// # Errors
    /// As [`logits`]; a size that the network cannot be given; not as many images of each size.
    pub fn logits(&self, network: &mut Network, images: &Images, sized: &[Images]) -> Result<Vec<Vec<f32>>> {
        if let Some(other) = sized.iter().find(|other| other.len() != images.len()) {
            let what = format!("{images:?} and {other:?} are not the same photos: prepare all at each size");
            return Err(Error::Invalid(what));
        }
        let (h, w, _) = network.input();
        let mut rows = self.at_one_size(network, images)?;
        for images in sized {
            let (_, height, width, _) = images.shape();
            network.resize((height, width))?;
            let done = self.at_one_size(network, images);
            network.resize((h, w))?;
            rows.extend(done?);
        }
        match rows.as_mut_slice() {
            [only] => Ok(std::mem::take(only)),
            _ => Ok(log_mean(&rows.iter().map(|rows| softmax(rows)).collect::<Vec<_>>())),
        }
    }

    /// The logits of the images, and of their mirrored copies.
    fn at_one_size(&self, network: &mut Network, images: &Images) -> Result<Vec<Vec<Vec<f32>>>> {
        let mut rows = vec![logits(network, images)?];
        if self.flip {
            let mirrored = Transform { flipped: true, ..Transform::default() }.apply(images)?;
            rows.push(logits(network, &mirrored)?);
        }
        Ok(rows)
    }
}

/// The logarithm of the mean over `copies` of each image's probabilities.
fn log_mean(copies: &[Vec<Vec<f32>>]) -> Vec<Vec<f32>> {
    let Some((first, others)) = copies.split_first() else { return Vec::new() };
    let mean = |image: usize, class: usize| {
        let sum = others.iter().fold(f64::from(first[image][class]), |sum, copy| sum + f64::from(copy[image][class]));
        // Of a class that no copy gives any chance the logarithm would be no number.
        ((sum / copies.len() as f64) as f32).max(f32::MIN_POSITIVE).ln()
    };
    (0..first.len()).map(|image| (0..first[image].len()).map(|class| mean(image, class)).collect()).collect()
}
