//! What a panic in a cell says, and that it ends a run without a browser.

use super::ended;
use std::panic::PanicHookInfo;

/// Set where notebooks run without a browser: a cell that fails then ends the run.
pub(super) const STRICT: &str = "MANGA_STRICT";

/// The status with which a cell's process ends after a panic in a strict run.
const PANICKED: i32 = 101;

/// Called by the kernel in its first process for cells, before the first one.
///
/// From then on a panic says in one line what happened, instead of a backtrace through the kernel's own functions. In
/// a run without a browser it also ends the process: evcxr would otherwise call the cell a success.
pub fn start_cells() {
    ended::first_process_runs();
    let strict = std::env::var_os(STRICT).is_some();
    std::panic::set_hook(Box::new(move |panic| {
        eprintln!("{}", describe(panic));
        if strict {
            std::process::exit(PANICKED);
        }
    }));
}

/// "the cell panicked: …", and where, if that is in the library: a cell's own lines are not those evcxr compiles.
fn describe(panic: &PanicHookInfo) -> String {
    let message = panic.payload_as_str().unwrap_or("a value that is no text");
    match panic.location() {
        Some(place) if place.file() != "src/lib.rs" => format!("the cell panicked: {message} (at {place})"),
        _ => format!("the cell panicked: {message}"),
    }
}
