//! Runs that another compute version has made.

use super::alone;
use super::run::{Run, is_run};
use crate::{Error, Result};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Renames the folder of a run of another [`COMPUTE_VERSION`](crate::COMPUTE_VERSION), so that one of this version can have
/// its place; nothing is removed. Its new name is the old one and the version, as `repeat1-fold1-version-1`. None
/// where there is no such run.
///
/// Of several programs that do this at a time, one does, and the others find it done.
pub(crate) fn set_aside_outdated(folder: &Path) -> Result<Option<PathBuf>> {
    if version_of(folder)?.is_none() {
        return Ok(None);
    }
    let _held = alone::hold(folder, &mut || ())?;
    let Some(version) = version_of(folder)? else { return Ok(None) };
    let named = |end: &str| {
        let mut name = OsString::from(folder);
        name.push(format!("-version-{version}{end}"));
        PathBuf::from(name)
    };
    let mut aside = named("");
    for number in 2.. {
        if !aside.exists() {
            break;
        }
        aside = named(&format!("-{number}"));
    }
    std::fs::rename(folder, &aside).map_err(Error::io("cannot rename", folder))?;
    Ok(Some(aside))
}

/// The compute version of the run in `folder`, if there is one of another version than this library's.
fn version_of(folder: &Path) -> Result<Option<String>> {
    if !is_run(folder) {
        return Ok(None);
    }
    let run = Run::open(folder)?;
    Ok(run.settings().other_version().map(String::from))
}
