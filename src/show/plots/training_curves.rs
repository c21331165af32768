//! Loss and accuracy, epoch by epoch.

use super::canvas::refused;
use super::{Colour, Figure, Line, LineChart, Mark, Scale};
use crate::Result;
use crate::lessons::RateTrial;
use crate::training::{Epoch, History};

const TITLE: &str = "Learning curves";

/// Loss and accuracy of one training on its training and validation photos; the epoch whose weights were kept is marked,
/// and called the best where it is (the report's figures 10 and 11).
///
/// Where a few losses are far above the others the axis is logarithmic, and says so. An epoch whose value is not a
/// number is left out, and the panel's title names it. An error if there is no epoch.
pub fn learning_curves(history: &History) -> Result<Figure> {
    figure(std::slice::from_ref(history), &|chart, measure| {
        let [train, validation] = measure.points(history);
        let marked = if validation.is_empty() { &train } else { &validation };
        if let Some(best) = history.best_epoch {
            let what = if is_best(history, best) { "best epoch" } else { "weights kept: epoch" };
            chart.keys.push((Mark::Ring, Colour::INK, format!("{what} {best}")));
            if let Some(point) = at(marked, best) {
                chart.uprights.push(point.0);
                chart.marks.push((Mark::Ring, Colour::INK, point));
            }
        }
        chart.lines.push(Line { dots: true, ..Line::coloured("training", &train, Colour::BLUE) });
        if !validation.is_empty() {
            chart.lines.push(Line { dots: true, ..Line::coloured("validation", &validation, Colour::VERMILLION) });
        }
    })
}

/// As [`learning_curves`], of several trainings in one figure, as of the same network with different seeds: a colour
/// for each, training dashed. `names[i]` is that of `histories[i]`.
///
/// An error if there is no training, one without an epoch, or not a name for each.
pub fn learning_curves_of(names: &[String], histories: &[History]) -> Result<Figure> {
    if names.len() != histories.len() {
        return Err(refused(TITLE, format!("there are {} names for {} trainings", names.len(), histories.len())));
    }
    figure(histories, &|chart, measure| {
        for (i, (name, history)) in names.iter().zip(histories).enumerate() {
            let (colour, [train, validation]) = (Colour::series(i), measure.points(history));
            let marked = if validation.is_empty() { &train } else { &validation };
            let name = match history.best_epoch {
                Some(best) if is_best(history, best) => format!("{name} (best: {best})"),
                Some(kept) => format!("{name} (kept: {kept})"),
                None => name.clone(),
            };
            let best = history.best_epoch.and_then(|best| at(marked, best));
            chart.marks.extend(best.map(|point| (Mark::Ring, colour, point)));
            chart.keys.push((Mark::Line, colour, name));
            chart.lines.push(Line { dashed: true, ..Line::coloured("", &train, colour) });
            chart.lines.push(Line { dots: true, ..Line::coloured("", &validation, colour) });
        }
        chart.keys.push((Mark::Dashes, Colour::GREY, "training".into()));
        chart.keys.push((Mark::Line, Colour::GREY, "validation".into()));
    })
}

/// Loss and accuracy of trainings with several learning rates, as [`learning_curves_of`]; the key says which rate is
/// which, and what came of it. A training that did not end its first epoch has no curve.
///
/// An error if none has.
pub fn rate_trials(trials: &[RateTrial]) -> Result<Figure> {
    let drawn: Vec<&RateTrial> = trials.iter().filter(|trial| !trial.history.epochs.is_empty()).collect();
    if drawn.is_empty() {
        return Err(refused("Learning rates", "no learning rate got to the end of its first epoch"));
    }
    let name = |trial: &&RateTrial| format!("rate {}: {}", trial.rate(), trial.verdict());
    // Whose weights were kept says nothing here.
    let curves = |trial: &&RateTrial| History { best_epoch: None, ..trial.history.clone() };
    learning_curves_of(&drawn.iter().map(name).collect::<Vec<_>>(), &drawn.iter().map(curves).collect::<Vec<_>>())
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

impl Measure {
    /// Epoch and value, in training and in validation.
    fn points(&self, history: &History) -> [Vec<(f64, f64)>; 2] {
        let of = |value: &dyn Fn(&Epoch) -> Option<f64>| {
            history.epochs.iter().filter_map(|epoch| Some((epoch.epoch as f64, value(epoch)?))).collect()
        };
        [of(&|epoch| Some((self.train)(epoch))), of(&self.validation)]
    }
}

/// A panel for each measure, filled by `fill`.
fn figure(histories: &[History], fill: &dyn Fn(&mut LineChart, &Measure)) -> Result<Figure> {
    if histories.is_empty() || histories.iter().any(|history| history.epochs.is_empty()) {
        return Err(refused(TITLE, "there is no epoch to draw: train for at least one"));
    }
    let epochs = histories.iter().flat_map(|history| &history.epochs);
    let losses = epochs.flat_map(|epoch| [Some(epoch.train_loss), epoch.validation_loss]).flatten();
    let mut losses: Vec<f64> = losses.filter(|loss| loss.is_finite()).collect();
    losses.sort_by(f64::total_cmp);
    let (title, scale) = match is_skewed(&losses) {
        true => ("Loss (logarithmic scale)", Scale::Logarithmic),
        false => (LOSS.name, Scale::FromZero),
    };
    let panel = |title: &str, y: Scale, measure: &Measure| {
        let mut chart = LineChart { x: Scale::Whole, y, height: 330, ..LineChart::new(title, "epoch", "") };
        fill(&mut chart, measure);
        chart
    };
    LineChart::grid(TITLE, 2, &[panel(title, scale, &LOSS), panel(ACCURACY.name, Scale::Percent, &ACCURACY)])
}

/// The point of an epoch, where its value is a number.
fn at(points: &[(f64, f64)], epoch: usize) -> Option<(f64, f64)> {
    points.iter().copied().find(|(at, value)| *at == epoch as f64 && value.is_finite())
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
    let above = |part: usize| largest > 20.0 * sorted[sorted.len() / part];
    sorted[0] > 0.0 && (above(2) || largest > EXPLOSION && above(4))
}
