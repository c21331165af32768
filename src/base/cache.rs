//! The one folder that holds what is set up once: Jupyter, the kernel's program, pre-trained weights.

use crate::{Error, Result};
use std::fs::{self, File, TryLockError};
use std::path::PathBuf;

/// `MANGA_CACHE`, else `manga-expressions` in the user's cache folder (`~/.cache` on Linux).
pub(crate) struct Cache {
    root: PathBuf,
}

impl Cache {
    pub(crate) fn open() -> Result<Cache> {
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
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Keeps other processes from setting up at the same time, until the file is dropped; the system frees the lock of
    /// a process that was killed.
    pub(crate) fn lock(&self) -> Result<File> {
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
