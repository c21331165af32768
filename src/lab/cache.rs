//! The one folder that holds what is set up once: Jupyter and the kernel's program.

use crate::{Error, Result};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

/// `MANGA_CACHE`, else `manga-expressions` in the user's cache folder (`~/.cache` on Linux).
pub(super) struct Cache {
    root: PathBuf,
}

impl Cache {
    pub(super) fn open() -> Result<Cache> {
        let root = match std::env::var_os("MANGA_CACHE").filter(|folder| !folder.is_empty()) {
            Some(folder) => std::path::absolute(&folder).map_err(Error::io("cannot use the cache folder", &folder))?,
            None => dirs::cache_dir().map(|folder| folder.join("manga-expressions")).ok_or_else(|| {
                Error::Lab("this user has no cache folder: name one in the environment variable MANGA_CACHE".into())
            })?,
        };
        fs::create_dir_all(&root).map_err(Error::io("cannot make the cache folder", &root))?;
        Ok(Cache { root })
    }

    /// A file or folder in the cache, which need not exist.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Keeps other processes from setting up at the same time, until the file is dropped; the system frees the lock of
    /// a process that was killed.
    pub(super) fn lock(&self) -> Result<File> {
        let path = self.path("lock");
        let file = File::create(&path).map_err(Error::io("cannot write", &path))?;
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => {
                eprintln!("Another process is setting up {}: waiting for it.", self.root.display());
            }
            Err(TryLockError::Error(_)) => {}
        }
        file.lock().map_err(Error::io("cannot lock", &path))?;
        Ok(file)
    }
}

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
