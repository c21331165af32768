//! The results on the real photos that the project keeps in its folder `results`.

use super::measurement::name_of_recipe;
use super::{Measurement, Protocol, published_accuracies};
use crate::Result;
use crate::base::csv::Csv;
use crate::base::project;
use crate::metrics::Interval;
use crate::study::results::{Leaderboard, MethodResult};
use std::path::Path;

/// The results on the real photos that the project keeps, in the order of `results/summary.csv`: for each recipe the mean
/// over its finished runs. They come with the
/// project, so they are here without the photos; `results/make.sh` makes them.
///
/// # Errors
/// As [`kept_results_in`].
///
/// ```
/// use manga_expressions::report::discussion::kept_results;
///
/// assert!(kept_results()?.iter().all(|one| one.interval.is_some_and(|i| i.low < one.accuracy && one.accuracy < i.high)));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn kept_results() -> Result<Vec<Measurement>> {
    kept_results_in(project::results())
}

/// [`kept_results`] in another folder, as `manga compare … --out FOLDER` makes it.
///
/// # Errors
/// [`Error::Io`](crate::Error::Io) for a file that is not there, with its path; [`Error::Data`](crate::Error::Data) for
/// one that is not as `manga compare` writes it, with the line and the column.
pub fn kept_results_in(folder: impl AsRef<Path>) -> Result<Vec<Measurement>> {
    let folder = folder.as_ref();
    let summary = Csv::read(&folder.join("summary.csv"))?;
    (0..summary.rows.len())
        .map(|row| {
            let number = |column: &str| summary.number(row, column);
            let recipe = summary.text(row, "experiment")?.to_string();
            let classes = Csv::read(&folder.join(&recipe).join("classes.csv"))?;
            let supports: Result<Vec<f64>> =
                (0..classes.rows.len()).map(|class| classes.number(class, "support")).collect();
            Ok(Measurement {
                method: name_of_recipe(&recipe),
                protocol: Protocol::Split,
                runs: number("runs")? as usize,
                accuracy: number("accuracy")?,
                deviation: match summary.text(row, "deviation")? {
                    "" => None,
                    _ => Some(number("deviation")?),
                },
                interval: Some(Interval { low: number("low")?, high: number("high")? }),
                majority: Some(number("majority")?),
                photos: Some(supports?.iter().sum::<f64>().round() as usize),
            })
        })
        .collect()
}

/// The methods whose cross-validation on the real photos the project keeps, by name, each computed again from the
/// predictions in `results/predictions`.
///
/// # Errors
/// As [`MethodResult::all_in`].
///
/// ```
/// use manga_expressions::report::discussion::kept_cross_validations;
///
/// let kept = kept_cross_validations()?;
/// assert!(kept.iter().all(|one| one.photos == Some(455) && one.interval.is_some_and(|i| i.low < one.accuracy)));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn kept_cross_validations() -> Result<Vec<Measurement>> {
    let folder = project::results().join("predictions");
    let kept = MethodResult::all_in(&folder)?;
    kept.iter().map(|kept| Ok(Measurement::of_out_of_fold(&kept.method, &kept.predictions.scores()?))).collect()
}

impl Leaderboard {
    /// All rows in their order, then what was published and is no row, for [`plots::measurements`](crate::show::plots::measurements).
    ///
    /// # Errors
    /// As [`published_accuracies`].
    pub fn beside_published(&self) -> Result<Vec<Measurement>> {
        let rows = self.rows.iter().map(|row| Measurement::of_out_of_fold(&row.method, &row.scores));
        Ok(rows.chain(published_accuracies()?).collect())
    }
}
