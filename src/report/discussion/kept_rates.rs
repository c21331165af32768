//! The learning-rate finders that the project keeps in `results/finder`.

use crate::base::csv::Csv;
use crate::base::project;
use crate::training::{RateCurve, RateRange};
use crate::{Error, Result};
use std::path::{Path, PathBuf};

/// The curves of the learning-rate finders on the real photos that the project keeps in `results/finder`, in the order of
/// the files' names.
///
/// # Errors
/// As [`rate_curves_in`]; a folder that cannot be read.
pub fn kept_rate_curves() -> Result<Vec<RateCurve>> {
    let folder = project::results().join("finder");
    let entries = std::fs::read_dir(&folder).map_err(Error::io("cannot read", &folder))?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()).map_err(Error::io("cannot read", &folder)));
    let mut files: Vec<PathBuf> = paths.collect::<Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|end| end == "csv"));
    files.sort();
    let curves: Vec<Vec<RateCurve>> = files.iter().map(|file| rate_curves_in(file)).collect::<Result<_>>()?;
    Ok(curves.concat())
}

/// The curves in a file that `manga find-rate … --out FILE` has written.
///
/// # Errors
/// [`Error::Io`] for a file that is not there; [`Error::Data`] for one that is not as the command writes it, with the line
/// and the column.
pub fn rate_curves_in(file: &Path) -> Result<Vec<RateCurve>> {
    let csv = Csv::read(file)?;
    let mut rows = Vec::new();
    for row in 0..csv.rows.len() {
        let range = RateRange {
            from: csv.number(row, "from")?,
            to: csv.number(row, "to")?,
            steps: csv.number(row, "steps")? as usize,
        };
        let (network, seed) = (csv.text(row, "network")?.to_string(), csv.number(row, "seed")? as u64);
        rows.push((network, seed, range, csv.number(row, "loss")?));
    }
    rows.chunk_by(|a, b| (&a.0, a.1) == (&b.0, b.1))
        .map(|group| {
            let (network, seed, range, _) = &group[0];
            RateCurve::from_losses(network, *seed, range, &group.iter().map(|row| row.3).collect::<Vec<f64>>())
        })
        .collect()
}
