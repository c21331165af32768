//! safetensors: torchvision's and timm's names, or this program's own.

use super::{beside, from_torch};
use crate::net::nn::weights::{Tensors, read as tensors, to_torch, torch_shape};
use crate::net::weights::Weights;
use crate::net::weights::about::{About, KEY};
use crate::{Error, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Key of the network's name in files of version 0.1, whose tensors are in our own order of axes.
const EARLIER_KEY: &str = "network";

pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<Weights> {
    let Tensors { mut tensors, texts } = tensors(path, bytes)?;
    let about = match (texts.get(KEY), texts.get(EARLIER_KEY)) {
        (Some(json), _) => serde_json::from_str(json)
            .map_err(|error| Error::weights(path, format!("says things of its weights that make no sense: {error}")))?,
        (None, Some(network)) => {
            for tensor in tensors.values_mut() {
                tensor.values = to_torch(std::mem::take(&mut tensor.values), &tensor.shape);
                tensor.shape = torch_shape(&tensor.shape);
            }
            About { network: Some(network.clone()), ..About::default() }
        }
        (None, None) => About::default(),
    };
    Ok(from_torch(path, about, tensors))
}

/// The index of weights that are divided into several files, as Hugging Face has it.
#[derive(Deserialize)]
struct Index {
    /// The file of each tensor, in the folder of the index.
    weight_map: BTreeMap<String, String>,
}

/// Whether this is such an index.
pub(super) fn is_index(bytes: &[u8]) -> bool {
    serde_json::from_slice::<Index>(bytes).is_ok()
}

/// The tensors of all files that an index names.
pub(super) fn read_shards(path: &Path, bytes: &[u8]) -> Result<Weights> {
    let index: Index = serde_json::from_slice(bytes)
        .map_err(|error| Error::weights(path, format!("is no index of safetensors files: {error}")))?;
    let files: BTreeSet<&String> = index.weight_map.values().collect();
    let mut all = BTreeMap::new();
    for file in files {
        let bytes = beside(path, file).map_err(|what| Error::weights(path, what))?;
        all.extend(tensors(&path.with_file_name(file), &bytes)?.tensors);
    }
    if let Some(missing) = index.weight_map.keys().find(|name| !all.contains_key(*name)) {
        let file = &index.weight_map[missing];
        return Err(Error::weights(path, format!("says that {file} has the tensor {missing}, and it has not")));
    }
    Ok(from_torch(path, About::default(), all))
}
