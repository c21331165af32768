//! Rows of values with their intervals, one below the other on a common axis.

use super::axis::{Axis, Scale};
use super::canvas::{Canvas, Label, Pixels, Stroke, refused};
use super::marks::Key;
use super::palette::{SMALL, TEXT, TOP, longest, shortened};
use super::{Colour, Figure, Mark};
use crate::Result;
use crate::metrics::Interval;

/// One value of a row: a point, with its interval and what it is a mean of.
///
/// ```
/// use manga_expressions::metrics::Interval;
/// use manga_expressions::show::plots::Estimate;
///
/// let interval = Some(Interval::wilson(41, 91)?);
/// let accuracy = Estimate { interval, text: "45.1 %".into(), ..Estimate::new("one split", 41.0 / 91.0) };
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// Its name in the key: estimates of one name and mark have one entry, those without a name have none.
    pub name: String,
    /// The value.
    pub value: f64,
    /// Its interval, a line through the mark; of a mean of [`Estimate::samples`] a pale box behind them.
    pub interval: Option<Interval>,
    /// How it is marked: a dot where nothing is said.
    pub mark: Mark,
    /// The colour of mark and interval: blue where nothing is said.
    pub colour: Colour,
    /// The values that it is the mean of: blue dots, moved up and down where they would hide each other.
    pub samples: Vec<f64>,
    /// What it is to be compared with, an upright stroke, such as what the majority class has on the same photos.
    pub reference: Option<f64>,
    /// What stands at the right.
    pub text: String,
}

/// Rows of estimates on one axis: a leaderboard, the accuracies of runs, false figures beside honest ones.
///
/// ```
/// use manga_expressions::show::plots::{Colour, Estimate, IntervalRows, Mark, Scale};
///
/// let rows = IntervalRows {
///     rows: vec![
///         ("ridge".into(), vec![Estimate::new("cross-validation", 0.45)]),
///         ("k-NN".into(), vec![Estimate::new("cross-validation", 0.28), Estimate::new("one split", 0.31)]),
///     ],
///     levels: vec![(Mark::Line, Colour::GREY, "always the majority class".into(), 0.224)],
///     ..IntervalRows::new("Accuracy", Scale::PercentToLargest)
/// };
/// assert!(rows.draw()?.svg().contains("always the majority class"));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct IntervalRows {
    /// What stands above.
    pub title: String,
    /// The axis.
    pub scale: Scale,
    /// What the axis shows; it may be empty.
    pub axis_name: String,
    /// The rows: a name and its estimates, each in a line of its own.
    pub rows: Vec<(String, Vec<Estimate>)>,
    /// Upright lines across all rows, [`Mark::Dashes`] dashed: their mark, colour, name in the key and value.
    pub levels: Vec<(Mark, Colour, String, f64)>,
    /// Names in the key beside those of estimates and levels.
    pub keys: Vec<(Mark, Colour, String)>,
}

impl Estimate {
    /// A value of this name, a blue dot.
    pub fn new(name: &str, value: f64) -> Estimate {
        Estimate {
            name: name.into(),
            value,
            interval: None,
            mark: Mark::Dot,
            colour: Colour::BLUE,
            samples: Vec::new(),
            reference: None,
            text: String::new(),
        }
    }

    fn values(&self) -> impl Iterator<Item = f64> {
        let points = [self.value].into_iter().chain(self.samples.iter().copied()).chain(self.reference);
        points.chain(self.interval.into_iter().flat_map(|interval| [interval.low, interval.high]))
    }

    /// Whether its interval is a box behind what it is the mean of.
    fn has_box(&self) -> bool {
        !self.samples.is_empty()
    }
}

/// Width of the axis in pixels. The figure is narrower than others, so that it stays legible on a telephone.
const AXIS: i32 = 380;
/// Height of an estimate's line in pixels.
const LANE: i32 = 22;
/// Least height of a row in pixels.
const ROW: i32 = 40;
/// Space between the lines of two rows in pixels.
const GAP: i32 = 12;
/// Radius of a sample's dot in pixels.
const DOT: i32 = 5;

