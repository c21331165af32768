//! The mean of several methods.

use super::fit::Fit;
use super::{CrossValidation, recipe};
use crate::study::answers::{Answer, Answers, Cost};
use crate::study::method::{Context, FoldTask, Method, Prepared, Reuse, with_name};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The mean of the probabilities that other methods give, fold by fold. It fits nothing: each member is fitted on the same
/// training photos, in its own folder, or found there finished.
///
/// In a recipe: `method = "ensemble"` and `of = ["ridge-scales", "resnet50-whole"]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ensemble {
    /// The members' recipes: by name, or files that end in `.toml`.
    pub of: Vec<String>,
}

impl Method for Ensemble {
    fn settings(&self) -> Result<Value> {
        with_name("ensemble", self)
    }

    fn check(&self) -> Result<()> {
        self.check_within(&mut Vec::new())
    }

    fn prepare(&self, on: &Context) -> Result<Box<dyn Prepared>> {
        let (seed, runs) = (on.folds.seeds[0], on.runs);
        let member = |name: &String| {
            let folder = CrossValidation::folder_of(runs, name, seed);
            let member = CrossValidation::new(recipe(name, seed)?, on.folds.clone(), &folder)?;
            let member = member.on(on.source.clone()).features_in(on.features).threads(on.threads);
            let member = if on.learnt_only { member.learnt_only() } else { member };
            Ok(if on.by_page { member.grouped_by_page() } else { member })
        };
        let members = self.of.iter().map(member).collect::<Result<_>>()?;
        Ok(Box::new(Members { names: self.of.clone(), members }))
    }
}

impl Ensemble {
    /// An error where a member is no recipe, or the ensemble is a member of itself; `within` has the ensembles on the way.
    fn check_within(&self, within: &mut Vec<String>) -> Result<()> {
        for name in &self.of {
            if within.contains(name) {
                return Err(Error::Invalid(format!("the ensemble {name} is a member of itself")));
            }
            if let Some(ensemble) = super::recipe::ensemble(name)? {
                within.push(name.clone());
                ensemble.check_within(within)?;
                within.pop();
            }
        }
        Ok(())
    }
}

/// The members in cross-validations of their own.
struct Members {
    names: Vec<String>,
    members: Vec<CrossValidation>,
}

impl Prepared for Members {
    fn fit(&self, task: &FoldTask) -> Result<Answers> {
        task.check_whole("an ensemble")?;
        let fits = self.members.iter().map(|member| member.fit(task.repeat, task.fold.fold));
        let fits: Vec<Fit> = fits.collect::<Result<_>>()?;
        let cpu_seconds = fits.iter().map(|fit| fit.cpu_seconds).sum();
        Ok(Answers { cpu_seconds: Some(cpu_seconds), ..Answers::new(self.mean(&fits)?) })
    }

    fn cost(&self) -> Result<Cost> {
        self.members.iter().try_fold(Cost::default(), |sum, member| {
            let cost = member.cost()?;
            Ok(Cost {
                cpu_seconds: sum.cpu_seconds + cost.cpu_seconds,
                parameters: sum.parameters + cost.parameters,
                trainable: sum.trainable + cost.trainable,
            })
        })
    }

    /// Its members may have changed; they are found, and their mean is quickly taken.
    fn reuse(&self) -> Reuse {
        Reuse::Never
    }
}

impl Members {
    /// The mean of the members' fits of one fold.
    fn mean(&self, fits: &[Fit]) -> Result<Vec<Answer>> {
        let Some((first, others)) = fits.split_first() else {
            return Err(Error::Invalid("an ensemble of no recipe: name at least one in `of`".into()));
        };
        for (name, other) in self.names.iter().skip(1).zip(others) {
            let same = first.rows.len() == other.rows.len()
                && first.rows.iter().zip(&other.rows).all(|(a, b)| (&a.image, a.truth) == (&b.image, b.truth));
            if !same {
                return Err(Error::Data(format!(
                    "{} and {name} were not asked about the same photos in {}: cross-validate both on the same photos",
                    self.names[0],
                    first.name()
                )));
            }
        }
        let mean = |row: usize, class: usize| {
            fits.iter().map(|fit| fit.rows[row].probabilities[class]).sum::<f64>() / fits.len() as f64
        };
        let answer = |row: usize| {
            let classes = first.rows[row].probabilities.len();
            Answer::of((0..classes).map(|class| mean(row, class) as f32).collect())
        };
        Ok((0..first.rows.len()).map(answer).collect())
    }
}
