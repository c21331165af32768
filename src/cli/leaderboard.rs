//! All methods, from the best on.

use clap::Args;
use manga_expressions::show::plots::measurements;
use manga_expressions::show::tables::Table;
use manga_expressions::study::results::{self, MethodResult, Pair};
use manga_expressions::{Error, Result};

/// Put together all kept cross-validations, from the best method on, each tested against the next.
///
/// Everything is computed again from the predictions, METHOD.csv as `manga cross-validate RECIPE --keep DIR` leaves it; what
/// a method cost is in METHOD.json, and left empty where there is none. Beside each difference stand its 95 % interval by
/// photo and the p-values of two tests of it: by photo (paired t-test), whether these fits would differ on other photos, too;
/// by fold (corrected resampled t-test), whether the methods would, trained again.
#[derive(Args)]
pub struct Leaderboard {
    /// Folder of the predictions
    #[arg(long, value_name = "DIR", default_value = "results/predictions")]
    predictions: String,
    /// Test each method against this one instead of the next: for ablations
    #[arg(long, value_name = "METHOD")]
    against: Option<String>,
    /// Test only these two methods against each other, for a question that was asked beforehand; may be given several times
    #[arg(long, num_args = 2, value_names = ["FIRST", "SECOND"], conflicts_with = "against")]
    pair: Vec<String>,
    /// Write leaderboard.csv, leaderboard.md for a README, and leaderboard.svg into this folder; with --pair, pairs.csv and
    /// pairs.md
    #[arg(long, value_name = "DIR")]
    out: Option<String>,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
}

impl Leaderboard {
    pub fn run(self) -> Result<()> {
        let kept = MethodResult::all_in(&self.predictions)?;
        if !self.pair.is_empty() {
            return self.pairs(&kept);
        }
        let board = match &self.against {
            None => results::Leaderboard::of(&kept)?,
            Some(base) => results::Leaderboard::against(base, &kept)?,
        };
        let shown = Table::leaderboard_in_short(&board)?;
        if let Some(out) = &self.out {
            write(out, "leaderboard", &Table::leaderboard(&board)?, &shown)?;
            measurements(&board.beside_published()?)?.save(format!("{out}/leaderboard.svg"))?;
        }
        super::print(self.json, &board, || shown.to_string())
    }

    fn pairs(&self, kept: &[MethodResult]) -> Result<()> {
        let named = self.pair.chunks_exact(2).map(|names| Pair::named(&names[0], &names[1], kept));
        let pairs: Vec<Pair> = named.collect::<Result<_>>()?;
        let shown = Table::pairs_in_short(&pairs)?;
        if let Some(out) = &self.out {
            write(out, "pairs", &Table::pairs(&pairs)?, &shown)?;
        }
        super::print(self.json, &pairs, || shown.to_string())
    }
}

/// NAME.csv with the whole table, NAME.md with the one for people.
fn write(folder: &str, name: &str, whole: &Table, shown: &Table) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(Error::io("cannot make", folder))?;
    whole.save_csv(format!("{folder}/{name}.csv"))?;
    shown.save_markdown(format!("{folder}/{name}.md"))
}
