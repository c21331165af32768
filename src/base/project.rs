//! Where the project is: its notebooks, its results, and the runs that notebooks and commands make.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The folder of the project.
const PROJECT: &str = "MANGA_PROJECT";
/// The folder of the runs.
const RUNS: &str = "MANGA_RUNS";

/// The folder of the project, with its notebooks, recipes, results and runs: the one that `MANGA_PROJECT` names; else
/// the working directory or the first folder above it that is a checkout of this project; else the folder in which the
/// library was compiled.
///
/// So a checkout that was moved still finds what is in it.
pub fn folder() -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    found(set(PROJECT), &here, Path::new(env!("CARGO_MANIFEST_DIR")))
}

/// The folder of the runs: the one that `MANGA_RUNS` names, else `runs` in the project.
pub fn runs() -> PathBuf {
    named_runs().unwrap_or_else(|| folder().join("runs"))
}

/// The folder of the runs that a command makes: the one that `MANGA_RUNS` names, else `runs` in the working directory.
pub fn runs_here() -> PathBuf {
    named_runs().unwrap_or_else(|| PathBuf::from("runs"))
}

/// The results that come with the project.
pub fn results() -> PathBuf {
    folder().join("results")
}

/// The notebooks.
pub fn notebooks() -> PathBuf {
    folder().join("notebooks")
}

fn named_runs() -> Option<PathBuf> {
    set(RUNS).map(|folder| absolute(Path::new(&folder)))
}

/// The value of a variable, if it has one.
fn set(variable: &str) -> Option<OsString> {
    std::env::var_os(variable).filter(|value| !value.is_empty())
}

fn found(named: Option<OsString>, here: &Path, compiled: &Path) -> PathBuf {
    if let Some(named) = named {
        return absolute(Path::new(&named));
    }
    here.ancestors().find(|folder| is_project(folder)).unwrap_or(compiled).to_path_buf()
}

/// Whether a folder is a checkout of this project, and not of one that is laid out alike.
fn is_project(folder: &Path) -> bool {
    let name = concat!("name = \"", env!("CARGO_PKG_NAME"), "\"");
    folder.join("notebooks").is_dir()
        && folder.join("recipes").is_dir()
        && std::fs::read_to_string(folder.join("Cargo.toml")).is_ok_and(|text| text.lines().any(|line| line == name))
}

fn absolute(folder: &Path) -> PathBuf {
    std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::found;
    use std::path::Path;

    #[test]
    fn the_project_is_named_or_around_or_where_it_was_compiled() {
        let moved = tempfile::tempdir().unwrap();
        let (project, compiled) = (moved.path().join("checkout"), Path::new("/compiled"));
        let deep = project.join("notebooks").join("solutions");
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::create_dir_all(project.join("recipes")).unwrap();
        assert_eq!(found(None, &deep, compiled), compiled); // as yet anybody's folder
        std::fs::write(project.join("Cargo.toml"), "[package]\nname = \"another\"\n").unwrap();
        assert_eq!(found(None, &deep, compiled), compiled);
        std::fs::write(project.join("Cargo.toml"), "[package]\nname = \"manga-expressions\"\n").unwrap();
        assert_eq!(found(None, &deep, compiled), project);
        assert_eq!(found(None, &project, compiled), project);
        assert_eq!(found(None, moved.path(), compiled), compiled);
        assert_eq!(found(Some("/named".into()), &deep, compiled), Path::new("/named"));
        assert!(found(Some("named".into()), &deep, compiled).is_absolute());
    }
}
