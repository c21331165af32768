//! Knowing that a setup came to its end.

use crate::{Error, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// A mark in a folder that says its setup came to its end, and of what. It is written last, so that a setup that was
/// interrupted is taken up again.
pub(super) struct Stamp<'a> {
    path: PathBuf,
    content: &'a str,
}

impl<'a> Stamp<'a> {
    pub(super) fn new(folder: &Path, content: &'a str) -> Self {
        Stamp { path: folder.join("complete"), content }
    }

    pub(super) fn is_set(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|found| found == self.content)
    }

    pub(super) fn clear(&self) -> Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::io("cannot remove", &self.path)(error))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn set(&self) -> Result<()> {
        fs::write(&self.path, self.content).map_err(Error::io("cannot write", &self.path))
    }
}
