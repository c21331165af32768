//! The Python environment that has Jupyter.

use super::stamp::Stamp;
use crate::base::cache::Cache;
use crate::base::progress;
use crate::{Error, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// All packages, with their versions.
const REQUIREMENTS: &str = include_str!("requirements.txt");

/// JupyterLab's settings where they differ from its own: it asks the network for no news.
const SETTINGS: &str = r#"{
  "@jupyterlab/apputils-extension:notification": { "checkForUpdates": false, "doNotDisturbMode": true, "fetchNews": "false" }
}
"#;

/// The oldest version of Python that the packages support.
const OLDEST: (u32, u32) = (3, 10);

/// Prints the version, as `3 11 1`; the last number is 0 where Python cannot make environments.
const PROBE: &str = "import importlib.util as u, sys; \
                     print(*sys.version_info[:2], int(all(map(u.find_spec, ['venv', 'ensurepip']))))";

/// Makes the environment where it is missing or of other packages, and returns its Python.
pub(super) fn set_up(cache: &Cache) -> Result<PathBuf> {
    let folder = cache.path("python");
    let python = if cfg!(windows) { folder.join("Scripts/python.exe") } else { folder.join("bin/python") };
    let stamp = Stamp::new(&folder, REQUIREMENTS);
    if stamp.is_set() && python.exists() {
        return Ok(python);
    }
    let _lock = cache.lock()?;
    if stamp.is_set() && python.exists() {
        return Ok(python);
    }
    stamp.clear()?;
    let system = find()?;
    let mut make = Command::new(&system);
    make.args(["-m", "venv", "--clear"]).arg(&folder);
    progress::run("Making a Python environment", &mut make, "")?;
    let list = folder.join("requirements.txt");
    fs::write(&list, REQUIREMENTS).map_err(Error::io("cannot write", &list))?;
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--requirement"]).arg(&list);
    progress::run("Installing Jupyter (once, about 250 MB)", &mut install, "It needs PyPI; run the command again.")?;
    let settings = folder.join("share/jupyter/lab/settings");
    fs::create_dir_all(&settings).map_err(Error::io("cannot make", &settings))?;
    let overrides = settings.join("overrides.json");
    fs::write(&overrides, SETTINGS).map_err(Error::io("cannot write", &overrides))?;
    stamp.set()?;
    Ok(python)
}

/// The first Python on the search path that is new enough and can make environments.
fn find() -> Result<PathBuf> {
    let names =
        ["python3", "python"].map(String::from).into_iter().chain((10..=20).rev().map(|n| format!("python3.{n}")));
    let mut seen = Vec::new();
    for name in names {
        match probe(Path::new(&name)) {
            Some((major, minor, true)) if (major, minor) >= OLDEST => return Ok(name.into()),
            Some((major, minor, complete)) => seen.push(format!(
                "{name} is {major}.{minor}{}",
                if complete { "" } else { " and lacks the module venv (on Debian: apt install python3-venv)" }
            )),
            None => {}
        }
    }
    let seen = if seen.is_empty() { "none was found".to_string() } else { seen.join(", ") };
    Err(Error::Lab(format!(
        "the notebooks need Python {}.{} or newer with its module venv, as python3 on the search path; {seen}",
        OLDEST.0, OLDEST.1
    )))
}

/// Version of this Python, and whether it can make environments.
fn probe(python: &Path) -> Option<(u32, u32, bool)> {
    let output = Command::new(python).args(["-c", PROBE]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let numbers: Vec<u32> = text.split_whitespace().map_while(|word| word.parse().ok()).collect();
    let [major, minor, complete] = numbers[..] else { return None };
    Some((major, minor, complete == 1))
}
