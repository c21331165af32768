//! A training between two epochs, in files: so that one that was stopped can go on.

use super::fit::{Fit, kept_epoch};
use super::history::History;
use crate::nn::Network;
use crate::nn::weights::{
    Order, Values, Written, parameter_shapes, parameter_tensors, read, set_parameters, take, write,
};
use crate::{Error, Result, files};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How many checkpoints stay: the newest, and the one before for the case that the newest is damaged.
const STAY: usize = 2;

/// Extension of the file that describes a checkpoint.
const DESCRIPTION: &str = "json";

/// What stands before a parameter's name in a checkpoint: its value after the last epoch, after the epoch whose weights
/// are to be kept where that is an earlier one, and the optimizer's moments.
const LAST: &str = "last/";
const KEPT: &str = "kept/";
const OPTIMIZER: &str = "optimizer/";

/// Key under which a checkpoint has the network's name.
const NETWORK: &str = "network";

/// What a checkpoint says beside its tensors. Written after them: a checkpoint without it is not finished.
#[derive(Serialize, Deserialize)]
struct Description {
    /// Steps that the optimizer did.
    steps: i32,
    /// The epochs so far as CSV, in which numbers keep every bit.
    history: String,
    /// Of the file with the tensors.
    sha256: String,
}

/// Which checkpoint was used.
#[derive(Debug)]
pub(super) struct Found {
    epoch: usize,
    /// What is wrong with the newest, where that is another.
    damaged: Option<Error>,
}

impl Found {
    /// What there is to say of it.
    pub fn note(&self) -> Option<String> {
        let why = self.damaged.as_ref()?;
        Some(format!(
            "Going on from the checkpoint after epoch {}, because the newest cannot be used: {why}",
            self.epoch
        ))
    }
}

/// Writes all that is needed to go on after the last epoch, and removes the checkpoints that are no longer needed.
pub(super) fn save(folder: &Path, fit: &Fit, network: &Network) -> Result<()> {
    let epoch = fit.history.epochs.len();
    let path = tensors_path(folder, epoch);
    let mut tensors = parameter_tensors(network, LAST, Order::Memory);
    if let Some(kept) = fit.kept.as_ref().filter(|_| !fit.keeps_last()) {
        let shapes = parameter_tensors(network, KEPT, Order::Memory);
        tensors.extend(shapes.into_iter().zip(kept.iter()).map(|(t, v)| Written { values: Values::Slice(v), ..t }));
    }
    let moments = moment_shapes(fit, network, fit.optimizer.step);
    for ((name, shape), values) in moments.iter().zip(fit.optimizer.moments.iter().flatten()) {
        tensors.push(Written { name: name.clone(), shape: shape.clone(), values: Values::Slice(values) });
    }
    write(&path, tensors, NETWORK, network.name())?;
    let mut hasher = Sha256::new();
    std::fs::File::open(&path)
        .and_then(|mut file| std::io::copy(&mut file, &mut hasher))
        .map_err(Error::io("cannot read", &path))?;
    let sha256 = hexadecimal(hasher);
    let description = Description { steps: fit.optimizer.step, history: fit.history.to_csv(), sha256 };
    let text = serde_json::to_string_pretty(&description).map_err(|error| Error::output("checkpoint", error))?;
    files::replace_text(&description_path(folder, epoch), &text)?;
    let stay: Vec<usize> = epochs(folder)?.into_iter().take(STAY).collect();
    remove_except(folder, &stay)
}

/// Puts `fit` and `network` into the state of the newest checkpoint that is whole; none where there is no checkpoint.
///
/// An error where there are checkpoints and none can be used; nothing is changed then.
pub(super) fn load(folder: &Path, fit: &mut Fit, network: &mut Network) -> Result<Option<Found>> {
    let mut damaged: Option<Error> = None;
    for epoch in epochs(folder)? {
        match load_one(folder, epoch, fit, network) {
            Ok(()) => return Ok(Some(Found { epoch, damaged })),
            Err(error) => damaged = Some(damaged.unwrap_or(error)),
        }
    }
    damaged.map_or(Ok(None), Err)
}

/// Removes all checkpoints, of a training that is over.
pub(super) fn remove_all(folder: &Path) -> Result<()> {
    remove_except(folder, &[])
}

