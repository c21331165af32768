//! The command line: arguments in, one call of the library, output.

use clap::{Parser, Subcommand};
use manga_expressions::lab::{self, Budget, Reproduce};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run every notebook and write it as a page
    Reproduce {
        /// Folder of photos, one folder for each expression
        #[arg(long, value_name = "DIR")]
        data: Option<String>,
        /// How long it may take: smoke (minutes), class (a lesson) or report (the report's own protocol)
        #[arg(long, default_value = "class")]
        budget: Budget,
        /// Folder of notebooks
        #[arg(long, value_name = "DIR", hide = true)]
        notebooks: Option<PathBuf>,
        /// Folder for the pages
        #[arg(long, value_name = "DIR")]
        output: Option<PathBuf>,
    },
    /// Open JupyterLab on the notebooks
    Lab {
        /// Folder of photos, one folder for each expression
        #[arg(long, value_name = "DIR")]
        data: Option<String>,
    },
    /// Time the notebooks' kernel
    Latency,
    /// What Jupyter starts for a notebook
    #[command(hide = true)]
    Kernel { connection_file: String },
}

fn main() -> ExitCode {
    if let Some(status) = lab::rustc_wrapper() {
        return ExitCode::from(status as u8);
    }
    match run(Arguments::parse().command) {
        Ok(status) => ExitCode::from(status as u8),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> manga_expressions::Result<i32> {
    match command {
        Command::Reproduce { data, budget, notebooks, output } => {
            let usual = Reproduce::default();
            let index = lab::reproduce(&Reproduce {
                data,
                budget,
                notebooks: notebooks.unwrap_or(usual.notebooks),
                output: output.unwrap_or(usual.output),
            })?;
            println!("{}", index.display());
        }
        Command::Lab { data } => lab::lab(data.as_deref())?,
        Command::Latency => print!("{}", lab::latency()?),
        Command::Kernel { connection_file } => return lab::kernel(&connection_file),
    }
    Ok(0)
}
