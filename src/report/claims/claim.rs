//! One claim of the report.

use super::{Ours, Published};
use serde::Serialize;
use std::fmt;

/// What comes of a claim.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Our numbers agree with the claim.
    Reproduced,
    /// They do not, but something that the report does not say makes them agree.
    Explained {
        /// What it is, after "explained by".
        by: &'static str,
        /// Our numbers with it.
        with: Ours,
    },
    /// Our numbers, or the report's own tables, say otherwise.
    Refuted,
    /// Neither our numbers nor the report's decide it.
    CannotBeKnown,
}

/// A cell of a notebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Number of the notebook.
    pub notebook: usize,
    /// The heading under which the cell stands, as in the notebook.
    pub heading: &'static str,
}

/// A sentence, a number or a caption of the report that can be checked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Claim {
    /// The sections in which it stands, the summary by name.
    pub section: &'static str,
    /// What it says, in a few words.
    pub text: &'static str,
    /// The number that the report gives.
    pub published: Published,
    /// Ours.
    pub ours: Ours,
    /// What comes of it.
    pub verdict: Verdict,
    /// Why, in a sentence.
    pub because: String,
    /// The cell that shows it.
    pub place: Place,
    /// The file or folder of our numbers, from the project's folder on.
    pub file: String,
}

impl Claim {
    /// Whether our numbers agree with the claim, by rule: the published number lies within the 95 % interval of ours or
    /// within the range of our seeds; or the statement holds of them. None where they decide nothing.
    pub fn agrees(&self) -> Option<bool> {
        self.ours.agrees_with(&self.published)
    }

    /// Where the verdict does not fit the numbers: what is wrong with it. [`Verdict::Reproduced`] wants numbers that agree,
    /// [`Verdict::Refuted`] such as do not, [`Verdict::Explained`] such as agree only with what explains them, and
    /// [`Verdict::CannotBeKnown`] such as decide nothing.
    pub fn contradiction(&self) -> Option<String> {
        let agrees = self.agrees();
        let expected = match &self.verdict {
            Verdict::Reproduced => Some(true),
            Verdict::Explained { .. } | Verdict::Refuted => Some(false),
            Verdict::CannotBeKnown => None,
        };
        let wrong = |what: String| Some(format!("section {}, \"{}\": {what}", self.section, self.text));
        if agrees != expected {
            let numbers = match agrees {
                Some(true) => "agree with it",
                Some(false) => "do not agree with it",
                None => "do not decide it",
            };
            return wrong(format!("\"{}\", but our numbers {numbers} ({})", self.verdict, self.ours));
        }
        match &self.verdict {
            Verdict::Explained { by, with } if with.agrees_with(&self.published) != Some(true) => {
                wrong(format!("{by} does not explain it ({with})"))
            }
            _ => None,
        }
    }
}

impl Verdict {
    /// The kind of verdict, without what explains it.
    pub fn kind(&self) -> &'static str {
        match self {
            Verdict::Reproduced => "reproduced",
            Verdict::Explained { .. } => "explained",
            Verdict::Refuted => "refuted",
            Verdict::CannotBeKnown => "cannot be known",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Verdict::Explained { by, .. } => write!(f, "explained by {by}"),
            other => f.write_str(other.kind()),
        }
    }
}

/// `7 · ResNet-50's classification report (figure 14)`
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} · {}", self.notebook, self.heading)
    }
}

/// Three lines: where and what; both numbers and the verdict; why, and where to look.
impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Claim { section, text, published, ours, verdict, because, place, file } = self;
        writeln!(f, "{section}: {text}")?;
        write!(f, "    report {published} | here {ours} | {verdict}")?;
        if let Verdict::Explained { with, .. } = verdict {
            write!(f, " ({with})")?;
        }
        write!(f, "\n    {because} [notebook {place}; {file}]")
    }
}
