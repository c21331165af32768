//! Recipes of all methods.

use super::{Ensemble, Majority, NeighbourVote, RidgeClassifier};
use crate::study::experiment::{self, Changes, Experiment, Recipe, comment, over, recipes, table_of, with_changes};
use crate::study::method::Method;
use crate::{Error, Result};
use serde::Deserialize;
use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

/// The recipes of methods that are no training of a network; those that are: [`experiment::RECIPES`]. From the simplest
/// to those made of others.
pub const RECIPES: &[Recipe] = recipes![
    "majority",
    "width",
    "knn-pixels",
    "knn-hog",
    "knn-features",
    "ridge-hog",
    "ridge-100",
    "ridge-176",
    "ridge-240",
    "ridge-networks",
    "ridge-scales",
    "ridge-roots",
    "resnet50-tuned-two-sizes",
    "resnet50-tuned-and-drawn",
    "resnet50-drawn-two-sizes",
];

/// What a recipe with a field `method` can be.
#[derive(Deserialize)]
#[serde(tag = "method", rename_all = "snake_case")]
enum Kind {
    Majority(Majority),
    Neighbours(NeighbourVote),
    Ridge(RidgeClassifier),
    Ensemble(Ensemble),
}

/// The method of a recipe: one of [`RECIPES`] or [`experiment::RECIPES`] by its name, or a file of your own, whose name
/// ends in `.toml`. The seed is that of a network's first weights; in cross-validation each fit has its own.
///
/// # Errors
/// A recipe that is not there, or is none: with the field. As [`Experiment::recipe`].
///
/// ```
/// use manga_expressions::study::methods::recipe;
///
/// assert_eq!(recipe("knn-pixels", 1)?.settings()?["method"], "neighbours");
/// assert_eq!(recipe("dcnn", 1)?.settings()?["network"], "dcnn");
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn recipe(name: &str, seed: u64) -> Result<Arc<dyn Method>> {
    recipe_with(name, seed, &[])
}

/// The same with changes of single fields, as [`Experiment::recipe_with`] takes them.
///
/// # Errors
/// As [`recipe`] and [`Experiment::recipe_with`].
///
/// ```
/// use manga_expressions::study::methods::recipe_with;
///
/// assert_eq!(recipe_with("knn-pixels", 1, &[("largest_k", "19")])?.settings()?["largest_k"], 19);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn recipe_with(name: &str, seed: u64, changes: &[(&str, &str)]) -> Result<Arc<dyn Method>> {
    if let Some((file, text)) = found(name)?
        && let Some(kind) = kind(&file, &text, changes)?
    {
        return Ok(match kind {
            Kind::Majority(method) => Arc::new(method),
            Kind::Neighbours(method) => Arc::new(method),
            Kind::Ridge(method) => Arc::new(method),
            Kind::Ensemble(method) => Arc::new(method),
        });
    }
    Ok(Arc::new(Experiment::recipe_with(name, seed, changes)?))
}

/// The ensemble that a recipe is, if it is one.
///
/// # Errors
/// A recipe that is not there, or is none.
pub(super) fn ensemble(name: &str) -> Result<Option<Ensemble>> {
    let Some((file, text)) = found(name)? else { return Ok(None) };
    Ok(match kind(&file, &text, &[])? {
        Some(Kind::Ensemble(ensemble)) => Some(ensemble),
        _ => None,
    })
}

/// The file and the text of a recipe that may name a method; none of one that is known to be a network's.
fn found(name: &str) -> Result<Option<(String, Cow<'static, str>)>> {
    if name.ends_with(".toml") {
        let text = std::fs::read_to_string(name).map_err(Error::io("cannot read", name))?;
        return Ok(Some((name.to_string(), text.into())));
    }
    if let Some(recipe) = RECIPES.iter().find(|recipe| recipe.name == name) {
        return Ok(Some((format!("recipes/{name}.toml"), recipe.text.into())));
    }
    if experiment::RECIPES.iter().any(|recipe| recipe.name == name) {
        return Ok(None);
    }
    let known: Vec<&str> = RECIPES.iter().chain(experiment::RECIPES).map(|recipe| recipe.name).collect();
    Err(Error::NotFound(format!(
        "there is no recipe \"{name}\"; there are {}, and files of your own, whose names end in .toml",
        known.join(", ")
    )))
}

/// What a recipe is: the comment that its file begins with.
///
/// # Errors
/// A file that cannot be read.
pub(crate) fn about(recipe: &str) -> Result<String> {
    if recipe.ends_with(".toml") {
        let text = std::fs::read_to_string(recipe).map_err(Error::io("cannot read", recipe))?;
        return Ok(comment(&text));
    }
    let found = RECIPES.iter().chain(experiment::RECIPES).find(|known| known.name == recipe);
    Ok(found.map(Recipe::about).unwrap_or_default())
}

/// The recipe's name without folder and ending, as results are called.
pub fn name_of(recipe: &str) -> String {
    match recipe.strip_suffix(".toml") {
        Some(path) => Path::new(path).file_name().unwrap_or_default().to_string_lossy().into_owned(),
        None => recipe.into(),
    }
}

/// What a recipe's text says; none where it names no method, and so is a network's.
fn kind(file: &str, text: &str, changes: &Changes) -> Result<Option<Kind>> {
    let no_recipe =
        |error: toml::de::Error| Error::File(format!("{file} is no recipe: {}", error.to_string().trim_end()));
    let table: toml::Table = text.parse().map_err(no_recipe)?;
    match table.get("method") {
        None => return Ok(None),
        Some(toml::Value::String(_)) => {}
        Some(other) => {
            return Err(Error::File(format!("{file} is no recipe: its method is {other:?}, and no word")));
        }
    }
    let table = over(table, table_of(changes)?);
    let file = &with_changes(file, changes);
    table
        .try_into()
        .map(Some)
        .map_err(|error: toml::de::Error| Error::File(format!("{file} is no recipe: {}", error.to_string().trim_end())))
}
