//! Parameters in files, in the safetensors format.

use super::Network;
use crate::ops::Parameter;
use crate::{Error, Result, files};
use safetensors::{Dtype, SafeTensors, View};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// Key of the network's name in a file's metadata.
const NETWORK: &str = "network";

impl Network {
    /// Writes all parameters, under their names and with their shapes, to a safetensors file, which PyTorch and Keras
    /// programs can read too.
    ///
    /// # Errors
    /// [`Error::Io`] or [`Error::Weights`] where the file cannot be written; a file of that name is then as it was.
    pub fn save_weights(&self, path: &str) -> Result<()> {
        write(path.as_ref(), parameter_tensors(self, ""), self.name())
    }

    /// Takes all parameters from a file that [`Network::save_weights`] wrote.
    ///
    /// # Errors
    /// [`Error::Weights`] naming the tensor where one is missing, has another shape or is not of this network, or where
    /// the file is damaged. The network is then as it was.
    pub fn load_weights(&mut self, path: &str) -> Result<()> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(Error::io("cannot read", path))?;
        let values = read(path, &bytes, &parameter_shapes(self, ""))?;
        set_parameters(self, &values);
        Ok(())
    }
}

/// One tensor to be written.
pub(crate) struct Tensor<'a> {
    /// Its name in the file.
    pub name: String,
    /// Its shape.
    pub shape: &'a [usize],
    /// Where its values are.
    pub values: Values<'a>,
}

/// Values that are turned into bytes only when their turn comes, so that a file needs no second copy of a network.
pub(crate) enum Values<'a> {
    /// Of a parameter.
    Of(&'a Parameter),
    /// As they stand.
    Slice(&'a [f32]),
}

impl View for Tensor<'_> {
    fn dtype(&self) -> Dtype {
        Dtype::F32
    }

    fn shape(&self) -> &[usize] {
        self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        let bytes = |values: &[f32]| {
            let mut bytes = Vec::with_capacity(size_of_val(values));
            values.iter().for_each(|value| bytes.extend_from_slice(&value.to_le_bytes()));
            bytes
        };
        Cow::Owned(match self.values {
            Values::Of(parameter) => bytes(&parameter.values()),
            Values::Slice(values) => bytes(values),
        })
    }

    fn data_len(&self) -> usize {
        self.shape.iter().product::<usize>() * size_of::<f32>()
    }
}

/// All parameters, each under `prefix` and its name.
pub(crate) fn parameter_tensors<'a>(network: &'a Network, prefix: &str) -> Vec<Tensor<'a>> {
    let tensor =
        |p: &'a Parameter| Tensor { name: format!("{prefix}{}", p.name), shape: p.shape(), values: Values::Of(p) };
    network.parameters().into_iter().map(tensor).collect()
}

/// Names and shapes of [`parameter_tensors`].
pub(crate) fn parameter_shapes(network: &Network, prefix: &str) -> Vec<(String, Vec<usize>)> {
    parameter_tensors(network, prefix).into_iter().map(|t| (t.name, t.shape.to_vec())).collect()
}

/// A copy of the values of all parameters, in their order.
pub(crate) fn parameter_values(network: &Network) -> Vec<Vec<f32>> {
    network.parameters().into_iter().map(Parameter::values).collect()
}

/// Puts back what [`parameter_values`] or [`read`] gave.
pub(crate) fn set_parameters(network: &mut Network, values: &[Vec<f32>]) {
    for (parameter, values) in network.parameters_mut().into_iter().zip(values) {
        parameter.set_values(values);
    }
}

/// Writes `tensors`, of the network of that name.
pub(crate) fn write(path: &Path, tensors: Vec<Tensor>, network: &str) -> Result<()> {
    let mut names = HashSet::new();
    if let Some(twice) = tensors.iter().find(|tensor| !names.insert(&tensor.name)) {
        return Err(Error::weights(path, format!("two tensors have the name {}", twice.name)));
    }
    let mut tensors = Some(tensors);
    files::replace(path, &mut |file| {
        let named = tensors.take().into_iter().flatten().map(|tensor| (tensor.name.clone(), tensor));
        let metadata = HashMap::from([(NETWORK.to_string(), network.to_string())]);
        safetensors::serialize_to_file(named, Some(metadata), file)
            .map_err(|error| Error::weights(path, format!("cannot be written: {error}")))
    })
}

/// The values of the `wanted` tensors (name and shape) in the file of `bytes`, in that order. The file must hold these
/// tensors and no other.
pub(crate) fn read(path: &Path, bytes: &[u8], wanted: &[(String, Vec<usize>)]) -> Result<Vec<Vec<f32>>> {
    let file = SafeTensors::deserialize(bytes).map_err(|error| damaged(path, error))?;
    let of = || {
        let (_, metadata) = SafeTensors::read_metadata(bytes).ok()?;
        Some(format!(" (the file is of {})", metadata.metadata().as_ref()?.get(NETWORK)?))
    };
    let not_ours = |what: String| Error::weights(path, what + &of().unwrap_or_default());
    let expected: HashSet<&str> = wanted.iter().map(|(name, _)| name.as_str()).collect();
    if let Some(name) = file.names().into_iter().filter(|name| !expected.contains(name)).min() {
        return Err(not_ours(format!("has a tensor {name} that this network does not have")));
    }
    let values = |(name, shape): &(String, Vec<usize>)| {
        let tensor = file.tensor(name).map_err(|_| not_ours(format!("has no tensor {name}")))?;
        if tensor.shape() != shape {
            let what = format!("tensor {name} has the shape {:?}, and this network wants {shape:?}", tensor.shape());
            return Err(not_ours(what));
        }
        if tensor.dtype() != Dtype::F32 {
            return Err(Error::weights(path, format!("tensor {name} is of type {:?}, not F32", tensor.dtype())));
        }
        let numbers = tensor.data().chunks_exact(size_of::<f32>());
        Ok(numbers.map(|bytes| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])).collect())
    };
    wanted.iter().map(values).collect()
}

fn damaged(path: &Path, error: safetensors::SafeTensorError) -> Error {
    Error::weights(path, format!("is damaged or no safetensors file: {error}"))
}
