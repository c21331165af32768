//! Commands about notebooks.

use clap::Args;
use manga_expressions::Result;
use manga_expressions::lab::{self, Budget};
use std::path::PathBuf;

/// Run every notebook without a browser, and write them as pages with an index.
///
/// The first time it also sets up, in one cache folder (MANGA_CACHE, else the user's own), a Python environment with
/// Jupyter and the Rust kernel evcxr_jupyter; that takes about ten minutes. A cell that fails ends the command and is
/// named.
#[derive(Args)]
pub struct Reproduce {
    /// Folder of the photos, with a folder for each class; without, see `manga data --help`
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// How long it may take: smoke (a few minutes), class (a lesson) or report (the report's own settings)
    #[arg(long, default_value = "class")]
    budget: Budget,
    /// Folder of the notebooks
    #[arg(long, value_name = "DIR", hide = true)]
    notebooks: Option<PathBuf>,
    /// Folder for the pages
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Notebooks at a time; two where there are two cores or more
    #[arg(long)]
    jobs: Option<usize>,
    /// Also write the tables and the curves of each notebook as files into this folder, without any face
    #[arg(long, value_name = "DIR")]
    results: Option<PathBuf>,
    /// Keep the outputs in the notebooks themselves; of drawn faces only
    #[arg(long, conflicts_with = "data")]
    keep_outputs: bool,
}

impl Reproduce {
    pub fn run(self) -> Result<()> {
        let usual = lab::Reproduce::default();
        let index = lab::reproduce(&lab::Reproduce {
            data: self.data,
            budget: self.budget,
            notebooks: self.notebooks.unwrap_or(usual.notebooks),
            output: self.output.unwrap_or(usual.output),
            jobs: self.jobs.unwrap_or(usual.jobs),
            results: self.results,
            keep_outputs: self.keep_outputs,
        })?;
        println!("{}", index.display());
        Ok(())
    }
}

/// Open JupyterLab on the notebooks.
#[derive(Args)]
pub struct Lab {
    /// Folder of the photos, with a folder for each class; without, see `manga data --help`
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// Folder of the notebooks
    #[arg(long, value_name = "DIR", hide = true)]
    notebooks: Option<PathBuf>,
}

impl Lab {
    pub fn run(self) -> Result<()> {
        lab::lab(self.data.as_deref(), self.notebooks.as_deref())
    }
}

/// Measure how quickly the notebooks' kernel starts and answers, beside the times that are promised on an idle machine.
///
/// Two notebooks run at once; one is interrupted and one crashes, to hear what their next cells say.
#[derive(Args)]
pub struct Latency {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Latency {
    pub fn run(self) -> Result<()> {
        let latency = lab::latency()?;
        super::print(self.json, &latency, || latency.to_string().trim_end().into())
    }
}

/// What Jupyter starts for a notebook.
#[derive(Args)]
pub struct Kernel {
    connection_file: String,
}

impl Kernel {
    pub fn run(self) -> Result<i32> {
        lab::kernel(&self.connection_file)
    }
}
