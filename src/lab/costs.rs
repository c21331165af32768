//! What networks cost, each measured in a process of its own.

use crate::base::progress::say;
use crate::training::{Cost, CostGrowth, Work};
use crate::{Error, Result};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Tells a cell where the program `manga` is.
pub(super) const PROGRAM: &str = "MANGA_PROGRAM";

/// What `work` costs with each of `networks`, for images of `size` x `size` in batches of `batch`, over `steps` steps. A name may end in ` --freeze STAGE` or ` --freeze nothing`, as in `manga bench`, which measures: a process for
/// each network, one after the other, because the largest memory that a process ever had says nothing of what it did
/// last. A line for each is printed.
///
/// # Errors
/// [`Error::Lab`] where the program is not there, or says what is wrong.
pub fn measured_costs(networks: &[&str], work: Work, size: usize, batch: usize, steps: usize) -> Result<Vec<Cost>> {
    let program = program()?;
    let sizes = [("--size", size), ("--batch", batch), ("--steps", steps)];
    let numbers: Vec<String> = sizes.iter().flat_map(|(name, n)| [name.to_string(), n.to_string()]).collect();
    let cost = |network: &&str| {
        let work = ["--work", if work == Work::Train { "train" } else { "infer" }];
        let words = network.split_whitespace().chain(work).map(String::from).chain(numbers.iter().cloned());
        let cost = measured(&program, &words.collect::<Vec<_>>())?;
        say(&format!("{}: {cost}", cost.name()));
        Ok(cost)
    };
    networks.iter().map(cost).collect()
}

/// Heights and widths for which [`cost_growth`] measures, in batches of 16.
const SIZES: [usize; 7] = [64, 96, 128, 160, 192, 224, 256];
/// Batches for which it measures, of images of 100 x 100.
const BATCHES: [usize; 8] = [1, 2, 4, 8, 16, 32, 64, 128];

/// How the cost of a network grows: training and inference for images from 64 x 64 to 256 x 256, and in batches from 1 to
/// 128 images, on `threads` threads. Each is measured as in [`measured_costs`]; `done` hears of each.
///
/// # Errors
/// As [`measured_costs`].
pub fn cost_growth(network: &str, threads: usize, done: &mut dyn FnMut(&Cost)) -> Result<CostGrowth> {
    let program = program()?;
    let mut measure = |work: &str, size: usize, batch: usize| {
        // As many images for each, of which the first steps are not counted.
        let steps = (64 / batch).clamp(1, 16);
        let numbers = [("--size", size), ("--batch", batch), ("--steps", steps), ("--threads", threads)];
        let numbers = numbers.iter().flat_map(|(name, n)| [name.to_string(), n.to_string()]);
        let words = [network, "--work", work].into_iter().map(String::from).chain(numbers);
        let cost = measured(&program, &words.collect::<Vec<_>>())?;
        done(&cost);
        Ok(cost)
    };
    let mut growth = CostGrowth { by_size: Vec::new(), by_batch: Vec::new() };
    for work in ["train", "infer"] {
        for size in SIZES {
            growth.by_size.push(measure(work, size, 16)?);
        }
        for batch in BATCHES {
            growth.by_batch.push(measure(work, 100, batch)?);
        }
    }
    Ok(growth)
}

/// What `manga bench` measures, told these words.
fn measured(program: &Path, words: &[String]) -> Result<Cost> {
    let mut command = Command::new(program);
    command.arg("bench").args(words).arg("--json").stdin(Stdio::null());
    let output = command.output().map_err(Error::io("cannot start", program))?;
    let failed = |why: &str| Error::Lab(format!("`manga bench {}` failed: {}", words.join(" "), why.trim()));
    if !output.status.success() {
        return Err(failed(&String::from_utf8_lossy(&output.stderr)));
    }
    let costs: Vec<Cost> = serde_json::from_slice(&output.stdout).map_err(|error| failed(&error.to_string()))?;
    costs.into_iter().next().ok_or_else(|| failed("it measured nothing"))
}

/// The program `manga`: named by the kernel, else this program, else beside it or in the folder above, as for tests.
fn program() -> Result<PathBuf> {
    let named = std::env::var_os(PROGRAM).map(PathBuf::from);
    let this = std::env::current_exe().map_err(Error::io("cannot find the program", "manga"))?;
    let name = format!("manga{}", std::env::consts::EXE_SUFFIX);
    let beside = this.ancestors().skip(1).take(2).map(|folder| folder.join(&name));
    named.into_iter().chain(beside).find(|program| program.is_file()).ok_or_else(|| {
        Error::Lab("there is no program manga to measure with: build it with `cargo build --release`".into())
    })
}
