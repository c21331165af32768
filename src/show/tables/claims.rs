//! The report's claims, with what comes of them.

use super::Table;
use crate::Result;
use crate::report::claims::{Claim, Verdict};

impl Table {
    /// A row for each claim of the report: where it stands, what it says, its number and ours (with 95 % intervals, and the
    /// range of the seeds), the verdict and why, and the notebook's cell and the file that show it. The note counts the
    /// verdicts.
    ///
    /// # Errors
    /// None that could happen here.
    pub fn claims(claims: &[Claim]) -> Result<Table> {
        let text = |value: &dyn Fn(&Claim) -> String| claims.iter().map(value).collect::<Vec<_>>();
        let verdict = |claim: &Claim| match &claim.verdict {
            Verdict::Explained { with, .. } => format!("{} ({with})", claim.verdict),
            other => other.to_string(),
        };
        let table = Table::new("What the report says, and what comes of it")
            .with_text("section", &text(&|claim| claim.section.into()))?
            .with_text("claim", &text(&|claim| claim.text.into()))?
            .with_text("report", &text(&|claim| claim.published.to_string()))?
            .with_text("here", &text(&|claim| claim.ours.to_string()))?
            .with_text("verdict", &text(&verdict))?
            .with_text("because", &text(&|claim| claim.because.clone()))?
            .with_text("notebook", &text(&|claim| claim.place.to_string()))?
            .with_text("file", &text(&|claim| claim.file.clone()))?;
        Ok(table.with_note(&counted(claims)))
    }
}

/// `60 claims: 30 reproduced, 8 explained, 15 refuted, 7 cannot be known.`
fn counted(claims: &[Claim]) -> String {
    let kinds = ["reproduced", "explained", "refuted", "cannot be known"];
    let counts = kinds.map(|kind| {
        let count = claims.iter().filter(|claim| claim.verdict.kind() == kind).count();
        format!("{count} {kind}")
    });
    format!(
        "{} claims: {}. In brackets 95 % intervals; of several seeds, that of one run and the range of all.",
        claims.len(),
        counts.join(", ")
    )
}
