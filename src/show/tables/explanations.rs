//! Tables of explanations.

use super::Table;
use crate::Result;
use crate::data::EXPRESSIONS;
use crate::explain::{Covering, Curve, Faithfulness, MethodRow, MouthSwap, RegionRow, RegionTest};
use crate::metrics::Mean;

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

    /// What a region of the image is worth, a row for each class and one of all: the fraction of the heat that lies in it,
    /// and the accuracy without and with the region covered, all in 0 to 1.
    pub fn region(test: &RegionTest) -> Result<Table> {
        let rows = &test.rows;
        let classes: Vec<String> = rows.iter().map(|row| row.class.clone()).collect();
        let whole = |value: fn(&RegionRow) -> usize| rows.iter().map(value).collect::<Vec<_>>();
        let fraction = |value: fn(&RegionRow) -> Option<f64>| rows.iter().map(value).collect::<Vec<_>>();
        let (top, left, height, width) = test.region;
        let table = Table::new("What a region is worth")
            .with_text("class", &classes)?
            .with_integers("images", &whole(|row| row.images))?
            .with_optional_numbers("heat in region", &fraction(|row| row.heat), 3)?
            .with_optional_numbers("accuracy", &fraction(RegionRow::accuracy), 3)?
            .with_optional_numbers("covered", &fraction(RegionRow::accuracy_covered), 3)?
            .with_integers("lost", &whole(|row| row.lost))?
            .with_integers("gained", &whole(|row| row.gained))?;
        Ok(table.with_note(&format!(
            "Rows {top} to {}, columns {left} to {}: {:.1} % of the image, which is the fraction of the heat by chance.",
            top + height - 1,
            left + width - 1,
            100.0 * test.area
        )))
    }

    /// The methods of heat maps over many images, a row each: the mean areas, and by how much they are better than those of
    /// random maps, with the 95 % interval; above 0 is better than chance.
    pub fn methods(rows: &[MethodRow]) -> Result<Table> {
        let text = |value: &dyn Fn(&MethodRow) -> String| rows.iter().map(value).collect::<Vec<_>>();
        let number = |value: fn(&MethodRow) -> f64| rows.iter().map(value).collect::<Vec<_>>();
        let images: Vec<usize> = rows.iter().map(|row| row.images).collect();
        let beats: Vec<usize> = rows.iter().map(|row| row.beats_random).collect();
        let table = Table::new("Faithfulness of heat maps over many images")
            .with_text("method", &text(&|row| row.method.clone()))?
            .with_numbers("deletion", &number(|row| row.deletion), 3)?
            .with_text("less than random by", &text(&|row| row.deletion_gain.to_string()))?
            .with_numbers("insertion", &number(|row| row.insertion), 3)?
            .with_text("more than random by", &text(&|row| row.insertion_gain.to_string()))?
            .with_integers("better at both", &beats)?
            .with_integers("images", &images)?;
        Ok(table.with_note("In brackets the 95 % interval: where 0 lies in it, better than chance was not shown."))
    }

    /// What exchanging mouths does, a row for each expression of the face: the mean probability of the class (0 to 1) with
    /// the face's own mouth, and with that of each expression.
    pub fn mouth_swap(swap: &MouthSwap) -> Result<Table> {
        let names = EXPRESSIONS.map(String::from);
        let class = EXPRESSIONS[swap.class];
        let mut table = Table::new(&format!("Mean probability of \"{class}\": faces with other mouths"))
            .with_text("face", &names)?;
        for (mouth, name) in EXPRESSIONS.iter().enumerate() {
            let column: Vec<f64> = (0..EXPRESSIONS.len()).map(|face| swap.mean(face, mouth)).collect();
            table = table.with_numbers(&format!("{name} mouth"), &column, 3)?;
        }
        Ok(table.with_note(&format!(
            "{} characters. The mouth of \"{class}\" on other faces: {} more than their own; the rest of its face with other \
             mouths: {} more than other faces have. In brackets 95 % intervals.",
            swap.probabilities.len(),
            swap.mouth_effect()?,
            swap.rest_effect()?
        )))
    }

    /// What covering each region costs, a row for each class with at least two images and one of all: the mean fall of the
    /// class's probability with its 95 % interval; of two regions also by how much the first costs more than the second.
    pub fn covering(covering: &Covering) -> Result<Table> {
        let count = |class: &usize| covering.labels.iter().filter(|label| *label == class).count();
        let classes = (0..covering.classes.len()).filter(|class| count(class) > 1);
        let mut rows: Vec<(Option<&str>, usize)> =
            classes.map(|class| (Some(covering.classes[class].as_str()), count(&class))).collect();
        rows.push((None, covering.labels.len()));
        let names: Vec<String> = rows.iter().map(|(class, _)| class.unwrap_or("all").to_string()).collect();
        let images: Vec<usize> = rows.iter().map(|&(_, images)| images).collect();
        let column = |value: &dyn Fn(Option<&str>) -> Result<Mean>| -> Result<Vec<String>> {
            rows.iter().map(|&(class, _)| Ok(value(class)?.to_string())).collect()
        };
        let seen = rows.iter().map(|&(class, _)| Ok(covering.probability(class)?.mean)).collect::<Result<Vec<_>>>()?;
        let mut table = Table::new("Fall of the class's probability where a region is covered")
            .with_text("class", &names)?
            .with_integers("images", &images)?
            .with_numbers("uncovered", &seen, 3)?;
        for (region, name) in covering.names.iter().enumerate() {
            table = table.with_text(name, &column(&|class| covering.fall(class, region))?)?;
        }
        if let [first, second] = covering.names.as_slice() {
            let title = format!("{first} more than {second}");
            table = table.with_text(&title, &column(&|class| covering.difference(class, 0, 1))?)?;
        }
        Ok(table
            .with_note("Probabilities from 0 to 1; in brackets 95 % intervals. Only a difference is about the place."))
    }
}
