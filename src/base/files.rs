//! Files that are either whole or as they were.

use crate::{Error, Result};
use sha2::{Digest, Sha256};
use std::path::Path;

/// How the name of a file that is still being written begins.
const UNFINISHED: &str = ".unfinished-";

/// Writes the file `path` again: `write` fills a file beside it, which then takes its name. Whoever reads `path`, also
/// after a loss of power, finds the old content or the new, never a part.
pub(crate) fn replace(path: &Path, write: &mut dyn FnMut(&Path) -> Result<()>) -> Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED);
    // A temporary file is its owner's alone; a result is as readable as any other file.
    #[cfg(unix)]
    let permissions: std::fs::Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(permissions);
    let file = builder.tempfile_in(folder).map_err(Error::io("cannot write", path))?;
    write(file.path())?;
    file.as_file().sync_all().map_err(Error::io("cannot write", path))?;
    file.persist(path).map_err(|error| Error::io("cannot write", path)(error.error))?;
    // The new name is on the disk only when the folder is.
    #[cfg(unix)]
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::io("cannot write in", folder))?;
    Ok(())
}

/// [`replace`] with a text.
pub(crate) fn replace_text(path: &Path, text: &str) -> Result<()> {
    replace(path, &mut |path| std::fs::write(path, text).map_err(Error::io("cannot write", path)))
}

/// SHA-256 of a file in hexadecimal digits, read piece by piece.
pub(crate) fn sha256(path: &Path) -> Result<String> {
    let mut hasher = Sha256::new();
    std::fs::File::open(path)
        .and_then(|mut file| std::io::copy(&mut file, &mut hasher))
        .map_err(Error::io("cannot read", path))?;
    Ok(format!("{:x}", hasher.finalize()))
}

/// Removes what an interrupted [`replace`] left in `folder`.
pub(crate) fn remove_unfinished(folder: &Path) -> Result<()> {
    for entry in std::fs::read_dir(folder).map_err(Error::io("cannot read", folder))? {
        let path = entry.map_err(Error::io("cannot read", folder))?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(UNFINISHED)) {
            std::fs::remove_file(&path).map_err(Error::io("cannot remove", &path))?;
        }
    }
    Ok(())
}
