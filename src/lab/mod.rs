//! Jupyter and the Rust kernel: set up once, started for a lesson, or driven without a browser.
//!
//! [`reproduce`] runs every notebook and writes it as a page; [`lab`] opens JupyterLab. Both first set up what is
//! missing in the cache folder: a Python environment with Jupyter, and the kernel
//! [evcxr_jupyter](https://github.com/evcxr/evcxr), which compiles each cell and runs it.
//!
//! # The kernel
//!
//! A notebook cell uses *this* build of the library: the dylib beside the `manga` program. evcxr alone would compile
//! the library and its dependencies a second time, and would link them statically into every cell, so that each cell
//! had its own copy of every `static`. Instead
//!
//! - `manga kernel FILE` is what Jupyter starts. It gives evcxr a private folder, so that several notebooks can run at
//!   once, a link to the dylib, so that a running notebook keeps its build when the project is built again, and a
//!   manifest that names the library without its dependencies: evcxr's rust-analyzer, which finds out the types of a
//!   cell's variables, then reads our sources alone.
//! - `manga` is also evcxr's rustc wrapper: it compiles nothing where cargo asks for the library, and hands the dylib to
//!   the compiler where cargo asks for a cell.
//!
//! Linux is where this is tested. Nothing here is meant to be impossible on macOS; Windows lacks the symbolic links of
//! the standard library's sources, without which the kernel only starts more slowly.

mod costs;
mod ended;
mod evcxr;
mod executed;
mod jupyter;
mod kernel;
mod latency;
mod library;
mod notebooks;
mod pages;
mod panics;
mod pretrained;
mod python;
mod results;
mod rust;
mod stamp;
mod times;
mod wrapper;

use std::path::PathBuf;

pub use crate::lessons::Budget;
pub use costs::{cost_growth, measured_costs};
pub use jupyter::lab;
pub use kernel::kernel;
pub use latency::{Latency, Time, Word, latency};
pub use notebooks::{Reproduce, reproduce};
pub use panics::start_cells;
pub use wrapper::rustc_wrapper;

/// What the two commands need: all of it is in place when this is made.
struct Tools {
    /// Python of the environment that has Jupyter.
    python: PathBuf,
    /// Jupyter's search path for the kernel of this build.
    jupyter_path: PathBuf,
    /// Where Jupyter keeps settings and data; apart from the user's own, so that all machines behave alike.
    home: PathBuf,
}

impl Tools {
    /// Sets up what is missing, once for all users of the cache folder, and says what it does.
    fn set_up() -> crate::Result<Tools> {
        let rust = rust::Rust::find()?;
        let library = library::Library::find(&rust)?;
        let cache = crate::base::cache::Cache::open()?;
        rust.add_sources();
        let python = python::set_up(&cache)?;
        evcxr::set_up(&cache)?;
        pretrained::set_up(&cache)?;
        Ok(Tools { python, jupyter_path: kernel::write_spec(&library)?, home: cache.path("jupyter") })
    }

    /// A command of the Python environment that finds our kernel.
    fn python(&self) -> std::process::Command {
        let mut command = std::process::Command::new(&self.python);
        command
            .env("JUPYTER_PATH", &self.jupyter_path)
            .env("JUPYTER_CONFIG_DIR", self.home.join("config"))
            .env("JUPYTER_DATA_DIR", self.home.join("data"))
            .env("JUPYTER_PLATFORM_DIRS", "1")
            .env("PYTHONUNBUFFERED", "1")
            .env_remove("PYTHONPATH")
            .env_remove("PYTHONHOME");
        command
    }
}
