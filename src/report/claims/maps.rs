//! Section 4.2: what makes "shock" easy, and what heat maps show of it.

use super::sources::{Shown, at};
use super::{Claim, Ours, Published, Sources, Verdict};
use crate::Result;

pub(super) fn claims(sources: &Sources) -> Result<Vec<Claim>> {
    let regions = sources.table(8, &["What a region is worth"])?;
    let covered = sources.table(8, &["Fall of the class's probability where a region is covered"])?;
    let faithful = sources.table(8, &["Faithfulness of heat maps over many images"])?;
    let heat = |class: &str| regions.number(class, "heat in region").map(|fraction| 100.0 * fraction);
    let (shock, all) = (heat("shock")?, heat("all")?);
    let covering = "bottom half more than top half";
    Ok(vec![
        Claim {
            section: "4.2",
            text: "In most images of \"shock\" mouth and eyes are wide open",
            published: Published::statement("most"),
            ours: Ours::undecided("nobody has counted".into()),
            verdict: Verdict::CannotBeKnown,
            because: "The data set has one label a photo; open mouths and eyes are not among them.".into(),
            place: at(8, "The class \"shock\" (figure 22)"),
            file: regions.file.clone(),
        },
        Claim {
            section: "4.2",
            text: "The open mouth makes \"shock\" easier to recognise",
            published: Published::statement("probably"),
            ours: decided(&covered, "shock", covering, "covering the bottom half of a shocked face costs more than covering the top half, by")?,
            verdict: Verdict::CannotBeKnown,
            because: "The interval has 0 in it. On drawn faces an exchanged mouth counts, and the rest of the face counts more."
                .into(),
            place: at(8, "\"The mouth decides\": the claim, tested"),
            file: covered.file.clone(),
        },
        Claim {
            section: "4.2, 2.2.3",
            text: "Activation and heat maps can verify this hypothesis",
            published: Published::statement("can be used to verify"),
            ours: decided(&faithful, "Grad-CAM ", "less than random by", "deletion by Grad-CAM's map is better than by a random map, by")?,
            verdict: Verdict::CannotBeKnown,
            because: "An activation map names no class. A heat map has to beat a random one first, and Grad-CAM's does so in \
                      insertion only."
                .into(),
            place: at(8, "Is a map true? Deletion and insertion"),
            file: faithful.file.clone(),
        },
        Claim {
            section: "4.2, figure 23",
            text: "The heat lies mostly in the bottom half of the image, where the mouth is",
            published: Published::statement("mostly"),
            ours: Ours::holds(shock > 50.0, format!("{shock:.1} % of the heat for shock; {all:.1} % over all classes")),
            verdict: Verdict::Refuted,
            because: "For the class that it is about, less than the half that an even map has there.".into(),
            place: at(8, "\"The mouth decides\": the claim, tested"),
            file: regions.file,
        },
    ])
}

/// A difference with its interval as a table shows it: it holds where the interval is above 0, and decides nothing where 0
/// lies in it.
fn decided(table: &Shown, row: &str, column: &str, what: &str) -> Result<Ours> {
    let text = format!("{what} {}", table.text(row, column)?);
    Ok(match table.zero_within(row, column)? {
        true => Ours::undecided(text),
        false => Ours::holds(table.number(row, column)? > 0.0, text),
    })
}
