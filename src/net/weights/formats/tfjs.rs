//! TensorFlow.js: `model.json` with the names and shapes, and files of raw numbers.

use super::{Found, FromKeras};
use crate::net::nn::weights::{Number, Tensor, to_f32};
use crate::net::weights::names::keras::{Array, Kind};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Model {
    #[serde(default)]
    model_topology: Value,
    weights_manifest: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    paths: Vec<String>,
    weights: Vec<Weight>,
}

#[derive(Deserialize)]
struct Weight {
    name: String,
    shape: Vec<usize>,
    dtype: String,
    quantization: Option<Value>,
}

/// The layers of a `model.json`; `shard` gives the content of a file beside it.
pub(super) fn read(json: &[u8], shard: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>) -> FromKeras {
    let model: Model = serde_json::from_slice(json)
        .map_err(|error| format!("is damaged or no model.json of TensorFlow.js: {error}"))?;
    let mut arrays = Vec::new();
    for group in &model.weights_manifest {
        let mut bytes = Vec::new();
        for path in &group.paths {
            bytes.extend(shard(path)?);
        }
        let mut rest = bytes.as_slice();
        for Weight { name, shape, dtype, quantization } in &group.weights {
            if dtype != "float32" || quantization.is_some() {
                return Err(format!("tensor {name} is of type {dtype}, or quantised; weights are float32"));
            }
            let count = shape.iter().try_fold(size_of::<f32>(), |product, side| product.checked_mul(*side));
            let (numbers, after) = count
                .and_then(|count| rest.split_at_checked(count))
                .ok_or(format!("ends before the tensor {name} does: a part is missing or cut off"))?;
            rest = after;
            let (layer, _) = name.rsplit_once('/').unwrap_or((name, ""));
            let kind =
                Kind::of(name).ok_or(format!("has a tensor {name}, which is none of a layer's of these networks"))?;
            let tensor = Tensor { shape: shape.clone(), values: to_f32(numbers, Number::F32) };
            arrays.push(Array { layer: layer.into(), kind, tensor });
        }
        if !rest.is_empty() {
            return Err(format!("has {} bytes more than its tensors take", rest.len()));
        }
    }
    Ok(Found { arrays, epsilon: epsilon(&model.model_topology)? })
}

/// The epsilon that all batch norms of a topology have.
fn epsilon(topology: &Value) -> Result<Option<f64>, String> {
    let config = topology.get("model_config").unwrap_or(topology);
    let layers = config.pointer("/config/layers").and_then(Value::as_array);
    let mut all = layers
        .into_iter()
        .flatten()
        .filter(|layer| layer["class_name"] == "BatchNormalization")
        .filter_map(|layer| layer["config"]["epsilon"].as_f64());
    let first = all.next();
    match all.find(|epsilon| Some(*epsilon) != first) {
        Some(other) => Err(format!("has batch norms of different epsilon: {first:?} and {other}")),
        None => Ok(first),
    }
}
