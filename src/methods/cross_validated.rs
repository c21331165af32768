//! The cross-validation of a recipe, for a notebook.

use super::{CrossValidation, Method};
use crate::Result;
use crate::data::{FoldSettings, Source};
use crate::metrics::OutOfFold;
use std::path::Path;
use std::thread;

/// The predictions of a recipe in 5 times repeated 5-fold cross-validation with the fixed seeds ([`FoldSettings::default`]),
/// for a notebook: in the project's own folder of runs, where it finds what `manga cross-validate` has made.
///
/// # Errors
/// As [`Method::recipe`] and [`CrossValidation::run`].
///
/// ```no_run
/// use manga_expressions::data::Source;
/// use manga_expressions::methods::cross_validated;
///
/// println!("{}", cross_validated("knn-pixels", &Source::find(None))?.scores()?);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn cross_validated(recipe: &str, source: &Source) -> Result<OutOfFold> {
    let settings = FoldSettings::default();
    let runs = Path::new(env!("CARGO_MANIFEST_DIR")).join("runs/cross-validation");
    // Drawn faces have folders of their own, so that neither is in the other's way.
    let runs = if matches!(source, Source::Drawn { .. }) { runs.join("drawn") } else { runs };
    let runs = runs.to_string_lossy();
    let seed = settings.seeds[0];
    let all = CrossValidation::new(
        Method::recipe(recipe, seed)?,
        settings,
        &CrossValidation::folder_of(&runs, recipe, seed),
    )?;
    let jobs = thread::available_parallelism().map_or(1, |cores| cores.get());
    all.on(source.clone()).features_in(&format!("{runs}/features")).run(jobs, &|_, _| ())
}
