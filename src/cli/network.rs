//! Commands about networks.

use clap::{Args, ValueEnum};
use manga_expressions::net::models::{self, Architecture, NETWORKS};
use manga_expressions::training::{self, Work};
use manga_expressions::{Error, Result};

/// Print a network's layers, their outputs and numbers of parameters, as Keras's `summary()` does.
#[derive(Args)]
pub struct Summary {
    /// Name of the network
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(NETWORKS))]
    network: String,
    /// Height and width of the images; the network's own (100, of dcnn 128) where none is given
    #[arg(long)]
    size: Option<usize>,
    /// 1 for grey images, 3 for colour (or grey thrice); the network's own (3, of dcnn 1) where none is given
    #[arg(long)]
    channels: Option<usize>,
    /// Number of classes
    #[arg(long, default_value_t = 7)]
    classes: usize,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
}

impl Summary {
    pub fn run(self) -> Result<()> {
        let architecture = models::architecture(&self.network)?;
        let input = input(architecture, self.size, self.channels);
        let summary = models::by_name(&self.network, input, self.classes, 1)?.summary()?;
        super::print(self.json, &summary, || format!("{}: {}\n\n{summary}", architecture.title, architecture.paper))
    }
}

/// The network's own input, but for what was typed.
fn input(architecture: &Architecture, size: Option<usize>, channels: Option<usize>) -> (usize, usize, usize) {
    let (height, width, own) = architecture.input;
    (size.unwrap_or(height), size.unwrap_or(width), channels.unwrap_or(own))
}

/// Measure how fast a network trains and infers on this machine.
///
/// Prints images a second and a processor second, GFLOP/s and their fraction of what large matrix products reach here, and
/// the largest memory of the process (measure one --work at a time for that).
#[derive(Args)]
pub struct Bench {
    /// Name of the network
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(NETWORKS), default_value = "resnet50v2")]
    network: String,
    /// Threads to use; all cores where none is given
    #[arg(long)]
    threads: Option<usize>,
    /// Last stage that is frozen, or `nothing`; as the network is built where none is given
    #[arg(long, value_name = "STAGE")]
    freeze: Option<String>,
    /// Images in a step
    #[arg(long, default_value_t = 16)]
    batch: usize,
    /// Height and width of the images; the network's own where none is given
    #[arg(long)]
    size: Option<usize>,
    /// Steps to measure, after two to warm up
    #[arg(long, default_value_t = 5)]
    steps: usize,
    /// What to measure
    #[arg(long, value_enum, default_value_t = BenchWork::Both)]
    work: BenchWork,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum BenchWork {
    Train,
    Infer,
    Both,
}

impl Bench {
    pub fn run(self) -> Result<()> {
        let threads = match self.threads {
            Some(threads) => threads,
            None => {
                std::thread::available_parallelism().map_err(Error::io("cannot count", "the processor's cores"))?.get()
            }
        };
        let works: &[Work] = match self.work {
            BenchWork::Train => &[Work::Train],
            BenchWork::Infer => &[Work::Infer],
            BenchWork::Both => &[Work::Train, Work::Infer],
        };
        let input = input(models::architecture(&self.network)?, self.size, None);
        let mut network = models::by_name(&self.network, input, 7, 1)?;
        network.freeze_as(self.freeze.as_deref())?;
        let mut costs = Vec::new();
        for &work in works {
            let cost = training::cost(&mut network, work, threads, self.batch, self.steps)?;
            if !self.json {
                println!("{cost}");
            }
            costs.push(cost);
        }
        if self.json {
            super::print(true, &costs, String::new)?;
        }
        Ok(())
    }
}
