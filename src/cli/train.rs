//! Commands about runs.

use super::changes::{Changes, borrowed};
use clap::Args;
use manga_expressions::Result;
use manga_expressions::data::Source;
use manga_expressions::project;
use manga_expressions::study::experiment::{self, Experiment, RunOptions};
use manga_expressions::training::{Progress, Run, Stop};
use serde::Serialize;
use std::path::Path;

/// Train a network on photos, and evaluate it on those that were kept apart.
///
/// A recipe says all that is not said here; `manga recipes` lists them, and --set changes any field of it. The recipes from scratch follow the report's protocol: grey photos of 100x100, 80 % for training and 20 % for the test, at
/// most 30 epochs of Adam at 0.001. A tenth of the training photos is kept for validation; the test photos decide nothing.
///
/// A run is a folder: settings.json, split.json, history.csv, weights.safetensors (of the epoch that is kept), result.json (how
/// the training ended), report.txt and report.json. A run that was stopped goes on with --resume, to the same result. Ctrl-C ends it after the
/// batch that it is at, and keeps all of it; a second one ends it at once.
#[derive(Args)]
pub struct Train {
    /// Name of a recipe, or a .toml file with your own
    recipe: String,
    /// Folder of the photos, with a folder for each class; without, see `manga data --help`
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// Train on so many drawn faces instead of photos
    #[arg(long, value_name = "COUNT", conflicts_with = "data")]
    drawn: Option<usize>,
    /// Seed of the split, the first weights, the order of the photos and their augmentation
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads to use; all cores where none is given. The result is the same
    #[arg(long)]
    threads: Option<usize>,
    /// Folder of the run; runs/RECIPE-seedSEED where none is given, which the recipe alone decides
    #[arg(long, value_name = "DIR")]
    run: Option<String>,
    /// Go on with the run in that folder
    #[arg(long)]
    resume: bool,
    /// Write a checkpoint within an epoch where there was none for so many minutes; there is one after each epoch, and when
    /// Ctrl-C or SIGTERM ends the training
    #[arg(long, default_value_t = 2.0, value_name = "MINUTES")]
    checkpoint_minutes: f64,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    changes: Changes,
}

impl Train {
    pub fn run(self) -> Result<()> {
        Stop::on_signals()?;
        let folder = self.folder()?;
        let experiment = self.experiment()?;
        if self.drawn.is_none() {
            super::dataset::say_if_drawn(&experiment.source);
        }
        eprintln!("Training {} on {}; the run is kept in {folder}", experiment.network, experiment.source);
        // A folder that somebody named says by its name what the run is.
        let name = self.run.is_none().then(|| self.name());
        let options = RunOptions { resume: self.resume, progress: Progress::terminal(), name, ..RunOptions::default() };
        let outcome = experiment.run_with(&folder, options)?;
        #[derive(Serialize)]
        struct Output<'a> {
            run: &'a str,
            outcome: &'a experiment::TrainedRun,
        }
        super::print(self.json, &Output { run: &folder, outcome: &outcome }, || outcome.evaluation.to_string())
    }

    /// Where the run is kept. A recipe that is changed here needs a folder of its own.
    fn folder(&self) -> Result<String> {
        if let Some(folder) = &self.run {
            return Ok(folder.clone());
        }
        let name = format!("{}-seed{}", self.name(), self.seed);
        Ok(project::runs_here().join(name).to_string_lossy().into_owned())
    }

    /// What is trained: the recipe, and whether it was changed here.
    fn name(&self) -> String {
        let recipe =
            Path::new(&self.recipe).file_stem().map_or(self.recipe.as_str().into(), |stem| stem.to_string_lossy());
        let recipe = if self.recipe.ends_with(".toml") { &recipe } else { self.recipe.as_str() };
        let drawn = self.drawn.map_or(String::new(), |count| format!("-drawn{count}"));
        let changed = if self.changes == Changes::default() { "" } else { "-changed" };
        format!("{recipe}{drawn}{changed}")
    }

    fn experiment(&self) -> Result<Experiment> {
        let mut experiment = Experiment::recipe_with(&self.recipe, self.seed, &borrowed(&self.changes.all()?))?;
        experiment.source = match self.drawn {
            Some(count) => Source::Drawn { count, seed: 1 },
            None => Source::find(self.data.as_deref()),
        };
        experiment.training.threads = self.threads;
        experiment.training.checkpoint_minutes = self.checkpoint_minutes;
        Ok(experiment)
    }
}

/// Evaluate a run on its test photos again: accuracy with its interval, and the classification report.
#[derive(Args)]
pub struct Evaluate {
    /// Folder of the run
    run: String,
    /// Folder of the photos, where they have moved
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
}

impl Evaluate {
    pub fn run(self) -> Result<()> {
        let evaluation = experiment::evaluate_run(
            &Run::open(&self.run)?,
            self.data.map(Source::Folder),
            Progress::lines_on_stderr(),
        )?;
        super::print(self.json, &evaluation, || evaluation.to_string())
    }
}