impl IntervalRows {
    /// A figure of this title, without rows yet.
    pub fn new(title: &str, scale: Scale) -> IntervalRows {
        let (title, axis_name) = (title.into(), String::new());
        IntervalRows { title, scale, axis_name, rows: Vec::new(), levels: Vec::new(), keys: Vec::new() }
    }

    /// The rows as a figure.
    ///
    /// # Errors
    /// [`Error::Output`](crate::Error::Output) without a row, for a row without an estimate, and for values that the axis
    /// cannot show.
    pub fn draw(&self) -> Result<Figure> {
        self.check().map_err(|why| refused(&self.title, why))?;
        let values = self.rows.iter().flat_map(|(_, all)| all.iter().flat_map(Estimate::values));
        let axis = self.scale.axis(values.chain(self.levels.iter().map(|level| level.3)));
        let texts = || self.rows.iter().flat_map(|(_, all)| all.iter().map(|estimate| &estimate.text));
        let left = 28 + longest(self.rows.iter().map(|(name, _)| name), TEXT);
        let width = left + AXIS + longest(texts(), TEXT).max(12) + 28;
        let mut key = Key::default();
        for estimate in self.rows.iter().flat_map(|(_, all)| all) {
            key.add(estimate.mark, estimate.colour, &estimate.name);
        }
        self.keys.iter().for_each(|(mark, colour, name)| key.add(*mark, *colour, name));
        self.levels.iter().for_each(|(mark, colour, name, _)| key.add(*mark, *colour, name));
        let top = TOP + key.height(width - 36) + 4;
        let bottom = top + self.rows.iter().map(|(_, all)| height(all)).sum::<i32>();
        let foot = if self.axis_name.is_empty() { 38 } else { 60 };
        Figure::draw(&self.title, (width, bottom + foot), |canvas| {
            key.draw(canvas, (18, TOP), width - 36)?;
            let x = |value: f64| left + (axis.at(value) * f64::from(AXIS)).round() as i32;
            self.axes(canvas, &axis, (left, top), bottom)?;
            let mut y = top;
            for (name, all) in &self.rows {
                let (middle, end) = (y + height(all) / 2, y + height(all));
                canvas.text((left - 12, middle), Label::new(TEXT).right(), name)?;
                for (lane, estimate) in (0..).zip(all) {
                    let middle = middle + LANE * lane - LANE * (all.len() as i32 - 1) / 2;
                    estimate.draw(canvas, middle, height(all) / all.len() as i32, &x)?;
                    let label = Label { bold: estimate.has_box(), ..Label::new(TEXT) };
                    canvas.text((left + AXIS + 12, middle), label, &estimate.text)?;
                }
                canvas.line(&[(18, end), (left + AXIS, end)], Stroke::new(Colour::LINE, 1))?;
                y = end;
            }
            Ok(())
        })
    }

    fn axes(&self, canvas: &Canvas, axis: &Axis, (left, top): Pixels, bottom: i32) -> Result<()> {
        for (at, text) in axis.ticks() {
            let x = left + (at * f64::from(AXIS)).round() as i32;
            canvas.line(&[(x, top), (x, bottom + 4)], Stroke::new(Colour::LINE, 1))?;
            canvas.text((x, bottom + 18), Label::new(SMALL).centred(), text)?;
        }
        let name = shortened(&self.axis_name, SMALL, AXIS + left);
        canvas.text((left + AXIS / 2, bottom + 42), Label::new(SMALL).centred(), &name)?;
        for (mark, colour, _, value) in &self.levels {
            let x = left + (axis.at(*value) * f64::from(AXIS)).round() as i32;
            canvas.line(&[(x, top), (x, bottom)], Stroke::new(*colour, 2).dashed(*mark == Mark::Dashes))?;
        }
        Ok(())
    }

