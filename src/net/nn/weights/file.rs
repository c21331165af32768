//! Tensors in safetensors files.

use super::{Number, Tensor, to_f32, to_torch, torch_shape};
use crate::base::files;
use crate::net::ops::Parameter;
use crate::{Error, Result};
use safetensors::{Dtype, SafeTensors, View};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

/// How the name of a tensor ends that PyTorch counts batches with, and that nothing depends on.
pub(crate) const BATCH_COUNTER: &str = "num_batches_tracked";

/// The order of axes in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// As in memory: for checkpoints, which only this program reads.
    Memory,
    /// PyTorch's.
    Torch,
}

impl Order {
    pub fn shape(self, parameter: &Parameter) -> Vec<usize> {
        match self {
            Order::Memory => parameter.shape().to_vec(),
            Order::Torch => torch_shape(parameter.shape()),
        }
    }
}

/// One tensor to be written.
pub(crate) struct Written<'a> {
    /// Its name in the file.
    pub name: String,
    /// Its shape in the file.
    pub shape: Vec<usize>,
    /// Where its values are.
    pub values: Values<'a>,
}

/// Values that are turned into bytes only when their turn comes, so that a file needs no second copy of a network.
pub(crate) enum Values<'a> {
    /// Of a parameter, in that order.
    Of(&'a Parameter, Order),
    /// As they stand.
    Slice(&'a [f32]),
}

impl View for Written<'_> {
    fn dtype(&self) -> Dtype {
        Dtype::F32
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        let bytes = |values: &[f32]| {
            let mut bytes = Vec::with_capacity(size_of_val(values));
            values.iter().for_each(|value| bytes.extend_from_slice(&value.to_le_bytes()));
            bytes
        };
        Cow::Owned(match self.values {
            Values::Of(parameter, Order::Memory) => bytes(&parameter.values()),
            Values::Of(parameter, Order::Torch) => bytes(&to_torch(parameter.values(), parameter.shape())),
            Values::Slice(values) => bytes(values),
        })
    }

    fn data_len(&self) -> usize {
        self.shape.iter().product::<usize>() * size_of::<f32>()
    }
}

/// Writes `tensors`, with one more text under a key of its own.
pub(crate) fn write(path: &Path, tensors: Vec<Written>, key: &str, text: &str) -> Result<()> {
    let mut names = HashSet::new();
    if let Some(twice) = tensors.iter().find(|tensor| !names.insert(&tensor.name)) {
        return Err(Error::weights(path, format!("two tensors have the name {}", twice.name)));
    }
    let mut tensors = Some(tensors);
    files::replace(path, &mut |file| {
        let named = tensors.take().into_iter().flatten().map(|tensor| (tensor.name.clone(), tensor));
        let metadata = HashMap::from([(key.to_string(), text.to_string())]);
        safetensors::serialize_to_file(named, Some(metadata), file)
            .map_err(|error| Error::weights(path, format!("cannot be written: {error}")))
    })
}

/// What a safetensors file holds.
pub(crate) struct Tensors {
    /// Its tensors by name, without PyTorch's counters of batches.
    pub tensors: BTreeMap<String, Tensor>,
    /// Its texts by key.
    pub texts: HashMap<String, String>,
}

/// The tensors in the file of `bytes`.
///
/// # Errors
/// [`Error::Weights`] where the file is damaged, or holds something other than floating-point numbers.
pub(crate) fn read(path: &Path, bytes: &[u8]) -> Result<Tensors> {
    let damaged = |error| Error::weights(path, format!("is damaged or no safetensors file: {error}"));
    let file = SafeTensors::deserialize(bytes).map_err(damaged)?;
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
    let mut tensors = BTreeMap::new();
    for (name, tensor) in file.tensors() {
        if name.ends_with(BATCH_COUNTER) {
            continue;
        }
        let number = match tensor.dtype() {
            Dtype::F16 => Number::F16,
            Dtype::BF16 => Number::Bf16,
            Dtype::F32 => Number::F32,
            Dtype::F64 => Number::F64,
            other => {
                let what = format!("tensor {name} is of type {other:?}; weights are F32, or F64, F16 or BF16");
                return Err(Error::weights(path, what));
            }
        };
        tensors.insert(name, Tensor { shape: tensor.shape().to_vec(), values: to_f32(tensor.data(), number) });
    }
    Ok(Tensors { tensors, texts: metadata.metadata().clone().unwrap_or_default() })
}

/// The values of the `wanted` tensors (name and shape), in that order, of the file `path`, which must hold these and no
/// other.
pub(crate) fn take(
    path: &Path,
    mut tensors: BTreeMap<String, Tensor>,
    wanted: &[(String, Vec<usize>)],
) -> Result<Vec<Vec<f32>>> {
    let values = |(name, shape): &(String, Vec<usize>)| {
        let tensor = tensors.remove(name).ok_or_else(|| Error::weights(path, format!("has no tensor {name}")))?;
        if tensor.shape != *shape {
            let what = format!("tensor {name} has the shape {:?}, and this network wants {shape:?}", tensor.shape);
            return Err(Error::weights(path, what));
        }
        Ok(tensor.values)
    };
    let values = wanted.iter().map(values).collect::<Result<_>>()?;
    match tensors.keys().next() {
        Some(name) => Err(Error::weights(path, format!("has a tensor {name} that this network does not have"))),
        None => Ok(values),
    }
}
