//! The settings of a run, as its folder keeps them.

use super::run_data::RunData;
use super::settings::Settings;
use crate::base::compute_version;
use crate::data::LabelledImages;
use crate::net::nn::Network;
use crate::{COMPUTE_VERSION, Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// All that decides a run's result: two runs with equal settings are the same run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunSettings {
    /// [`COMPUTE_VERSION`] of the library that made the run; the crate's, 0.1.0, before there were compute versions.
    pub version: String,
    /// What was trained, as the name of a recipe, where the caller says it. No result depends on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The network's name, as on the command line.
    pub network: String,
    /// Size of its images, `(H, W, C)`.
    pub input: (usize, usize, usize),
    /// The names of the classes.
    pub classes: Vec<String>,
    /// The training's settings.
    pub training: Settings,
    /// How the images were chosen and prepared, as given by the caller.
    pub data: RunData,
    /// The images themselves.
    pub images: ImageDigest,
}

/// Identifies the images of a training by their content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageDigest {
    /// Number of training images.
    pub train: usize,
    /// Number of validation images.
    pub validation: usize,
    /// SHA-256 of all pixel values and labels, in hexadecimal digits.
    pub sha256: String,
}

impl RunSettings {
    /// The settings of a training of `network` on these images.
    pub(super) fn new(
        network: &Network,
        train: &LabelledImages,
        validation: Option<&LabelledImages>,
        training: &Settings,
        data: &RunData,
    ) -> Self {
        RunSettings {
            version: COMPUTE_VERSION.to_string(),
            name: None,
            network: network.name().to_string(),
            input: network.input(),
            classes: train.classes.clone(),
            training: training.clone(),
            data: data.clone(),
            images: ImageDigest::new(train, validation),
        }
    }

    /// The compute version that made the run.
    pub fn compute_version(&self) -> &str {
        compute_version::shown(&self.version)
    }

    /// The same, where it is another than this library's.
    pub(super) fn other_version(&self) -> Option<&str> {
        Some(self.compute_version()).filter(|version| *version != COMPUTE_VERSION)
    }

    /// The same without where the photos lay: the images' digest tells whether they are the same.
    pub(super) fn without_source(mut self) -> Self {
        self.data = self.data.without_source();
        self
    }

    /// Every setting in which `other` is not as this, as sentences. The number of threads is none: no result depends on
    /// it.
    pub(super) fn differences(&self, other: &RunSettings) -> Result<Vec<String>> {
        let value = |settings: &RunSettings| -> Result<Value> {
            let mut settings = settings.clone();
            (settings.training.threads, settings.name) = (None, None);
            // As text and back, so that both sides went through the same rounding.
            let text = serde_json::to_string(&settings).map_err(|error| Error::output("settings of a run", error))?;
            serde_json::from_str(&text).map_err(|error| Error::output("settings of a run", error))
        };
        let mut differences = Vec::new();
        self::differences("", &value(self)?, &value(other)?, &mut differences);
        Ok(differences)
    }
}

impl ImageDigest {
    fn new(train: &LabelledImages, validation: Option<&LabelledImages>) -> Self {
        let mut digest = Sha256::new();
        for images in [Some(train), validation].into_iter().flatten() {
            images.labels.iter().for_each(|label| digest.update((*label as u64).to_le_bytes()));
            images.images.values().iter().for_each(|value| digest.update(value.to_le_bytes()));
        }
        let validation = validation.map_or(0, LabelledImages::len);
        ImageDigest { train: train.len(), validation, sha256: format!("{:x}", digest.finalize()) }
    }
}

/// Adds every setting under `name` in which `now` is not as it `ran`, as a sentence.
pub(crate) fn differences(name: &str, ran: &Value, now: &Value, found: &mut Vec<String>) {
    if let (Value::Object(a), Value::Object(b)) = (ran, now) {
        let mut keys: Vec<&String> = a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))).collect();
        keys.sort();
        for key in keys {
            let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
            differences(&name, a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null), found);
        }
    } else if ran != now {
        found.push(format!("{name} was {ran} and is {now} now"));
    }
}
