//! All methods, from the best on.

use clap::Args;
use manga_expressions::discussion;
use manga_expressions::methods::Judged;
use manga_expressions::plots::measurements;
use manga_expressions::tables::Table;
use manga_expressions::{Error, Result};

/// Put together all kept cross-validations, from the best method on, each tested against the next.
///
/// Everything is computed anew from the predictions, METHOD.csv as `manga cross-validate RECIPE --keep DIR` leaves it; what
/// a method cost is in METHOD.json, and left empty where there is none. Two p-values tell whether a method is better than
/// the next one: by photo (McNemar's exact test) and by fold (corrected resampled t-test).
#[derive(Args)]
pub struct Leaderboard {
    /// Folder of the predictions
    #[arg(long, value_name = "DIR", default_value = "results/predictions")]
    predictions: String,
    /// Test each method against this one instead of the next: for ablations
    #[arg(long, value_name = "METHOD")]
    against: Option<String>,
    /// Write leaderboard.csv, leaderboard.md for a README, and leaderboard.svg into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<String>,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
}

impl Leaderboard {
    pub fn run(self) -> Result<()> {
        let kept = Judged::all_in(&self.predictions)?;
        let board = match &self.against {
            None => discussion::Leaderboard::of(&kept)?,
            Some(base) => discussion::Leaderboard::against(base, &kept)?,
        };
        let shown = Table::leaderboard_in_short(&board)?;
        if let Some(out) = &self.out {
            std::fs::create_dir_all(out).map_err(Error::io("cannot make", out))?;
            Table::leaderboard(&board)?.save_csv(&format!("{out}/leaderboard.csv"))?;
            let file = format!("{out}/leaderboard.md");
            std::fs::write(&file, shown.markdown()).map_err(Error::io("cannot write", &file))?;
            measurements(&board.beside_published()?)?.save(&format!("{out}/leaderboard.svg"))?;
        }
        super::print(self.json, &board, || shown.to_string())
    }
}
