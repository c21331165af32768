//! Repeated cross-validation.

use super::changes::{Set, borrowed};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use manga_expressions::data::{FoldSettings, MOST_FOLDS, Source};
use manga_expressions::project;
use manga_expressions::study::methods::{CrossValidation, Fit, name_of, recipe_with};
use manga_expressions::study::results::MethodSummary;
use manga_expressions::training::{Progress, Stop};
use manga_expressions::{Error, Result};
use std::io::IsTerminal;
use std::path::Path;
use std::sync::Mutex;

/// Fit a recipe in repeated stratified cross-validation: every photo is judged by models that never saw it.
///
/// A fit for each fold of each repeat is kept in a folder of its own. A command that was killed goes on where it stopped,
/// to the same result; a single fit can be done by itself, here or on another machine, with --fit. At the end the
/// predictions of all fits are written as CSV: image, repeat, fold, true, predicted, and a probability for each class;
/// beside them what the method is and what it cost, as JSON.
#[derive(Args)]
pub struct CrossValidate {
    /// A recipe's name (see `manga recipes`), or the file of your own
    recipe: String,
    /// Folder of the photos, with a folder for each class; without, see `manga data --help`
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// Folds, each of which is the test once
    #[arg(long, default_value_t = 5)]
    folds: usize,
    /// How often the photos are divided into folds again
    #[arg(long, default_value_t = 5)]
    repeats: usize,
    /// Seed of the first repeat; the others follow. Those from 1 are for results: try things out with others
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Keep photos of one page in the same fold: those whose files are called page_x_y_width_height with the same page. The
    /// classes are spread over the folds as evenly as that allows
    #[arg(long)]
    group_by_page: bool,
    /// Fits at a time; as many as there are cores where none is given
    #[arg(long)]
    jobs: Option<usize>,
    /// Threads of a fit; one where several fits run at a time
    #[arg(long)]
    threads: Option<usize>,
    /// Only this fit, as 2.5 for fold 5 of repeat 2
    #[arg(long, value_name = "REPEAT.FOLD")]
    fit: Option<OneFit>,
    /// Folder of the fits; runs/cross-validation/RECIPE-seedSEED where none is given, and runs/cross-validation/by-page/… with
    /// --group-by-page
    #[arg(long, value_name = "DIR")]
    run: Option<String>,
    /// What a recipe that --set changes is called, in the names of its folder and files; RECIPE-changed where none is given
    #[arg(long, requires = "set")]
    name: Option<String>,
    /// Also leave the predictions and what belongs to them here, as RECIPE.csv and RECIPE.json: results/predictions is where
    /// the project keeps its own
    #[arg(long, value_name = "DIR")]
    keep: Option<String>,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    set: Set,
}

/// Fields that cross-validation sets itself for each fit.
const OWN: [(&str, &str); 6] = [
    ("split.kind", "--folds"),
    ("split.test", "--folds"),
    ("split.fold", "--fit"),
    ("split.seed", "--seed"),
    ("training.seed", "--seed"),
    ("method", "RECIPE"),
];

/// Where fits are kept, within the folder of runs.
const RUNS: &str = "cross-validation";

/// A repeat and a fold, from 0.
#[derive(Clone, Copy)]
struct OneFit {
    repeat: usize,
    fold: usize,
}

impl std::str::FromStr for OneFit {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let number = |word: &str| word.parse::<usize>().ok()?.checked_sub(1);
        let numbers = word.split_once('.').and_then(|(repeat, fold)| Some((number(repeat)?, number(fold)?)));
        numbers
            .map(|(repeat, fold)| OneFit { repeat, fold })
            .ok_or_else(|| format!("'{word}' is no fit: write 2.5 for fold 5 of repeat 2"))
    }
}

