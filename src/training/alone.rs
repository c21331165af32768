//! One training at a time in a run's folder.

use crate::{Error, Result};
use std::fs::{File, TryLockError};
use std::path::Path;

/// Holds the folder of a run, made where it is missing, until it is dropped: two notebooks that want the same training
/// share it, the second waits. The system lets go of it when the process ends, however it ends.
///
/// Calls `wait` once if another holds it. Where the system cannot lock a folder (Windows, some network drives), nothing is
/// held.
pub(super) fn hold(folder: &Path, wait: &mut dyn FnMut()) -> Result<Option<File>> {
    std::fs::create_dir_all(folder).map_err(Error::io("cannot make", folder))?;
    let Ok(file) = File::open(folder) else { return Ok(None) };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => {
            wait();
            file.lock().map_err(Error::io("cannot wait for", folder))?;
            Ok(Some(file))
        }
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::hold;
    use std::sync::mpsc;

    #[test]
    #[cfg(unix)]
    fn the_second_waits_for_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path().join("run");
        let first = hold(&run, &mut || panic!("nobody is there")).unwrap();
        let (waits, waiting) = mpsc::channel();
        let second = {
            let run = run.clone();
            std::thread::spawn(move || hold(&run, &mut || waits.send(()).unwrap()).unwrap().is_some())
        };
        waiting.recv().unwrap();
        assert!(!second.is_finished());
        drop(first);
        assert!(second.join().unwrap());
        assert_eq!(std::fs::read_dir(&run).unwrap().count(), 0);
    }
}
