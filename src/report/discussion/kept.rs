//! The results on the real photos that the project keeps in its folder `results`.

use super::Measurement;
use crate::Result;
use crate::base::compute_version;
use crate::base::csv::Csv;
use crate::metrics::Interval;
use crate::study::methods::Judged;
use std::path::Path;

/// The finished runs of one recipe, as `manga compare … --out results` kept them: a row of `results/summary.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptResult {
    /// The recipe.
    pub recipe: String,
    /// How many runs, each with a seed of its own.
    pub runs: usize,
    /// Mean accuracy on the test photos, 0 to 1.
    pub accuracy: f64,
    /// Standard deviation of the runs' accuracies; none for a single run.
    pub deviation: Option<f64>,
    /// The 95 % interval of one run: the means of their ends.
    pub interval: Interval,
    /// What always answering with the majority class has.
    pub majority: f64,
    /// Mean over the classes of F1.
    pub macro_f1: f64,
    /// Processor seconds that a run trained.
    pub cpu_seconds: f64,
    /// How many test photos a run has: the supports of `results/RECIPE/classes.csv`, added.
    pub photos: usize,
    /// [`COMPUTE_VERSION`](crate::COMPUTE_VERSION) that made the runs, as `2` or `1 and 2`.
    pub compute_version: String,
}

/// The results on the real photos that the project keeps, in the order of `results/summary.csv`. They come with the
/// project, so they are here without the photos; `results/make.sh` makes them.
///
/// # Errors
/// As [`kept_results_in`].
///
/// ```
/// use manga_expressions::report::discussion::kept_results;
///
/// assert!(kept_results()?.iter().all(|kept| kept.interval.low < kept.accuracy && kept.accuracy < kept.interval.high));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn kept_results() -> Result<Vec<KeptResult>> {
    kept_results_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("results").to_string_lossy())
}

/// [`kept_results`] in another folder, as `manga compare … --out FOLDER` makes it.
///
/// # Errors
/// [`Error::Io`](crate::Error::Io) for a file that is not there, with its path; [`Error::Data`](crate::Error::Data) for
/// one that is not as `manga compare` writes it, with the line and the column.
pub fn kept_results_in(folder: &str) -> Result<Vec<KeptResult>> {
    let folder = Path::new(folder);
    let summary = Csv::read(&folder.join("summary.csv"))?;
    (0..summary.rows.len())
        .map(|row| {
            let number = |column: &str| summary.number(row, column);
            let recipe = summary.text(row, "experiment")?.to_string();
            let classes = Csv::read(&folder.join(&recipe).join("classes.csv"))?;
            let supports: Result<Vec<f64>> =
                (0..classes.rows.len()).map(|class| classes.number(class, "support")).collect();
            Ok(KeptResult {
                runs: number("runs")? as usize,
                accuracy: number("accuracy")?,
                deviation: match summary.text(row, "deviation")? {
                    "" => None,
                    _ => Some(number("deviation")?),
                },
                interval: Interval { low: number("low")?, high: number("high")? },
                majority: number("majority")?,
                macro_f1: number("macro_f1")?,
                cpu_seconds: number("cpu_seconds")?,
                photos: supports?.iter().sum::<f64>().round() as usize,
                compute_version: summary.text_or(row, "compute_version", compute_version::BEFORE)?.into(),
                recipe,
            })
        })
        .collect()
}

/// The methods whose cross-validation on the real photos the project keeps, by name, each computed again from the
/// predictions in `results/predictions`.
///
/// # Errors
/// As [`Judged::all_in`].
///
/// ```
/// use manga_expressions::report::discussion::kept_cross_validations;
///
/// let kept = kept_cross_validations()?;
/// assert!(kept.iter().all(|one| one.photos == Some(455) && one.interval.is_some_and(|i| i.low < one.accuracy)));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn kept_cross_validations() -> Result<Vec<Measurement>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("results/predictions");
    let kept = Judged::all_in(&folder.to_string_lossy())?;
    kept.iter().map(|kept| Ok(Measurement::of_out_of_fold(&kept.method, &kept.predictions.scores()?))).collect()
}
