//! Loss and accuracy, epoch by epoch.

use super::axis::Axis;
use super::canvas::Area;
use super::chart::{Drawn, Name, chart};
use super::legend::{Legend, Mark};
use super::palette::{BLUE, GREY, INK, VERMILLION, series};
use super::{Figure, WIDTH};
use crate::training::{Epoch, History};
use crate::{Error, Result};
use plotters::prelude::*;
use plotters::series::DashedLineSeries;

/// Title of the figure.
const TITLE: &str = "Learning curves";

/// Loss and accuracy of one training on its training and validation photos; the epoch whose weights were kept is marked,
/// and called the best where it is (the report's figures 10 and 11).
///
/// Where a few losses are far above the others the axis is logarithmic, and says so. An epoch whose value is not a
/// number is left out, and the panel's title names it. An error if there is no epoch.
pub fn learning_curves(history: &History) -> Result<Figure> {
    let mut legend = vec![(Mark::Line(BLUE), "training".to_string())];
    if history.epochs.iter().any(|e| e.validation_loss.is_some()) {
        legend.push((Mark::Line(VERMILLION), "validation".into()));
    }
    if let Some(best) = history.best_epoch {
        let what = if is_best(history, best) { "best epoch" } else { "weights kept: epoch" };
        legend.push((Mark::Ring(INK), format!("{what} {best}")));
    }
    let look = Look { train: BLUE, validation: VERMILLION, mark: INK, dashed: false };
    figure(&[(history, look)], legend)
}

/// As [`learning_curves`], of several trainings in one figure, as of the same network with different seeds: a colour
/// for each, training dashed. `names[i]` is that of `histories[i]`.
///
/// An error if there is no training, one without an epoch, or not a name for each.
pub fn learning_curves_of(names: &[String], histories: &[History]) -> Result<Figure> {
    if names.len() != histories.len() {
        return Err(error(&format!("there are {} names for {} trainings", names.len(), histories.len())));
    }
    let name = |(i, (name, history)): (usize, (&String, &History))| match history.best_epoch {
        Some(best) => {
            let what = if is_best(history, best) { "best" } else { "kept" };
            (Mark::Line(series(i)), format!("{name} ({what}: {best})"))
        }
        None => (Mark::Line(series(i)), name.clone()),
    };
    let mut legend: Vec<(Mark, String)> = names.iter().zip(histories).enumerate().map(name).collect();
    legend.push((Mark::Dashes(GREY), "training".into()));
    legend.push((Mark::Line(GREY), "validation".into()));
    let look = |i| Look { train: series(i), validation: series(i), mark: series(i), dashed: true };
    let runs: Vec<(&History, Look)> = histories.iter().enumerate().map(|(i, h)| (h, look(i))).collect();
    figure(&runs, legend)
}

/// How the curves of one training are drawn.
#[derive(Clone, Copy)]
struct Look {
    train: RGBColor,
    validation: RGBColor,
    /// Colour of the best epoch's mark.
    mark: RGBColor,
    /// Whether the training curve is dashed.
    dashed: bool,
}

/// What one panel shows of an epoch.
struct Measure {
    name: &'static str,
    train: fn(&Epoch) -> f64,
    validation: fn(&Epoch) -> Option<f64>,
}

const LOSS: Measure = Measure { name: "Loss", train: |e| e.train_loss, validation: |e| e.validation_loss };
const ACCURACY: Measure =
    Measure { name: "Accuracy", train: |e| e.train_accuracy, validation: |e| e.validation_accuracy };

/// One line of a panel: epochs and values.
struct Curve {
    points: Vec<(f64, f64)>,
    colour: RGBColor,
    dashed: bool,
}

fn figure(runs: &[(&History, Look)], legend: Vec<(Mark, String)>) -> Result<Figure> {
    const TOP: i32 = 40;
    const PANEL: (i32, i32) = (WIDTH as i32 / 2 - 8, 320);
    if runs.is_empty() || runs.iter().any(|(history, _)| history.epochs.is_empty()) {
        return Err(error("there is no epoch to draw: train for at least one"));
    }
    let legend = Legend::new(legend, WIDTH as i32 - 36);
    let panels = TOP + legend.height() + 6;
    Figure::draw(TITLE, (WIDTH, (panels + PANEL.1) as u32), |canvas| {
        legend.draw(canvas, 18, TOP)?;
        for (x, measure) in [(4, &LOSS), (PANEL.0 + 8, &ACCURACY)] {
            panel(&canvas.part((x, panels), PANEL), measure, runs).map_err(|e| canvas.error(&e))?;
        }
        Ok(())
    })
}

