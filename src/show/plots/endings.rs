//! Trainings that were followed to their last epoch.

use super::canvas::refused;
use super::{Colour, Figure, Line, LineChart, Mark, Scale};
use crate::Result;
use crate::study::experiment::FollowedTraining;
use crate::training::Statistics;

/// Accuracy on the test photos after each epoch, a panel for each recipe and a colour for each kind of batch norm
/// statistics: thick the mean over the seeds, thin each seed; dashed the mean accuracy on the training photos. Statistics
/// that were measured again, which is done after some epochs only, are dots for each seed and diamonds for their mean. The
/// grey dashed line is what always answering with the majority class has on the same test photos.
///
/// # Errors
/// No training, or one without an epoch.
pub fn endings(all: &[FollowedTraining]) -> Result<Figure> {
    const TITLE: &str = "Test accuracy after each epoch, by batch norm statistics";
    if all.is_empty() {
        return Err(refused(TITLE, "there is no training: follow one with manga endings RECIPE"));
    }
    let mut recipes: Vec<&str> = all.iter().map(|one| one.about.recipe.as_str()).collect();
    recipes.sort_unstable();
    recipes.dedup();
    // A kind has the same colour in all panels.
    let mut kinds: Vec<Statistics> = Vec::new();
    for snapshot in all.iter().flat_map(|one| &one.trajectory.snapshots) {
        if !kinds.contains(&snapshot.statistics) {
            kinds.push(snapshot.statistics);
        }
    }
    let mut panels: Vec<LineChart> = recipes
        .iter()
        .map(|recipe| panel(&all.iter().filter(|one| one.about.recipe == *recipe).collect::<Vec<_>>(), &kinds))
        .collect();
    if panels.len() < all.len() {
        panels[0].note = "thick, and diamonds: mean over the seeds; thin, and circles: each seed".into();
    }
    LineChart::grid(TITLE, 1, &panels)
}

fn panel(seeds: &[&FollowedTraining], kinds: &[Statistics]) -> LineChart {
    let (recipe, count) = (&seeds[0].about.recipe, seeds.len());
    let title = match seeds {
        [one] => format!("{recipe}, seed {}", one.about.seed),
        _ => format!("{recipe}, {count} seeds"),
    };
    let axes = LineChart::new(&title, "epoch", "accuracy");
    let mut chart = LineChart { x: Scale::Whole, y: Scale::Percent, height: 360, ..axes };
    let curves = |value: &dyn Fn(&FollowedTraining) -> Vec<(f64, f64)>| -> Vec<Vec<(f64, f64)>> {
        seeds.iter().map(|one| value(one)).collect()
    };
    let training = curves(&|one| {
        let epochs = &one.trajectory.training.epochs;
        epochs.iter().map(|epoch| (epoch.epoch as f64, epoch.train_accuracy)).collect()
    });
    chart.lines.push(Line { dashed: true, ..Line::coloured("training photos", &mean(&training), Colour::INK) });
    for (i, kind) in kinds.iter().enumerate() {
        let test = curves(&|one| {
            let own = one.trajectory.snapshots.iter().filter(|snapshot| snapshot.statistics == *kind);
            own.map(|snapshot| (snapshot.epoch as f64, snapshot.test.accuracy)).collect()
        });
        if test.iter().all(Vec::is_empty) {
            continue;
        }
        let (colour, again) = (Colour::series(i), *kind == Statistics::MeasuredAgain);
        if count > 1 {
            let mark = again.then_some(Mark::Ring);
            chart.lines.extend(test.iter().map(|points| Line { width: 1, mark, ..Line::coloured("", points, colour) }));
        }
        let mark = again.then_some(Mark::Diamond);
        chart.lines.push(Line { width: 3, mark, ..Line::coloured(&words(*kind), &mean(&test), colour) });
    }
    let majority = seeds.iter().map(|one| majority(one)).sum::<f64>() / count as f64;
    chart.levels.push((format!("always the majority class: {:.1} %", 100.0 * majority), majority));
    chart
}

/// What a kind of statistics is called in the key.
fn words(statistics: Statistics) -> String {
    match statistics {
        Statistics::Running(momentum) => format!("test, running statistics of momentum {momentum}"),
        Statistics::MeasuredAgain => "test, statistics measured again".into(),
        Statistics::None => "test, no batch norm".into(),
    }
}

/// The mean of the curves at each x that all of them have.
fn mean(curves: &[Vec<(f64, f64)>]) -> Vec<(f64, f64)> {
    let Some(first) = curves.first() else { return Vec::new() };
    let at = |x: f64| -> Option<f64> {
        let values: Option<Vec<f64>> =
            curves.iter().map(|curve| curve.iter().find(|point| point.0 == x).map(|point| point.1)).collect();
        Some(values?.iter().sum::<f64>() / curves.len() as f64)
    };
    first.iter().filter_map(|&(x, _)| Some((x, at(x)?))).collect()
}

/// The fraction of the test photos that are of the most frequent class.
fn majority(training: &FollowedTraining) -> f64 {
    let truth = &training.about.truth;
    let count = |class: usize| truth.iter().filter(|&&label| label == class).count();
    (0..training.about.classes.len()).map(count).max().unwrap_or(0) as f64 / truth.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::mean;

    #[test]
    fn a_mean_is_where_all_curves_are() {
        let curves = [vec![(1.0, 0.2), (2.0, 0.4), (4.0, 0.6)], vec![(1.0, 0.4), (3.0, 0.1), (4.0, 1.0)]];
        let found = mean(&curves);
        assert_eq!(found.iter().map(|point| point.0).collect::<Vec<_>>(), [1.0, 4.0]);
        assert!((found[0].1 - 0.3).abs() < 1e-12 && (found[1].1 - 0.8).abs() < 1e-12);
        assert!(mean(&[]).is_empty());
    }
}
