//! Recipes: experiments in small, commented files.

use super::Experiment;
use crate::{Error, Result};
use std::borrow::Cow;
use std::path::Path;
use toml::{Table, Value};

/// An experiment that has a name, kept in a file of the project's folder `recipes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// Its name, as `manga train` takes it.
    pub name: &'static str,
    /// The file's text, in TOML: the fields of [`Experiment`], of which only `network` must be there, or `like`.
    pub text: &'static str,
}

macro_rules! recipes {
    ($($name:literal),+ $(,)?) => {
        /// All recipes: first the report's three networks, then what it cites, then transfer learning.
        pub const RECIPES: &[Recipe] =
            &[$(Recipe { name: $name, text: include_str!(concat!("../../recipes/", $name, ".toml")) }),+];
    };
}

recipes!(
    "vgg16",
    "resnet50",
    "googlenet",
    "resnet50v2",
    "resnet50-v1.5",
    "densenet201",
    "dcnn",
    "cited-1",
    "cited-3",
    "small_cnn",
    "vgg16-scratch",
    "vgg16-last-stage",
    "vgg16-whole",
    "resnet50-frozen",
    "resnet50-last-stages",
    "resnet50-whole",
    "resnet50-tuned",
    "resnet50-tuned-128",
    "resnet50-tuned-224",
    "resnet50-drawn-128",
    "resnet50-drawn-224",
);

impl Recipe {
    /// What it is: the comment that its file begins with.
    pub fn about(&self) -> String {
        comment(self.text)
    }
}

/// The comment that a recipe's text begins with, as one line.
pub(crate) fn comment(text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix('#'));
    lines.map(str::trim).collect::<Vec<_>>().join(" ")
}

impl Experiment {
    /// The experiment of a recipe, with everything drawn from `seed`: one of [`RECIPES`] by its name, or a file of your
    /// own, whose name ends in `.toml`.
    ///
    /// What a recipe does not say is the report's protocol, as in [`Experiment::new`]. Where it names weights and no
    /// scaling, photos are scaled as the weights say, which must be there then.
    ///
    /// A recipe that differs from another in little begins with `like = "…"`, the name of that other, or a file beside it;
    /// then come only the fields that are not the same. An optimizer or a schedule of another name replaces the whole of
    /// it, a list, as that of the heads, too.
    ///
    /// # Errors
    /// A recipe that is not there, or is none: with the line and the field, or the field alone where it is like another;
    /// one that is like itself.
    ///
    /// ```
    /// use manga_expressions::experiment::Experiment;
    ///
    /// let experiment = Experiment::recipe("dcnn", 1)?;
    /// assert_eq!((experiment.preparation.size, experiment.training.batch_size), (128, 128));
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn recipe(name: &str, seed: u64) -> Result<Experiment> {
        let (file, text) = found(name, Path::new(""))?;
        of_text(&file, &text, seed)
    }
}

/// Key under which a recipe names another, whose fields it has where it says nothing else.
const LIKE: &str = "like";

fn of_text(file: &str, text: &str, seed: u64) -> Result<Experiment> {
    let mut table = parsed(file, text)?;
    let scaling = table.get("preparation").and_then(|preparation| preparation.get("scaling")).is_some();
    let (mut experiment, scaling): (Experiment, bool) = match table.remove(LIKE) {
        // From the text, so that an error shows the line.
        None => (toml::from_str(text).map_err(|error| no_recipe(file, error))?, scaling),
        Some(other) => {
            let whole = over(like(file, other, &mut vec![file.to_string()])?, table);
            let scaling = whole.get("preparation").and_then(|preparation| preparation.get("scaling")).is_some();
            (whole.try_into().map_err(|error| no_recipe(file, error))?, scaling)
        }
    };
    (experiment.split.seed, experiment.training.seed) = (seed, seed);
    if !scaling {
        experiment.scale_as_weights_expect()?;
    }
    Ok(experiment)
}

fn parsed(file: &str, text: &str) -> Result<Table> {
    text.parse().map_err(|error| no_recipe(file, error))
}

fn no_recipe(file: &str, error: toml::de::Error) -> Error {
    Error::Invalid(format!("{} is no recipe: {error}", Path::new(file).display()))
}

/// The fields of the recipe that `file` names as the one it is like, which may be like another in its turn. `seen` are
/// the files on the way to it.
fn like(file: &str, name: Value, seen: &mut Vec<String>) -> Result<Table> {
    let Value::String(name) = name else {
        let kind = name.type_str();
        return Err(Error::Invalid(format!("{file}: {LIKE} is no name of a recipe but of the type {kind}")));
    };
    let (other, text) = found(&name, Path::new(file)).map_err(|error| match error {
        Error::Invalid(what) => Error::Invalid(format!("{file}: {LIKE}: {what}")),
        other => other,
    })?;
    if seen.contains(&other) {
        return Err(Error::Invalid(format!("{other} is like itself: {} -> {other}", seen.join(" -> "))));
    }
    let mut table = parsed(&other, &text)?;
    seen.push(other.clone());
    match table.remove(LIKE) {
        None => Ok(table),
        Some(next) => Ok(over(like(&other, next, seen)?, table)),
    }
}

/// The file and the text of the recipe called `name`; a file of one's own is looked for beside the one that names it.
fn found<'a>(name: &str, beside: &Path) -> Result<(String, Cow<'a, str>)> {
    if name.ends_with(".toml") {
        let file = beside.parent().unwrap_or(Path::new("")).join(name).to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).map_err(Error::io("cannot read", &file))?;
        return Ok((file, text.into()));
    }
    let Some(recipe) = RECIPES.iter().find(|recipe| recipe.name == name) else {
        let known: Vec<&str> = RECIPES.iter().map(|recipe| recipe.name).collect();
        return Err(Error::Invalid(format!(
            "there is no recipe \"{name}\"; there are {}, and files of your own, whose names end in .toml",
            known.join(", ")
        )));
    };
    Ok((format!("recipes/{name}.toml"), recipe.text.into()))
}

/// `base` with the fields of `changes` in place of its own. Tables are joined field by field, but for those that name
/// another kind, as another optimizer: the fields of one kind say nothing of another. Lists are replaced whole.
fn over(mut base: Table, changes: Table) -> Table {
    for (key, change) in changes {
        let joined = match (base.remove(&key), change) {
            (Some(Value::Table(old)), Value::Table(new)) if !is_of_another_kind(&old, &new) => {
                Value::Table(over(old, new))
            }
            (_, new) => new,
        };
        base.insert(key, joined);
    }
    base
}

fn is_of_another_kind(old: &Table, new: &Table) -> bool {
    new.get("name").is_some_and(|name| old.get("name") != Some(name))
}
