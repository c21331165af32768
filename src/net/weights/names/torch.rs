//! Names in files of PyTorch's users.

use crate::net::nn::weights::Tensor;
use std::collections::BTreeMap;

/// What may stand before all names of a network that was saved within something else: a training's state, a copy on several
/// processors, a compiled model.
const WRAPPERS: [&str; 10] = [
    "state_dict.",
    "model_state_dict.",
    "model_state.",
    "model.",
    "module.",
    "net.",
    "network.",
    "backbone.",
    "_orig_mod.",
    "params.",
];

/// The same of a moving average of the weights, which some trainings save beside the model: taken where there is no other.
const AVERAGES: [&str; 6] =
    ["ema.", "model_ema.", "ema_state_dict.", "state_dict_ema.", "ema_model.", "averaged_model."];

/// The network in a file.
pub(crate) struct Chosen {
    /// Its tensors, under torchvision's names of today.
    pub tensors: BTreeMap<String, Tensor>,
    /// What stood before their names.
    pub wrapper: String,
    /// The names of the tensors that are not its: an optimizer's moments, an average of the weights.
    pub ignored: Vec<String>,
}

/// The group of tensors that is a network: the largest under one wrapper, a moving average after all others. A group counts
/// only if it has kernels (two axes or more); `is_known` says whether names are those of a network that is known here,
/// which comes before size.
pub(crate) fn choose(
    tensors: BTreeMap<String, Tensor>,
    is_known: impl Fn(&BTreeMap<String, Tensor>) -> bool,
) -> Chosen {
    let mut groups: BTreeMap<String, BTreeMap<String, Tensor>> = BTreeMap::new();
    for (name, tensor) in tensors {
        let wrapper = wrapper_of(&name);
        let inner = dense_layer(name[wrapper.len()..].to_string());
        groups.entry(wrapper.to_string()).or_default().insert(inner, tensor);
    }
    let rank = |wrapper: &str, group: &BTreeMap<String, Tensor>| {
        let average = AVERAGES.iter().any(|average| wrapper.contains(average));
        let kernels = group.values().filter(|tensor| tensor.shape.len() > 1).count();
        (is_known(group), !average, kernels, group.len())
    };
    let best = groups.iter().max_by_key(|(wrapper, group)| rank(wrapper, group)).map(|(wrapper, _)| wrapper.clone());
    let wrapper = best.unwrap_or_default();
    let tensors = groups.remove(&wrapper).unwrap_or_default();
    let names = groups.iter().flat_map(|(wrapper, group)| group.keys().map(move |name| format!("{wrapper}{name}")));
    Chosen { tensors, ignored: names.collect(), wrapper }
}

/// A name without the wrappers before it.
pub(crate) fn unwrapped(name: &str) -> &str {
    &name[wrapper_of(name).len()..]
}

/// All wrappers at the beginning of a name, one within the other.
fn wrapper_of(name: &str) -> &str {
    let mut length = 0;
    while let Some(wrapper) = WRAPPERS.iter().chain(&AVERAGES).find(|wrapper| name[length..].starts_with(**wrapper)) {
        length += wrapper.len();
    }
    &name[..length]
}

/// `…denselayer1.norm.1.weight` of the older files of DenseNet is `…denselayer1.norm1.weight`.
fn dense_layer(name: String) -> String {
    if !name.contains(".denselayer") {
        return name;
    }
    [("norm", 1), ("norm", 2), ("conv", 1), ("conv", 2)]
        .iter()
        .fold(name, |name, (kind, i)| name.replace(&format!(".{kind}.{i}."), &format!(".{kind}{i}.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensor(shape: &[usize]) -> Tensor {
        Tensor { shape: shape.to_vec(), values: vec![0.0; shape.iter().product()] }
    }

    fn chosen(names: &[&str]) -> (String, Vec<String>, usize) {
        let all = names.iter().map(|name| (name.to_string(), tensor(&[1, 1]))).collect();
        let Chosen { tensors, wrapper, ignored } = choose(all, |group| group.contains_key("conv1.weight"));
        (wrapper, tensors.into_keys().collect(), ignored.len())
    }

    #[test]
    fn the_model_is_taken_out_of_a_training() {
        let names = |inner: &[&str]| inner.iter().map(ToString::to_string).collect::<Vec<_>>();
        for (file, wrapper, inner, ignored) in [
            (vec!["conv1.weight", "fc.bias"], "", vec!["conv1.weight", "fc.bias"], 0),
            (vec!["state_dict.module.conv1.weight", "best"], "state_dict.module.", vec!["conv1.weight"], 1),
            (vec!["_orig_mod.conv1.weight"], "_orig_mod.", vec!["conv1.weight"], 0),
            (
                vec![
                    "model.conv1.weight",
                    "ema.conv1.weight",
                    "ema.extra",
                    "optimizer.state.0.exp_avg",
                    "optimizer.state.1.a",
                ],
                "model.",
                vec!["conv1.weight"],
                4,
            ),
            (vec!["model_ema.module.conv1.weight"], "model_ema.module.", vec!["conv1.weight"], 0),
        ] {
            assert_eq!(chosen(&file), (wrapper.to_string(), names(&inner), ignored), "{file:?}");
        }
    }
}
