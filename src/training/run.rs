//! A run: one training with everything that belongs to it, in a folder.

use super::cost::peak_memory_mib;
use super::history::History;
use super::run_settings::RunSettings;
use crate::base::compute_version;
use crate::base::files;
use crate::net::nn::Network;
use crate::net::weights::{Part, Weights};
use crate::{COMPUTE_VERSION, ComputedBy, Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The folder of a training:
///
/// | file | what it holds |
/// |---|---|
/// | `settings.json` | the settings of the training, its network and its images: [`RunSettings`] |
/// | `split.json` | which image was for what |
/// | `history.csv` | a row an epoch: [`History`] |
/// | `weights.safetensors` | the weights to keep: of the best epoch, unless the settings say otherwise; all, or only those that learnt |
/// | `checkpoint-….safetensors`, `.json` | what the training needs to go on; gone when it is over |
/// | `result.json` | how the training ended, and by what it was computed; not there before |
/// | `report.txt`, `report.json` | the evaluation |
///
/// Every file is replaced whole, so an interruption at any moment leaves a run that can go on.
/// [`Training`](super::Training) makes runs.
#[derive(Clone, Debug)]
pub struct Run {
    folder: PathBuf,
    settings: RunSettings,
}

/// How a finished run ended.
#[derive(Serialize, Deserialize)]
struct Outcome {
    best_epoch: Option<usize>,
    stopped: Option<String>,
    /// Of the process that ended the training.
    #[serde(default)]
    peak_memory_mib: Option<f64>,
    /// As in the settings.
    #[serde(default = "compute_version::before")]
    compute_version: String,
    /// By what the last epochs were computed.
    #[serde(default)]
    computed_by: Option<ComputedBy>,
    /// SHA-256 of the file of weights; none of runs before it was written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    weights_sha256: Option<String>,
}

const SETTINGS: &str = "settings.json";
const SPLIT: &str = "split.json";
const HISTORY: &str = "history.csv";
const REPORT: &str = "report.json";
const OUTCOME: &str = "result.json";

impl Run {
    /// A new run in `folder`, which must be empty or not there yet.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the folder holds anything, a run or not. It is left as it is.
    pub(super) fn create(folder: &Path, settings: RunSettings, split: &Value) -> Result<Run> {
        if is_run(folder) {
            let what = "holds a run already: resume it, or choose another folder";
            return Err(Error::Conflict(format!("{} {what}", folder.display())));
        }
        std::fs::create_dir_all(folder).map_err(Error::io("cannot make", folder))?;
        files::remove_unfinished(folder)?;
        if let Some(entry) = std::fs::read_dir(folder).map_err(Error::io("cannot read", folder))?.next() {
            let name = entry.map_err(Error::io("cannot read", folder))?.file_name();
            let what = format!("holds other things ({}) and no run: choose another folder", name.to_string_lossy());
            return Err(Error::Conflict(format!("{} {what}", folder.display())));
        }
        let run = Run { folder: folder.to_path_buf(), settings };
        run.write_json(SETTINGS, &run.settings)?;
        run.write_json(SPLIT, split)?;
        Ok(run)
    }

    /// The run in `folder`.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none; [`Error::Io`] or [`Error::File`] where its settings cannot be read.
    pub fn open(folder: impl AsRef<Path>) -> Result<Run> {
        let folder = folder.as_ref().to_path_buf();
        if !is_run(&folder) {
            return Err(Error::NotFound(format!("{} is no run: it has no {SETTINGS}", folder.display())));
        }
        let settings = read_json(&folder.join(SETTINGS))?;
        Ok(Run { folder, settings })
    }

    /// [`Run::open`] for a training with these settings.
    ///
    /// # Errors
    /// Also [`Error::Conflict`] that names every setting that differs.
    pub(super) fn reopen(folder: &Path, settings: &RunSettings, split: &Value) -> Result<Run> {
        let run = Run::open(folder)?;
        let differences = run.settings.differences(settings)?;
        if !differences.is_empty() {
            let (at, other) = (folder.display(), run.settings.other_version());
            return Err(Error::Conflict(match other.filter(|_| differences.len() == 1) {
                Some(version) => format!(
                    "{at} was trained by compute version {version} of this library, which is of {COMPUTE_VERSION} now and \
                     computes other numbers: choose another folder to train again. Its weights can still be used"
                ),
                None => {
                    let what = format!("{at} was started with other settings: {}", differences.join("; "));
                    format!("{what}. Choose another folder for these")
                }
            }));
        }
        files::remove_unfinished(folder)?;
        if !folder.join(SPLIT).exists() {
            run.write_json(SPLIT, split)?;
        }
        Ok(run)
    }

    /// The finished runs, in the order of their names, in a folder of `runs` or of its folders, whose settings are the same
    /// apart from where the photos lay. Their compute version may be another; their settings say it.
    pub(super) fn finished_as(settings: &RunSettings, runs: &Path) -> impl Iterator<Item = Run> + use<> {
        let mut found: Vec<PathBuf> = folders(runs).flat_map(|folder| folders(&folder).chain([folder])).collect();
        found.sort();
        let wanted = settings.clone().without_source();
        found.into_iter().filter(|folder| is_run(folder)).filter_map(move |folder| {
            let run = Run::open(&folder).ok()?;
            let whole = run.is_finished() && run.weights().exists() && run.history().is_ok();
            let settings = RunSettings { version: wanted.version.clone(), ..run.settings.clone() };
            let differences = settings.without_source().differences(&wanted);
            (whole && differences.is_ok_and(|found| found.is_empty())).then_some(run)
        })
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its settings.
    pub fn settings(&self) -> &RunSettings {
        &self.settings
    }

    /// Which image was for what.
    pub fn split(&self) -> Result<Value> {
        read_json(&self.folder.join(SPLIT))
    }

    /// Whether its training is over.
    pub fn is_finished(&self) -> bool {
        self.folder.join(OUTCOME).exists()
    }

    /// Its epochs so far, and, where it is finished, how it ended.
    pub fn history(&self) -> Result<History> {
        let path = self.folder.join(HISTORY);
        if !path.exists() && !self.is_finished() {
            return Ok(History::default());
        }
        let csv = std::fs::read_to_string(&path).map_err(Error::io("cannot read", &path))?;
        let what = |what| Error::File(format!("{} is damaged: {what}", path.display()));
        let mut history = History::from_csv(&csv).map_err(what)?;
        if self.is_finished() {
            let outcome: Outcome = read_json(&self.folder.join(OUTCOME))?;
            (history.best_epoch, history.stopped) = (outcome.best_epoch, outcome.stopped);
        }
        Ok(history)
    }

    /// Where the weights to keep are.
    pub fn weights(&self) -> PathBuf {
        self.folder.join("weights.safetensors")
    }

    /// Gives `network` the weights that the run keeps.
    ///
    /// # Errors
    /// [`Error::NotFound`] where no epoch was finished yet; [`Error::Weights`] where they do not fit. The network is
    /// then as it was.
    pub fn load_weights(&self, network: &mut Network) -> Result<()> {
        self.kept_weights()?.load_into(network, Part::All)
    }

    /// The weights that the run keeps.
    ///
    /// # Errors
    /// [`Error::NotFound`] where no epoch was finished yet; [`Error::Weights`] for a damaged file.
    pub fn kept_weights(&self) -> Result<Weights> {
        let path = self.weights();
        if !path.exists() {
            let what = "has no weights yet: its first epoch is not finished";
            return Err(Error::NotFound(format!("{} {what}", self.folder.display())));
        }
        let kept = match self.is_finished() {
            true => read_json::<Outcome>(&self.folder.join(OUTCOME))?.weights_sha256,
            false => None,
        };
        if kept.is_some_and(|kept| files::sha256(&path).is_ok_and(|now| now != kept)) {
            let what = "is not the file that the training wrote, by its digest in result.json: take it from a copy, or train \
                        again in another folder";
            return Err(Error::weights(&path, what));
        }
        Weights::open(&path)
    }

    /// The evaluation that [`Run::write_report`] added, if it was evaluated.
    pub fn report(&self) -> Result<Option<Value>> {
        let path = self.folder.join(REPORT);
        if path.exists() { read_json(&path).map(Some) } else { Ok(None) }
    }

    /// Adds the evaluation: as text for people, and as JSON for programs.
    pub fn write_report(&self, text: &str, json: &Value) -> Result<()> {
        files::replace_text(&self.folder.join("report.txt"), text)?;
        self.write_json(REPORT, json)
    }

    /// The weights, with what one needs to use them: the names of the classes, and the scaling of pixel values where
    /// the caller gives it. With `learnt_only` those that are frozen are left out.
    pub(super) fn write_weights(&self, network: &Network, learnt_only: bool) -> Result<()> {
        let scaling = self.settings.data.scaling();
        let (path, classes) = (self.weights(), &self.settings.classes);
        if learnt_only {
            return network.save_learnt_weights_for(&path, scaling, classes);
        }
        network.save_weights_for(path, scaling, classes)
    }

    pub(super) fn write_history(&self, history: &History) -> Result<()> {
        files::replace_text(&self.folder.join(HISTORY), &history.to_csv())
    }

    /// Largest memory of the process that ended the training, in MiB; none where the training is not over, or the system
    /// did not tell.
    ///
    /// # Errors
    /// A file that is damaged.
    pub fn peak_memory_mib(&self) -> Result<Option<f64>> {
        if !self.is_finished() {
            return Ok(None);
        }
        Ok(read_json::<Outcome>(&self.folder.join(OUTCOME))?.peak_memory_mib)
    }

    pub(super) fn write_outcome(&self, history: &History) -> Result<()> {
        let (best_epoch, stopped) = (history.best_epoch, history.stopped.clone());
        let outcome = Outcome {
            best_epoch,
            stopped,
            peak_memory_mib: peak_memory_mib(),
            compute_version: self.settings.version.clone(),
            computed_by: Some(ComputedBy::this()),
            weights_sha256: Some(files::sha256(&self.weights())?),
        };
        self.write_json(OUTCOME, &outcome)
    }

    fn write_json<T: Serialize>(&self, name: &str, value: &T) -> Result<()> {
        let text = serde_json::to_string_pretty(value).map_err(|error| Error::output(name, error))?;
        files::replace_text(&self.folder.join(name), &format!("{text}\n"))
    }
}

/// The folders in `folder`; none where it cannot be read.
fn folders(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir())
}

/// Whether there is a run in `folder`.
pub(super) fn is_run(folder: &Path) -> bool {
    folder.join(SETTINGS).exists()
}

fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    let text = std::fs::read_to_string(path).map_err(Error::io("cannot read", path))?;
    serde_json::from_str(&text).map_err(|error| Error::File(format!("{} is damaged: {error}", path.display())))
}
