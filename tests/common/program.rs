//! The program `manga`, called in a folder.

#![allow(dead_code)] // Each test file uses its own part.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// What `manga` does when called in `folder`; photos that lie on this machine are not found.
pub fn manga(folder: &TempDir, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

pub fn command(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_manga"));
    command.current_dir(folder.path()).args(arguments).env_remove("RUST_BACKTRACE");
    for variable in ["MANGA_DATA", "MANGA_PROJECT", "MANGA_RUNS"] {
        command.env_remove(variable);
    }
    command
}

/// Standard output of a call that must succeed.
pub fn output(folder: &TempDir, arguments: &[&str]) -> String {
    let output = manga(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

pub fn json(folder: &TempDir, arguments: &[&str]) -> Value {
    let text = output(folder, arguments);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {text}"))
}

/// Standard error of a call that must fail as a command fails that was told something wrong, and not by a panic (101)
/// or an abort.
pub fn complaint(folder: &TempDir, arguments: &[&str]) -> String {
    let output = manga(folder, arguments);
    let text = String::from_utf8(output.stderr).unwrap();
    // 1 is ours, 2 is clap's.
    assert!(matches!(output.status.code(), Some(1 | 2)), "{arguments:?}: {:?} {text}", output.status);
    assert!(output.stdout.is_empty(), "{arguments:?} printed a result");
    text
}

pub fn empty() -> TempDir {
    tempfile::tempdir().unwrap()
}

pub fn photos(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}

pub fn with<'a>(first: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [first, more].concat()
}