    /// Why the rows cannot be drawn.
    fn check(&self) -> std::result::Result<(), String> {
        if self.rows.is_empty() {
            return Err("there is no row to draw".into());
        }
        for (name, estimates) in &self.rows {
            if estimates.is_empty() {
                return Err(format!("the row {name:?} has no estimate"));
            }
            for estimate in estimates {
                let points = [&estimate.value].into_iter().chain(&estimate.samples).chain(&estimate.reference);
                points.into_iter().try_for_each(|&value| self.scale.check(&format!("a value of {name:?}"), value))?;
                // What lies outside of the axis is cut, as intervals may.
                let ends = estimate.interval.into_iter().flat_map(|interval| [interval.low, interval.high]);
                ends.into_iter().try_for_each(|end| Scale::Linear.check(&format!("the interval of {name:?}"), end))?;
                if estimate.interval.is_some_and(|interval| interval.low > interval.high) {
                    return Err(format!("the interval of {name:?} ends below its beginning"));
                }
            }
        }
        self.levels.iter().try_for_each(|(_, _, name, value)| self.scale.check(name, *value))
    }
}

/// Height of a row in pixels.
fn height(estimates: &[Estimate]) -> i32 {
    let lanes = LANE * estimates.len() as i32 + GAP;
    if estimates.iter().any(Estimate::has_box) { lanes.max(ROW) } else { lanes }
}

impl Estimate {
    /// Draws it on the axis, `middle` pixels down, in a line of `room` pixels.
    fn draw(&self, canvas: &Canvas, middle: i32, room: i32, x: &dyn Fn(f64) -> i32) -> Result<()> {
        if let (Some(Interval { low, high }), true) = (self.interval, self.has_box()) {
            canvas.filled((x(low), middle - 8), (x(high) - x(low), 16), pale())?;
        }
        if let Some(reference) = self.reference {
            let (colour, half) = if self.has_box() { (Colour::VERMILLION, room / 2) } else { (Colour::GREY, 9) };
            canvas.filled((x(reference) - 1, middle - half), (2, 2 * half), colour)?;
        }
        let dots: Vec<i32> = self.samples.iter().map(|&value| x(value)).collect();
        for (x, level) in dots.iter().zip(levels(&dots, room)) {
            canvas.dot((*x, middle + level), DOT + 1, Colour::WHITE)?;
            canvas.dot((*x, middle + level), DOT, Colour::BLUE)?;
        }
        if let (Some(Interval { low, high }), false) = (self.interval, self.has_box()) {
            canvas.line(&[(x(low), middle), (x(high), middle)], Stroke::new(self.colour, 2))?;
        }
        match self.mark {
            // Over the dots, which are broader: neither hides the other.
            Mark::Stroke if self.has_box() => canvas.filled((x(self.value) - 1, middle - 15), (3, 30), self.colour),
            Mark::Dot => {
                canvas.dot((x(self.value), middle), DOT + 1, Colour::WHITE)?;
                canvas.dot((x(self.value), middle), DOT, self.colour)
            }
            mark => mark.draw(canvas, (x(self.value), middle), self.colour),
        }
    }
}

/// Colour of the boxes of intervals: that of samples, paler.
pub(super) fn pale() -> Colour {
    Colour::shade(0.2)
}

/// How far each dot is moved down, so that none lies on another: as little as is needed, and never out of its line of
/// `room` pixels.
fn levels(dots: &[i32], room: i32) -> Vec<i32> {
    const STEP: i32 = 2 * DOT + 2;
    // 0, 1 up, 1 down, 2 up, …
    let signed = |n: i32| if n % 2 == 1 { -(n + 1) / 2 } else { n / 2 };
    let mut levels: Vec<i32> = Vec::new();
    for (i, x) in dots.iter().enumerate() {
        let free = |level: i32| (0..i).all(|other| levels[other] != level || (dots[other] - x).abs() >= STEP);
        let level = (0..).map(signed).find(|&level| free(level)).unwrap_or(0);
        levels.push(level);
    }
    let most = levels.iter().map(|level| level.abs()).max().unwrap_or(0).max(1);
    let step = STEP.min((room / 2 - DOT) / most);
    levels.iter().map(|level| level * step).collect()
}
