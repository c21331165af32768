//! Commands about runs.

use super::scaling::ScalingName;
use clap::{Args, ValueEnum};
use manga_expressions::Result;
use manga_expressions::data::{Filter, Source, SplitKind};
use manga_expressions::experiment::{self, Experiment};
use manga_expressions::training::{EarlyStopping, Keep, Optimizer, Progress, Run};
use serde::Serialize;
use std::path::Path;

/// Train a network on photos, and evaluate it on those that were kept apart.
///
/// A recipe says all that is not said here; `manga recipes` lists them, and its options change single points of it. The
/// recipes from scratch follow the report's protocol: grey photos of 100x100, 80 % for training and 20 % for the test, at
/// most 30 epochs of Adam at 0.001. A tenth of the training photos is kept for validation; the test photos decide nothing.
///
/// A run is a folder: settings.json, split.json, history.csv, weights.safetensors (of the epoch that is kept), result.json (how
/// the training ended), report.txt and report.json. A run that was stopped goes on with --resume, to the same result.
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
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    changes: Changes,
}

/// What is done otherwise than the recipe says.
#[derive(Args, PartialEq, Default)]
#[command(next_help_heading = "Other than in the recipe")]
struct Changes {
    /// Epochs to train, at most
    #[arg(long)]
    epochs: Option<usize>,
    /// Stop when the validation loss has not fallen for so many epochs, and take the best weights back; `no` for never
    #[arg(long, value_name = "PATIENCE", num_args = 0..=1, require_equals = true, default_missing_value = "5")]
    early_stopping: Option<Patience>,
    /// Whose weights are kept where there is no early stopping
    #[arg(long, value_enum)]
    keep: Option<KeepName>,
    /// Photos in a step
    #[arg(long)]
    batch_size: Option<usize>,
    /// How the weights follow their gradients, with Keras's default learning rate
    #[arg(long, value_enum)]
    optimizer: Option<OptimizerName>,
    /// Learning rate
    #[arg(long)]
    learning_rate: Option<f64>,
    /// Learning rate of all but the head
    #[arg(long, value_name = "RATE")]
    body_learning_rate: Option<f64>,
    /// Share of the old in batch norms' running statistics. On few photos 0.9 lets validation see the network as it is
    /// much sooner than Keras's 0.99
    #[arg(long, value_name = "SHARE")]
    batch_norm_momentum: Option<f64>,
    /// Weights to begin with: imagenet, or a file
    #[arg(long, value_name = "FILE")]
    weights: Option<String>,
    /// Scale the photos otherwise than the weights expect, to see what that mistake does
    #[arg(long, value_enum)]
    scaling: Option<ScalingName>,
    /// Last stage that is frozen, as layer3; or nothing
    #[arg(long, value_name = "STAGE")]
    freeze: Option<String>,
    /// How the photos are divided
    #[arg(long, value_enum)]
    split: Option<Kind>,
    /// Share of the training photos that is kept for validation
    #[arg(long)]
    validation: Option<f64>,
    /// Height and width the photos are resized to
    #[arg(long)]
    size: Option<usize>,
    /// How the photos are resized
    #[arg(long, value_enum)]
    filter: Option<FilterName>,
}

/// How long early stopping waits.
#[derive(Clone, Copy, PartialEq)]
struct Patience(Option<usize>);

