//! What `torch.save` writes, in any of its containers.

use super::from_torch;
use crate::net::nn::weights::{BATCH_COUNTER, Number, Tensor, to_f32};
use crate::net::weights::Weights;
use crate::net::weights::about::About;
use crate::net::weights::names::torch::unwrapped;
use crate::{Error, Result};
use pytorch_reader::{DType, PytorchReader};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

pub(super) fn read(path: &Path) -> Result<Weights> {
    let damaged = |error: &dyn std::fmt::Display| {
        Error::weights(path, format!("is damaged or nothing that torch.save wrote: {error}"))
    };
    let file = match PytorchReader::new(path) {
        Ok(file) => file,
        // The second error would be of a file that the first was right about.
        Err(first) => rezipped(path).ok_or_else(|| damaged(&first))?,
    };
    let (mut tensors, mut others) = (BTreeMap::new(), BTreeMap::<String, String>::new());
    for (name, tensor) in file.into_tensors() {
        if name.ends_with(BATCH_COUNTER) {
            continue;
        }
        let number = match tensor.dtype() {
            DType::F16 => Number::F16,
            DType::BF16 => Number::Bf16,
            DType::F32 => Number::F32,
            DType::F64 => Number::F64,
            // An optimizer's counters, an index of classes: of no concern where the network has none of that name.
            other => {
                others.insert(name, format!("{other:?}"));
                continue;
            }
        };
        let bytes = tensor.read().map_err(|error| damaged(&error))?;
        tensors.insert(name, Tensor { shape: tensor.shape().to_vec(), values: to_f32(&bytes, number) });
    }
    let unfit = others.into_iter().map(|(name, kind)| (unwrapped(&name).to_string(), kind)).collect();
    Ok(Weights { unfit, ..from_torch(path, About::default(), tensors) })
}

/// The same file, where `torch.save` wrote a directory that the reader of archives takes for damaged: it looks for the
/// directory 76 bytes too late, past the records of ZIP64, and does so where another entry's mark stands just there, as
/// with a name of 21 characters. The entries are copied as they are into an archive without these records.
fn rezipped(path: &Path) -> Option<PytorchReader> {
    let config = zip::read::Config { archive_offset: zip::read::ArchiveOffset::Known(0) };
    let mut archive = zip::ZipArchive::with_config(config, File::open(path).ok()?).ok()?;
    let copy = tempfile::Builder::new().suffix(".pth").tempfile().ok()?;
    let mut writer = zip::ZipWriter::new(copy.reopen().ok()?);
    for index in 0..archive.len() {
        writer.raw_copy_file(archive.by_index_raw(index).ok()?).ok()?;
    }
    writer.finish().ok()?;
    // The reader keeps the file open, whose name may go.
    PytorchReader::new(copy.path()).ok()
}
