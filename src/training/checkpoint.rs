//! A training between two batches, in files: so that one that was stopped can go on.

use super::average::Average;
use super::fit::{Fit, kept_epoch};
use super::history::History;
use super::within::{Within, WithinRow};
use crate::base::files;
use crate::net::nn::Network;
use crate::net::nn::weights::{
    Order, Values, Written, parameter_shapes, parameter_tensors, read, set_parameters, take, write,
};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How many checkpoints stay: the newest, and the one before for the case that the newest is damaged.
const STAY: usize = 2;

/// The file with the weights that are frozen and so the same in all checkpoints.
const FROZEN_FILE: &str = "checkpoint-frozen.safetensors";

/// Extension of the file that describes a checkpoint.
const DESCRIPTION: &str = "json";

/// What stands before a parameter's name in a checkpoint: its value after the last epoch, after the epoch whose weights
/// are to be kept where that is an earlier one, the average of its values, the optimizer's moments, and, in a file of
/// their own, frozen weights.
const LAST: &str = "last/";
const KEPT: &str = "kept/";
const AVERAGE: &str = "average/";
const OPTIMIZER: &str = "optimizer/";
const FROZEN: &str = "frozen/";

/// Key under which a checkpoint has the network's name.
const NETWORK: &str = "network";

/// What a checkpoint says beside its tensors. Written after them: a checkpoint without it is not finished.
#[derive(Serialize, Deserialize)]
struct Description {
    /// Steps that the optimizer did.
    steps: i32,
    /// The epochs so far as CSV, in which numbers keep every bit.
    history: String,
    /// Where the training is within the epoch that follows these; nothing between two epochs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    within: Option<WithinRow>,
    /// Of the file with the tensors.
    sha256: String,
    /// Of the file with the frozen weights; none where all weights are in the other file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    frozen_sha256: Option<String>,
}

/// What was done before a checkpoint: whole epochs, and batches of the next. Later ones are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Position {
    epochs: usize,
    batches: usize,
}

impl Position {
    /// What stands in the names of its files after `checkpoint-`.
    fn name(self) -> String {
        let Position { epochs, batches } = self;
        if batches == 0 { epochs.to_string() } else { format!("{epochs}-{batches}") }
    }

    fn parse(name: &str) -> Option<Position> {
        let (epochs, batches) = name.split_once('-').unwrap_or((name, "0"));
        Some(Position { epochs: epochs.parse().ok()?, batches: batches.parse().ok()? })
    }
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self.batches {
            0 => write!(f, "epoch {}", self.epochs),
            batches => write!(f, "batch {batches} of epoch {}", self.epochs + 1),
        }
    }
}

/// Which checkpoint was used.
#[derive(Debug)]
pub(super) struct Found {
    position: Position,
    /// What is wrong with the newest, where that is another.
    damaged: Option<Error>,
}

impl Found {
    /// What there is to say of it.
    pub fn note(&self) -> Option<String> {
        let why = self.damaged.as_ref()?;
        Some(format!("Going on from the checkpoint after {}, because the newest cannot be used: {why}", self.position))
    }
}

/// Writes all that is needed to go on after the last epoch, or batch within one, and removes the checkpoints that are no longer needed.
pub(super) fn save(folder: &Path, fit: &Fit, network: &Network) -> Result<()> {
    let batches = fit.within.as_ref().map_or(0, |within| within.batches);
    let position = Position { epochs: fit.history.epochs.len(), batches };
    let path = tensors_path(folder, position);
    let frozen = frozen(network);
    let frozen_sha256 = match fit.frozen_sha256.get() {
        None if frozen.contains(&true) => {
            let digest = save_frozen(folder, network, &frozen)?;
            Some(fit.frozen_sha256.get_or_init(|| digest).clone())
        }
        digest => digest.cloned(),
    };
    let mut tensors = those(parameter_tensors(network, LAST, Order::Memory), &frozen, false);
    if let Some(kept) = fit.kept.as_ref().filter(|_| batches > 0 || !fit.keeps_last()) {
        let shapes = parameter_tensors(network, KEPT, Order::Memory).into_iter().zip(kept.iter());
        let values = shapes.map(|(t, v)| Written { values: Values::Slice(v), ..t }).collect();
        tensors.extend(those(values, &frozen, false));
    }
    let average = fit.within.as_ref().map_or(&fit.average, |within| &within.average);
    if let Some(average) = average {
        let shapes = those(parameter_tensors(network, AVERAGE, Order::Memory), &frozen, false);
        tensors.extend(shapes.into_iter().zip(&average.values).map(|(t, v)| Written { values: Values::Slice(v), ..t }));
    }
    let moments = moment_shapes(fit, network, fit.optimizer.step);
    for ((name, shape), values) in moments.iter().zip(fit.optimizer.moments.iter().flatten()) {
        tensors.push(Written { name: name.clone(), shape: shape.clone(), values: Values::Slice(values) });
    }
    write(&path, tensors, NETWORK, network.name())?;
    let sha256 = files::sha256(&path)?;
    let within = fit.within.as_ref().map(Within::to_row);
    let description =
        Description { steps: fit.optimizer.step, history: fit.history.to_csv(), within, sha256, frozen_sha256 };
    let text = serde_json::to_string_pretty(&description).map_err(|error| Error::output("checkpoint", error))?;
    files::replace_text(&description_path(folder, position), &text)?;
    let stay: Vec<Position> = positions(folder)?.into_iter().take(STAY).collect();
    remove_except(folder, &stay)
}

