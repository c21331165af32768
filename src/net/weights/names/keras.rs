//! Keras's layers, and the parameters they are here.

use crate::data::Scaling;
use crate::net::nn::weights::{Tensor, to_torch, torch_shape};
use crate::net::weights::about::About;
use std::collections::BTreeMap;

/// Batch norm's epsilon in Keras's networks.
const EPSILON: f64 = 1.001e-5;

/// The same in its `ResNet50` until 2019.
const OLDER_EPSILON: f64 = 1e-3;

/// What a layer's array is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Of a convolution `KH, KW, C_in, C_out`, of a dense layer `in, out`.
    Kernel,
    Bias,
    Gamma,
    Beta,
    MovingMean,
    MovingVariance,
}

impl Kind {
    /// By the name of an array: `conv1_conv/kernel:0`; in files of Keras 1 `block1_conv1_W_1:0`, `bn_conv1_running_std:0`.
    pub fn of(name: &str) -> Option<Kind> {
        let last = name.rsplit('/').next()?.split(':').next()?;
        last.rsplit('_').find_map(|word| match word {
            "kernel" | "W" => Some(Kind::Kernel),
            "bias" | "b" => Some(Kind::Bias),
            "gamma" => Some(Kind::Gamma),
            "beta" => Some(Kind::Beta),
            "mean" => Some(Kind::MovingMean),
            "variance" | "std" => Some(Kind::MovingVariance),
            _ => None,
        })
    }

    fn suffix(self) -> &'static str {
        match self {
            Kind::Kernel | Kind::Gamma => "weight",
            Kind::Bias | Kind::Beta => "bias",
            Kind::MovingMean => "running_mean",
            Kind::MovingVariance => "running_var",
        }
    }
}

/// One array of a Keras layer.
pub(crate) struct Array {
    /// Name of the layer, as `conv2_block1_1_conv`.
    pub layer: String,
    pub kind: Kind,
    /// In Keras's order of axes.
    pub tensor: Tensor,
}

/// Keras's networks that are known here.
#[derive(Clone, Copy)]
enum Network {
    ResNet50,
    ResNet50V2,
    Vgg16,
    DenseNet201,
}

impl Network {
    /// By the layers that only this network has. Keras gave those of `ResNet50` other names until 2019.
    fn of(arrays: &[Array]) -> Option<Network> {
        let has = |name: &str| arrays.iter().any(|array| array.layer == name);
        if has("conv2_block1_preact_bn") && has("conv4_block6_1_conv") && !has("conv4_block7_1_conv") {
            Some(Network::ResNet50V2)
        } else if (has("conv4_block6_3_conv") && !has("conv4_block7_3_conv"))
            || (has("res4f_branch2c") && !has("res4g_branch2c"))
        {
            Some(Network::ResNet50)
        } else if has("conv5_block32_2_conv") && !has("conv4_block49_2_conv") {
            Some(Network::DenseNet201)
        } else if has("block1_conv1") && has("block5_conv3") && !has("block3_conv4") {
            Some(Network::Vgg16)
        } else {
            None
        }
    }

    fn name(self) -> &'static str {
        match self {
            Network::ResNet50 => "resnet50",
            Network::ResNet50V2 => "resnet50v2",
            Network::Vgg16 => "vgg16",
            Network::DenseNet201 => "densenet201",
        }
    }

    /// What its `preprocess_input` does.
    fn scaling(self) -> Scaling {
        match self {
            Network::ResNet50 | Network::Vgg16 => Scaling::Caffe,
            Network::ResNet50V2 => Scaling::MinusOneToOne,
            Network::DenseNet201 => Scaling::Torchvision,
        }
    }

    /// Batch norm's epsilon in the network here.
    fn epsilon(self) -> f64 {
        match self {
            Network::DenseNet201 => 1e-5,
            _ => EPSILON,
        }
    }

    /// What torchvision calls the layer; for a layer that is none of the network's, Keras's own name.
    fn module(self, layer: &str) -> String {
        let module = match self {
            Network::ResNet50 => resnet(layer),
            Network::ResNet50V2 => None,
            Network::Vgg16 => vgg(layer),
            Network::DenseNet201 => densenet(layer),
        };
        module.unwrap_or_else(|| layer.to_string())
    }
}