impl std::str::FromStr for Patience {
    type Err = std::num::ParseIntError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Ok(Patience(if word == "no" { None } else { Some(word.parse()?) }))
    }
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum OptimizerName {
    /// Adam
    Adam,
    /// Stochastic gradient descent with momentum 0.9
    Sgd,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum KeepName {
    /// Those of the epoch with the lowest validation loss
    Best,
    /// Those of the last epoch, as Keras's `fit` does
    Last,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Kind {
    /// Any photo with the same chance, as in the report
    Random,
    /// From each class its share
    Stratified,
    /// Whole characters; for drawn faces
    Grouped,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum FilterName {
    /// Antialiased, as Pillow's BILINEAR
    Triangle,
    /// Keras's image_dataset_from_directory: bilinear without antialiasing
    Bilinear,
    /// Keras's load_img: nearest pixel
    Nearest,
}

impl Train {
    pub fn run(self) -> Result<()> {
        let folder = self.folder()?;
        let experiment = self.experiment()?;
        if self.drawn.is_none() {
            super::dataset::say_if_drawn(&experiment.source);
        }
        eprintln!("Training {} on {}; the run is kept in {folder}", experiment.network, experiment.source);
        let outcome = experiment.run(&folder, self.resume, Progress::terminal())?;
        #[derive(Serialize)]
        struct Output<'a> {
            run: &'a str,
            outcome: &'a experiment::Outcome,
        }
        super::print(self.json, &Output { run: &folder, outcome: &outcome }, || outcome.evaluation.to_string())
    }

    /// Where the run is kept. A recipe that is changed here needs a folder of its own.
    fn folder(&self) -> Result<String> {
        if let Some(folder) = &self.run {
            return Ok(folder.clone());
        }
        let recipe =
            Path::new(&self.recipe).file_stem().map_or(self.recipe.as_str().into(), |stem| stem.to_string_lossy());
        let recipe = if self.recipe.ends_with(".toml") { &recipe } else { self.recipe.as_str() };
        let drawn = self.drawn.map_or(String::new(), |count| format!("-drawn{count}"));
        let changed = if self.changes == Changes::default() { "" } else { "-changed" };
        Ok(format!("runs/{recipe}{drawn}{changed}-seed{}", self.seed))
    }

    fn experiment(&self) -> Result<Experiment> {
        let mut experiment = Experiment::recipe(&self.recipe, self.seed)?;
        experiment.source = match self.drawn {
            Some(count) => Source::Drawn { count, seed: 1 },
            None => Source::find(self.data.as_deref()),
        };
        experiment.training.threads = self.threads;
        self.changes.apply(&mut experiment)?;
        Ok(experiment)
    }
}

impl Changes {
    fn apply(&self, experiment: &mut Experiment) -> Result<()> {
        if let Some(weights) = &self.weights {
            experiment.weights = Some(weights.clone());
            experiment.own_scaling = false;
            experiment.scale_as_weights_expect()?;
        }
        if let Some(scaling) = self.scaling {
            experiment.preparation.scaling = scaling.into();
            experiment.own_scaling = experiment.weights.is_some();
        }
        set(&mut experiment.preparation.size, self.size);
        set(&mut experiment.preparation.filter, self.filter.map(Filter::from));
        set(&mut experiment.split.validation, self.validation);
        set(&mut experiment.split.kind, self.split.map(SplitKind::from));
        if self.freeze.is_some() {
            experiment.freeze = self.freeze.clone();
        }
        let training = &mut experiment.training;
        set(&mut training.epochs, self.epochs);
        set(&mut training.batch_size, self.batch_size);
        set(&mut training.batch_norm_momentum, self.batch_norm_momentum.map(Some));
        set(&mut training.body_learning_rate, self.body_learning_rate.map(Some));
        set(&mut training.keep, self.keep.map(Keep::from));
        set(&mut training.optimizer, self.optimizer.map(Optimizer::from));
        if let Some(rate) = self.learning_rate {
            training.optimizer = training.optimizer.with_learning_rate(rate);
        }
        if let Some(Patience(patience)) = self.early_stopping {
            training.early_stopping = patience.map(|patience| EarlyStopping { patience, ..EarlyStopping::default() });
        }
        Ok(())
    }
}

/// Sets what is given.
fn set<T>(place: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *place = given;
    }
}

impl From<OptimizerName> for Optimizer {
    fn from(name: OptimizerName) -> Self {
        match name {
            OptimizerName::Adam => Optimizer::adam(0.001),
            OptimizerName::Sgd => Optimizer::sgd(0.01, 0.9),
        }
    }
}

impl From<KeepName> for Keep {
    fn from(name: KeepName) -> Self {
        match name {
            KeepName::Best => Keep::Best,
            KeepName::Last => Keep::Last,
        }
    }
}

impl From<Kind> for SplitKind {
    fn from(name: Kind) -> Self {
        match name {
            Kind::Random => SplitKind::Random,
            Kind::Stratified => SplitKind::Stratified,
            Kind::Grouped => SplitKind::Grouped,
        }
    }
}

impl From<FilterName> for Filter {
    fn from(name: FilterName) -> Self {
        match name {
            FilterName::Triangle => Filter::Triangle,
            FilterName::Bilinear => Filter::Bilinear,
            FilterName::Nearest => Filter::Nearest,
        }
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
        let evaluation = experiment::evaluate_run(&Run::open(&self.run)?, self.data.map(Source::Folder))?;
        super::print(self.json, &evaluation, || evaluation.to_string())
    }
}
