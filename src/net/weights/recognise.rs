//! Whose weights these are, by the names of the tensors.

use crate::data::Scaling;
use crate::net::nn::weights::Tensor;
use std::collections::BTreeMap;

/// What tells a network from all others: names that its file has, and names that it lacks.
struct Sign {
    network: &'static str,
    has: &'static [&'static str],
    lacks: &'static [&'static str],
}

/// Networks of this program and others of which there are many files, the first that fits counts.
const SIGNS: [Sign; 14] = [
    Sign {
        network: "timm's resnetv2_50, which is another network than Keras's ResNet50V2: it halves the image in the first \
                  block of a stage, not the last",
        has: &["stem.conv.weight", "stages.0.blocks.0.norm1.weight"],
        lacks: &[],
    },
    Sign { network: "resnet50v2", has: &["conv2_block1_preact_bn.weight", "post_bn.weight"], lacks: &[] },
    Sign { network: "dcnn", has: &["conv2d_1.weight", "out_layer.weight"], lacks: &[] },
    Sign { network: "a deeper ResNet than 50", has: &["layer1.0.conv3.weight", "layer3.6.conv1.weight"], lacks: &[] },
    Sign { network: "resnet50", has: &["layer1.0.conv3.weight", "layer3.5.conv1.weight", "conv1.bias"], lacks: &[] },
    Sign { network: "resnet50-v1.5", has: &["layer1.0.conv3.weight", "layer3.5.conv1.weight"], lacks: &["conv1.bias"] },
    Sign { network: "ResNet-18 or 34", has: &["layer1.0.conv2.weight", "layer4.0.conv1.weight"], lacks: &[] },
    Sign {
        network: "torchvision's GoogLeNet, which has batch norms; the report's is the paper's, without",
        has: &["inception3a.branch1.bn.weight"],
        lacks: &[],
    },
    Sign { network: "googlenet", has: &["inception3a.branch1.conv.weight"], lacks: &[] },
    Sign { network: "densenet201", has: &["features.denseblock4.denselayer32.conv2.weight"], lacks: &[] },
    Sign { network: "another DenseNet than 201", has: &["features.denseblock1.denselayer1.conv2.weight"], lacks: &[] },
    Sign { network: "VGG with batch norm", has: &["features.0.weight", "features.1.running_mean"], lacks: &[] },
    Sign { network: "VGG-19", has: &["features.0.weight", "features.34.weight"], lacks: &[] },
    Sign { network: "vgg16", has: &["features.0.weight", "features.28.weight"], lacks: &[] },
];

/// The network that these tensors are probably of, in words that can follow "this looks like".
pub(super) fn looks_like(tensors: &BTreeMap<String, Tensor>) -> Option<&'static str> {
    let there = |name: &&str| tensors.contains_key(*name);
    SIGNS.iter().find(|sign| sign.has.iter().all(there) && !sign.lacks.iter().any(there)).map(|sign| sign.network)
}

/// The scaling that weights expect whose file does not say it: torchvision's, as the names are torchvision's; of the
/// networks that torchvision does not have, Keras's or the report's.
pub(super) fn scaling(network: Option<&str>, tensors: &BTreeMap<String, Tensor>) -> Scaling {
    match network.or_else(|| looks_like(tensors)) {
        Some("resnet50v2") => Scaling::MinusOneToOne,
        Some("dcnn") => Scaling::ZeroToOne,
        _ => Scaling::Torchvision,
    }
}
