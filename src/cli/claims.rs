//! The report's claims.

use clap::Args;
use manga_expressions::report::claims::{self, Sources};
use manga_expressions::show::tables::Table;
use manga_expressions::{Error, Result};

/// Show every sentence of the report that can be checked, with its number, ours and a verdict.
///
/// Our numbers are read from the results, as the commands beside them have made them. The command fails if a verdict does
/// not fit them, as it may after results were made again.
#[derive(Args)]
pub struct Claims {
    /// Folder of the results
    #[arg(long, value_name = "DIR", default_value = "results")]
    results: String,
    /// Write claims.csv, and claims.md for a README, into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<String>,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
}

impl Claims {
    pub fn run(self) -> Result<()> {
        let all = claims::all_in(&Sources::new(&self.results))?;
        let table = Table::claims(&all)?;
        if let Some(out) = &self.out {
            std::fs::create_dir_all(out).map_err(Error::io("cannot make", out))?;
            table.save_csv(format!("{out}/claims.csv"))?;
            table.save_markdown(format!("{out}/claims.md"))?;
        }
        super::print(self.json, &all, || {
            let rows = all.iter().map(|claim| claim.to_string());
            rows.chain(table.note().map(String::from)).collect::<Vec<_>>().join("\n\n")
        })?;
        let wrong: Vec<String> = all.iter().filter_map(|claim| claim.contradiction()).collect();
        match wrong.is_empty() {
            true => Ok(()),
            false => Err(Error::Data(format!(
                "{} of {} verdicts do not fit the numbers in {}:\n{}",
                wrong.len(),
                all.len(),
                self.results,
                wrong.join("\n")
            ))),
        }
    }
}
