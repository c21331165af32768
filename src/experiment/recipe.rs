//! Recipes: experiments in small, commented files.

use super::Experiment;
use crate::{Error, Result};
use std::path::Path;

/// An experiment that has a name, kept in a file of the project's folder `recipes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// Its name, as `manga train` takes it.
    pub name: &'static str,
    /// The file's text, in TOML: the fields of [`Experiment`], of which only `network` must be there.
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
    "vgg16-scratch",
    "vgg16-last-stage",
    "vgg16-whole",
    "resnet50-frozen",
    "resnet50-last-stages",
    "resnet50-whole",
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
    /// # Errors
    /// A recipe that is not there, or is none: with the line and the field.
    ///
    /// ```
    /// use manga_expressions::experiment::Experiment;
    ///
    /// let experiment = Experiment::recipe("dcnn", 1)?;
    /// assert_eq!((experiment.preparation.size, experiment.training.batch_size), (128, 128));
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn recipe(name: &str, seed: u64) -> Result<Experiment> {
        if name.ends_with(".toml") {
            let text = std::fs::read_to_string(name).map_err(Error::io("cannot read", name))?;
            return of_text(name, &text, seed);
        }
        let Some(recipe) = RECIPES.iter().find(|recipe| recipe.name == name) else {
            let known: Vec<&str> = RECIPES.iter().map(|recipe| recipe.name).collect();
            return Err(Error::Invalid(format!(
                "there is no recipe \"{name}\"; there are {}, and files of your own, whose names end in .toml",
                known.join(", ")
            )));
        };
        of_text(&format!("recipes/{name}.toml"), recipe.text, seed)
    }
}

fn of_text(file: &str, text: &str, seed: u64) -> Result<Experiment> {
    let invalid =
        |error: toml::de::Error| Error::Invalid(format!("{} is no recipe: {error}", Path::new(file).display()));
    let table: toml::Table = text.parse().map_err(invalid)?;
    let scaling = table.get("preparation").and_then(|preparation| preparation.get("scaling"));
    let mut experiment: Experiment = toml::from_str(text).map_err(invalid)?;
    (experiment.split.seed, experiment.training.seed) = (seed, seed);
    if scaling.is_none() {
        experiment.scale_as_weights_expect()?;
    }
    Ok(experiment)
}
