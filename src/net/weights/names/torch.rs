//! Names in files of PyTorch's users.

use crate::net::nn::weights::Tensor;
use std::collections::BTreeMap;

/// What stands before all names where a network was saved within something else: a training's state, a copy on several
/// processors.
const WRAPPERS: [&str; 3] = ["state_dict.", "model.", "module."];

/// The same tensors under torchvision's names of today.
pub(crate) fn modern(tensors: BTreeMap<String, Tensor>) -> BTreeMap<String, Tensor> {
    let mut tensors = tensors;
    for wrapper in WRAPPERS {
        if !tensors.is_empty() && tensors.keys().all(|name| name.starts_with(wrapper)) {
            tensors = tensors.into_iter().map(|(name, tensor)| (name[wrapper.len()..].to_string(), tensor)).collect();
        }
    }
    tensors.into_iter().map(|(name, tensor)| (dense_layer(name), tensor)).collect()
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
