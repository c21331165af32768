//! One fit, and the file that keeps it.

use crate::base::files;
use crate::data::{Dataset, Fold};
use crate::metrics::{Accuracy, ConfusionMatrix, OutOfFoldRow};
use crate::study::answers::{Answer, Answers};
use crate::study::method::{FoldTask, Reuse};
use crate::training::differences;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::Path;

/// One fit that is done.
#[derive(Clone, Debug)]
pub struct Fit {
    /// The repeat, from 0.
    pub repeat: usize,
    /// The fold that was its test.
    pub fold: Fold,
    /// How it did there.
    pub accuracy: Accuracy,
    /// Processor seconds of the fit itself, without what is computed once for all of them.
    pub cpu_seconds: f64,
    /// What it chose for itself, as `k = 13`; nothing where there was nothing to choose.
    pub chosen: String,
    pub(super) rows: Vec<OutOfFoldRow>,
}

/// The file in a fit's folder that holds it. It is there only once the fit is done.
const FILE: &str = "fit.json";

/// Key of the compute version within a fingerprint; fits made before there were compute versions have the crate's.
const VERSION: &str = "version";

#[derive(Serialize, Deserialize)]
struct Kept {
    /// All that decides the result.
    #[serde(alias = "told")]
    fingerprint: Value,
    cpu_seconds: f64,
    chosen: String,
    rows: Vec<KeptRow>,
}

#[derive(Serialize, Deserialize)]
struct KeptRow {
    image: String,
    predicted: usize,
    /// Of 32 bits: written with all their digits, they are the same when they are read.
    probabilities: Vec<f32>,
}

impl Fit {
    /// Its name for people, who count from 1.
    pub fn name(&self) -> String {
        format!("repeat {}, fold {}", self.repeat + 1, self.fold.fold + 1)
    }

    /// From the `answers` for the test photos of `task`.
    ///
    /// # Errors
    /// Not an answer for each photo, or one that is none of the classes.
    pub(super) fn new(task: &FoldTask, dataset: &Dataset, answers: Answers, cpu_seconds: f64) -> Result<Fit> {
        let FoldTask { repeat, fold, train, test, .. } = task;
        let (repeat, fold, classes) = (*repeat, *fold, dataset.classes().len());
        let fits = |answer: &Answer| answer.predicted < classes && answer.probabilities.len() == classes;
        if answers.rows.len() != test.len() || !answers.rows.iter().all(fits) {
            let (rows, photos) = (answers.rows.len(), test.len());
            return Err(Error::Invalid(format!(
                "the method gave {rows} answers for {photos} photos of {classes} classes: give one for each photo, with a \
                 class from 0 and a probability for each class"
            )));
        }
        let photos = test.iter().zip(&answers.rows);
        let row = |(&photo, answer): (&usize, &Answer)| OutOfFoldRow {
            image: dataset.photos()[photo].name().to_string(),
            repeat,
            fold: fold.fold,
            truth: dataset.labels()[photo],
            predicted: answer.predicted,
            probabilities: answer.probabilities.iter().map(|&p| f64::from(p)).collect(),
        };
        let rows: Vec<OutOfFoldRow> = photos.map(row).collect();
        let known: Vec<usize> = train.iter().map(|&photo| dataset.labels()[photo]).collect();
        let accuracy = accuracy(&rows, dataset.classes(), &known)?;
        Ok(Fit { repeat, fold, accuracy, cpu_seconds, chosen: answers.chosen, rows })
    }

    /// The fit that `folder` keeps, if there is one of this compute version. `reuse` says what is done with one of other
    /// settings.
    pub(super) fn find(task: &FoldTask, fingerprint: &Value, dataset: &Dataset, reuse: Reuse) -> Result<Option<Fit>> {
        let folder = task.folder.as_path();
        let path = folder.join(FILE);
        if reuse == Reuse::Never || !path.exists() {
            return Ok(None);
        }
        let text = std::fs::read_to_string(&path).map_err(Error::io("cannot read", &path))?;
        let damaged = |why: &dyn std::fmt::Display| {
            Error::File(format!("{} is damaged ({why}): remove it, and the fit is done again", path.display()))
        };
        let kept: Kept = serde_json::from_str(&text).map_err(|error| damaged(&error))?;
        if kept.fingerprint.get(VERSION) != fingerprint.get(VERSION) {
            return Ok(None);
        }
        let mut found = Vec::new();
        differences("", &kept.fingerprint, fingerprint, &mut found);
        match (found.is_empty(), reuse) {
            (true, _) => {}
            (false, Reuse::Refit | Reuse::Never) => return Ok(None),
            (false, Reuse::Refuse) => {
                let (folder, found) = (folder.display(), found.join("; "));
                return Err(Error::Conflict(format!(
                    "{folder} holds a fit of other settings: {found}. Choose another folder for these"
                )));
            }
        }
        let test = &task.test;
        let same = |(&photo, row): (&usize, &KeptRow)| dataset.photos()[photo].name() == row.image;
        if test.len() != kept.rows.len() || !test.iter().zip(&kept.rows).all(same) {
            return Err(damaged(&"other photos than those of its fold"));
        }
        let answer = |row: KeptRow| Answer { predicted: row.predicted, probabilities: row.probabilities };
        let answers = Answers { chosen: kept.chosen, ..Answers::new(kept.rows.into_iter().map(answer).collect()) };
        Fit::new(task, dataset, answers, kept.cpu_seconds).map(Some)
    }

    /// Keeps it in `folder`.
    pub(super) fn keep(&self, folder: &Path, fingerprint: &Value) -> Result<()> {
        let row = |row: &OutOfFoldRow| KeptRow {
            image: row.image.clone(),
            predicted: row.predicted,
            probabilities: row.probabilities.iter().map(|&p| p as f32).collect(),
        };
        let kept = Kept {
            fingerprint: fingerprint.clone(),
            cpu_seconds: self.cpu_seconds,
            chosen: self.chosen.clone(),
            rows: self.rows.iter().map(row).collect(),
        };
        let text = serde_json::to_string(&kept).map_err(|error| Error::output(FILE, error))?;
        std::fs::create_dir_all(folder).map_err(Error::io("cannot make", folder))?;
        files::replace_text(&folder.join(FILE), &format!("{text}\n"))
    }
}

fn accuracy(rows: &[OutOfFoldRow], classes: &[String], training_labels: &[usize]) -> Result<Accuracy> {
    let labels = |label: fn(&OutOfFoldRow) -> usize| rows.iter().map(label).collect::<Vec<usize>>();
    let matrix = ConfusionMatrix::new(&labels(|row| row.truth), &labels(|row| row.predicted), classes)?;
    Accuracy::of(&matrix, training_labels)
}