/// Puts `fit` and `network` into the state of the newest checkpoint that is whole; none where there is no checkpoint.
///
/// An error where there are checkpoints and none can be used; nothing is changed then.
pub(super) fn load(folder: &Path, fit: &mut Fit, network: &mut Network) -> Result<Option<Found>> {
    let mut damaged: Option<Error> = None;
    for position in positions(folder)? {
        match load_one(folder, position, fit, network) {
            Ok(()) => return Ok(Some(Found { position, damaged })),
            Err(error) => damaged = Some(damaged.unwrap_or(error)),
        }
    }
    damaged.map_or(Ok(None), Err)
}

/// Removes all checkpoints, of a training that is over.
pub(super) fn remove_all(folder: &Path) -> Result<()> {
    remove_except(folder, &[])?;
    let path = folder.join(FROZEN_FILE);
    if path.exists() { std::fs::remove_file(&path).map_err(Error::io("cannot remove", &path)) } else { Ok(()) }
}

/// Which parameters no step changes.
fn frozen(network: &Network) -> Vec<bool> {
    network.parameters().into_iter().map(|p| !p.changes()).collect()
}

/// Of `all`, an item for each parameter, those that are frozen, or those that are not.
fn those<T>(all: Vec<T>, frozen: &[bool], wanted: bool) -> Vec<T> {
    all.into_iter().zip(frozen).filter(|(_, is_frozen)| **is_frozen == wanted).map(|(item, _)| item).collect()
}

/// Writes the frozen weights, and returns the digest of their file.
fn save_frozen(folder: &Path, network: &Network, frozen: &[bool]) -> Result<String> {
    let path = folder.join(FROZEN_FILE);
    write(&path, those(parameter_tensors(network, FROZEN, Order::Memory), frozen, true), NETWORK, network.name())?;
    files::sha256(&path)
}

fn load_one(folder: &Path, position: Position, fit: &mut Fit, network: &mut Network) -> Result<()> {
    let Position { epochs: epoch, batches } = position;
    let path = description_path(folder, position);
    let text = std::fs::read_to_string(&path).map_err(Error::io("cannot read", &path))?;
    let description: Description =
        serde_json::from_str(&text).map_err(|error| Error::weights(&path, format!("is damaged: {error}")))?;
    let history = History::from_csv(&description.history).map_err(|what| Error::weights(&path, what))?;
    if history.epochs.len() != epoch {
        return Err(Error::weights(&path, format!("tells of {} epochs, not {epoch}", history.epochs.len())));
    }
    let frozen = match description.frozen_sha256 {
        Some(_) => frozen(network),
        None => vec![false; network.parameters().len()],
    };
    let has_kept = epoch > 0 && (batches > 0 || kept_epoch(fit.settings, &history) != Some(epoch));
    let mut wanted = those(parameter_shapes(network, LAST, Order::Memory), &frozen, false);
    let parameters = wanted.len();
    if has_kept {
        wanted.extend(those(parameter_shapes(network, KEPT, Order::Memory), &frozen, false));
    }
    let before_average = wanted.len();
    if description.steps > 0 && fit.settings.weight_average.is_some() {
        wanted.extend(those(parameter_shapes(network, AVERAGE, Order::Memory), &frozen, false));
    }
    let before_moments = wanted.len();
    wanted.extend(moment_shapes(fit, network, description.steps));

    let mut last = read_whole(&tensors_path(folder, position), &description.sha256, &wanted)?;
    let moments = last.split_off(before_moments);
    let average = last.split_off(before_average);
    let average = (!average.is_empty()).then_some(Average { values: average });
    let mut kept = last.split_off(parameters);
    if let Some(digest) = &description.frozen_sha256 {
        let wanted = those(parameter_shapes(network, FROZEN, Order::Memory), &frozen, true);
        let values = read_whole(&folder.join(FROZEN_FILE), digest, &wanted)?;
        if has_kept {
            kept = together(kept, values.clone(), &frozen);
        }
        last = together(last, values, &frozen);
    }
    let (average, within) = match &description.within {
        None => (average, None),
        Some(row) => {
            let within = Within::from_row(row, average).filter(|within| within.batches == batches);
            (None, Some(within.ok_or_else(|| Error::weights(&path, "is damaged: its numbers cannot be read"))?))
        }
    };
    fit.frozen_sha256 = description.frozen_sha256.map(OnceCell::from).unwrap_or_default();
    for (moment, values) in fit.optimizer.moments.iter_mut().flatten().zip(moments) {
        **moment = values;
    }
    fit.optimizer.step = description.steps;
    fit.history = history;
    set_parameters(network, &last);
    fit.last = Arc::new(last);
    (fit.average, fit.within) = (average, within);
    fit.kept = match (epoch, has_kept) {
        (0, _) => None,
        (_, false) => Some(fit.to_keep(network)),
        (_, true) => Some(Arc::new(kept)),
    };
    Ok(())
}

