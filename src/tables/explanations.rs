//! Tables of explanations.

use super::Table;
use crate::Result;
use crate::explain::{Curve, Faithfulness, RegionRow, RegionTest};

impl Table {
    /// How true heat maps are to the network, a row each, with the areas under their curves beside those of random maps:
    /// of deletion the smaller area is the better, of insertion the larger.
    pub fn faithfulness(results: &[Faithfulness]) -> Result<Table> {
        let text = |value: &dyn Fn(&Faithfulness) -> String| results.iter().map(value).collect::<Vec<_>>();
        let area = |curve: fn(&Faithfulness) -> &Curve| results.iter().map(|r| curve(r).area()).collect::<Vec<_>>();
        let classes: Vec<usize> = results.iter().map(|result| result.class).collect();
        let verdict = |result: &Faithfulness| if result.beats_random() { "yes" } else { "no" }.to_string();
        let table = Table::new("Faithfulness of heat maps")
            .with_text("method", &text(&|result| result.method.clone()))?
            .with_integers("class", &classes)?
            .with_numbers("deletion", &area(|r| &r.deletion), 3)?
            .with_numbers("random deletion", &area(|r| &r.random_deletion), 3)?
            .with_numbers("insertion", &area(|r| &r.insertion), 3)?
            .with_numbers("random insertion", &area(|r| &r.random_insertion), 3)?
            .with_text("beats random", &text(&verdict))?;
        Ok(table.with_note("Areas under the curves: of deletion less is better, of insertion more."))
    }

    /// What a region of the image is worth, a row for each class and one of all: the share of the heat that lies in it,
    /// and the accuracy without and with the region covered, all in 0 to 1.
    pub fn region(test: &RegionTest) -> Result<Table> {
        let rows = &test.rows;
        let classes: Vec<String> = rows.iter().map(|row| row.class.clone()).collect();
        let whole = |value: fn(&RegionRow) -> usize| rows.iter().map(value).collect::<Vec<_>>();
        let share = |value: fn(&RegionRow) -> Option<f64>| rows.iter().map(value).collect::<Vec<_>>();
        let (top, left, height, width) = test.region;
        let table = Table::new("What a region is worth")
            .with_text("class", &classes)?
            .with_integers("images", &whole(|row| row.images))?
            .with_optional_numbers("heat in region", &share(|row| row.heat), 3)?
            .with_optional_numbers("accuracy", &share(RegionRow::accuracy), 3)?
            .with_optional_numbers("covered", &share(RegionRow::accuracy_covered), 3)?
            .with_integers("lost", &whole(|row| row.lost))?
            .with_integers("gained", &whole(|row| row.gained))?;
        Ok(table.with_note(&format!(
            "Rows {top} to {}, columns {left} to {}: {:.1} % of the image, which is the share of the heat by chance.",
            top + height - 1,
            left + width - 1,
            100.0 * test.area
        )))
    }
}
