//! Commands about runs.

use clap::{Args, ValueEnum};
use manga_expressions::Result;
use manga_expressions::data::{Filter, Source, SplitKind};
use manga_expressions::experiment::{self, Experiment};
use manga_expressions::models::NETWORKS;
use manga_expressions::training::{EarlyStopping, Keep, Optimizer, Progress, Run};
use serde::Serialize;

/// Train a network on photos, and evaluate it on those that were kept apart.
///
/// The defaults are the report's protocol: grey photos of 100x100, 80 % for training and 20 % for the test, 30 epochs of
/// Adam at 0.001. A tenth of the training photos is kept for validation; the test photos decide nothing.
///
/// A run is a folder: settings.json, split.json, history.csv, weights.safetensors (of the epoch that is kept), result.json (how
/// the training ended), report.txt and report.json. A run that was stopped goes on with --resume, to the same result.
#[derive(Args)]
pub struct Train {
    /// Name of the network
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(NETWORKS))]
    network: String,
    /// Folder of the photos, with a folder for each class; without, see `manga data --help`
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// Train on so many drawn faces instead of photos
    #[arg(long, value_name = "COUNT", conflicts_with = "data")]
    drawn: Option<usize>,
    /// Epochs to train, at most
    #[arg(long, default_value_t = 30)]
    epochs: usize,
    /// Stop when the validation loss has not fallen for so many epochs, and take the best weights back
    #[arg(long, value_name = "PATIENCE", num_args = 0..=1, require_equals = true, default_missing_value = "5")]
    early_stopping: Option<usize>,
    /// Whose weights are kept where there is no early stopping
    #[arg(long, value_enum, default_value_t = KeepName::Best)]
    keep: KeepName,
    /// Seed of the split, the first weights and the order of the photos
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Photos in a step
    #[arg(long, default_value_t = 32)]
    batch_size: usize,
    /// How the weights follow their gradients
    #[arg(long, value_enum, default_value_t = OptimizerName::Adam)]
    optimizer: OptimizerName,
    /// Learning rate; Keras's default for the optimiser where none is given
    #[arg(long)]
    learning_rate: Option<f64>,
    /// Share of the old in batch norms' running statistics; Keras's 0.99 where none is given. On few photos 0.9 lets
    /// validation see the network as it is much sooner
    #[arg(long, value_name = "SHARE")]
    batch_norm_momentum: Option<f64>,
    /// How the photos are divided
    #[arg(long, value_enum, default_value_t = Kind::Stratified)]
    split: Kind,
    /// Share of the training photos that is kept for validation
    #[arg(long, default_value_t = 0.1)]
    validation: f64,
    /// Height and width the photos are resized to
    #[arg(long, default_value_t = 100)]
    size: usize,
    /// How the photos are resized
    #[arg(long, value_enum, default_value_t = FilterName::Triangle)]
    filter: FilterName,
    /// Threads to use; all cores where none is given. The result is the same
    #[arg(long)]
    threads: Option<usize>,
    /// Folder of the run; runs/NETWORK-seedSEED where none is given, with -early-stopping where that is on
    #[arg(long, value_name = "DIR")]
    run: Option<String>,
    /// Go on with the run in that folder
    #[arg(long)]
    resume: bool,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum OptimizerName {
    /// Adam
    Adam,
    /// Stochastic gradient descent with momentum 0.9
    Sgd,
}

#[derive(Clone, Copy, ValueEnum)]
enum KeepName {
    /// Those of the epoch with the lowest validation loss
    Best,
    /// Those of the last epoch, as Keras's `fit` does
    Last,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// Any photo with the same chance, as in the report
    Random,
    /// From each class its share
    Stratified,
    /// Whole characters; for drawn faces
    Grouped,
}

#[derive(Clone, Copy, ValueEnum)]
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
        let experiment = self.experiment();
        if self.drawn.is_none() {
            super::dataset::say_if_drawn(&experiment.source);
        }
        let stopping = if self.early_stopping.is_some() { "-early-stopping" } else { "" };
        let folder = self.run.clone().unwrap_or(format!("runs/{}-seed{}{stopping}", self.network, self.seed));
        eprintln!("Training {} on {}; the run is kept in {folder}", self.network, experiment.source);
        let outcome = experiment.run(&folder, self.resume, Progress::terminal())?;
        #[derive(Serialize)]
        struct Output<'a> {
            run: &'a str,
            outcome: &'a experiment::Outcome,
        }
        super::print(self.json, &Output { run: &folder, outcome: &outcome }, || outcome.evaluation.to_string())
    }

    fn experiment(&self) -> Experiment {
        let mut experiment = Experiment::new(&self.network, self.seed);
        experiment.source = match self.drawn {
            Some(count) => Source::Drawn { count, seed: 1 },
            None => Source::find(self.data.as_deref()),
        };
        experiment.preparation.size = self.size;
        experiment.preparation.filter = match self.filter {
            FilterName::Triangle => Filter::Triangle,
            FilterName::Bilinear => Filter::Bilinear,
            FilterName::Nearest => Filter::Nearest,
        };
        experiment.split.validation = self.validation;
        experiment.split.kind = match self.split {
            Kind::Random => SplitKind::Random,
            Kind::Stratified => SplitKind::Stratified,
            Kind::Grouped => SplitKind::Grouped,
        };
        let training = &mut experiment.training;
        training.epochs = self.epochs;
        training.batch_size = self.batch_size;
        training.batch_norm_momentum = self.batch_norm_momentum;
        training.threads = self.threads;
        training.keep = match self.keep {
            KeepName::Best => Keep::Best,
            KeepName::Last => Keep::Last,
        };
        training.optimizer = match self.optimizer {
            OptimizerName::Adam => Optimizer::adam(self.learning_rate.unwrap_or(0.001)),
            OptimizerName::Sgd => Optimizer::sgd(self.learning_rate.unwrap_or(0.01), 0.9),
        };
        training.early_stopping =
            self.early_stopping.map(|patience| EarlyStopping { patience, ..EarlyStopping::default() });
        experiment
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
