//! The command line: arguments in, one call of the library, output.

mod cli;

use clap::Parser;
use manga_expressions::{Error, lab};
use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(status) = lab::rustc_wrapper() {
        return ExitCode::from(status as u8);
    }
    match cli::Cli::parse().run() {
        Ok(status) => ExitCode::from(status as u8),
        Err(error @ Error::Stopped { reason, .. }) => {
            eprintln!("{error}");
            ExitCode::from(reason.exit_status() as u8)
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
