//! safetensors: torchvision's and timm's names, or this program's own.

use super::from_torch;
use crate::net::nn::weights::{Tensors, read as tensors, to_torch, torch_shape};
use crate::net::weights::Weights;
use crate::net::weights::about::{About, KEY};
use crate::{Error, Result};
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
