//! The Rust that compiles cells: the same that compiled the library.

use crate::base::progress;
use crate::{Error, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Folders of the standard library's sources that the types of a cell's variables can need. Left out are the processor
/// intrinsics, which are as long as all of these together, and tests.
const SOURCES: [&str; 10] =
    ["alloc", "backtrace", "core", "panic_abort", "panic_unwind", "proc_macro", "std", "std_detect", "test", "unwind"];

/// Where the toolchain lies that `rustc` stands for in this folder.
pub(super) struct Rust {
    /// Its folder.
    sysroot: PathBuf,
    /// Its folder of the standard library's dylib.
    pub(super) libraries: PathBuf,
}

impl Rust {
    pub(super) fn find() -> Result<Rust> {
        let output = Command::new("rustc").args(["--print", "sysroot", "--print", "target-libdir"]).output().map_err(
            |error| Error::Lab(format!("cannot start rustc ({error}): install Rust from https://rustup.rs")),
        )?;
        let text = String::from_utf8_lossy(&output.stdout);
        match text.lines().collect::<Vec<_>>()[..] {
            [sysroot, libraries] if output.status.success() => {
                Ok(Rust { sysroot: sysroot.into(), libraries: libraries.into() })
            }
            _ => Err(Error::Lab(format!(
                "rustc does not say where it is installed: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            ))),
        }
    }

    /// The standard library's sources, if they are installed.
    pub(super) fn sources(&self) -> Option<PathBuf> {
        Some(self.sysroot.join("lib/rustlib/src/rust/library")).filter(|folder| folder.join("core/src").is_dir())
    }

    /// Installs the standard library's sources where they are missing. The kernel works without them too, only that a
    /// `let` has to name its type where that is one of the standard library.
    pub(super) fn add_sources(&self) {
        if self.sources().is_some() {
            return;
        }
        let mut command = Command::new("rustup");
        command.args(["component", "add", "rust-src"]);
        let added = progress::run("Adding the sources of Rust's standard library", &mut command, "");
        if added.is_err() || self.sources().is_none() {
            eprintln!(
                "Warning: the sources of Rust's standard library cannot be added (`rustup component add rust-src`). \
                 Without them a `let` in a cell has to name its type, unless it is a number or a type of this library."
            );
        }
    }

    /// Fills `view` with links to those parts of the standard library's sources that cells need: the kernel then reads
    /// half as much before it is ready. False where there are no sources or the system makes no such links.
    pub(super) fn link_sources(&self, view: &Path) -> bool {
        let Some(sources) = self.sources() else { return false };
        SOURCES.iter().map(|part| (sources.join(part), view.join(part))).filter(|(from, _)| from.is_dir()).all(link)
    }
}

#[cfg(unix)]
fn link((from, to): (PathBuf, PathBuf)) -> bool {
    std::os::unix::fs::symlink(from, to).is_ok()
}

#[cfg(not(unix))]
fn link(_: (PathBuf, PathBuf)) -> bool {
    false
}
