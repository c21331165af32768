//! The kernel's program, evcxr_jupyter.

use super::stamp::Stamp;
use crate::base::cache::Cache;
use crate::base::progress;
use crate::{Error, Result};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// The version that the kernel's settings and the rustc wrapper are made for.
const VERSION: &str = "0.22.0";

/// Where the program is, or will be.
pub(super) fn program(cache: &Cache) -> PathBuf {
    folder(cache).join("bin").join(format!("evcxr_jupyter{}", std::env::consts::EXE_SUFFIX))
}

fn folder(cache: &Cache) -> PathBuf {
    cache.path(&format!("evcxr-{VERSION}"))
}

/// Builds the program from its sources where it is missing. What an interrupted build has compiled is kept for the next
/// attempt; once the program is there, only it is kept.
pub(super) fn set_up(cache: &Cache) -> Result<()> {
    let folder = folder(cache);
    let stamp = Stamp::new(&folder, VERSION);
    if stamp.is_set() && program(cache).is_file() {
        return Ok(());
    }
    let _lock = cache.lock()?;
    if stamp.is_set() && program(cache).is_file() {
        return Ok(());
    }
    let build = cache.path("evcxr-build");
    let mut command = Command::new("cargo");
    command
        .args(["install", "evcxr_jupyter", "--locked", "--force", "--version", VERSION, "--root"])
        .arg(&folder)
        .env("CARGO_TARGET_DIR", &build)
        // A quarter less to wait than at level 3, for a kernel that computes 6 % more.
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        // The settings of this project are not for evcxr: it brings a standard library of its own.
        .env("RUSTFLAGS", "")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .current_dir(cache.path(""));
    let title = format!("Building the Rust kernel for Jupyter, evcxr_jupyter {VERSION} (once, 5 to 20 minutes)");
    progress::run(&title, &mut command, "It needs crates.io; run the command again to go on where it stopped.")?;
    stamp.set()?;
    fs::remove_dir_all(&build).map_err(Error::io("cannot remove", &build))
}