/// The tensors that a network of Keras has here, and what travels with them. `epsilon` is that of its batch norms.
///
/// The error says what is wrong with the file.
pub(crate) fn tensors(arrays: Vec<Array>, epsilon: Option<f64>) -> Result<(BTreeMap<String, Tensor>, About), String> {
    let network = Network::of(&arrays).ok_or(
        "is of none of the Keras networks that are known here: ResNet50, ResNet50V2, VGG16 and DenseNet201, under the \
         names that keras.applications gives their layers",
    )?;
    let is_older = arrays.iter().any(|array| array.layer == "bn_conv1");
    let theirs = epsilon.unwrap_or(if is_older { OLDER_EPSILON } else { EPSILON });
    let difference = theirs - network.epsilon();
    let mut tensors = BTreeMap::new();
    for Array { layer, kind, tensor } in arrays {
        let name = format!("{}.{}", network.module(&layer), kind.suffix());
        let Tensor { shape, mut values } = tensor;
        if kind == Kind::MovingVariance && difference != 0.0 {
            // Batch norm divides by the root of variance + epsilon, so the difference can be had in the variance.
            values.iter_mut().for_each(|value| *value = (*value as f64 + difference) as f32);
        }
        let tensor = Tensor { values: to_torch(values, &shape), shape: torch_shape(&shape) };
        if tensors.insert(name.clone(), tensor).is_some() {
            return Err(format!("has the tensor {name} twice (one of them in the layer {layer})"));
        }
    }
    let about = About { network: Some(network.name().into()), scaling: Some(network.scaling()), ..About::default() };
    Ok((tensors, about))
}

/// `conv2_block1_1_conv`, or `res2a_branch2a` in older files, is `layer1.0.conv1`.
fn resnet(layer: &str) -> Option<String> {
    match layer {
        "conv1_conv" | "conv1" => return Some("conv1".into()),
        "conv1_bn" | "bn_conv1" => return Some("bn1".into()),
        "predictions" | "probs" | "fc1000" => return Some("fc".into()),
        _ => {}
    }
    let (stage, block, convolution, kind) = resnet_parts(layer).or_else(|| older_resnet_parts(layer))?;
    let part = match (convolution, kind) {
        (0, "conv") => "downsample.0".into(),
        (0, _) => "downsample.1".into(),
        (i, kind) => format!("{kind}{i}"),
    };
    Some(format!("layer{}.{}.{part}", stage.checked_sub(1)?, block.checked_sub(1)?))
}

/// Stage, block, convolution in the block (0 in the shortcut) and kind, of `conv2_block1_1_conv`.
fn resnet_parts(layer: &str) -> Option<(usize, usize, usize, &str)> {
    let mut words = layer.split('_');
    let stage = words.next()?.strip_prefix("conv")?.parse().ok()?;
    let block = words.next()?.strip_prefix("block")?.parse().ok()?;
    let convolution = words.next()?.parse().ok()?;
    let kind = words.next().filter(|kind| ["conv", "bn"].contains(kind))?;
    Some((stage, block, convolution, kind))
}

/// The same of `res2a_branch2a` and `bn2a_branch2a`; `branch1` is the shortcut.
fn older_resnet_parts(layer: &str) -> Option<(usize, usize, usize, &'static str)> {
    let (place, branch) = layer.split_once("_branch")?;
    let (kind, place) = match (place.strip_prefix("res"), place.strip_prefix("bn")) {
        (Some(place), _) => ("conv", place),
        (_, Some(place)) => ("bn", place),
        _ => return None,
    };
    let letter = |text: &str| match text.as_bytes() {
        [letter @ b'a'..=b'z'] => Some((letter - b'a') as usize + 1),
        _ => None,
    };
    let stage = place.get(..1)?.parse().ok()?;
    let block = letter(place.get(1..)?)?;
    let convolution = if branch == "1" { 0 } else { letter(branch.strip_prefix('2')?)? };
    Some((stage, block, convolution, kind))
}

/// `block2_conv1` is `features.5`: torchvision counts activations and pools too.
fn vgg(layer: &str) -> Option<String> {
    const FIRST: [usize; 5] = [0, 5, 10, 17, 24];
    let (block, convolution) = layer.strip_prefix("block")?.split_once("_conv")?;
    let (block, convolution): (usize, usize) = (block.parse().ok()?, convolution.parse().ok()?);
    Some(format!("features.{}", FIRST.get(block.checked_sub(1)?)? + 2 * convolution.checked_sub(1)?))
}

