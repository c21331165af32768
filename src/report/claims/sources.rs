//! Where our numbers come from: the files in `results`, each with its command, and the networks themselves.

use super::Place;
use crate::base::csv::Csv;
use crate::metrics::{CrossValidationScores, OutOfFoldPredictions};
use crate::net::models::{by_name, default_input};
use crate::net::nn::Summary;
use crate::report::discussion::rate_curves_in;
use crate::study::experiment::{Ending, EndingRow, FollowedTraining, endings};
use crate::study::results::Comparison;
use crate::training::RateCurve;
use crate::{Error, Result};
use std::path::{Path, PathBuf};

/// A folder of results, as `results/make.sh` and the commands beside it write it.
#[derive(Clone, Debug)]
pub struct Sources {
    folder: PathBuf,
}

/// What a table that a notebook showed says: `results/notebooks/NN_name/MM-heading.txt`, as
/// `manga reproduce … --results results/notebooks` writes it.
pub(super) struct Shown {
    /// Where it is, from the project's folder on.
    pub file: String,
    text: String,
}

impl Sources {
    /// The results that come with the project.
    pub fn of_the_project() -> Sources {
        Sources::new(crate::project::results())
    }

    /// Another folder.
    pub fn new(folder: impl Into<PathBuf>) -> Sources {
        Sources { folder: folder.into() }
    }

    /// The runs of a recipe on splits like the report's.
    pub(super) fn runs(&self, recipe: &str) -> Result<Comparison> {
        Comparison::kept(&self.folder, recipe)
    }

    /// Training and validation, epoch by epoch, of each run of a recipe.
    pub(super) fn histories(&self, recipe: &str) -> Result<Vec<Csv>> {
        let runs = self.runs(recipe)?;
        let file = |seed: u64| self.folder.join(recipe).join(format!("seed{seed}-history.csv"));
        runs.rows.iter().map(|run| Csv::read(&file(run.seed))).collect()
    }

    /// A method in repeated cross-validation.
    pub(super) fn crossed(&self, method: &str) -> Result<CrossValidationScores> {
        self.predictions(method)?.scores()
    }

    /// What a method said of every photo.
    pub(super) fn predictions(&self, method: &str) -> Result<OutOfFoldPredictions> {
        OutOfFoldPredictions::open(self.folder.join(format!("predictions/{method}.csv")))
    }

    /// The curves of a learning-rate finder.
    pub(super) fn rates(&self, name: &str) -> Result<Vec<RateCurve>> {
        rate_curves_in(&self.folder.join(format!("finder/{name}.csv")))
    }

    /// The trainings of a recipe that were followed to their last epoch.
    pub(super) fn followed(&self, recipe: &str) -> Result<Vec<FollowedTraining>> {
        let folder = self.folder.join("endings").to_string_lossy().into_owned();
        let found: Vec<FollowedTraining> =
            FollowedTraining::all_in(&folder)?.into_iter().filter(|one| one.about.recipe == recipe).collect();
        match found.is_empty() {
            true => Err(Error::Data(format!(
                "{folder} has no training of {recipe}: `manga endings {recipe} --data DIR --seed 1,2,3` makes them"
            ))),
            false => Ok(found),
        }
    }

    /// A recipe's trainings as one `ending` leaves them, with one kind of batch norm statistics, as `momentum_0.99`.
    pub(super) fn ended(&self, recipe: &str, ending: Ending, statistics: &str) -> Result<EndingRow> {
        let found = endings(&self.followed(recipe)?)?.into_iter();
        let mut found = found.filter(|row| row.ending == ending && row.statistics == statistics);
        found.next().ok_or_else(|| {
            Error::Data(format!("results/endings has no {recipe} with {ending} and statistics {statistics}"))
        })
    }

    /// The table of a notebook, by its number, in whose text all of `marks` are: its title, and a row where the notebook has
    /// several of that title.
    pub(super) fn table(&self, notebook: usize, marks: &[&str]) -> Result<Shown> {
        let notebooks = self.folder.join("notebooks");
        let missing = || {
            Error::Data(format!(
                "{} has no table of notebook {notebook} with {}: `manga reproduce --data DIR --budget report --results {}` \
                 makes them",
                notebooks.display(),
                marks.join(" and "),
                notebooks.display()
            ))
        };
        let folder = entries(&notebooks)?.into_iter().find(|path| name(path).starts_with(&format!("{notebook:02}_")));
        let folder = folder.ok_or_else(missing)?;
        for file in entries(&folder)?.into_iter().filter(|file| name(file).ends_with(".txt")) {
            let text = std::fs::read_to_string(&file).map_err(Error::io("cannot read", &file))?;
            if marks.iter().all(|mark| text.contains(mark)) {
                return Ok(Shown { file: format!("results/notebooks/{}/{}", name(&folder), name(&file)), text });
            }
        }
        Err(missing())
    }
}

