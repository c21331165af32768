//! Telling the classes of photos.

use super::scaling::ScalingName;
use clap::Args;
use manga_expressions::data::{Photo, Preparation, Scaling};
use manga_expressions::net::models::NETWORKS;
use manga_expressions::net::weights::Weights;
use manga_expressions::study::experiment::{Classification, Classifier};
use manga_expressions::training::Run;
use manga_expressions::{Error, Result};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// The name that stands for the weights in the cache.
const IMAGENET: &str = "imagenet";

/// Tell the expressions on photos: with the network of a run, or with any file of weights.
///
/// A run says how its photos were prepared. With --network and --weights, photos become grey (thrice, for a network with
/// three channels) and are scaled as the file says; where it says nothing, as torchvision does, whose names the tensors
/// have. An image that has the network's size is not resampled. Of photos that cannot be read the others are answered all
/// the same; the command then names them, and fails.
#[derive(Args)]
#[command(override_usage = "manga predict [--json] <RUN> <IMAGE>...\n       \
                            manga predict [OPTIONS] --network <NAME> --weights <FILE> <IMAGE>...")]
pub struct Predict {
    /// Folder of the run, and files of the photos or folders of them; with --network no run
    #[arg(required = true, value_name = "RUN|IMAGE")]
    paths: Vec<String>,
    /// Name of the network that the weights are for
    #[arg(long, requires = "weights", value_parser = clap::builder::PossibleValuesParser::new(NETWORKS))]
    network: Option<String>,
    /// File of the weights of the whole network, as `manga weights --help` describes them; `imagenet` for those in the
    /// cache
    #[arg(long, value_name = "FILE", requires = "network")]
    weights: Option<String>,
    /// Height and width of the images; where none is given, what the file says (224 with `imagenet`), or else the
    /// network's usual one
    #[arg(long, requires = "network")]
    size: Option<usize>,
    /// Scale pixel values otherwise than the weights expect, to see what that does
    #[arg(long, value_enum, requires = "network")]
    scaling: Option<ScalingName>,
    /// Keep the colours, for photographs
    #[arg(long, requires = "network")]
    colour: bool,
    /// Cut out the middle of a photo that is not square, instead of stretching it: the shorter side becomes 8/7 of the
    /// size, as ImageNet is evaluated on
    #[arg(long, requires = "network")]
    crop: bool,
    /// Also write a CSV file: image, expression, its probability, and the probability of each class
    #[arg(long, value_name = "FILE")]
    csv: Option<String>,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
}

impl Predict {
    pub fn run(self) -> Result<()> {
        let (mut classifier, images) = match (&self.network, &self.weights) {
            (Some(network), Some(weights)) => (self.of_weights(network, weights)?, self.paths.as_slice()),
            _ => match self.paths.as_slice() {
                [run, images @ ..] if !images.is_empty() => (Classifier::of_run(&Run::open(run)?)?, images),
                _ => return Err(Error::Invalid("name the folder of a run, and photos".into())),
            },
        };
        let images = files(images)?;
        let (mut photos, mut failed) = (Vec::new(), Vec::new());
        for image in &images {
            match Photo::open(image) {
                Ok(photo) => photos.push(photo),
                Err(error) => failed.push(error.to_string()),
            }
        }
        let said = if photos.is_empty() { Vec::new() } else { classifier.classify(&photos)? };
        if let Some(file) = &self.csv {
            Classification::save_csv(&said, classifier.classes(), file)?;
        }
        let json: Vec<Value> = said.iter().map(|said| json(said, classifier.classes())).collect::<Result<_>>()?;
        if !said.is_empty() {
            super::print(self.json, &json, || said.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
        }
        match failed[..] {
            [] => Ok(()),
            _ => Err(Error::Data(format!(
                "{} of {} photos cannot be used: {}",
                failed.len(),
                images.len(),
                failed.join("; ")
            ))),
        }
    }

    fn of_weights(&self, network: &str, file: &str) -> Result<Classifier> {
        let weights = if file == IMAGENET { Weights::imagenet(network)? } else { Weights::open(file)? };
        weights.ignored().inspect(|ignored| eprintln!("{file}: {ignored}"));
        let classifier = Classifier::of_weights(network, &weights, self.size)?;
        let usual = classifier.preparation().clone();
        let scaling = self.scaling.map_or(usual.scaling, Scaling::from);
        Ok(classifier.with(Preparation { scaling, colour: self.colour, crop: self.crop, ..usual }))
    }
}

/// The photos themselves, and in place of a folder the files in it that are not hidden, sorted by name.
fn files(given: &[String]) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for path in given.iter().map(Path::new) {
        if !path.is_dir() {
            all.push(path.to_path_buf());
            continue;
        }
        let entries = std::fs::read_dir(path).map_err(Error::io("cannot read the folder", path))?;
        let mut within: Vec<PathBuf> =
            entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
        within.retain(|path| path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.')));
        within.sort();
        all.append(&mut within);
    }
    if all.is_empty() {
        return Err(Error::Data(format!("there is no photo in {}", given.join(", "))));
    }
    Ok(all)
}

/// What is said of one image. Probabilities stand under the names of the classes where each has a name of its own, which
/// is not so of ImageNet's: it has two cranes.
fn json(said: &Classification, classes: &[String]) -> Result<Value> {
    let mut all = serde_json::to_value(said).map_err(|error| Error::output("JSON", error))?;
    let best = said.top.first();
    let distinct: HashSet<&String> = classes.iter().collect();
    if !classes.is_empty() && distinct.len() == classes.len() {
        let named = classes.iter().cloned().zip(said.probabilities.iter().map(|p| json!(p)));
        all["probabilities"] = Value::Object(named.collect());
        all["expression"] = json!(best.and_then(|best| best.class.as_ref()));
    } else {
        all["class"] =
            best.map_or(Value::Null, |best| best.class.as_ref().map_or(json!(best.index), |name| json!(name)));
    }
    Ok(all)
}
