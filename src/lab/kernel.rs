//! The program that Jupyter starts for a notebook.

use super::costs::PROGRAM;
use super::library::{self, Library};
use super::rust::Rust;
use super::{ended, evcxr, wrapper};
use crate::base::cache::Cache;
use crate::project;
use crate::{Error, Result};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// The kernel's name for Jupyter, as notebooks have it in their metadata.
pub(super) const NAME: &str = "manga-expressions";

/// Where the system looks for dylibs before anything else.
const LIBRARY_PATH: &str = if cfg!(windows) {
    "PATH"
} else if cfg!(target_os = "macos") {
    "DYLD_FALLBACK_LIBRARY_PATH"
} else {
    "LD_LIBRARY_PATH"
};

/// Settings of cargo and rustc that would make cells unlike the library.
const FOREIGN_SETTINGS: [&str; 6] = [
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_BUILD_RUSTFLAGS",
    "RUSTC_WORKSPACE_WRAPPER",
    "CARGO_BUILD_RUSTC_WRAPPER",
    "RUSTC_BOOTSTRAP",
];

/// Writes what tells Jupyter how to start this build's kernel; returns Jupyter's search path for it. It lies beside the
/// program, so that two checkouts of the project do not get each other's library.
pub(super) fn write_spec(library: &Library) -> Result<PathBuf> {
    let path = library.build.join("jupyter");
    let folder = path.join("kernels").join(NAME);
    fs::create_dir_all(&folder).map_err(Error::io("cannot make", &folder))?;
    let spec = serde_json::json!({
        "argv": [library.program, "kernel", "{connection_file}"],
        "display_name": "Rust",
        "language": "rust",
        "interrupt_mode": "message",
    });
    let file = folder.join("kernel.json");
    let text = format!("{spec:#}\n");
    if fs::read_to_string(&file).is_ok_and(|found| found == text) {
        return Ok(path);
    }
    // Renamed into place, so that a notebook that starts just now never reads half of it.
    let mut whole = tempfile::NamedTempFile::new_in(&folder).map_err(Error::io("cannot write in", &folder))?;
    whole.write_all(text.as_bytes()).map_err(Error::io("cannot write", &file))?;
    whole.persist(&file).map_err(|error| Error::io("cannot write", &file)(error.error))?;
    Ok(path)
}

/// Runs the kernel that `connection_file` (Jupyter's) describes until Jupyter ends it; returns its exit status.
pub fn kernel(connection_file: &str) -> Result<i32> {
    let rust = Rust::find()?;
    let library = Library::find(&rust)?;
    let program = evcxr::program(&Cache::open()?);
    if !program.is_file() {
        return Err(Error::Lab(format!(
            "the kernel is not set up yet (no {}): run `cargo run --release -- lab` once in the project's folder",
            program.display()
        )));
    }
    let private = Private::make(&library)?;
    let mut command = Command::new(ended::prepare(&program, private.folder.path())?);
    // What it prints is its own talk: cells are heard through Jupyter.
    command.arg("--control_file").arg(connection_file).stdout(Stdio::null());
    private.configure(&mut command, &rust, &library)?;
    let child = command.spawn().map_err(Error::io("cannot start the kernel", connection_file))?;
    wait(child)
}

