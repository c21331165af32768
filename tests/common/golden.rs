//! Reading the files of tests/golden, and comparing with what they keep of a tensor.

use super::{dot, norm, rule};
use serde_json::Value;

/// The JSON file `name` of tests/golden.
pub fn read(name: &str) -> Value {
    let path = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A list of numbers.
pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

/// A list of counts, such as a shape.
pub fn sizes(value: &Value) -> Vec<usize> {
    value.as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as usize).collect()
}

/// How far `got` is from the tensor that a file keeps, whole ("values") or as "norm" and "dot", relative to its
/// norm. Of a tensor that is not whole the dot product with a random direction tells as much: its error is about half
/// that of the tensor.
pub fn distance(got: &[f32], kept: &Value) -> f64 {
    if let Some(shape) = kept.get("shape") {
        assert_eq!(got.len(), sizes(shape).iter().product::<usize>(), "number of values");
    }
    let distance = match kept.get("values") {
        Some(values) => {
            let values = numbers(values);
            let error: f64 = got.iter().zip(&values).map(|(g, v)| (*g as f64 - v).powi(2)).sum();
            error.sqrt() / values.iter().map(|v| v * v).sum::<f64>().sqrt().max(f64::MIN_POSITIVE)
        }
        None => {
            let (wanted_norm, wanted_dot) = (kept["norm"].as_f64().unwrap(), kept["dot"].as_f64().unwrap());
            let direction = rule::fill("direction", got.len());
            let errors = [norm(got) - wanted_norm, dot(got, &direction) - wanted_dot];
            errors.map(f64::abs).into_iter().fold(0.0, f64::max) / wanted_norm.max(f64::MIN_POSITIVE)
        }
    };
    // A NaN anywhere is as far away as can be.
    if distance.is_nan() { f64::INFINITY } else { distance }
}
