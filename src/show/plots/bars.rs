//! Bars of one or several quantities: a line for each thing that is compared, a panel for each quantity.

use super::Figure;
use super::axis::is_number;
use super::canvas::{Label, Stroke, refused};
use super::palette::{Colour, SMALL, TEXT, TOP, WIDTH, longest, shortened};
use crate::Result;

/// One quantity of all things that [`bars`] compares.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// What it is, with its unit.
    pub name: String,
    /// A value of 0 or more for each thing; none where it is not known.
    pub values: Vec<Option<f64>>,
    /// What stands at the right of each bar.
    pub texts: Vec<String>,
    /// The value of a pale bar behind each bar, such as 1 for fractions; without, the longest bar fills its panel.
    pub whole: Option<f64>,
    /// An upright line across the bars: its name and value.
    pub level: Option<(String, f64)>,
}

impl Quantity {
    /// A quantity whose values stand at the right of their bars, with so many decimals.
    pub fn new(name: &str, values: &[Option<f64>], decimals: usize) -> Quantity {
        let text = |value: &Option<f64>| match value {
            None => "unknown".into(),
            Some(value) if value.abs() >= 1e12 => format!("{value:.2e}"),
            Some(value) => format!("{value:.decimals$}"),
        };
        let texts = values.iter().map(text).collect();
        Quantity { name: name.into(), values: values.to_vec(), texts, whole: None, level: None }
    }
}

/// Bars from left to right, a line for each of `names` and a panel for each quantity: photos of classes, probabilities,
/// costs of networks. One quantity has bars of one colour; with several each thing has its own.
///
/// # Errors
/// [`Error::Output`](crate::Error::Output) if there is nothing to compare, a quantity has another number of values or
/// texts than there are names, or a value is less than 0 or not a number.
///
/// ```
/// use manga_expressions::show::plots::{Quantity, bars};
///
/// let networks = ["ResNet-50", "VGG-16"].map(String::from);
/// let work = Quantity::new("GFLOP a photo", &[Some(2.5), Some(6.1)], 2);
/// let memory = Quantity::new("peak memory (MiB)", &[Some(812.0), None], 0);
/// assert!(bars("What a step costs", &networks, &[work, memory])?.svg().contains("unknown"));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn bars(title: &str, names: &[String], panels: &[Quantity]) -> Result<Figure> {
    /// Panels in a row: with more of them bars become too short to compare.
    const ABREAST: usize = 3;
    /// Height of a panel's name, and of a level's below the bars.
    const HEAD: i32 = 26;
    check(names, panels).map_err(|why| refused(title, why))?;
    let alone = panels.len() == 1;
    let row = if alone { 30 } else { 34 };
    let left = 28 + longest(names, TEXT);
    let columns = ABREAST.min(panels.len()) as i32;
    // Long names and texts widen the figure: bars keep some room.
    let texts = longest(panels.iter().flat_map(|panel| &panel.texts), TEXT);
    let width = ((WIDTH - left - 16) / columns).max(texts + 110);
    let head = if panels.iter().any(|panel| !panel.name.is_empty()) { HEAD } else { 0 };
    let foot = if panels.iter().any(|panel| panel.level.is_some()) { HEAD + 4 } else { 16 };
    let block = head + row * names.len() as i32 + foot;
    let size = (WIDTH.max(left + width * columns + 16), TOP + block * panels.len().div_ceil(ABREAST) as i32);
    Figure::draw(title, size, |canvas| {
        for (index, panel) in panels.iter().enumerate() {
            let column = (index % ABREAST) as i32;
            let (x, y) = (left + width * column, TOP + block * (index / ABREAST) as i32);
            let room = width - longest(&panel.texts, TEXT) - 30;
            let most = panel.values.iter().flatten().copied().fold(f64::MIN_POSITIVE, f64::max);
            let length = |value: f64| (f64::from(room) * value / panel.whole.unwrap_or(most)).round() as i32;
            let name = shortened(&panel.name, TEXT, width - 8);
            canvas.text((x, y + head / 2), Label::new(TEXT).bold(), &name)?;
            let bottom = y + head + row * names.len() as i32;
            canvas.line(&[(x, y + head), (x, bottom)], Stroke::new(Colour::LINE, 1))?;
            for (i, name) in names.iter().enumerate() {
                let middle = y + head + row * i as i32 + row / 2;
                if column == 0 {
                    canvas.text((left - 10, middle), Label::new(TEXT).right(), name)?;
                }
                let bar = length(panel.values[i].unwrap_or(0.0));
                if panel.whole.is_some() {
                    canvas.filled((x, middle - 10), (room, 20), Colour::LINE)?;
                }
                canvas.filled((x, middle - 10), (bar, 20), if alone { Colour::BLUE } else { Colour::series(i) })?;
                let label = if panel.values[i].is_some() { Label::new(TEXT) } else { Label::new(TEXT).grey() };
                let end = if panel.whole.is_some() { room } else { bar };
                canvas.text((x + end + 8, middle), label, &panel.texts[i])?;
            }
            if let Some((name, value)) = &panel.level {
                let at = x + length(*value).min(room);
                canvas.line(&[(at, y + head), (at, bottom + 6)], Stroke::new(Colour::INK, 1))?;
                canvas.text((at + 4, bottom + 16), Label::new(SMALL).grey(), name)?;
            }
        }
        Ok(())
    })
}

/// Why the bars cannot be drawn.
fn check(names: &[String], panels: &[Quantity]) -> std::result::Result<(), String> {
    if names.is_empty() || panels.is_empty() {
        return Err("there is nothing to draw".into());
    }
    for Quantity { name, values, texts, whole, level } in panels {
        if values.len() != names.len() || texts.len() != names.len() {
            let (values, texts, names) = (values.len(), texts.len(), names.len());
            return Err(format!("{name:?} has {values} values and {texts} texts for {names} names"));
        }
        let all = || values.iter().flatten().copied().chain(level.iter().map(|(_, value)| *value));
        if let Some(value) = all().find(|&v| !is_number(v) || v < 0.0 || whole.is_some_and(|whole| v > whole + 1e-6)) {
            return Err(format!("{name:?} has the value {value}: no bar is as long"));
        }
    }
    Ok(())
}
