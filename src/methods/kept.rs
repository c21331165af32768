//! Out-of-fold predictions that are kept in a folder.

use super::MethodSummary;
use crate::metrics::OutOfFold;
use crate::{Error, Result};
use std::path::PathBuf;

/// The predictions of one method in cross-validation, as `manga cross-validate … --keep FOLDER` keeps them.
#[derive(Clone, Debug)]
pub struct KeptPredictions {
    /// Name of the method: that of its recipe, and of its files.
    pub method: String,
    /// What it said of every photo: `METHOD.csv`.
    pub predictions: OutOfFold,
    /// What it is and what it cost: `METHOD.json`; none where there is no such file.
    pub summary: Option<MethodSummary>,
}

/// All predictions that `folder` keeps, by the name of the method.
///
/// # Errors
/// A folder that cannot be read; as [`OutOfFold::open`] and [`MethodSummary::open`].
pub fn kept_predictions_in(folder: &str) -> Result<Vec<KeptPredictions>> {
    let entries = std::fs::read_dir(folder).map_err(Error::io("cannot read", folder))?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()).map_err(Error::io("cannot read", folder)));
    let mut files: Vec<PathBuf> = paths.collect::<Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|end| end == "csv"));
    files.sort();
    let kept = |file: PathBuf| {
        let about = file.with_extension("json");
        Ok(KeptPredictions {
            method: file.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            predictions: OutOfFold::open(&file.to_string_lossy())?,
            summary: about.exists().then(|| MethodSummary::open(&about.to_string_lossy())).transpose()?,
        })
    };
    files.into_iter().map(kept).collect()
}
