//! Runs side by side.

use clap::Args;
use manga_expressions::experiment::Comparison;
use manga_expressions::plots::learning_curves_of;
use manga_expressions::tables::Table;
use manga_expressions::{Error, Result};
use std::path::Path;

/// Compare finished runs: a table with their mean and spread, and their curves in one figure.
#[derive(Args)]
pub struct Compare {
    /// Folders of the runs
    #[arg(required = true)]
    runs: Vec<String>,
    /// Write the table, the curves and each run's history and report into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<String>,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
}

impl Compare {
    pub fn run(self) -> Result<()> {
        let comparison = Comparison::of(&self.runs)?;
        let table = Table::comparison(&comparison)?;
        if let Some(out) = &self.out {
            std::fs::create_dir_all(out).map_err(Error::io("cannot make", out))?;
            table.save_csv(&format!("{out}/runs.csv"))?;
            let names: Vec<String> = comparison.rows.iter().map(|row| format!("seed {}", row.seed)).collect();
            learning_curves_of(&names, &comparison.histories()?)?.save(&format!("{out}/curves.svg"))?;
            for row in &comparison.rows {
                for file in ["history.csv", "report.txt"] {
                    let (from, to) = (Path::new(&row.run).join(file), format!("{out}/seed{}-{file}", row.seed));
                    std::fs::copy(&from, to).map_err(Error::io("cannot copy", &from))?;
                }
            }
        }
        super::print(self.json, &comparison, || table.to_string())
    }
}
