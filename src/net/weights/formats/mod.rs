//! The formats of files, told by their content.

mod archive;
mod keras_h5;
mod onnx;
mod pytorch;
mod safetensors;
mod tfjs;

pub(super) use archive::{from_npm_package, from_wheel};

use super::Weights;
use super::about::About;
use super::names::keras::{self, Array};
use super::names::torch::{self, Chosen};
use super::recognise::looks_like;
use crate::net::nn::weights::Tensor;
use crate::{Error, Result};
use std::collections::BTreeMap;
use std::path::Path;

/// How the file of each format begins.
const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";
const ZIP: &[u8] = b"PK\x03\x04";
const PICKLE: &[u8] = b"\x80";

/// Reads a file of any of the formats.
pub(super) fn read(path: &Path) -> Result<Weights> {
    // Reading a pipe would wait for ever.
    if std::fs::metadata(path).is_ok_and(|about| !about.is_file()) {
        return Err(Error::weights(path, "is no regular file, but a folder, a pipe or a device"));
    }
    let bytes = std::fs::read(path).map_err(Error::io("cannot read", path))?;
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let is_torch = ["pth", "pt", "bin", "tar"].contains(&extension.as_str());
    if bytes.is_empty() {
        return Err(Error::weights(path, "is empty"));
    }
    if let Some(what) = not_weights(&bytes) {
        return Err(Error::weights(path, what));
    }
    match extension.as_str() {
        "safetensors" => safetensors::read(path, &bytes),
        "onnx" => from_keras(path, onnx::read(&bytes)),
        "json" if safetensors::is_index(&bytes) => safetensors::read_shards(path, &bytes),
        "json" => from_keras(path, tfjs::read(&bytes, &mut |name| beside(path, name))),
        "keras" => from_keras(path, Err(keras_h5::ADVICE.into())),
        "h5" | "hdf5" => from_keras(path, keras_h5::read(bytes)),
        _ if bytes.starts_with(HDF5) => from_keras(path, keras_h5::read(bytes)),
        _ if is_torch || bytes.starts_with(ZIP) || bytes.starts_with(PICKLE) => pytorch::read(path),
        _ => safetensors::read(path, &bytes),
    }
}

/// What a file is that was taken for weights, and often lies in their place.
fn not_weights(bytes: &[u8]) -> Option<&'static str> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]).trim_start().to_lowercase();
    if start.starts_with("version https://git-lfs") {
        return Some("is a pointer of Git LFS and not the weights: fetch these, as with `git lfs pull`");
    }
    let is_page = start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<head");
    is_page.then_some(
        "is a web page and not the weights: a download that ended at a page for people. Open its address in a browser",
    )
}

/// What a reader of one of Keras's formats found, or what is wrong with the file.
type FromKeras = Result<Found, String>;

/// Layers of a Keras network.
pub(super) struct Found {
    arrays: Vec<Array>,
    /// Batch norms' epsilon, where the file tells it.
    epsilon: Option<f64>,
}

/// Weights of what a reader found.
fn from_keras(path: &Path, found: FromKeras) -> Result<Weights> {
    let found = found.and_then(|Found { arrays, epsilon }| keras::tensors(arrays, epsilon));
    let (tensors, about) = found.map_err(|what| Error::weights(path, what))?;
    Ok(Weights { path: path.to_path_buf(), about, tensors, beside: None, unfit: BTreeMap::new() })
}

/// Weights under PyTorch's names.
fn from_torch(path: &Path, about: About, tensors: BTreeMap<String, Tensor>) -> Weights {
    let path = path.to_path_buf();
    if about.network.is_some() {
        return Weights { path, about, tensors, beside: None, unfit: BTreeMap::new() };
    }
    let Chosen { tensors, wrapper, ignored } = torch::choose(tensors, |group| looks_like(group).is_some());
    let beside = ignored.first().map(|first| {
        let under = if wrapper.is_empty() { "the network's".into() } else { format!("those under {wrapper}*") };
        format!("taken are {} tensors, {under}; ignored are {} others, as {first}", tensors.len(), ignored.len())
    });
    Weights { path, about, tensors, beside, unfit: BTreeMap::new() }
}

/// The content of the file `name` in the folder of `path`.
fn beside(path: &Path, name: &str) -> Result<Vec<u8>, String> {
    if Path::new(name).components().count() != 1 || name == ".." {
        return Err(format!("names a file in another folder: {name}"));
    }
    let file = path.with_file_name(name);
    std::fs::read(&file).map_err(|error| format!("needs {}, which cannot be read: {error}", file.display()))
}
