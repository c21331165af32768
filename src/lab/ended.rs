//! What a notebook is told when the process of its cells has ended: by an interrupt, or because a cell brought it down.
//!
//! evcxr then starts the process again, without the variables, and says "Subprocess terminated with status: signal: 9".
//! It starts the process from its own program's path. The kernel therefore runs evcxr by a link in its private folder;
//! once the first process runs, that path is given to a script, which says what happened and then becomes evcxr. A later
//! cell that misses a variable is told why by [`explained`].

use crate::Result;
use std::path::{Path, PathBuf};

/// The environment variable with the script that takes the place of the program.
pub(super) const RESTART: &str = "MANGA_CELL_RESTART";
/// The environment variable with the file that is there once a process has ended.
pub(super) const ENDED: &str = "MANGA_CELL_ENDED";

/// What to do then.
pub(super) const REMEDY: &str = "Run the cells again from the top; a training that is kept in a folder goes on after its \
                                 last finished epoch";

/// What the cell says in which the process ended, before [`REMEDY`].
#[cfg(unix)]
const MESSAGE: &str = "The process of these cells ended (an interrupt, or a crash), and their variables with it.";

/// What is said after rustc's "cannot find value" from then on, before [`REMEDY`].
const HINT: &str = "If a cell above made it: it is gone, as the process of these cells has ended since then.";

/// Puts `program` (evcxr) and the script into the kernel's private folder; returns the path by which to start it. Where
/// the system has no such scripts, that is the program itself, and evcxr's own words are all that is said.
#[cfg(unix)]
pub(super) fn prepare(program: &Path, folder: &Path) -> Result<PathBuf> {
    use crate::Error;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    let link = folder.join("evcxr");
    if fs::hard_link(program, &link).is_err() {
        fs::copy(program, &link).map_err(Error::io("cannot copy the kernel to", &link))?;
    }
    let restart = script(folder);
    fs::write(&restart, text(program, &marker(folder))).map_err(Error::io("cannot write", &restart))?;
    fs::set_permissions(&restart, fs::Permissions::from_mode(0o755))
        .map_err(Error::io("cannot make a program of", &restart))?;
    Ok(link)
}

#[cfg(not(unix))]
pub(super) fn prepare(program: &Path, _folder: &Path) -> Result<PathBuf> {
    Ok(program.to_path_buf())
}

/// Where the script waits for the first process to run.
pub(super) fn script(folder: &Path) -> PathBuf {
    folder.join("restart")
}

/// The file that is there once a process has ended.
pub(super) fn marker(folder: &Path) -> PathBuf {
    folder.join("ended")
}

/// The script. A process that it starts has no hook for panics, so a backtrace through the kernel is left off.
#[cfg(unix)]
fn text(program: &Path, marker: &Path) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
    format!(
        "#!/bin/sh\necho {} >&2\n: > {}\nRUST_BACKTRACE=0 exec {} \"$@\"\n",
        quoted(&format!("{MESSAGE}\n{REMEDY}.")),
        quoted(&marker.to_string_lossy()),
        quoted(&program.to_string_lossy())
    )
}

/// Called in the first process for cells: from now on the program's path is the script's. Where that fails, only the
/// message is lost.
pub(super) fn first_process_runs() {
    let (Some(script), Ok(program)) = (std::env::var_os(RESTART), std::env::current_exe()) else { return };
    if Path::new(&script).parent() == program.parent() {
        let _ = std::fs::rename(script, program);
    }
}

/// Whether a process has ended before the cell that is being compiled.
pub(super) fn is_ended() -> bool {
    std::env::var_os(ENDED).is_some_and(|marker| Path::new(&marker).exists())
}

/// A line of rustc's messages (JSON), with the hint where a cell misses a variable.
pub(super) fn explained(line: &str) -> String {
    let Ok(mut message) = serde_json::from_str::<serde_json::Value>(line) else { return line.into() };
    let text = message["message"].as_str().unwrap_or_default();
    // E0425 is said of functions too, which evcxr keeps.
    if message["code"]["code"] != "E0425" || !text.starts_with("cannot find value") {
        return line.into();
    }
    message["message"] = format!("{text}. {HINT} {REMEDY}.").into();
    message.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_variable_that_is_missing_is_explained() {
        let message = |code: &str, text: &str| {
            serde_json::json!({ "message": text, "code": { "code": code }, "level": "error" }).to_string()
        };
        let missing = explained(&message("E0425", "cannot find value `x` in this scope"));
        assert!(missing.contains("cannot find value `x` in this scope. If a cell above made it"), "{missing}");
        assert!(serde_json::from_str::<serde_json::Value>(&missing).unwrap()["level"] == "error");
        for other in [
            message("E0425", "cannot find function `f` in this scope"),
            message("E0308", "mismatched types"),
            r#"{"artifact":"libctx.so","emit":"link"}"#.to_string(),
            "no JSON".to_string(),
        ] {
            assert_eq!(explained(&other), other);
        }
    }

    #[test]
    #[cfg(unix)]
    fn the_script_says_what_happened_and_becomes_the_program() {
        let folder = tempfile::Builder::new().prefix("it's here").tempdir().unwrap();
        let program = folder.path().join("program");
        std::fs::write(&program, "not read").unwrap();
        let link = prepare(&program, folder.path()).unwrap();
        assert_eq!(std::fs::read_to_string(link).unwrap(), "not read");
        std::fs::remove_file(&program).unwrap();
        std::os::unix::fs::symlink("/bin/echo", &program).unwrap();
        assert!(!marker(folder.path()).exists());
        let output = std::process::Command::new(script(folder.path())).args(["a b", "c"]).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "a b c\n");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), format!("{MESSAGE}\n{REMEDY}.\n"));
        assert!(marker(folder.path()).exists());
    }
}