/// What is in a folder, in the order of the names.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).map_err(Error::io("cannot read", folder))?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()).map_err(Error::io("cannot read", folder)));
    let mut paths: Vec<PathBuf> = paths.collect::<Result<_>>()?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

impl Shown {
    /// The text of a cell: of the row that begins with `row`, in the column of this name. Cells are set apart by two spaces
    /// or more; the table must have no empty one in that row.
    pub fn text(&self, row: &str, column: &str) -> Result<String> {
        let wrong = |what: String| Error::Data(format!("{}: {what}", self.file));
        let fields = |line: &str| -> Vec<String> {
            line.split("  ").map(str::trim).filter(|field| !field.is_empty()).map(String::from).collect()
        };
        let mut lines = self.text.lines().map(fields);
        let place = lines.find_map(|header| {
            let place = header.iter().position(|name| name == column)?;
            Some((place, header.len()))
        });
        let (place, width) = place.ok_or_else(|| wrong(format!("there is no column {column}")))?;
        let line = self.text.lines().find(|line| line.trim_start().starts_with(row) && fields(line).len() == width);
        let line = line.ok_or_else(|| wrong(format!("there is no row {row} of {width} cells")))?;
        Ok(fields(line)[place].clone())
    }

    /// The same as a number; of `0.1 (0.0 to 0.2)` the first.
    pub fn number(&self, row: &str, column: &str) -> Result<f64> {
        let text = self.text(row, column)?;
        let first = text.split_whitespace().next().unwrap_or_default();
        first.parse().map_err(|_| Error::Data(format!("{}: {text:?} in column {column} is no number", self.file)))
    }

    /// Whether the interval in a cell such as `0.1 (0.0 to 0.2)` has 0 in it.
    pub fn zero_within(&self, row: &str, column: &str) -> Result<bool> {
        let text = self.text(row, column)?;
        let ends: Option<Vec<f64>> = text
            .split_once('(')
            .and_then(|(_, ends)| ends.trim_end_matches(')').split(" to ").map(|end| end.parse().ok()).collect());
        match ends.as_deref() {
            Some([low, high]) => Ok(*low <= 0.0 && 0.0 <= *high),
            _ => Err(Error::Data(format!("{}: {text:?} in column {column} has no interval", self.file))),
        }
    }

    /// Whether the row that begins with the word `row` ends with these words.
    pub fn row_ends(&self, row: &str, end: &str) -> bool {
        let mut lines = self.text.lines().map(str::trim);
        lines.any(|line| line.split_whitespace().next() == Some(row) && line.ends_with(end))
    }

    /// Whether this text stands in it.
    pub fn contains(&self, text: &str) -> bool {
        self.text.contains(text)
    }
}

/// The layers of a network that is made for the report's photos, with 7 classes.
pub(super) fn summary(network: &str) -> Result<Summary> {
    by_name(network, default_input(network)?, 7, 1)?.summary()
}

/// The cells under a heading of a notebook.
pub(super) fn at(notebook: usize, heading: &'static str) -> Place {
    Place { notebook, heading }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shown_table_is_read_by_row_and_column() {
        let text = "What a region is worth\n\nclass  images  less by\nsad         11  0.130 (0.010 to 0.251)\n\
                    shock       20  -0.006 (-0.105 to 0.116)\n  10                no number\n\nshock is the class.\n";
        let table = Shown { file: "a.txt".into(), text: text.into() };
        assert_eq!((table.number("sad", "images").unwrap(), table.number("shock", "less by").unwrap()), (11.0, -0.006));
        assert_eq!(table.text("sad", "less by").unwrap(), "0.130 (0.010 to 0.251)");
        assert!(table.zero_within("shock", "less by").unwrap() && !table.zero_within("sad", "less by").unwrap());
        assert!(table.row_ends("10", "no number") && !table.row_ends("1", "no number"));
        for (row, column, said) in [("happy", "images", "no row happy"), ("sad", "photos", "no column photos")] {
            let error = table.number(row, column).unwrap_err().to_string();
            assert!(error.contains("a.txt") && error.contains(said), "{error}");
        }
        assert!(table.zero_within("sad", "images").unwrap_err().to_string().contains("no interval"));
    }

    #[test]
    fn what_is_missing_is_named_with_the_command_that_makes_it() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("notebooks/07_time")).unwrap();
        std::fs::create_dir(folder.path().join("endings")).unwrap();
        let sources = Sources::new(folder.path());
        for missing in [sources.table(12, &["seconds"]).map(|_| ()), sources.table(7, &["seconds"]).map(|_| ())] {
            let error = missing.unwrap_err().to_string();
            assert!(error.contains("seconds") && error.contains("manga reproduce"), "{error}");
        }
        let error = sources.followed("resnet50v2").unwrap_err().to_string();
        assert!(error.contains("manga endings resnet50v2"), "{error}");
    }
}