fn panel(area: &Area, measure: &Measure, runs: &[(&History, Look)]) -> Drawn<()> {
    let all = || runs.iter().flat_map(|(history, _)| &history.epochs);
    let values = || all().flat_map(|e| [Some((measure.train)(e)), (measure.validation)(e)]).flatten();
    let mut finite: Vec<f64> = values().filter(|v| v.is_finite()).collect();
    finite.sort_by(f64::total_cmp);
    let accuracy = measure.name == ACCURACY.name;
    let logarithmic = !accuracy && is_skewed(&finite);
    let scaled = |value: f64| if logarithmic { value.log10() } else { value };
    let (smallest, largest) = (finite.first().copied().unwrap_or(0.0), finite.last().copied().unwrap_or(1.0));
    let y = match () {
        () if accuracy => Axis::shares(),
        () if logarithmic => Axis::logarithmic(smallest, largest),
        () => Axis::from_zero(largest),
    };
    let epochs = || all().map(|e| e.epoch);
    let x = Axis::whole(epochs().min().unwrap_or(1), epochs().max().unwrap_or(1));

    let mut title = measure.name.to_string();
    if logarithmic {
        title += " (logarithmic scale)";
    }
    if let Some(bad) = all().find(|e| !is_finite(e, measure)) {
        title += &format!(" (not a number in epoch {})", bad.epoch);
    }
    let mut chart = chart(area, Name::Title(&title), "epoch", x.clone(), y.clone())?;

    for (history, look) in runs {
        let points = |value: &dyn Fn(&Epoch) -> Option<f64>| -> Vec<(f64, f64)> {
            let some = history.epochs.iter().filter_map(|e| Some((e.epoch as f64, value(e)?)));
            some.filter(|(_, v)| v.is_finite()).map(|(at, v)| (at, scaled(v))).collect()
        };
        let train = points(&|e| Some((measure.train)(e)));
        let validation = points(&measure.validation);
        let marked = if validation.is_empty() { &train } else { &validation };
        let best = history.best_epoch.and_then(|best| marked.iter().find(|(at, _)| *at == best as f64).copied());
        if let ([_], Some((at, _))) = (runs, best) {
            let line = [(at, y.from), (at, y.to)];
            chart.draw_series(DashedLineSeries::new(line, 3, 4, look.mark.mix(0.6).stroke_width(1)))?;
        }
        let curves = [
            Curve { points: train, colour: look.train, dashed: look.dashed },
            Curve { points: validation, colour: look.validation, dashed: false },
        ];
        for Curve { points, colour, dashed } in curves {
            let style = colour.stroke_width(2);
            match dashed {
                true => chart.draw_series(DashedLineSeries::new(points.clone(), 6, 4, style))?,
                false => chart.draw_series(LineSeries::new(points.clone(), style))?,
            };
            // Dots show single epochs; over many epochs they would hide the line.
            let radius = if x.to - x.from < 15.0 { 3 } else { 2 };
            if !dashed && x.to - x.from < 60.0 {
                chart.draw_series(points.iter().map(|&point| Circle::new(point, radius, colour.filled())))?;
            }
        }
        chart.draw_series(best.iter().map(|&point| Circle::new(point, 6, look.mark.stroke_width(2))))?;
    }
    Ok(())
}

/// Whether no epoch has a lower validation loss, or none a higher validation accuracy, than `epoch`, whose weights were
/// kept: a training may also be told to keep the last ones.
fn is_best(history: &History, epoch: usize) -> bool {
    let no_other_is_above = |value: fn(&Epoch) -> Option<f64>| {
        let kept = history.epochs.iter().find(|e| e.epoch == epoch).and_then(value);
        kept.is_some_and(|kept| !history.epochs.iter().filter_map(value).any(|other| other > kept))
    };
    no_other_is_above(|e| e.validation_loss.map(|loss| -loss)) || no_other_is_above(|e| e.validation_accuracy)
}

/// Whether the largest of sorted losses is so far above many that these would lie flat on the axis: above most, or, where
/// it is that of an explosion, above a quarter of them.
fn is_skewed(sorted: &[f64]) -> bool {
    /// No network that learns anything has such a loss.
    const EXPLOSION: f64 = 50.0;
    let Some(&largest) = sorted.last() else { return false };
    let above = |share: usize| largest > 20.0 * sorted[sorted.len() / share];
    sorted[0] > 0.0 && (above(2) || largest > EXPLOSION && above(4))
}

fn is_finite(epoch: &Epoch, measure: &Measure) -> bool {
    (measure.train)(epoch).is_finite() && (measure.validation)(epoch).is_none_or(f64::is_finite)
}

fn error(why: &str) -> Error {
    Error::output(format!("figure {TITLE:?}"), why)
}
