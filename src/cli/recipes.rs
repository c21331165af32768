//! Recipes, to read.

use clap::Args;
use manga_expressions::study::experiment::RECIPES;
use manga_expressions::study::methods;
use manga_expressions::{Error, Result};
use serde_json::json;

/// List the recipes, or print one, to read or to start your own from.
///
/// `manga train` takes those of networks; `manga cross-validate` takes all. A recipe of your own is a file whose name ends
/// in .toml. One that differs from another in little begins with like = "NAME" and says only what is not the same, as
/// training.label_smoothing = 0.0.
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
            let all: Vec<_> = RECIPES.iter().map(|recipe| (true, recipe)).collect();
            let all: Vec<_> = all.into_iter().chain(methods::RECIPES.iter().map(|recipe| (false, recipe))).collect();
            let rows: Vec<_> = all
                .iter()
                .map(|(trains, recipe)| json!({"name": recipe.name, "about": recipe.about(), "trains": trains}))
                .collect();
            return super::print(self.json, &rows, || {
                let lines = |wanted: bool| {
                    let those = all.iter().filter(|(trains, _)| *trains == wanted);
                    those
                        .map(|(_, recipe)| format!("{:<22} {}", recipe.name, recipe.about()))
                        .collect::<Vec<_>>()
                        .join("\n")
                };
                format!("{}\n\nFor manga cross-validate only:\n\n{}", lines(true), lines(false))
            });
        };
        if self.json {
            return super::print(true, &methods::recipe(&name, 1)?.settings()?, String::new);
        }
        let recipe = RECIPES.iter().chain(methods::RECIPES).find(|recipe| recipe.name == name);
        let recipe =
            recipe.ok_or_else(|| Error::NotFound(format!("there is no recipe \"{name}\": see `manga recipes`")))?;
        print!("{}", recipe.text);
        Ok(())
    }
}