/// `conv2_block1_1_conv` is `features.denseblock1.denselayer1.conv1`.
fn densenet(layer: &str) -> Option<String> {
    let module = match layer {
        "conv1_conv" | "conv1/conv" => "conv0".to_string(),
        "conv1_bn" | "conv1/bn" => "norm0".to_string(),
        "bn" => "norm5".to_string(),
        "predictions" | "fc1000" => return Some("classifier".into()),
        _ => match layer.strip_prefix("pool").and_then(|rest| rest.split_once('_')) {
            Some((transition, kind)) => {
                let kind = if kind == "bn" { "norm" } else { kind };
                format!("transition{}.{kind}", transition.parse::<usize>().ok()?.checked_sub(1)?)
            }
            None => {
                let (stage, block, convolution, kind) = resnet_parts(layer)?;
                // The batch norm before each convolution is counted from 0, the convolution from 1.
                let part = if kind == "bn" { format!("norm{}", convolution + 1) } else { format!("conv{convolution}") };
                format!("denseblock{}.denselayer{block}.{part}", stage.checked_sub(1)?)
            }
        },
    };
    Some(format!("features.{module}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::models::{by_name, default_input};
    use crate::net::weights::{Part, Weights};
    use std::collections::HashMap;

    /// The networks of keras.applications, written by tests/golden/keras_layers.py.
    const LAYERS: &str = include_str!("../../../../tests/golden/keras_layers.json");

    type Listed = HashMap<String, Vec<(String, String, Vec<usize>)>>;

    fn arrays(network: &str) -> Vec<Array> {
        let listed: Listed = serde_json::from_str(LAYERS).unwrap();
        let array = |(layer, name, shape): &(String, String, Vec<usize>)| Array {
            layer: layer.clone(),
            kind: Kind::of(name).unwrap(),
            tensor: Tensor { values: vec![0.5; shape.iter().product()], shape: shape.clone() },
        };
        listed[network].iter().map(array).collect()
    }

    /// Every array of Keras's is a parameter of the network's body, of its shape, and there is no other.
    #[test]
    fn networks_of_keras_fit_those_here() {
        for name in ["vgg16", "resnet50", "resnet50v2", "densenet201"] {
            let (tensors, about) = tensors(arrays(name), None).unwrap();
            assert_eq!(about.network.as_deref(), Some(name));
            let mut network = by_name(name, default_input(name).unwrap(), 7, 1).unwrap();
            Weights { path: "keras.h5".into(), about, tensors, beside: None, unfit: BTreeMap::new() }
                .load_into(&mut network, Part::Body)
                .unwrap();
        }
    }

    #[test]
    fn layers_have_their_places() {
        for (keras, torchvision) in [
            ("conv1_conv", "conv1"),
            ("conv2_block1_0_conv", "layer1.0.downsample.0"),
            ("conv2_block1_0_bn", "layer1.0.downsample.1"),
            ("conv4_block6_3_bn", "layer3.5.bn3"),
            ("bn_conv1", "bn1"),
            ("res3a_branch1", "layer2.0.downsample.0"),
            ("bn3a_branch1", "layer2.0.downsample.1"),
            ("res4f_branch2c", "layer3.5.conv3"),
            ("fc1000", "fc"),
        ] {
            assert_eq!(Network::ResNet50.module(keras), torchvision);
        }
        for (keras, torchvision) in [("block1_conv1", "features.0"), ("block5_conv3", "features.28")] {
            assert_eq!(Network::Vgg16.module(keras), torchvision);
        }
        for (keras, torchvision) in [
            ("conv1/conv", "features.conv0"),
            ("conv1_bn", "features.norm0"),
            ("conv2_block1_0_bn", "features.denseblock1.denselayer1.norm1"),
            ("conv2_block1_1_conv", "features.denseblock1.denselayer1.conv1"),
            ("conv5_block32_1_bn", "features.denseblock4.denselayer32.norm2"),
            ("conv5_block32_2_conv", "features.denseblock4.denselayer32.conv2"),
            ("pool2_bn", "features.transition1.norm"),
            ("pool4_conv", "features.transition3.conv"),
            ("bn", "features.norm5"),
        ] {
            assert_eq!(Network::DenseNet201.module(keras), torchvision);
        }
    }

    #[test]
    fn epsilon_goes_into_the_variance() {
        let mut network = arrays("resnet50");
        let variance = |array: &&mut Array| array.kind == Kind::MovingVariance;
        network.iter_mut().filter(variance).for_each(|array| array.tensor.values.fill(0.25));
        let (tensors, _) = tensors(network, Some(1e-3)).unwrap();
        // Both divide by the root of 0.251.
        assert_eq!(tensors["layer4.2.bn3.running_var"].values[0], (0.251f64 - 1.001e-5) as f32);
        assert_eq!(tensors["layer4.2.bn3.running_mean"].values[0], 0.5);
    }

    #[test]
    fn other_networks_are_told_from_these() {
        let mut deeper = arrays("resnet50");
        let more = Tensor { shape: vec![1], values: vec![0.0] };
        deeper.push(Array { layer: "conv4_block7_3_conv".into(), kind: Kind::Bias, tensor: more });
        assert!(tensors(deeper, None).unwrap_err().contains("none of the Keras networks"));
        let mut twice = arrays("vgg16");
        twice.extend(arrays("vgg16").pop());
        assert!(tensors(twice, None).unwrap_err().contains("has the tensor features.28.bias twice"));
    }
}
