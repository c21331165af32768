//! Commands that measure this machine.

use clap::Args;
use manga_expressions::data::Source;
use manga_expressions::net::models::NETWORKS;
use manga_expressions::show::plots;
use manga_expressions::study::experiment;
use manga_expressions::{Result, lab};

/// Time what is done beside the networks: reading and preparing photos, augmentation, k-nearest neighbours.
#[derive(Args)]
pub struct Timings {
    /// Folder of the photos, with a folder for each class; without, see `manga data --help`
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
}

impl Timings {
    pub fn run(self) -> Result<()> {
        let source = Source::find(self.data.as_deref());
        super::dataset::say_if_drawn(&source);
        let timings = experiment::timings(&source)?;
        super::print(self.json, &timings, || timings.iter().map(|t| t.to_string()).collect::<Vec<_>>().join("\n"))
    }
}

/// Measure how a network's cost grows with the size of the images and the batch, and draw it.
///
/// `manga bench` in a process of its own for images from 64 x 64 to 256 x 256, 16 at a time, and for batches from 1 to 128
/// of images of 100 x 100: a minute or two.
#[derive(Args)]
pub struct Growth {
    /// Name of the network
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(NETWORKS), default_value = "resnet50")]
    network: String,
    /// Threads to use
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// File for the figure, an SVG
    #[arg(long, value_name = "FILE")]
    figure: Option<String>,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
}

impl Growth {
    pub fn run(self) -> Result<()> {
        let mut say = |cost: &manga_expressions::training::Cost| {
            eprintln!("{} x {}: {cost}", cost.size, cost.size);
        };
        let growth = lab::cost_growth(&self.network, self.threads, &mut say)?;
        if let Some(file) = &self.figure {
            plots::cost_growth(&growth)?.save(file)?;
        }
        if self.json {
            super::print(true, &growth, String::new)?;
        }
        Ok(())
    }
}
