//! What can be typed after `manga`.

mod changes;
mod claims;
mod compare;
mod cross_validate;
mod dataset;
mod endings;
mod find_rate;
mod leaderboard;
mod network;
mod notebooks;
mod predict;
mod recipes;
mod scaling;
mod timings;
mod train;
mod weights;

use clap::{Parser, Subcommand};
use manga_expressions::{COMPUTE_VERSION, ComputedBy, Error, Result};
use serde::Serialize;
use std::io::{ErrorKind, Write};
use std::sync::LazyLock;

/// Recognise the facial expression of manga characters: a student's report, step by step.
///
/// Start with `manga reproduce`: it sets up Jupyter with a Rust kernel, runs every notebook and writes the results as
/// pages. `manga lab` opens the same notebooks to work in. The other commands do single steps without a notebook; each
/// explains itself with --help.
#[derive(Parser)]
#[command(version = VERSION.as_str(), arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// What `manga --version` says after the program's name: all that results name.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let ComputedBy { crate_version, source, instructions } = ComputedBy::this();
    format!("{crate_version}, compute version {COMPUTE_VERSION}, source {source}, {instructions}")
});

#[derive(Subcommand)]
enum Command {
    Reproduce(notebooks::Reproduce),
    Lab(notebooks::Lab),
    Data(dataset::Data),
    Draw(dataset::Draw),
    Summary(network::Summary),
    Recipes(recipes::Recipes),
    Train(Box<train::Train>),
    Evaluate(train::Evaluate),
    Predict(predict::Predict),
    Compare(compare::Compare),
    CrossValidate(cross_validate::CrossValidate),
    Leaderboard(leaderboard::Leaderboard),
    Endings(endings::Endings),
    Claims(claims::Claims),
    FindRate(find_rate::FindRate),
    Weights(weights::Weights),
    Bench(network::Bench),
    Growth(timings::Growth),
    Timings(timings::Timings),
    Latency(notebooks::Latency),
    #[command(hide = true)]
    Kernel(notebooks::Kernel),
}

impl Cli {
    /// Does what was typed, and gives the status with which the program ends.
    pub fn run(self) -> Result<i32> {
        let done = match self.command {
            Command::Kernel(command) => return command.run(),
            Command::Reproduce(command) => command.run(),
            Command::Lab(command) => command.run(),
            Command::Latency(command) => command.run(),
            Command::Data(command) => command.run(),
            Command::Draw(command) => command.run(),
            Command::Summary(command) => command.run(),
            Command::Recipes(command) => command.run(),
            Command::Train(command) => command.run(),
            Command::Evaluate(command) => command.run(),
            Command::Predict(command) => command.run(),
            Command::Compare(command) => command.run(),
            Command::CrossValidate(command) => command.run(),
            Command::Leaderboard(command) => command.run(),
            Command::Endings(command) => command.run(),
            Command::Claims(command) => command.run(),
            Command::FindRate(command) => command.run(),
            Command::Weights(command) => command.run(),
            Command::Bench(command) => command.run(),
            Command::Growth(command) => command.run(),
            Command::Timings(command) => command.run(),
        };
        done.map(|()| 0)
    }
}

/// Prints a result on standard output: as JSON for programs, or as text.
fn print<T: Serialize>(json: bool, result: &T, text: impl FnOnce() -> String) -> Result<()> {
    let text = match json {
        true => serde_json::to_string_pretty(result).map_err(|error| Error::output("JSON", error))?,
        false => text(),
    };
    match writeln!(std::io::stdout(), "{text}") {
        // Whoever reads has seen enough, as `head`.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        done => done.map_err(Error::io("cannot write to", "standard output")),
    }
}