fn load_one(folder: &Path, epoch: usize, fit: &mut Fit, network: &mut Network) -> Result<()> {
    let path = description_path(folder, epoch);
    let text = std::fs::read_to_string(&path).map_err(Error::io("cannot read", &path))?;
    let description: Description =
        serde_json::from_str(&text).map_err(|error| Error::weights(&path, format!("is damaged: {error}")))?;
    let history = History::from_csv(&description.history).map_err(|what| Error::weights(&path, what))?;
    if history.epochs.len() != epoch {
        return Err(Error::weights(&path, format!("tells of {} epochs, not {epoch}", history.epochs.len())));
    }
    let path = tensors_path(folder, epoch);
    let bytes = std::fs::read(&path).map_err(Error::io("cannot read", &path))?;
    if digest(&bytes) != description.sha256 {
        return Err(Error::weights(&path, "is damaged: its content is not what was written"));
    }
    let has_kept = epoch > 0 && kept_epoch(fit.settings, &history) != Some(epoch);
    let mut wanted = parameter_shapes(network, LAST, Order::Memory);
    let parameters = wanted.len();
    if has_kept {
        wanted.extend(parameter_shapes(network, KEPT, Order::Memory));
    }
    let before_moments = wanted.len();
    wanted.extend(moment_shapes(fit, network, description.steps));

    let mut last = take(&path, read(&path, &bytes)?.tensors, &wanted)?;
    let moments = last.split_off(before_moments);
    let kept = last.split_off(parameters);
    for (moment, values) in fit.optimizer.moments.iter_mut().flatten().zip(moments) {
        **moment = values;
    }
    fit.optimizer.step = description.steps;
    fit.history = history;
    set_parameters(network, &last);
    fit.last = Arc::new(last);
    fit.kept = match (epoch, has_kept) {
        (0, _) => None,
        (_, false) => Some(fit.last.clone()),
        (_, true) => Some(Arc::new(kept)),
    };
    Ok(())
}

/// Names and shapes of the optimizer's moments, in the order in which it keeps them. Before the first of its `steps`
/// there is nothing in them to write.
fn moment_shapes(fit: &Fit, network: &Network, steps: i32) -> Vec<(String, Vec<usize>)> {
    let trainable = if steps == 0 { Vec::new() } else { super::optimizer::trainable(network) };
    let kinds = fit.optimizer.moment_names();
    let each = trainable.into_iter().flat_map(|parameter| {
        kinds.iter().map(move |kind| (format!("{OPTIMIZER}{}/{kind}", parameter.name), parameter.shape().to_vec()))
    });
    each.collect()
}

/// The epochs after which there is a checkpoint, newest first. One whose description was not written does not count.
fn epochs(folder: &Path) -> Result<Vec<usize>> {
    let files = checkpoint_files(folder)?;
    let described = files.into_iter().filter(|(_, path)| path.extension().is_some_and(|e| e == DESCRIPTION));
    let mut epochs: Vec<usize> = described.map(|(epoch, _)| epoch).collect();
    epochs.sort_unstable_by(|a, b| b.cmp(a));
    Ok(epochs)
}

/// Removes all checkpoints but those after the epochs `stay`; descriptions first, without which the rest counts for nothing.
fn remove_except(folder: &Path, stay: &[usize]) -> Result<()> {
    let mut files = checkpoint_files(folder)?;
    files.retain(|(epoch, _)| !stay.contains(epoch));
    files.sort_by_key(|(_, path)| path.extension().is_some_and(|e| e != DESCRIPTION));
    files.into_iter().try_for_each(|(_, path)| std::fs::remove_file(&path).map_err(Error::io("cannot remove", &path)))
}

/// All files of checkpoints in `folder`, with their epochs.
fn checkpoint_files(folder: &Path) -> Result<Vec<(usize, PathBuf)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(Error::io("cannot read", folder))? {
        let path = entry.map_err(Error::io("cannot read", folder))?.path();
        let epoch = path.file_stem().and_then(|stem| stem.to_str()?.strip_prefix("checkpoint-")?.parse().ok());
        files.extend(epoch.map(|epoch| (epoch, path)));
    }
    Ok(files)
}

fn description_path(folder: &Path, epoch: usize) -> PathBuf {
    folder.join(format!("checkpoint-{epoch}.{DESCRIPTION}"))
}

fn tensors_path(folder: &Path, epoch: usize) -> PathBuf {
    folder.join(format!("checkpoint-{epoch}.safetensors"))
}

/// SHA-256 of `bytes` in hexadecimal digits.
pub(super) fn digest(bytes: &[u8]) -> String {
    hexadecimal(Sha256::new_with_prefix(bytes))
}

fn hexadecimal(hasher: Sha256) -> String {
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
