//! The built library that notebook cells are linked to.

use super::rust::Rust;
use crate::{Error, Result};
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::{Path, PathBuf};

/// What to do when the library cannot serve cells.
const REMEDY: &str = "Build it again with `cargo build --release` in the project's folder, without RUSTFLAGS and \
                      without `build.rustflags` in a cargo configuration of your own";

/// The dylib of this build and what belongs to it.
pub(super) struct Library {
    /// The dylib.
    pub(super) file: PathBuf,
    /// The folder of the compiled dependencies, where rustc looks up their types.
    pub(super) dependencies: PathBuf,
    /// The folder of the build, in which the kernel keeps its own files.
    pub(super) build: PathBuf,
    /// The program `manga` of this build.
    pub(super) program: PathBuf,
}

impl Library {
    /// The dylib beside this program; an error if cells cannot be linked to it.
    pub(super) fn find(rust: &Rust) -> Result<Library> {
        let program = std::env::current_exe().map_err(Error::io("cannot find the program", "manga"))?;
        let build = program.parent().expect("a program lies in a folder").to_path_buf();
        let file = build.join(file_name());
        let dependencies = build.join("deps");
        if !file.is_file() || !dependencies.is_dir() {
            return Err(Error::Lab(format!(
                "the built library is not beside the program: looked for {} and the folder deps. {REMEDY}",
                file.display()
            )));
        }
        check_linked(rust)?;
        Ok(Library { file, dependencies, build, program })
    }
}

/// `libmanga_expressions.so` on Linux.
pub(super) fn file_name() -> String {
    format!("{DLL_PREFIX}{}{DLL_SUFFIX}", env!("CARGO_CRATE_NAME"))
}

/// Checks that this program itself uses the library as a dylib, and with it the standard library of `rust`: what holds
/// for the program then holds for cells. Linux tells a process which libraries it has loaded; elsewhere nothing is
/// checked.
fn check_linked(rust: &Rust) -> Result<()> {
    let Ok(maps) = std::fs::read_to_string("/proc/self/maps") else { return Ok(()) };
    let loaded = |start: &str| {
        maps.lines()
            .filter_map(|line| line.split_once('/'))
            .map(|(_, path)| Path::new(path.trim_end_matches(" (deleted)")))
            .filter_map(|path| path.file_name()?.to_str())
            .find(|name| name.starts_with(start) && name.ends_with(DLL_SUFFIX))
    };
    let Some(std) = loaded(&format!("{DLL_PREFIX}std-")).filter(|_| loaded(&file_name()).is_some()) else {
        return Err(Error::Lab(format!(
            "the library was linked statically into this program, so notebook cells cannot share it. {REMEDY}"
        )));
    };
    if !rust.libraries.join(std).is_file() {
        return Err(Error::Lab(format!(
            "the library was built by another version of Rust than the one `rustc` is now (no {std} in {}). {REMEDY}",
            rust.libraries.display()
        )));
    }
    Ok(())
}
