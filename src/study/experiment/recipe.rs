//! Recipes: experiments in small, commented files.

use super::Experiment;
use super::changes::{Changes, over, table_of, with_changes};
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

/// A list of recipes, from their files in the project's folder `recipes`.
macro_rules! recipes {
    ($($name:literal),+ $(,)?) => {
        &[$($crate::study::experiment::Recipe {
            name: $name,
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/recipes/", $name, ".toml")),
        }),+]
    };
}
pub(crate) use recipes;

/// All recipes: first the report's three networks, then what it cites, then transfer learning.
pub const RECIPES: &[Recipe] = recipes![
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
    "vgg16-zero-one",
    "resnet50-frozen",
    "resnet50-frozen-zero-one",
    "resnet50-last-stages",
    "resnet50-whole",
    "resnet50-tuned",
    "resnet50-tuned-128",
    "resnet50-tuned-224",
    "resnet50-drawn-128",
    "resnet50-drawn-224",
];

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
    /// it, a list, as that of the heads, too; `false` takes away what may be absent, as `early_stopping = false`.
    ///
    /// # Errors
    /// A recipe that is not there, or is none: with the line and the field, or the field alone where it is like another;
    /// one that is like itself.
    ///
    /// ```
    /// use manga_expressions::study::experiment::Experiment;
    ///
    /// let experiment = Experiment::recipe("dcnn", 1)?;
    /// assert_eq!((experiment.preparation.size, experiment.training.batch_size), (128, 128));
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn recipe(name: &str, seed: u64) -> Result<Experiment> {
        Experiment::recipe_with(name, seed, &[])
    }

    /// The same with `changes` of single fields: each a dotted key and a value in TOML, as in a recipe that is like this one.
    /// A word needs no quotation marks. The order of the changes does not matter.
    ///
    /// Other weights bring the scaling that they expect, unless `preparation.scaling` is changed too. `split.seed` and
    /// `training.seed` may be other than `seed`.
    ///
    /// # Errors
    /// As [`Experiment::recipe`]; a key or value that is none, and a field that is not there, with those that are.
    ///
    /// ```
    /// use manga_expressions::study::experiment::Experiment;
    ///
    /// let changes = [("training.mixup", "0.2"), ("training.early_stopping", "false"), ("training.keep", "last")];
    /// let experiment = Experiment::recipe_with("resnet50", 1, &changes)?;
    /// assert_eq!((experiment.training.mixup, experiment.training.early_stopping), (Some(0.2), None));
    ///
    /// let error = Experiment::recipe_with("resnet50", 1, &[("training.epoch", "3")]).unwrap_err().to_string();
    /// assert!(error.contains("unknown field `epoch`, expected one of `epochs`"));
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn recipe_with(name: &str, seed: u64, changes: &[(&str, &str)]) -> Result<Experiment> {
        let (file, text) = found(name, Path::new(""))?;
        of_text(&file, &text, seed, changes)
    }
}

/// Key under which a recipe names another, whose fields it has where it says nothing else.
const LIKE: &str = "like";

fn of_text(file: &str, text: &str, seed: u64, changes: &Changes) -> Result<Experiment> {
    let mut table = parsed(file, text)?;
    let other = table.remove(LIKE);
    let is_whole = other.is_none() && changes.is_empty();
    if let Some(other) = other {
        table = over(like(file, other, &mut vec![file.to_string()])?, table);
    }
    let changed = table_of(changes)?;
    if changed.contains_key("weights") && !has(&changed, "preparation", "scaling") {
        table.remove("own_scaling");
        table.get_mut("preparation").and_then(Value::as_table_mut).map(|preparation| preparation.remove("scaling"));
    }
    let table = over(table, changed.clone());
    let has_scaling = has(&table, "preparation", "scaling");
    // From the text where it says all, so that an error shows the line.
    let experiment = if is_whole { toml::from_str(text) } else { table.try_into() };
    let mut experiment: Experiment = experiment.map_err(|error| no_recipe(&with_changes(file, changes), error))?;
    if !has(&changed, "split", "seed") {
        experiment.split.seed = seed;
    }
    if !has(&changed, "training", "seed") {
        experiment.training.seed = seed;
    }
    if !has_scaling {
        experiment.scale_as_weights_expect()?;
    }
    // Without weights no scaling is another than theirs.
    experiment.own_scaling &= experiment.weights.is_some();
    Ok(experiment)
}

/// Whether a recipe says this field of this part.
fn has(table: &Table, part: &str, field: &str) -> bool {
    table.get(part).is_some_and(|part| part.get(field).is_some())
}

fn parsed(file: &str, text: &str) -> Result<Table> {
    text.parse().map_err(|error| no_recipe(file, error))
}

fn no_recipe(file: &str, error: toml::de::Error) -> Error {
    Error::File(format!("{} is no recipe: {}", Path::new(file).display(), error.to_string().trim_end()))
}

/// The fields of the recipe that `file` names as the one it is like, which may be like another in its turn. `seen` are
/// the files on the way to it.
fn like(file: &str, name: Value, seen: &mut Vec<String>) -> Result<Table> {
    let Value::String(name) = name else {
        let kind = name.type_str();
        return Err(Error::File(format!("{file}: {LIKE} is no name of a recipe but of the type {kind}")));
    };
    let (other, text) = found(&name, Path::new(file)).map_err(|error| match error {
        Error::NotFound(what) => Error::NotFound(format!("{file}: {LIKE}: {what}")),
        other => other,
    })?;
    if seen.contains(&other) {
        return Err(Error::File(format!("{other} is like itself: {} -> {other}", seen.join(" -> "))));
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
        return Err(Error::NotFound(format!(
            "there is no recipe \"{name}\"; there are {}, and files of your own, whose names end in .toml",
            known.join(", ")
        )));
    };
    Ok((format!("recipes/{name}.toml"), recipe.text.into()))
}
