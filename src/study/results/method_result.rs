//! What a method said of every photo in cross-validation, with what it is and what it cost.

use super::MethodSummary;
use crate::base::progress::say;
use crate::data::{Dataset, FoldSettings};
use crate::metrics::OutOfFoldPredictions;
use crate::study::experiment::{Experiment, lessons_folder};
use crate::study::methods::CrossValidation;
use crate::{COMPUTE_VERSION, Error, Result};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The result of one method in cross-validation: its out-of-fold predictions, and what is known of it. As `manga
/// cross-validate … --keep FOLDER` keeps them.
#[derive(Clone, Debug)]
pub struct MethodResult {
    /// Name of the method: that of its recipe, and of its files.
    pub method: String,
    /// What it said of every photo: `METHOD.csv`.
    pub predictions: OutOfFoldPredictions,
    /// What it is and what it cost: `METHOD.json`; none where nobody wrote it down.
    pub summary: Option<MethodSummary>,
    /// [`COMPUTE_VERSION`] of the library that made it; none where nobody wrote it down.
    pub compute_version: Option<String>,
}

impl Experiment {
    /// Cross-validates this experiment in folders of its own under `runs/lessons` in the project, with a line a fit on
    /// standard output. The same experiment finds its fits there and does not repeat them.
    ///
    /// # Errors
    /// As [`CrossValidation::run`].
    pub fn judge(&self, name: &str, settings: &FoldSettings) -> Result<MethodResult> {
        let fingerprint = json!({ "folds": settings.folds, "seeds": settings.seeds });
        let folder = lessons_folder().join(format!("{}-folds", self.digest_with(&fingerprint)?));
        let all = CrossValidation::new(self.clone(), settings.clone(), &folder)?.learnt_only();
        let count = all.fits().len();
        let jobs = rayon::current_num_threads().min(count);
        let predictions =
            all.run(jobs, &|fit, done| say(&format!("{done}/{count}  {}: {}", fit.name(), fit.accuracy)))?;
        Ok(MethodResult { compute_version: Some(COMPUTE_VERSION.into()), ..MethodResult::of(name, predictions) })
    }
}

impl MethodResult {
    /// These predictions of a method, of which nothing else is known.
    pub fn of(method: &str, predictions: OutOfFoldPredictions) -> MethodResult {
        MethodResult { method: method.into(), predictions, summary: None, compute_version: None }
    }

    /// All predictions that `folder` keeps, by the name of the method.
    ///
    /// # Errors
    /// A folder that cannot be read; as [`OutOfFoldPredictions::open`] and [`MethodSummary::open`].
    pub fn all_in(folder: impl AsRef<Path>) -> Result<Vec<MethodResult>> {
        let folder = folder.as_ref();
        let entries = std::fs::read_dir(folder).map_err(Error::io("cannot read", folder))?;
        let paths = entries.map(|entry| entry.map(|entry| entry.path()).map_err(Error::io("cannot read", folder)));
        let mut files: Vec<PathBuf> = paths.collect::<Result<_>>()?;
        files.retain(|path| path.extension().is_some_and(|end| end == "csv"));
        files.sort();
        let kept = |file: PathBuf| {
            let about = file.with_extension("json");
            let summary = about.exists().then(|| MethodSummary::open(&about)).transpose()?;
            summary.as_ref().map_or(Ok(()), |summary| summary.check_file(&file))?;
            Ok(MethodResult {
                method: file.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
                predictions: OutOfFoldPredictions::open(&file)?,
                compute_version: summary.as_ref().map(|summary| summary.compute_version.clone()),
                summary,
            })
        };
        files.into_iter().map(kept).collect()
    }

    /// The predictions that the project keeps in `results/predictions`, as far as they are of exactly these photos,
    /// sorted by method; none for drawn faces and for photos of your own.
    ///
    /// # Errors
    /// As [`MethodResult::all_in`].
    pub fn kept(dataset: &Dataset) -> Result<Vec<MethodResult>> {
        MethodResult::kept_in(crate::project::results().join("predictions"), dataset)
    }

    /// [`MethodResult::kept`] in another folder.
    ///
    /// # Errors
    /// As there.
    pub fn kept_in(folder: impl AsRef<Path>, dataset: &Dataset) -> Result<Vec<MethodResult>> {
        let folder = folder.as_ref();
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let mut kept = MethodResult::all_in(folder)?;
        kept.retain(|one| is_of(&one.predictions, dataset));
        Ok(kept)
    }

    /// The one with the highest accuracy. It was found by looking at all of them, so that its accuracy flatters a
    /// little.
    ///
    /// # Errors
    /// [`Error::Invalid`] where there is none.
    pub fn best(all: &[MethodResult]) -> Result<MethodResult> {
        let right = |judged: &&MethodResult| {
            let rows = judged.predictions.rows();
            rows.iter().filter(|row| row.predicted == row.truth).count() as f64 / rows.len() as f64
        };
        let best = all.iter().rev().max_by(|a, b| right(a).total_cmp(&right(b)));
        best.cloned().ok_or_else(|| Error::Invalid("there are no predictions to choose from".into()))
    }
}

/// Whether the predictions are of these photos and classes.
fn is_of(predictions: &OutOfFoldPredictions, dataset: &Dataset) -> bool {
    let classes = |names: &[String]| names.iter().cloned().collect::<BTreeSet<String>>();
    let theirs: BTreeSet<&str> = predictions.rows().iter().map(|row| row.image.as_str()).collect();
    let ours: BTreeSet<&str> = dataset.photos().iter().map(|photo| photo.name()).collect();
    theirs == ours && classes(predictions.classes()) == classes(dataset.classes())
}
