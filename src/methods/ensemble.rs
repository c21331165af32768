//! The mean of several methods.

use super::fit::Fit;
use super::ready::{Answer, Said};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

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

impl Ensemble {
    /// What the mean of the members' fits of one fold says.
    pub(super) fn mean(&self, members: &[Fit]) -> Result<Said> {
        let Some((first, others)) = members.split_first() else {
            return Err(Error::Invalid("an ensemble of no recipe: name at least one in `of`".into()));
        };
        for (name, other) in self.of.iter().skip(1).zip(others) {
            let same = first.rows.len() == other.rows.len()
                && first.rows.iter().zip(&other.rows).all(|(a, b)| (&a.image, a.truth) == (&b.image, b.truth));
            if !same {
                return Err(Error::Data(format!(
                    "{} and {name} were not asked about the same photos in {}: cross-validate both on the same photos",
                    self.of[0],
                    first.name()
                )));
            }
        }
        let mean = |row: usize, class: usize| {
            members.iter().map(|fit| fit.rows[row].probabilities[class]).sum::<f64>() / members.len() as f64
        };
        let answer = |row: usize| {
            let classes = first.rows[row].probabilities.len();
            Answer::of((0..classes).map(|class| mean(row, class) as f32).collect())
        };
        Ok(Said { rows: (0..first.rows.len()).map(answer).collect(), chosen: String::new() })
    }
}
