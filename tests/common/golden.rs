//! Golden files as `tests/golden/ops.py` and `tests/golden/networks.py` write them.
#![allow(dead_code)] // Each test uses a part of it.

use super::rule;
use serde_json::Value;

/// A golden file of `tests/golden`.
pub fn load(file: &str) -> Value {
    let path = format!("{}/tests/golden/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// A list of numbers.
pub fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().expect("a list").iter().map(|v| v.as_f64().expect("a number")).collect()
}

/// The shape of a tensor of the file.
pub fn shape(tensor: &Value) -> Vec<usize> {
    numbers(&tensor["shape"]).iter().map(|&n| n as usize).collect()
}

/// An input or parameter: its values, or as the rule fills it under `name`.
pub fn input(name: &str, tensor: &Value) -> Vec<f32> {
    if tensor["values"].is_array() {
        return numbers(&tensor["values"]).iter().map(|&v| v as f32).collect();
    }
    let number = |key: &str| tensor[key].as_f64().unwrap_or_else(|| panic!("{name} has no {key}")) as f32;
    rule::filled(name, shape(tensor).iter().product(), number("scale"), number("shift"))
}

/// The norm of `x`, and its dot product with the direction that the rule fills.
pub fn norm_and_dot(x: &[f32]) -> (f64, f64) {
    let norm = x.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>().sqrt();
    let direction = rule::values("direction", x.len());
    (norm, x.iter().zip(direction).map(|(&v, d)| f64::from(v) * f64::from(d)).sum())
}

/// How far `ours` is from an output or gradient of the file, relative to the norm of theirs; where that is smaller
/// than `least`, relative to `least`. Infinite where the number of values differs or one is not finite.
pub fn distance(ours: &[f32], theirs: &Value, least: f64) -> f64 {
    let fits = theirs["shape"].is_null() || shape(theirs).iter().product::<usize>() == ours.len();
    if !fits || ours.iter().any(|v| !v.is_finite()) {
        return f64::INFINITY;
    }
    if theirs["values"].is_array() {
        let values = numbers(&theirs["values"]);
        let norm = values.iter().map(|v| v * v).sum::<f64>().sqrt();
        let difference = ours.iter().zip(&values).map(|(&a, b)| (f64::from(a) - b).powi(2)).sum::<f64>().sqrt();
        return difference / norm.max(least);
    }
    let number = |key: &str| theirs[key].as_f64().unwrap_or_else(|| panic!("a summary has no {key}: {theirs}"));
    let (norm, dot) = norm_and_dot(ours);
    (norm - number("norm")).abs().max((dot - number("dot")).abs()) / number("norm").max(least)
}

/// The batch of images of a golden network, `N, H, W, C`, with its shape.
pub fn images(input: &Value) -> ((usize, usize, usize, usize), Vec<f32>) {
    let &[n, h, w, c] = &shape(input)[..] else { panic!("images have four axes") };
    let number = |key: &str| input[key].as_f64().unwrap() as f32;
    let mut images = rule::values(input["name"].as_str().unwrap(), n * h * w * c);
    for (i, image) in images.chunks_exact_mut(h * w * c).enumerate() {
        let scale = number("scale") + i as f32 * number("step");
        image.iter_mut().for_each(|v| *v *= scale);
    }
    ((n, h, w, c), images)
}
