//! The lines of a line chart.

use super::marks::Mark;
use super::palette::Colour;

/// A line of a [`LineChart`](super::LineChart), or points that no line joins.
///
/// ```
/// use manga_expressions::show::plots::{Colour, Line};
///
/// let accuracy = [(1.0, 0.30), (2.0, 0.42), (3.0, 0.45)];
/// let line = Line { colour: Some(Colour::BLUE), dashed: true, ..Line::new("validation", &accuracy) };
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its name in the chart's key; without one it is not in the key.
    pub name: String,
    /// x and y of its points.
    pub points: Vec<(f64, f64)>,
    /// Its colour; where there is none, that of its place among the chart's lines, [`Colour::series`].
    pub colour: Option<Colour>,
    /// Width in pixels, 2 where nothing is said. A line of 1 is pale, too: one of many, or what was smoothed.
    pub width: u32,
    /// Whether it is dashed.
    pub dashed: bool,
    /// Whether each point has a dot, unless there are so many that they would hide the line.
    pub dots: bool,
    /// The mark of each point, in place of a line.
    pub mark: Option<Mark>,
    /// A pale band: x, lower end and upper end.
    pub band: Vec<(f64, f64, f64)>,
    /// Upright lines, as for the intervals of some points: x, lower end and upper end.
    pub intervals: Vec<(f64, f64, f64)>,
}

impl Line {
    /// The line through these points (x, y), which the chart's key calls `name`.
    pub fn new(name: &str, points: &[(f64, f64)]) -> Line {
        Line {
            name: name.into(),
            points: points.to_vec(),
            colour: None,
            width: 2,
            dashed: false,
            dots: false,
            mark: None,
            band: Vec::new(),
            intervals: Vec::new(),
        }
    }

    /// As [`Line::new`], in a colour.
    pub(super) fn coloured(name: &str, points: &[(f64, f64)], colour: Colour) -> Line {
        Line { colour: Some(colour), ..Line::new(name, points) }
    }

    /// What stands beside its name.
    pub(super) fn key(&self) -> Mark {
        self.mark.unwrap_or(if self.dashed { Mark::Dashes } else { Mark::Line })
    }
}
