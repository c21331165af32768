//! What methods said of every photo, each photo judged by a model that never saw it.

use super::{CrossValidation, kept_predictions_in};
use crate::data::{Dataset, FoldSettings};
use crate::experiment::{Experiment, lessons_folder};
use crate::metrics::OutOfFold;
use crate::{Error, Result};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;

/// The out-of-fold predictions of one method.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The method.
    pub method: String,
    /// What it said.
    pub predictions: OutOfFold,
}

impl Experiment {
    /// Cross-validates this experiment in folders of its own under `runs/lessons` in the project, with a line a fit on
    /// standard output. The same experiment finds its fits there and does not repeat them.
    ///
    /// # Errors
    /// As [`CrossValidation::run`].
    pub fn judge(&self, name: &str, settings: &FoldSettings) -> Result<Judged> {
        let told = json!({ "folds": settings.folds, "seeds": settings.seeds });
        let folder = lessons_folder().join(format!("{}-folds", self.digest_with(&told)?));
        let all = CrossValidation::new(self.clone(), settings.clone(), &folder.to_string_lossy())?;
        let count = all.fits().len();
        let jobs = rayon::current_num_threads().min(count);
        let predictions = all.run(jobs, &|fit, done| println!("{done}/{count}  {}: {}", fit.name(), fit.accuracy))?;
        Ok(Judged { method: name.into(), predictions })
    }
}

impl Judged {
    /// The predictions that the project keeps in `results/predictions`, as far as they are of exactly these photos, sorted by
    /// method; none for drawn faces and for photos of your own.
    ///
    /// # Errors
    /// As [`OutOfFold::open`].
    pub fn kept(dataset: &Dataset) -> Result<Vec<Judged>> {
        Judged::kept_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("results/predictions").to_string_lossy(), dataset)
    }

    /// [`Judged::kept`] in another folder.
    ///
    /// # Errors
    /// As there.
    pub fn kept_in(folder: &str, dataset: &Dataset) -> Result<Vec<Judged>> {
        if !Path::new(folder).is_dir() {
            return Ok(Vec::new());
        }
        let mut kept = kept_predictions_in(folder)?;
        kept.retain(|one| is_of(&one.predictions, dataset));
        Ok(kept.into_iter().map(|one| Judged { method: one.method, predictions: one.predictions }).collect())
    }

    /// The one with the highest accuracy. It was found by looking at all of them, so that its accuracy flatters a little.
    ///
    /// # Errors
    /// [`Error::Invalid`] where there is none.
    pub fn best(all: &[Judged]) -> Result<Judged> {
        let right = |judged: &&Judged| {
            let rows = judged.predictions.rows();
            rows.iter().filter(|row| row.predicted == row.truth).count() as f64 / rows.len() as f64
        };
        let best = all.iter().rev().max_by(|a, b| right(a).total_cmp(&right(b)));
        best.cloned().ok_or_else(|| Error::Invalid("there are no predictions to choose from".into()))
    }
}

/// Whether the predictions are of these photos and classes.
fn is_of(predictions: &OutOfFold, dataset: &Dataset) -> bool {
    let classes = |names: &[String]| names.iter().cloned().collect::<BTreeSet<String>>();
    let theirs: BTreeSet<&str> = predictions.rows().iter().map(|row| row.image.as_str()).collect();
    let ours: BTreeSet<&str> = dataset.photos().iter().map(|photo| photo.name()).collect();
    theirs == ours && classes(predictions.classes()) == classes(dataset.classes())
}
