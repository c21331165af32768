//! What stands between cargo and rustc when a cell is compiled.
//!
//! cargo calls `manga RUSTC ARGUMENTS…` for every crate of a cell's program. The library is never compiled: its outputs
//! are empty files that only content cargo. The cell is compiled against the dylib that was built before.

use super::ended;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// The environment variable with the dylib that cells are linked to. That it is set makes `manga` a rustc wrapper.
pub(super) const LIBRARY: &str = "MANGA_CELL_LIBRARY";
/// The environment variable with the folder of the library's compiled dependencies.
pub(super) const DEPENDENCIES: &str = "MANGA_CELL_DEPENDENCIES";

/// The name of the library's crate.
const CRATE: &str = env!("CARGO_CRATE_NAME");
/// The name of the crate that evcxr makes of a cell.
const CELL: &str = "ctx";

/// Does rustc's part where cargo has called this program as rustc wrapper, and returns the exit status; `None` where this
/// is an ordinary call of the program. To be asked first thing in `main`.
pub fn rustc_wrapper() -> Option<i32> {
    let library = std::env::var_os(LIBRARY)?;
    let dependencies = std::env::var_os(DEPENDENCIES)?;
    let mut arguments = std::env::args_os().skip(1);
    let rustc = arguments.next().filter(|program| Path::new(program).file_stem() == Some(OsStr::new("rustc")))?;
    let arguments: Vec<OsString> = arguments.collect();
    let name = value(&arguments, "--crate-name");
    if name.as_deref() == Some(OsStr::new(CRATE)) {
        return Some(match stand_in(&arguments) {
            Ok(()) => 0,
            Err(error) => complain(&format!("cannot put the built library in place: {error}")),
        });
    }
    let mut command = Command::new(&rustc);
    if name.as_deref() == Some(OsStr::new(CELL)) {
        command.args(against(arguments, &library)).arg("-L").arg(joined("dependency=", &dependencies));
    } else {
        command.args(arguments);
    }
    let explain = name.as_deref() == Some(OsStr::new(CELL)) && ended::is_ended();
    let status = if explain { explained(command) } else { command.status() };
    Some(match status {
        Ok(status) => status.code().unwrap_or(1),
        Err(error) => complain(&format!("cannot run {}: {error}", rustc.display())),
    })
}

/// Runs rustc, and passes on what it says with [`ended::explained`].
fn explained(mut command: Command) -> std::io::Result<ExitStatus> {
    let mut child = command.stderr(Stdio::piped()).spawn()?;
    for line in BufReader::new(child.stderr.take().expect("it is piped")).lines() {
        eprintln!("{}", ended::explained(&line?));
    }
    child.wait()
}

/// The argument after `flag`.
fn value(arguments: &[OsString], flag: &str) -> Option<OsString> {
    let at = arguments.iter().position(|argument| argument == flag)?;
    arguments.get(at + 1).cloned()
}

/// Writes the files that cargo expects of the library's compilation, all empty: cells get the dylib from [`against`].
fn stand_in(arguments: &[OsString]) -> std::io::Result<()> {
    let folder = value(arguments, "--out-dir").map(PathBuf::from).unwrap_or_default();
    let suffix = arguments
        .iter()
        .filter_map(|argument| argument.to_str())
        .find_map(|argument| argument.trim_start_matches("-C").strip_prefix("extra-filename="))
        .unwrap_or_default();
    for ending in ["rmeta", "rlib", "so", "dylib", "dll"] {
        let prefix = if ending == "dll" { "" } else { "lib" };
        fs::write(folder.join(format!("{prefix}{CRATE}{suffix}.{ending}")), "")?;
    }
    // Without sources to watch, cargo does not ask for the library again when they change while a notebook is open.
    fs::write(folder.join(format!("{CRATE}{suffix}.d")), "")
}

/// The arguments with the dylib in place of whatever cargo calls the library's compilation.
fn against(arguments: Vec<OsString>, library: &OsStr) -> Vec<OsString> {
    let name = format!("{CRATE}=");
    let is_library = |argument: &OsString| argument.to_str().is_some_and(|text| text.starts_with(&name));
    arguments
        .into_iter()
        .map(|argument| if is_library(&argument) { joined(&name, library) } else { argument })
        .collect()
}

fn joined(start: &str, end: &OsStr) -> OsString {
    let mut whole = OsString::from(start);
    whole.push(end);
    whole
}

fn complain(message: &str) -> i32 {
    eprintln!("error: {message}");
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn a_cell_is_compiled_against_the_dylib_whatever_cargo_names() {
        for made in ["libmanga_expressions.so", "libmanga_expressions-0a1b.rmeta"] {
            let given =
                words(&format!("--crate-name ctx --extern manga_expressions=/t/{made} --extern rand=/t/librand.so"));
            let expected = words("--crate-name ctx --extern manga_expressions=/lib.so --extern rand=/t/librand.so");
            assert_eq!(against(given, OsStr::new("/lib.so")), expected);
        }
    }

    #[test]
    fn the_library_gets_the_files_that_cargo_waits_for() {
        let folder = tempfile::tempdir().unwrap();
        for (flags, suffix) in [("", ""), (" -C extra-filename=-0a1b", "-0a1b"), (" -Cextra-filename=-2c", "-2c")] {
            let out = folder.path().display();
            stand_in(&words(&format!("--crate-name manga_expressions --out-dir {out}{flags}"))).unwrap();
            for ending in ["rmeta", "rlib", "so"] {
                assert!(folder.path().join(format!("libmanga_expressions{suffix}.{ending}")).is_file());
            }
            assert!(folder.path().join(format!("manga_expressions{suffix}.d")).is_file());
        }
    }
}
