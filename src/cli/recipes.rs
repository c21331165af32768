//! Recipes, to read.

use clap::Args;
use manga_expressions::experiment::{Experiment, RECIPES};
use manga_expressions::{Error, Result};
use serde_json::json;

/// List the recipes that `manga train` knows, or print one, to read or to start your own from.
///
/// A recipe of your own is a file whose name ends in .toml. One that differs from another in little begins with
/// like = "NAME" and says only what is not the same, as training.label_smoothing = 0.0.
#[derive(Args)]
pub struct Recipes {
    /// The recipe to print
    name: Option<String>,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
}

impl Recipes {
    pub fn run(self) -> Result<()> {
        let Some(name) = self.name else {
            let all: Vec<_> =
                RECIPES.iter().map(|recipe| json!({"name": recipe.name, "about": recipe.about()})).collect();
            return super::print(self.json, &all, || {
                let lines = RECIPES.iter().map(|recipe| format!("{:<22} {}", recipe.name, recipe.about()));
                lines.collect::<Vec<_>>().join("\n")
            });
        };
        if self.json {
            return super::print(true, &Experiment::recipe(&name, 1)?, String::new);
        }
        let recipe = RECIPES.iter().find(|recipe| recipe.name == name);
        let recipe =
            recipe.ok_or_else(|| Error::Invalid(format!("there is no recipe \"{name}\": see `manga recipes`")))?;
        print!("{}", recipe.text);
        Ok(())
    }
}
