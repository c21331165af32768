//! A training as one sentence: what, where, and how it is shown.

use super::alone;
use super::checkpoint;
use super::event::Event;
use super::fit::Fit;
use super::history::History;
use super::progress::Progress;
use super::run::{Run, is_run};
use super::run_data::RunData;
use super::run_settings::RunSettings;
use super::settings::Settings;
use super::stop::Stop;
use super::store::{InFolder, Nowhere};
use crate::Result;
use crate::data::LabelledImages;
use crate::net::nn::Network;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A training to be run: [`fit`](super::fit) with its progress shown and, if wanted, a folder that keeps it.
///
/// ```no_run
/// # use manga_expressions::{data::LabelledImages, net::nn::Network, training::{Settings, Training}};
/// # fn cell(mut network: Network, train: LabelledImages, validation: LabelledImages) -> manga_expressions::Result<()> {
/// let settings = Settings { epochs: 30, ..Settings::default() };
/// let history = Training::new(&settings).run(&mut network, &train, Some(&validation))?;
///
/// // Kept in a folder, and going on there if it was interrupted:
/// let history = Training::new(&settings).in_folder("runs/first").resume(true).run(&mut network, &train, Some(&validation))?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Training {
    settings: Settings,
    folder: Option<PathBuf>,
    others: Option<PathBuf>,
    resume: bool,
    learnt_only: bool,
    name: Option<String>,
    data: RunData,
    split: Value,
    progress: Progress,
    requests: Stop,
}

impl Training {
    /// A training that shows a line an epoch on standard output and keeps nothing but the network's weights.
    pub fn new(settings: &Settings) -> Self {
        Training {
            settings: settings.clone(),
            folder: None,
            others: None,
            resume: false,
            learnt_only: false,
            name: None,
            data: RunData::default(),
            split: Value::Null,
            progress: Progress::lines(),
            requests: Stop::by_signals(),
        }
    }

    /// Keeps the training as a [`Run`] in `folder`, made where it is missing.
    pub fn in_folder(mut self, folder: impl AsRef<Path>) -> Self {
        self.folder = Some(folder.as_ref().into());
        self
    }

    /// Whether to go on with the run in the folder, if there is one. Without it, a folder with a run is an error.
    pub fn resume(mut self, resume: bool) -> Self {
        self.resume = resume;
        self
    }

    /// Where the folder has no run yet: a finished run with the same settings and images in any folder of `runs`, or in a
    /// folder of these, is taken instead of training. From where it took its photos makes no difference, nor does
    /// anything that is no run. A run of another [`COMPUTE_VERSION`](crate::COMPUTE_VERSION) is not taken: the progress
    /// names it, and the training is done again.
    pub fn or_finished_in(mut self, runs: impl AsRef<Path>) -> Self {
        self.others = Some(runs.as_ref().into());
        self
    }

    /// Whether the run's file of weights lacks those that are frozen, which may be nearly all: for many runs that begin with
    /// the same ones. Such a file is [not whole](crate::net::weights::Weights::is_whole).
    pub fn learnt_only(mut self, learnt_only: bool) -> Self {
        self.learnt_only = learnt_only;
        self
    }

    /// What is trained, as the name of a recipe, for the run's `settings.json`: comparisons call its runs by it.
    pub fn named(mut self, name: Option<&str>) -> Self {
        self.name = name.map(String::from);
        self
    }

    /// How the images were chosen and prepared, and which was for what, for the run's `settings.json` and `split.json`.
    pub fn with_data(mut self, data: impl Into<RunData>, split: Value) -> Self {
        (self.data, self.split) = (data.into(), split);
        self
    }

    /// How to show the progress.
    pub fn progress(mut self, progress: Progress) -> Self {
        self.progress = progress;
        self
    }

    /// Ends where `stop` asks for it, and not where a signal does.
    pub fn stop(mut self, stop: &Stop) -> Self {
        self.requests = stop.clone();
        self
    }

    /// Trains; at the end `network` has the weights that the settings say are kept.
    ///
    /// Where another program trains in the same folder and `resume` is set, this one waits until that has ended. A run that goes on gets to the same weights as one that was never interrupted, to the bit. A run that is
    /// finished is not trained again: the network gets its weights, and the history is the run's.
    ///
    /// # Errors
    /// As [`fit`](super::fit). [`Error::Stopped`](crate::Error::Stopped) where it was asked to end ([`Stop`]). [`Error::Conflict`](crate::Error::Conflict) where the folder cannot be used: it holds something else, or a run
    /// and `resume` is not set, or a run with other settings or of another compute version, which are named. [`Error::Io`](crate::Error::Io) and [`Error::Weights`](crate::Error::Weights)
    /// where its files cannot be read or written. What the run has kept stays.
    pub fn run(
        mut self,
        network: &mut Network,
        train: &LabelledImages,
        validation: Option<&LabelledImages>,
    ) -> Result<History> {
        let mut fit = Fit::new(network, train, validation, &self.settings)?;
        fit.requests = self.requests;
        let mut observer = |event: &Event| self.progress.observe(event);
        let Some(folder) = self.folder else {
            let history = fit.go_on(network, None, &mut observer, &mut Nowhere)?;
            observer(&Event::Finished { history: &history });
            return Ok(history);
        };
        let settings = RunSettings::new(network, train, validation, &self.settings, &self.data);
        let settings = RunSettings { name: self.name, ..settings };
        let others = self.others.as_deref().filter(|_| !is_run(&folder));
        let mut outdated = None;
        for run in others.into_iter().flat_map(|runs| Run::finished_as(&settings, runs)) {
            if run.settings().other_version().is_some() {
                outdated.get_or_insert(run);
                continue;
            }
            run.load_weights(network)?;
            let history = run.history()?;
            observer(&Event::AlreadyFinished { history: &history, folder: Some(run.folder()) });
            return Ok(history);
        }
        if let Some(run) = outdated {
            observer(&Event::Outdated { version: run.settings().compute_version(), folder: run.folder() });
        }
        // Of two in the same folder one trains, and the other finds the run finished, or a run that it must not touch.
        let _held = alone::hold(&folder, &mut || observer(&Event::Waiting { folder: &folder }))?;
        let run = if self.resume && is_run(&folder) {
            Run::reopen(&folder, &settings, &self.split)?
        } else {
            Run::create(&folder, settings, &self.split)?
        };
        if run.is_finished() {
            run.load_weights(network)?;
            let history = run.history()?;
            observer(&Event::AlreadyFinished { history: &history, folder: None });
            return Ok(history);
        }
        let found = checkpoint::load(&folder, &mut fit, network)?;
        if found.is_none() {
            checkpoint::save(&folder, &fit, network)?;
        }
        let note = found.and_then(|found| found.note());
        let mut store = InFolder::new(&run, self.learnt_only, self.settings.checkpoint_minutes);
        let history = fit.go_on(network, note.as_deref(), &mut observer, &mut store)?;
        run.write_weights(network, self.learnt_only)?;
        run.write_outcome(&history)?;
        checkpoint::remove_all(run.folder())?;
        observer(&Event::Finished { history: &history });
        Ok(history)
    }
}
