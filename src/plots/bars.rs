//! Bars of several quantities side by side: a panel for each quantity, a line for each thing that is compared.

use super::canvas::Label;
use super::palette::{LINE, TEXT, longest, series};
use super::{Figure, WIDTH};
use crate::{Error, Result};
use plotters::style::Color;

/// One quantity of all things that are compared.
pub(super) struct Panel {
    /// What it is, with its unit.
    pub name: String,
    /// A value for each thing; none where it is not known.
    pub values: Vec<Option<f64>>,
    /// Digits after the point.
    pub decimals: usize,
}

/// A line for each of `names`, with a bar in each panel; the longest bar of a panel fills it.
///
/// An error if there is nothing to compare.
pub(super) fn bars(title: &str, names: &[String], panels: &[Panel]) -> Result<Figure> {
    const TOP: i32 = 44;
    const HEAD: i32 = 26;
    const ROW: i32 = 34;
    /// Panels in a row: with more of them bars become too short to compare.
    const ABREAST: usize = 3;
    if names.is_empty() {
        return Err(Error::output(format!("figure {title:?}"), "there is nothing to draw"));
    }
    let left = 28 + longest(names, TEXT);
    let width = (WIDTH as i32 - left - 16) / ABREAST.min(panels.len()).max(1) as i32;
    let block = HEAD + ROW * names.len() as i32 + 18;
    let blocks = panels.len().div_ceil(ABREAST) as i32;
    Figure::draw(title, (WIDTH, (TOP + block * blocks) as u32), |canvas| {
        for (index, panel) in panels.iter().enumerate() {
            let (column, row) = ((index % ABREAST) as i32, (index / ABREAST) as i32);
            let (x, y) = (left + width * column, TOP + block * row);
            let text =
                |value: Option<f64>| value.map_or("unknown".into(), |value| format!("{value:.*}", panel.decimals));
            let texts: Vec<String> = panel.values.iter().map(|value| text(*value)).collect();
            let room = width - longest(&texts, TEXT) - 30;
            let most = panel.values.iter().flatten().copied().fold(f64::MIN_POSITIVE, f64::max);
            canvas.text(x, y + HEAD / 2, Label { bold: true, ..Label::new(TEXT) }, &panel.name)?;
            for (i, name) in names.iter().enumerate() {
                let middle = y + HEAD + ROW * i as i32 + ROW / 2;
                if column == 0 {
                    canvas.text(left - 10, middle, Label::new(TEXT).right(), name)?;
                }
                let bar = (f64::from(room) * panel.values[i].unwrap_or(0.0) / most).round() as i32;
                canvas.line(&[(x, middle - ROW / 2), (x, middle + ROW / 2)], LINE.stroke_width(1))?;
                canvas.filled((x, middle - 10), (bar, 20), series(i))?;
                let label = if panel.values[i].is_some() { Label::new(TEXT) } else { Label::new(TEXT).grey() };
                canvas.text(x + bar + 8, middle, label, &texts[i])?;
            }
        }
        Ok(())
    })
}
