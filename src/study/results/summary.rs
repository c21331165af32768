//! What belongs to a method's predictions.

use crate::base::compute_version;
use crate::base::files;
use crate::data::FoldSettings;
use crate::study::methods::{Cost, CrossValidation, about, name_of};
use crate::{COMPUTE_VERSION, ComputedBy, Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::Path;

/// What a cross-validation was of and what it cost: a small JSON beside its predictions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MethodSummary {
    /// Name of the method: that of its recipe.
    pub method: String,
    /// What it is, in a sentence.
    pub about: String,
    /// Processor seconds of all fits, and of what is computed once for all of them; without reading the photos.
    pub cpu_seconds: f64,
    /// Numbers that the model of one fold holds, pre-trained ones included.
    pub parameters: usize,
    /// Those among them that are learnt from the photos.
    pub trainable: usize,
    /// Number of folds.
    pub folds: usize,
    /// The seed of each repeat.
    pub seeds: Vec<u64>,
    /// The method's settings.
    pub settings: Value,
    /// The command that makes it.
    pub command: String,
    /// [`COMPUTE_VERSION`] of the library that made all fits; `1` where it had none.
    #[serde(default = "compute_version::before")]
    pub compute_version: String,
    /// By what the fits were put together; a fit may have been made on another machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub computed_by: Option<ComputedBy>,
    /// SHA-256 of the file of predictions; none where nobody wrote it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predictions_sha256: Option<String>,
}

impl MethodSummary {
    /// Reads a file that [`MethodSummary::save`] has written.
    ///
    /// # Errors
    /// A file that cannot be read, or is of something else.
    pub fn open(path: impl AsRef<Path>) -> Result<MethodSummary> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(Error::io("cannot read", path))?;
        serde_json::from_str(&text)
            .map_err(|error| Error::File(format!("{} tells of no method: {error}", path.display())))
    }

    /// With the digest of the file of predictions that it belongs to.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn of_file(self, predictions: impl AsRef<Path>) -> Result<MethodSummary> {
        Ok(MethodSummary { predictions_sha256: Some(files::sha256(predictions.as_ref())?), ..self })
    }

    /// An error where the file of predictions is not the one that it belongs to.
    pub(super) fn check_file(&self, predictions: &Path) -> Result<()> {
        match &self.predictions_sha256 {
            Some(kept) if files::sha256(predictions)? != *kept => Err(Error::File(format!(
                "{} is not the file that was written, by its digest in the JSON beside it: make it again by `{}`",
                predictions.display(),
                self.command
            ))),
            _ => Ok(()),
        }
    }

    /// Writes it. The file is replaced whole.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let text = serde_json::to_string_pretty(self).map_err(|error| Error::output(path.to_string_lossy(), error))?;
        files::replace_text(path, &format!("{text}\n"))
    }
}

impl CrossValidation {
    /// What is to be told of it beside its predictions; `cpu_seconds` are those of the fits. `recipe` is the method's,
    /// and the command is of the photos that it finds by itself.
    ///
    /// # Errors
    /// A network or features that cannot be built.
    pub fn summary(&self, recipe: &str, cpu_seconds: f64) -> Result<MethodSummary> {
        let FoldSettings { folds, seeds } = &self.settings;
        let Cost { cpu_seconds: once, parameters, trainable } = self.cost()?;
        let mut command = format!("manga cross-validate {recipe}");
        let usual = FoldSettings::default();
        if *folds != usual.folds {
            command.push_str(&format!(" --folds {folds}"));
        }
        if seeds.len() != usual.seeds.len() {
            command.push_str(&format!(" --repeats {}", seeds.len()));
        }
        if seeds[0] != usual.seeds[0] {
            command.push_str(&format!(" --seed {}", seeds[0]));
        }
        if self.by_page {
            command.push_str(" --group-by-page");
        }
        Ok(MethodSummary {
            method: name_of(recipe),
            about: about(recipe)?,
            cpu_seconds: once + cpu_seconds,
            parameters,
            trainable,
            folds: *folds,
            seeds: seeds.clone(),
            settings: self.method.settings()?,
            command,
            compute_version: COMPUTE_VERSION.into(),
            computed_by: Some(ComputedBy::this()),
            predictions_sha256: None,
        })
    }
}