impl CrossValidate {
    pub fn run(self) -> Result<()> {
        Stop::on_signals()?;
        let source = Source::find(self.data.as_deref());
        super::dataset::say_if_drawn(&source);
        let changes = self.set.changes(&OWN)?;
        let name = self.name_with(&changes);
        let runs = project::runs_here().join(RUNS);
        let runs = if self.group_by_page { runs.join("by-page") } else { runs };
        let folder = self.run.clone().unwrap_or_else(|| CrossValidation::folder_of(&runs, &name, self.seed));
        let seeds = (self.seed..=u64::MAX).take(self.repeats.min(MOST_FOLDS + 1)).collect();
        let settings = FoldSettings { folds: self.folds, seeds };
        let mut all =
            CrossValidation::new(recipe_with(&self.recipe, self.seed, &borrowed(&changes))?, settings, &folder)?;
        all = all.on(source).threads(self.threads);
        if self.group_by_page {
            all = all.grouped_by_page();
        }
        if self.run.is_none() {
            all = all.features_in(project::runs_here().join(RUNS).join("features"));
        }
        all.with_dataset(|dataset| Progress::lines_on_stderr().tell_left_out(dataset))?;
        if let Some(OneFit { repeat, fold }) = self.fit {
            let fit = all.fit(repeat, fold)?;
            return super::print(self.json, &fit.accuracy, || format!("{}: {}", fit.name(), fit.accuracy));
        }
        let jobs = self.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |cores| cores.get()));
        eprintln!("{} fits, {jobs} at a time; they are kept in {folder}", all.fits().len());
        let bar = bar(all.fits().len());
        let cpu_seconds = Mutex::new(0.0);
        let observer = |fit: &Fit, done: usize| {
            *cpu_seconds.lock().unwrap_or_else(std::sync::PoisonError::into_inner) += fit.cpu_seconds;
            let chosen = if fit.chosen.is_empty() { String::new() } else { format!(" ({})", fit.chosen) };
            let line = format!("{}: {}, {:.1} CPU s{chosen}", fit.name(), fit.accuracy, fit.cpu_seconds);
            if bar.is_hidden() {
                eprintln!("{line}");
            }
            bar.println(line);
            bar.set_position(done as u64);
        };
        let predictions = all.run(jobs, &observer)?;
        bar.finish_and_clear();
        let cpu_seconds = cpu_seconds.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let summary = self.summary(&all, &name, &changes, cpu_seconds)?;
        let mut places = vec![Path::new(&folder).join("predictions")];
        if let Some(keep) = &self.keep {
            std::fs::create_dir_all(keep).map_err(Error::io("cannot make", keep))?;
            places.push(Path::new(keep).join(&name));
        }
        for place in &places {
            let file = format!("{}.csv", place.display());
            predictions.save(&file)?;
            summary.clone().of_file(&file)?.save(format!("{}.json", place.display()))?;
        }
        let scores = predictions.scores()?;
        super::print(self.json, &scores, || format!("{scores}\n{}.csv", places[places.len() - 1].display()))
    }

    /// The recipe's name; another where it is changed, so that results of the two do not mix.
    fn name_with(&self, changes: &[(String, String)]) -> String {
        match &self.name {
            Some(name) => name.clone(),
            None if changes.is_empty() => name_of(&self.recipe),
            None => format!("{}-changed", name_of(&self.recipe)),
        }
    }

    /// What belongs to the predictions: of a changed recipe with its own name, and with the changes.
    fn summary(
        &self,
        all: &CrossValidation,
        name: &str,
        changes: &[(String, String)],
        cpu_seconds: f64,
    ) -> Result<MethodSummary> {
        let mut summary = all.summary(&self.recipe, cpu_seconds)?;
        if changes.is_empty() {
            return Ok(summary);
        }
        let changed: Vec<String> = changes.iter().map(|(key, value)| format!("{key}={value}")).collect();
        summary.about = format!("{} With {}.", summary.about, changed.join(", "));
        changed.iter().for_each(|change| summary.command.push_str(&format!(" --set {}", quoted(change))));
        summary.command.push_str(&format!(" --name {}", quoted(name)));
        summary.method = name.into();
        Ok(summary)
    }
}

/// As a shell takes it for one word.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "=._-/+".contains(c);
    if word.chars().all(is_plain) { word.into() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

fn bar(fits: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(fits as u64);
    if let Ok(style) = ProgressStyle::with_template("{pos}/{len} fits {wide_bar} {eta} left") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(std::time::Duration::from_secs(1));
    bar
}
