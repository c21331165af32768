//! Scalings by name, for options.

use clap::ValueEnum;
use manga_expressions::data::Scaling;

/// How pixel values can be scaled.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub enum ScalingName {
    /// 0 to 1
    ZeroToOne,
    /// -1 to 1, as Keras's ResNet50V2
    MinusOneToOne,
    /// 0 to 1, then by ImageNet's mean and deviation of each colour
    Torchvision,
    /// 0 to 255, less ImageNet's mean of each colour; blue first
    Caffe,
}

impl From<ScalingName> for Scaling {
    fn from(name: ScalingName) -> Scaling {
        match name {
            ScalingName::ZeroToOne => Scaling::ZeroToOne,
            ScalingName::MinusOneToOne => Scaling::MinusOneToOne,
            ScalingName::Torchvision => Scaling::Torchvision,
            ScalingName::Caffe => Scaling::Caffe,
        }
    }
}
