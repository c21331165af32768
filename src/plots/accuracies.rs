//! Accuracies of several experiments.

use super::Figure;
use super::axis::Axis;
use super::canvas::{Canvas, Label};
use super::legend::{Legend, Mark};
use super::palette::{BLUE, INK, LINE, TEXT, VERMILLION, WHITE, longest, shade};
use crate::experiment::Comparison;
use crate::{Error, Result};
use plotters::coord::ranged1d::Ranged;
use plotters::style::Color;

const TITLE: &str = "Accuracy on the test photos";
/// Width of the axis in pixels. The figure is narrower than others, so that it stays legible on a telephone.
const AXIS: i32 = 370;
/// Height of an experiment's line in pixels.
const ROW: i32 = 40;
/// Height of names and means in pixels.
const LARGE: i32 = 16;
/// Radius of a run's dot in pixels.
const DOT: i32 = 5;

/// A line for each experiment, the one with the highest mean first: a dot for each run, a stroke at their mean, which
/// also stands at the right, and behind them the mean of the runs' 95 % intervals; beside what always answering with the
/// majority class has on the same photos. Dots that would hide each other are moved up and down.
///
/// An error if there is no experiment, or one without a run.
pub fn accuracies(comparisons: &[Comparison]) -> Result<Figure> {
    if comparisons.is_empty() || comparisons.iter().any(|c| c.rows.is_empty()) {
        return Err(Error::output(format!("figure {TITLE:?}"), "there is no run to draw"));
    }
    let mut sorted: Vec<&Comparison> = comparisons.iter().collect();
    sorted.sort_by(|a, b| b.mean_accuracy.total_cmp(&a.mean_accuracy));
    let names: Vec<String> = sorted.iter().map(|c| c.name.clone()).collect();
    let shown = |c: &Comparison| c.rows.iter().flat_map(|row| [row.accuracy, row.majority]).fold(c.high, f64::max);
    let axis = Axis::shares_to(sorted.iter().map(|c| shown(c)).fold(0.0, f64::max));

    let left = 28 + longest(&names, LARGE);
    let width = left + AXIS + 86;
    let legend = [
        (Mark::Dot(BLUE), "a run"),
        (Mark::Stroke(INK), "mean of the runs"),
        (Mark::Band(interval()), "95 % interval of a run"),
        (Mark::Line(VERMILLION), "always the majority class"),
    ];
    let legend = Legend::new(legend.map(|(mark, text)| (mark, text.to_string())).to_vec(), width - 36);
    let top = 40 + legend.height() + 12;
    let bottom = top + ROW * sorted.len() as i32;

    Figure::draw(TITLE, (width as u32, (bottom + 36) as u32), |canvas| {
        legend.draw(canvas, 18, 40)?;
        let x = |share: f64| axis.map(&share, (left, left + AXIS));
        for (share, text) in &axis.ticks {
            canvas.line(&[(x(*share), top), (x(*share), bottom + 4)], LINE.stroke_width(1))?;
            canvas.text(x(*share), bottom + 18, Label::new(TEXT).centred(), text)?;
        }
        for (i, comparison) in sorted.iter().enumerate() {
            let middle = top + ROW * i as i32 + ROW / 2;
            row(canvas, comparison, middle, &x)?;
            canvas.text(left - 12, middle, Label::new(LARGE).right(), &comparison.name)?;
            let mean = format!("{:.1} %", 100.0 * comparison.mean_accuracy);
            canvas.text(left + AXIS + 12, middle, Label { bold: true, ..Label::new(LARGE) }, &mean)?;
        }
        Ok(())
    })
}

/// What is drawn on the axis for one experiment, `middle` pixels down.
fn row(canvas: &Canvas, comparison: &Comparison, middle: i32, x: &dyn Fn(f64) -> i32) -> Result<()> {
    let (low, high) = (x(comparison.low), x(comparison.high));
    canvas.filled((low, middle - 8), (high - low, 16), interval())?;
    let majority = x(comparison.mean(|row| row.majority));
    canvas.filled((majority - 1, middle - ROW / 2), (2, ROW), VERMILLION)?;
    let dots: Vec<i32> = comparison.rows.iter().map(|row| x(row.accuracy)).collect();
    for (x, level) in dots.iter().zip(levels(&dots)) {
        let centre = (*x, middle + level);
        canvas.ring(centre, DOT + 1, WHITE.filled())?;
        canvas.ring(centre, DOT, BLUE.filled())?;
    }
    // Over the dots, which are broader: neither hides the other.
    canvas.filled((x(comparison.mean_accuracy) - 1, middle - 15), (3, 30), INK)
}

/// How far each dot is moved down, so that none lies on another: as little as is needed, and never out of its line.
fn levels(dots: &[i32]) -> Vec<i32> {
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
    let step = STEP.min((ROW / 2 - DOT) / most);
    levels.iter().map(|level| level * step).collect()
}

/// Colour of the intervals: of the runs', paler.
fn interval() -> plotters::style::RGBColor {
    shade(0.2)
}