/// The tensors of a file, which must be the one with that digest.
fn read_whole(path: &Path, sha256: &str, wanted: &[(String, Vec<usize>)]) -> Result<Vec<Vec<f32>>> {
    let bytes = std::fs::read(path).map_err(Error::io("cannot read", path))?;
    if digest(&bytes) != sha256 {
        return Err(Error::weights(path, "is damaged: its content is not what was written"));
    }
    take(path, read(path, &bytes)?.tensors, wanted)
}

/// The values of all parameters, from those of the changing and of the frozen ones.
fn together(changing: Vec<Vec<f32>>, frozen: Vec<Vec<f32>>, is_frozen: &[bool]) -> Vec<Vec<f32>> {
    let (mut changing, mut frozen) = (changing.into_iter(), frozen.into_iter());
    is_frozen.iter().filter_map(|&is_frozen| if is_frozen { frozen.next() } else { changing.next() }).collect()
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

/// The positions of all checkpoints, newest first. One whose description was not written does not count.
fn positions(folder: &Path) -> Result<Vec<Position>> {
    let files = checkpoint_files(folder)?;
    let described = files.into_iter().filter(|(_, path)| path.extension().is_some_and(|e| e == DESCRIPTION));
    let mut positions: Vec<Position> = described.map(|(position, _)| position).collect();
    positions.sort_unstable_by(|a, b| b.cmp(a));
    Ok(positions)
}

/// Removes all checkpoints but those at the positions `stay`; descriptions first, without which the rest counts for nothing.
fn remove_except(folder: &Path, stay: &[Position]) -> Result<()> {
    let mut files = checkpoint_files(folder)?;
    files.retain(|(position, _)| !stay.contains(position));
    files.sort_by_key(|(_, path)| path.extension().is_some_and(|e| e != DESCRIPTION));
    files.into_iter().try_for_each(|(_, path)| std::fs::remove_file(&path).map_err(Error::io("cannot remove", &path)))
}

/// All files of checkpoints in `folder`, with their positions.
fn checkpoint_files(folder: &Path) -> Result<Vec<(Position, PathBuf)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(Error::io("cannot read", folder))? {
        let path = entry.map_err(Error::io("cannot read", folder))?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()?.strip_prefix("checkpoint-"));
        files.extend(stem.and_then(Position::parse).map(|position| (position, path)));
    }
    Ok(files)
}

fn description_path(folder: &Path, position: Position) -> PathBuf {
    folder.join(format!("checkpoint-{}.{DESCRIPTION}", position.name()))
}

fn tensors_path(folder: &Path, position: Position) -> PathBuf {
    folder.join(format!("checkpoint-{}.safetensors", position.name()))
}

/// SHA-256 of `bytes` in hexadecimal digits.
fn digest(bytes: &[u8]) -> String {
    hexadecimal(Sha256::new_with_prefix(bytes))
}

fn hexadecimal(hasher: Sha256) -> String {
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
