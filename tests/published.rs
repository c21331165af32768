//! What the report publishes: that its numbers agree with each other.

use manga_expressions::data::EXPRESSIONS;
use manga_expressions::metrics::{ClassificationReport, Scores};
use manga_expressions::net::models::{by_name, default_input};
use manga_expressions::report::published;

/// Two numbers that were rounded to two decimals differ by this much at most from what they are made of.
const ROUNDED: f64 = 0.0051;

fn report(figure: usize) -> ClassificationReport {
    published::classification_report(figure).unwrap()
}

/// How many photos of each class were right: recall times support, which must be near a whole number.
fn hits(report: &ClassificationReport) -> Vec<f64> {
    let hit = |scores: &Scores| {
        let exact = scores.recall * scores.support as f64;
        assert!((exact - exact.round()).abs() <= ROUNDED * scores.support as f64, "{scores:?}");
        exact.round()
    };
    report.classes.iter().map(|class| hit(&class.scores)).collect()
}

#[test]
fn each_report_agrees_with_itself() {
    for figure in [2, 14, 15, 16] {
        let report = report(figure);
        let supports: Vec<f64> = report.classes.iter().map(|class| class.scores.support as f64).collect();
        let photos: f64 = supports.iter().sum();
        assert_eq!(report.macro_average.support as f64, photos, "figure {figure}");
        let accuracy = hits(&report).iter().sum::<f64>() / photos;
        assert!((report.accuracy - accuracy).abs() < ROUNDED, "figure {figure}: {accuracy}");
        for class in &report.classes {
            let Scores { precision, recall, f1, .. } = class.scores;
            let expected = if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 };
            assert!((f1 - expected).abs() < 2.0 * ROUNDED, "figure {figure}, {}: {f1}, not {expected}", class.name);
        }
        let scores: [fn(&Scores) -> f64; 3] = [|s| s.precision, |s| s.recall, |s| s.f1];
        for (i, score) in scores.into_iter().enumerate() {
            let values: Vec<f64> = report.classes.iter().map(|class| score(&class.scores)).collect();
            let mean = values.iter().sum::<f64>() / 7.0;
            let weighted = values.iter().zip(&supports).map(|(value, support)| value * support).sum::<f64>() / photos;
            for (ours, theirs) in [(mean, &report.macro_average), (weighted, &report.weighted_average)] {
                assert!((ours - score(theirs)).abs() < 2.0 * ROUNDED, "figure {figure}, score {i}: {ours}");
            }
        }
    }
}

#[test]
fn counts_are_those_of_the_reports_and_of_the_log() {
    let figures = [("ResNet-50", 14), ("VGG-16", 15), ("GoogLeNet", 16), ("DenseNet-201", 2)];
    for (method, figure) in figures {
        let published = published::all().into_iter().find(|p| p.method == method).unwrap();
        assert_eq!(published.place, format!("figure {figure}"));
        let report = report(figure);
        let (correct, photos) = published.correct_of.unwrap();
        assert_eq!((correct as f64, photos), (hits(&report).iter().sum(), report.macro_average.support), "{method}");
        assert_eq!(published.accuracy, Some(report.accuracy), "{method}");
    }
    // Figure 1 prints the accuracy of each epoch, too, and the text its last.
    let log = published::pytorch_log();
    let printed: Vec<f64> =
        log.iter().map(|epoch| (100.0 * epoch.correct as f64 / epoch.photos as f64).round()).collect();
    assert_eq!(printed, [17.0, 35.0, 42.0]);
    let cited = &published::cited_works()[0];
    assert_eq!((cited.correct_of, cited.accuracy), (Some((log[2].correct, log[2].photos)), Some(0.42)));
}

#[test]
fn the_three_networks_had_the_same_photos_and_the_classes_of_the_data_set() {
    let of = |figure: usize| report(figure).classes.into_iter().map(|c| (c.name, c.scores.support)).collect::<Vec<_>>();
    assert_eq!((of(15), of(16)), (of(14), of(14)));
    assert_eq!(of(14).iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), EXPRESSIONS);
    // "Always shock": the most frequent class of the data set, though not of this test (21 happy faces).
    let shock = of(14).into_iter().find(|(name, _)| name == "shock").unwrap().1;
    assert!(published::networks().iter().all(|network| network.majority == Some(shock)));
}

#[test]
fn a_figure_that_is_no_report_is_refused() {
    let message = published::classification_report(3).unwrap_err().to_string();
    assert!(message.contains("figure 3") && message.contains("2, 14, 15 and 16"), "{message}");
}

#[test]
fn our_networks_have_the_parameters_of_figure_21() {
    for totals in published::parameter_totals() {
        assert_eq!(totals.trainable + totals.non_trainable, totals.total);
        let network = by_name(totals.network, default_input(totals.network).unwrap(), 7, 1).unwrap();
        let summary = network.summary().unwrap();
        assert_eq!((summary.total, summary.trainable), (totals.total, totals.trainable), "{}", totals.network);
    }
}

#[test]
fn every_recipe_that_is_named_is_there() {
    for published in published::all() {
        if let Some(recipe) = published.recipe {
            assert!(manga_expressions::study::experiment::RECIPES.iter().any(|r| r.name == recipe), "{recipe}");
        }
    }
}
