//! Runs side by side.

use clap::Args;
use manga_expressions::show::plots::{accuracies, learning_curves_of};
use manga_expressions::show::tables::Table;
use manga_expressions::study::results::Comparison;
use manga_expressions::{Error, Result};
use std::path::Path;

/// Compare finished runs: a table with their mean and spread, and their curves in one figure.
///
/// Runs that differ in their seeds are of one experiment. With runs of several experiments the table has a row for each:
/// means over its runs, the standard deviation of their accuracies, and the mean of the ends of their 95 % intervals.
#[derive(Args)]
pub struct Compare {
    /// Folders of the runs
    #[arg(required = true)]
    runs: Vec<String>,
    /// Write into this folder the tables of runs and classes, the curves, and each run's history and report; with
    /// several experiments, into a folder for each, beside their table and a figure of their accuracies
    #[arg(long, value_name = "DIR")]
    out: Option<String>,
    /// Add to the experiments that the folder of --out has already, in place of those of the same names
    #[arg(long, requires = "out")]
    add: bool,
    /// Print JSON for programs: the experiment, or a list of them
    #[arg(long)]
    json: bool,
}

impl Compare {
    pub fn run(self) -> Result<()> {
        let comparisons = Comparison::groups(&self.runs)?;
        if let ([comparison], false) = (&comparisons[..], self.add) {
            let table = Table::comparison(comparison)?;
            if let Some(out) = &self.out {
                write(comparison, out)?;
            }
            return super::print(self.json, comparison, || table.to_string());
        }
        if let Some(out) = &self.out {
            for comparison in &comparisons {
                write(comparison, &format!("{out}/{}", comparison.name))?;
            }
        }
        let comparisons = match &self.out {
            Some(out) if self.add => added(out, comparisons)?,
            _ => comparisons,
        };
        let table = Table::comparisons(&comparisons)?;
        if let Some(out) = &self.out {
            table.save_csv(format!("{out}/summary.csv"))?;
            accuracies(&comparisons)?.save(format!("{out}/accuracies.svg"))?;
        }
        super::print(self.json, &comparisons, || table.to_string())
    }
}

/// The experiments that the folder `out` has, and `new` ones, in the place of those that are called the same.
fn added(out: &str, mut new: Vec<Comparison>) -> Result<Vec<Comparison>> {
    let mut all = Vec::new();
    for name in Comparison::kept_names(out)? {
        match new.iter().position(|comparison| comparison.name == name) {
            Some(place) => all.push(new.remove(place)),
            None => all.push(Comparison::kept(out, &name)?),
        }
    }
    all.extend(new);
    Ok(all)
}

/// Tables, curves, histories and reports of the runs of one experiment, in the folder `out`.
fn write(comparison: &Comparison, out: &str) -> Result<()> {
    std::fs::create_dir_all(out).map_err(Error::io("cannot make", out))?;
    Table::comparison(comparison)?.save_csv(format!("{out}/runs.csv"))?;
    Table::compared_classes(comparison)?.save_csv(format!("{out}/classes.csv"))?;
    let names: Vec<String> = comparison.rows.iter().map(|row| format!("seed {}", row.seed)).collect();
    learning_curves_of(&names, &comparison.histories()?)?.save(format!("{out}/curves.svg"))?;
    for row in &comparison.rows {
        for file in ["history.csv", "report.txt"] {
            let (from, to) = (Path::new(&row.run).join(file), format!("{out}/seed{}-{file}", row.seed));
            std::fs::copy(&from, to).map_err(Error::io("cannot copy", &from))?;
        }
    }
    Ok(())
}
