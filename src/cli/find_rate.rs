//! The learning-rate finder.

use clap::{Args, ValueEnum};
use manga_expressions::data::Source;
use manga_expressions::show::plots;
use manga_expressions::show::tables::Table;
use manga_expressions::study::experiment::Experiment;
use manga_expressions::study::methods::name_of;
use manga_expressions::training::{Optimizer, Progress, RateCurve, RateRange};
use manga_expressions::{Error, Result};
use serde_json::json;
use std::path::Path;

/// Look for a learning rate: a training of a few steps, each at a higher rate than the one before.
///
/// The rate at which the loss is about to fall most, or has fallen most, is read off the curve by fastai's four rules. They
/// often disagree: look at the figure, and take a rate at which the loss clearly falls.
#[derive(Args)]
pub struct FindRate {
    /// A recipe's name (see `manga recipes`), or the file of your own
    recipe: String,
    /// Folder of the photos, with a folder for each class; without, see `manga data --help`
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// How the weights follow their gradients; as the recipe says where none is given
    #[arg(long, value_enum)]
    optimizer: Option<OptimizerName>,
    /// Learning rate of the first step
    #[arg(long, value_name = "RATE", default_value_t = RateRange::default().from)]
    from: f64,
    /// Learning rate that one step after the last would have
    #[arg(long, value_name = "RATE", default_value_t = RateRange::default().to)]
    to: f64,
    /// Steps, each with one batch
    #[arg(long, default_value_t = RateRange::default().steps)]
    steps: usize,
    /// Seeds of the split, the first weights and the order; a curve for each
    #[arg(long, value_delimiter = ',', default_value = "1")]
    seed: Vec<u64>,
    /// Threads to use; all cores where none is given. The result is the same
    #[arg(long)]
    threads: Option<usize>,
    /// Write all points into this CSV file
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
    /// File for the figure, an SVG
    #[arg(long, value_name = "FILE")]
    figure: Option<String>,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum OptimizerName {
    /// Adam
    Adam,
    /// Stochastic gradient descent without momentum
    Sgd,
}

impl FindRate {
    pub fn run(self) -> Result<()> {
        let source = Source::find(self.data.as_deref());
        super::dataset::say_if_drawn(&source);
        let dataset = super::dataset::load(&source)?;
        let range = RateRange { from: self.from, to: self.to, steps: self.steps };
        let curves = self.seed.iter().map(|&seed| {
            let mut experiment = Experiment::recipe(&self.recipe, seed)?;
            experiment.training.threads = self.threads;
            match self.optimizer {
                Some(OptimizerName::Adam) => experiment.training.optimizer = Optimizer::adam(0.001),
                Some(OptimizerName::Sgd) => experiment.training.optimizer = Optimizer::sgd(0.01, 0.0),
                None => {}
            }
            let name = format!("{} ({})", name_of(&self.recipe), experiment.training.optimizer.name());
            eprintln!("{name}, seed {seed}, on {source}");
            let mut progress = Progress::terminal();
            let parts = experiment.parts(&dataset)?;
            let curve = experiment.rate_curve(&parts, seed, &range, &mut |event| progress.observe(event))?;
            Ok(RateCurve { network: name, ..curve })
        });
        let curves: Vec<RateCurve> = curves.collect::<Result<_>>()?;
        if let Some(file) = &self.out {
            if let Some(folder) = Path::new(file).parent().filter(|folder| !folder.as_os_str().is_empty()) {
                std::fs::create_dir_all(folder).map_err(Error::io("cannot make", folder))?;
            }
            Table::rate_curves(&curves)?.save_csv(file)?;
        }
        if let Some(file) = &self.figure {
            plots::learning_rate_finder(&curves)?.save(file)?;
        }
        let rows: Vec<_> = curves.iter().map(rows).collect();
        let table = Table::learning_rates(&curves)?;
        super::print(self.json, &rows, || table.to_string())
    }
}

/// A curve for programs.
fn rows(curve: &RateCurve) -> serde_json::Value {
    let suggestions: serde_json::Map<String, serde_json::Value> =
        curve.suggestions().iter().map(|found| (found.rule.to_string(), json!(found.rate))).collect();
    json!({
        "network": curve.network,
        "seed": curve.seed,
        "rates": curve.rates,
        "losses": curve.losses,
        "smoothed": curve.smoothed,
        "suggestions": suggestions,
    })
}
