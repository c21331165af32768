//! Recipes of all methods.

use super::{Ensemble, Majority, Method, NeighbourVote, RidgeClassifier};
use crate::experiment::{self, Changes, Experiment, Recipe, comment, over, table_of, with_changes};
use crate::{Error, Result};
use serde::de::DeserializeOwned;
use std::path::Path;

macro_rules! recipes {
    ($($name:literal),+ $(,)?) => {
        /// The recipes of methods that are no training of a network; those that are: [`experiment::RECIPES`]. From the
        /// simplest to those made of others.
        pub const RECIPES: &[Recipe] =
            &[$(Recipe { name: $name, text: include_str!(concat!("../../recipes/", $name, ".toml")) }),+];
    };
}

recipes!(
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
);

impl Method {
    /// The method of a recipe: one of [`RECIPES`] or [`experiment::RECIPES`] by its name, or a file of your own, whose name
    /// ends in `.toml`. The seed is that of a network's first weights; in cross-validation each fit has its own.
    ///
    /// # Errors
    /// A recipe that is not there, or is none: with the field. As [`Experiment::recipe`].
    ///
    /// ```
    /// use manga_expressions::methods::Method;
    ///
    /// assert!(matches!(Method::recipe("knn-pixels", 1)?, Method::Neighbours(_)));
    /// assert!(matches!(Method::recipe("dcnn", 1)?, Method::Network(_)));
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn recipe(name: &str, seed: u64) -> Result<Method> {
        Method::recipe_with(name, seed, &[])
    }

    /// The same with changes of single fields, as [`Experiment::recipe_with`] takes them.
    ///
    /// # Errors
    /// As [`Method::recipe`] and [`Experiment::recipe_with`].
    ///
    /// ```
    /// use manga_expressions::methods::Method;
    ///
    /// let Method::Neighbours(neighbours) = Method::recipe_with("knn-pixels", 1, &[("largest_k", "19")])? else {
    ///     panic!("knn-pixels is a recipe of neighbours");
    /// };
    /// assert_eq!(neighbours.largest_k, 19);
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn recipe_with(name: &str, seed: u64, changes: &[(&str, &str)]) -> Result<Method> {
        let (file, text) = if name.ends_with(".toml") {
            (name.to_string(), std::fs::read_to_string(name).map_err(Error::io("cannot read", name))?)
        } else if let Some(recipe) = RECIPES.iter().find(|recipe| recipe.name == name) {
            (format!("recipes/{name}.toml"), recipe.text.to_string())
        } else if experiment::RECIPES.iter().any(|recipe| recipe.name == name) {
            return Ok(Experiment::recipe_with(name, seed, changes)?.into());
        } else {
            let known: Vec<&str> = RECIPES.iter().chain(experiment::RECIPES).map(|recipe| recipe.name).collect();
            return Err(Error::Invalid(format!(
                "there is no recipe \"{name}\"; there are {}, and files of your own, whose names end in .toml",
                known.join(", ")
            )));
        };
        match of_text(&file, &text, changes)? {
            Some(method) => Ok(method),
            None => Experiment::recipe_with(name, seed, changes).map(Method::from),
        }
    }
}

/// What a recipe is: the comment that its file begins with.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn about(recipe: &str) -> Result<String> {
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

/// The method of a recipe's text; none where it names no method, and so is a network's.
fn of_text(file: &str, text: &str, changes: &Changes) -> Result<Option<Method>> {
    let mut table: toml::Table =
        text.parse().map_err(|error| Error::Invalid(format!("{file} is no recipe: {error}")))?;
    let method = match table.remove("method") {
        None => return Ok(None),
        Some(toml::Value::String(method)) => method,
        Some(other) => {
            return Err(Error::Invalid(format!("{file} is no recipe: its method is {other:?}, and no word")));
        }
    };
    let table = over(table, table_of(changes)?);
    let file = &with_changes(file, changes);
    Ok(Some(match method.as_str() {
        "majority" => Method::Majority(settings::<Majority>(file, table)?),
        "neighbours" => Method::Neighbours(settings::<NeighbourVote>(file, table)?),
        "ridge" => Method::Ridge(settings::<RidgeClassifier>(file, table)?),
        "ensemble" => Method::Ensemble(settings::<Ensemble>(file, table)?),
        other => {
            return Err(Error::Invalid(format!(
                "{file} is no recipe: there is no method \"{other}\"; there are majority, neighbours, ridge and ensemble, \
                 and without a method the recipe is of a network"
            )));
        }
    }))
}

fn settings<T: DeserializeOwned>(file: &str, table: toml::Table) -> Result<T> {
    table.try_into().map_err(|error| Error::Invalid(format!("{file} is no recipe: {}", error.to_string().trim_end())))
}
