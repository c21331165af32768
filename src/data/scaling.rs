//! What numbers a network sees where a pixel is black or white.

use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// A standard deviation up to this is rounding, not contrast.
const FLAT: f32 = 1e-6;

/// Mean of ImageNet's red, green and blue from 0 to 1, as torchvision's `Normalize` has it.
const IMAGENET_MEAN: [f32; 3] = [0.485, 0.456, 0.406];

/// Their standard deviations.
const IMAGENET_DEVIATION: [f32; 3] = [0.229, 0.224, 0.225];

/// Mean of ImageNet's blue, green and red from 0 to 255, as Caffe's networks and Keras's `mode="caffe"` have it.
const CAFFE_MEAN: [f32; 3] = [103.939, 116.779, 123.68];

/// What is done with a pixel value `v` from 0 to 255.
///
/// A network with pre-trained weights wants the scaling that it was trained with: with another it still runs, and is
/// quietly worse. [`Weights::scaling`](crate::net::weights::Weights::scaling) tells it.
///
/// ```
/// use manga_expressions::data::Scaling;
///
/// assert_eq!(Scaling::MinusOneToOne.apply(255.0, 0), 1.0);
/// assert_eq!(Scaling::Caffe.apply(103.939, 0), 0.0); // blue
/// assert_eq!(Scaling::Caffe.apply(123.68, 2), 0.0); // red
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scaling {
    /// `v / 255`: from 0 to 1, the report's "normalizing pixel values".
    #[default]
    ZeroToOne,
    /// `v / 127.5 - 1`: from -1 to 1, as Keras's `resnet_v2.preprocess_input`.
    MinusOneToOne,
    /// `(v / 255 - mean) / deviation` with ImageNet's mean and deviation of red, green and blue, as torchvision's
    /// weights want it, and Keras's DenseNet (`mode="torch"`).
    Torchvision,
    /// `v - mean` with ImageNet's mean of blue, green and red, in that order, as Keras's VGG and ResNet (not its V2)
    /// want it: `mode="caffe"`.
    Caffe,
    /// `(v / 255 - mean) / deviation` with numbers of one's own. See
    /// [`Preparation::standardised`](super::Preparation::standardised).
    Standard {
        /// Mean of the values `v / 255` of the training photos.
        mean: f32,
        /// Their standard deviation; above 0.
        deviation: f32,
    },
}

impl Scaling {
    /// The scaled value of `v`, which is from 0 to 255, in a channel of the network's input. Only [`Scaling::Torchvision`]
    /// and [`Scaling::Caffe`] treat channels differently; those after the third as the third.
    pub fn apply(&self, v: f32, channel: usize) -> f32 {
        let channel = channel.min(2);
        match self {
            Scaling::ZeroToOne => v / 255.0,
            Scaling::MinusOneToOne => v / 127.5 - 1.0,
            Scaling::Torchvision => (v / 255.0 - IMAGENET_MEAN[channel]) / IMAGENET_DEVIATION[channel],
            Scaling::Caffe => v - CAFFE_MEAN[channel],
            Scaling::Standard { mean, deviation } => (v / 255.0 - mean) / deviation,
        }
    }

    /// Whether the first channel of the input is blue and the last is red.
    pub fn is_bgr(&self) -> bool {
        *self == Scaling::Caffe
    }

    pub(super) fn check(&self) -> Result<()> {
        match self {
            Scaling::Standard { mean, deviation }
                if !(mean.is_finite() && deviation.is_finite() && *deviation > FLAT) =>
            {
                Err(Error::Invalid(format!(
                    "pixel values cannot be standardised with mean {mean} and deviation {deviation}: \
                     the deviation must be above 0 (photos of one even grey have none)"
                )))
            }
            _ => Ok(()),
        }
    }
}

/// As on the command line and in files: `torchvision`.
impl std::fmt::Display for Scaling {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Scaling::ZeroToOne => f.write_str("zero_to_one"),
            Scaling::MinusOneToOne => f.write_str("minus_one_to_one"),
            Scaling::Torchvision => f.write_str("torchvision"),
            Scaling::Caffe => f.write_str("caffe"),
            Scaling::Standard { mean, deviation } => write!(f, "standard with mean {mean} and deviation {deviation}"),
        }
    }
}
