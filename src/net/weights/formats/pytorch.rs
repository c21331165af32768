//! What `torch.save` writes, in any of its containers.

use super::from_torch;
use crate::net::nn::weights::{BATCH_COUNTER, Number, Tensor, to_f32};
use crate::net::weights::Weights;
use crate::net::weights::about::About;
use crate::{Error, Result};
use pytorch_reader::{DType, PytorchReader};
use std::collections::BTreeMap;
use std::path::Path;

pub(super) fn read(path: &Path) -> Result<Weights> {
    let damaged = |error: &dyn std::fmt::Display| {
        Error::weights(path, format!("is damaged or nothing that torch.save wrote: {error}"))
    };
    let file = PytorchReader::new(path).map_err(|error| damaged(&error))?;
    let mut tensors = BTreeMap::new();
    for (name, tensor) in file.into_tensors() {
        if name.ends_with(BATCH_COUNTER) {
            continue;
        }
        let number = match tensor.dtype() {
            DType::F16 => Number::F16,
            DType::BF16 => Number::Bf16,
            DType::F32 => Number::F32,
            DType::F64 => Number::F64,
            other => {
                let what = format!("tensor {name} is of type {other:?}; weights are F32, or F64, F16 or BF16");
                return Err(Error::weights(path, what));
            }
        };
        let bytes = tensor.read().map_err(|error| damaged(&error))?;
        tensors.insert(name, Tensor { shape: tensor.shape().to_vec(), values: to_f32(&bytes, number) });
    }
    Ok(from_torch(path, About::default(), tensors))
}
