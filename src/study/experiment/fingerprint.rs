//! Which images a training had: by this a run knows whether they are the same again.

use crate::data::LabelledImages;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A digest of the pixels and labels of `parts`, in their order.
pub(crate) fn of_images(parts: &[&LabelledImages]) -> Value {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        part.labels.iter().for_each(|&label| digest.update((label as u64).to_le_bytes()));
        part.images.values().iter().for_each(|value| digest.update(value.to_le_bytes()));
    }
    json!({ "sha256": format!("{:x}", digest.finalize()) })
}