/// Waits until the kernel ends; ends it when the Jupyter that started it is gone.
fn wait(mut child: Child) -> Result<i32> {
    let parent = parent();
    loop {
        if let Some(status) = child.try_wait().map_err(Error::io("cannot wait for", "the kernel"))? {
            return Ok(status.code().unwrap_or(1));
        }
        if self::parent() != parent {
            // It may have ended by itself just now.
            let _ = child.kill();
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[cfg(unix)]
fn parent() -> u32 {
    std::os::unix::process::parent_id()
}

#[cfg(not(unix))]
fn parent() -> u32 {
    0
}

/// The private folder of one running kernel.
struct Private {
    /// Held as long as the kernel runs: a folder without a held lock was left behind.
    _lock: File,
    folder: TempDir,
}

impl Private {
    /// A new folder, with the library in it; removes those of kernels that were killed.
    fn make(library: &Library) -> Result<Private> {
        let all = library.build.join("jupyter").join("running");
        fs::create_dir_all(&all).map_err(Error::io("cannot make", &all))?;
        remove_abandoned(&all);
        let folder = TempDir::with_prefix_in("kernel-", &all).map_err(Error::io("cannot make a folder in", &all))?;
        let path = folder.path().join("lock");
        let lock = File::create(&path).map_err(Error::io("cannot write", &path))?;
        lock.try_lock().map_err(|error| Error::Lab(format!("cannot lock {}: {error}", path.display())))?;
        let private = Private { _lock: lock, folder };
        for part in ["cells", "library", "manifest", "settings", "std"] {
            let part = private.path(part);
            fs::create_dir(&part).map_err(Error::io("cannot make", &part))?;
        }
        // A link keeps this build for as long as the notebook is open: a new build makes a new file.
        let dylib = private.dylib();
        if fs::hard_link(&library.file, &dylib).is_err() {
            fs::copy(&library.file, &dylib).map_err(Error::io("cannot copy the library to", &dylib))?;
        }
        Ok(private)
    }

    fn path(&self, part: &str) -> PathBuf {
        self.folder.path().join(part)
    }

    fn dylib(&self) -> PathBuf {
        self.path("library").join(library::file_name())
    }

    /// Sets everything evcxr and the cargo it calls need to know.
    fn configure(&self, command: &mut Command, rust: &Rust, library: &Library) -> Result<()> {
        let sources = project::folder().join("src").join("lib.rs");
        if !sources.is_file() {
            return Err(Error::Lab(format!("the library's sources are gone: no {}", sources.display())));
        }
        write(self.path("manifest").join("Cargo.toml"), &manifest(&sources))?;
        write(self.path("settings").join("evcxr.toml"), &settings(&self.path("manifest")))?;
        let std = self.path("std");
        if rust.link_sources(&std) {
            command.env("RUST_SRC_PATH", std);
        }
        let known = std::env::var_os(LIBRARY_PATH).unwrap_or_default();
        let known = std::env::split_paths(&known).filter(|folder| !folder.as_os_str().is_empty());
        let search = [self.path("library"), rust.libraries.clone()].into_iter().chain(known);
        let search = std::env::join_paths(search)
            .map_err(|error| Error::Lab(format!("cannot set {LIBRARY_PATH} for the kernel: {error}")))?;
        for setting in FOREIGN_SETTINGS {
            command.env_remove(setting);
        }
        command
            .env("EVCXR_TMPDIR", self.path("cells"))
            .env("EVCXR_CONFIG_DIR", self.path("settings"))
            .env("RUSTC_WRAPPER", &library.program)
            .env(PROGRAM, &library.program)
            .env(wrapper::LIBRARY, self.dylib())
            .env(wrapper::DEPENDENCIES, &library.dependencies)
            .env(ended::RESTART, ended::script(self.folder.path()))
            .env(ended::ENDED, ended::marker(self.folder.path()))
            .env(LIBRARY_PATH, search);
        Ok(())
    }
}

/// The manifest that rust-analyzer sees: our sources without their dependencies. cargo reads it too, but the wrapper
/// compiles nothing of it.
fn manifest(sources: &Path) -> String {
    format!(
        "[package]\nname = \"{}\"\nversion = \"{}\"\nedition = \"2024\"\n\n\
         [lib]\npath = {}\ncrate-type = [\"dylib\"]\n\n[workspace]\n",
        env!("CARGO_PKG_NAME"),
        env!("CARGO_PKG_VERSION"),
        quoted(sources)
    )
}

/// evcxr's own settings. Cells are not optimised: they only call the library, which is, and compile quickest like this.
fn settings(manifest: &Path) -> String {
    format!(
        "[evcxr]\nopt_level = \"0\"\nprelude = \"{}::lab::start_cells();\"\n\n[dependencies]\n{} = {{ path = {} }}\n",
        env!("CARGO_CRATE_NAME"),
        env!("CARGO_PKG_NAME"),
        quoted(manifest)
    )
}

/// A path as a string in TOML, of which JSON's strings are a part.
fn quoted(path: &Path) -> serde_json::Value {
    path.to_string_lossy().into()
}

fn write(file: PathBuf, content: &str) -> Result<()> {
    fs::write(&file, content).map_err(Error::io("cannot write", &file))
}

/// Removes the folders of kernels that ended without tidying up: nobody holds their locks. What cannot be removed now is
/// left to the next kernel.
fn remove_abandoned(all: &Path) {
    for folder in fs::read_dir(all).into_iter().flatten().flatten() {
        let folder = folder.path();
        if File::open(folder.join("lock")).is_ok_and(|lock| lock.try_lock().is_ok()) {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_folders_of_kernels_that_ended_are_removed() {
        let all = tempfile::tempdir().unwrap();
        let [left, running, other] = ["left", "running", "other"].map(|name| all.path().join(name));
        for folder in [&left, &running, &other] {
            fs::create_dir(folder).unwrap();
        }
        File::create(left.join("lock")).unwrap();
        let held = File::create(running.join("lock")).unwrap();
        held.lock().unwrap();
        remove_abandoned(all.path());
        // A folder without a lock file may be a kernel that starts just now.
        assert_eq!((left.exists(), running.exists(), other.exists()), (false, true, true));
    }

    #[test]
    fn paths_become_strings_of_toml() {
        assert_eq!(quoted(Path::new("/a \"b\"\\c")).to_string(), r#""/a \"b\"\\c""#);
        assert!(settings(Path::new("/m")).contains("manga-expressions = { path = \"/m\" }"));
    }
}
