//! Measures, compared with scikit-learn and statsmodels (tests/golden/classification_report.py).

use manga_expressions::metrics::{Accuracy, ClassificationReport, ConfusionMatrix, Interval, Scores};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

struct Case {
    title: String,
    truth: Vec<usize>,
    predicted: Vec<usize>,
    classes: Vec<String>,
    expected: Value,
}

impl Case {
    fn matrix(&self) -> ConfusionMatrix {
        ConfusionMatrix::new(&self.truth, &self.predicted, &self.classes).unwrap()
    }
}

fn cases() -> Vec<Case> {
    let all: Vec<Value> = serde_json::from_str(include_str!("golden/classification_report.json")).unwrap();
    assert!(all.len() > 90);
    let case = |expected: Value| Case {
        title: expected["title"].as_str().unwrap().into(),
        truth: serde_json::from_value(expected["truth"].clone()).unwrap(),
        predicted: serde_json::from_value(expected["predicted"].clone()).unwrap(),
        classes: serde_json::from_value(expected["classes"].clone()).unwrap(),
        expected,
    };
    all.into_iter().map(case).collect()
}

fn case(title: &str) -> Case {
    cases().into_iter().find(|c| c.title == title).unwrap()
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|n| n.to_string()).collect()
}

fn assert_scores(ours: &Scores, theirs: &Value, title: &str) {
    let pairs = [
        (ours.precision, "precision"),
        (ours.recall, "recall"),
        (ours.f1, "f1-score"),
        (ours.support as f64, "support"),
    ];
    for (value, key) in pairs {
        let expected = theirs[key].as_f64().unwrap();
        assert!((value - expected).abs() < 1e-15, "{title}: {key} is {value}, scikit-learn has {expected}");
    }
}

#[test]
fn the_text_is_scikit_learns_to_the_character() {
    for case in cases() {
        let text = ClassificationReport::of(&case.matrix()).to_string();
        assert_eq!(text, case.expected["text"].as_str().unwrap(), "{}", case.title);
    }
}

#[test]
fn the_numbers_are_scikit_learns() {
    for case in cases() {
        let (report, expected) = (ClassificationReport::of(&case.matrix()), &case.expected["report"]);
        assert_eq!(report.classes.len(), case.classes.len());
        for class in &report.classes {
            assert_scores(&class.scores, &expected[&class.name], &case.title);
        }
        let difference = report.accuracy - expected["accuracy"].as_f64().unwrap();
        assert!(difference.abs() < 1e-15, "{}", case.title);
        assert_scores(&report.macro_average, &expected["macro avg"], &case.title);
        assert_scores(&report.weighted_average, &expected["weighted avg"], &case.title);
    }
}

#[test]
fn the_json_has_scikit_learns_names() {
    let case = case("figure 14 with names");
    let json = serde_json::to_value(ClassificationReport::of(&case.matrix())).unwrap();
    let theirs = &case.expected["report"];
    for average in ["macro avg", "weighted avg"] {
        for key in ["precision", "recall", "f1-score", "support"] {
            let difference = json[average][key].as_f64().unwrap() - theirs[average][key].as_f64().unwrap();
            assert!(difference.abs() < 1e-15, "{average}, {key}");
        }
    }
    assert_eq!(json["classes"][2]["name"], "shock");
    assert_eq!(json["classes"][2]["support"], 18);
}

#[test]
fn the_confusion_matrix_is_scikit_learns() {
    let mut compared = 0;
    for case in cases().iter().filter(|c| !c.expected["matrix"].is_null()) {
        assert_eq!(serde_json::to_value(case.matrix()).unwrap()["counts"], case.expected["matrix"], "{}", case.title);
        compared += 1;
    }
    assert!(compared > 80);
}

#[test]
fn wilsons_interval_is_statsmodels() {
    for case in cases() {
        let accuracy = Accuracy::of(&case.matrix(), &[0]).unwrap();
        let [low, high] = [0, 1].map(|i| case.expected["wilson"][i].as_f64().unwrap());
        let Interval { low: ours_low, high: ours_high } = accuracy.interval;
        assert!((ours_low - low).abs() < 1e-12 && (ours_high - high).abs() < 1e-12, "{}", case.title);
        assert!(ours_low >= 0.0 && ours_high <= 1.0);
    }
    assert_eq!(Interval::wilson(0, 5).unwrap().low, 0.0);
    assert_eq!(Interval::wilson(5, 5).unwrap().high, 1.0);
}

/// Figures 14 to 16 as the report prints them: precision, recall and F1 of each class, then accuracy, then both averages.
#[test]
fn the_tables_of_the_report_come_out() {
    let tables = [
        (
            "figure 14",
            "0.50 0.30 0.37 0.33 0.14 0.20 0.65 0.72 0.68 0.36 0.42 0.38 0.17 0.09 0.12 0.55 0.86 0.67 0.60 0.46 0.52 \
             0.51 0.45 0.43 0.42 0.48 0.51 0.48",
        ),
        (
            "figure 15",
            "0.00 0.00 0.00 0.00 0.00 0.00 0.28 0.44 0.34 0.00 0.00 0.00 0.00 0.00 0.00 0.30 0.86 0.44 0.00 0.00 0.00 \
             0.28 0.08 0.19 0.11 0.12 0.28 0.17",
        ),
        (
            "figure 16",
            "0.00 0.00 0.00 0.00 0.00 0.00 0.20 1.00 0.33 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 \
             0.20 0.03 0.14 0.05 0.04 0.20 0.06",
        ),
    ];
    for (title, printed) in tables {
        let report = ClassificationReport::of(&case(title).matrix());
        let scores = |s: &Scores| [s.precision, s.recall, s.f1];
        let mut ours: Vec<f64> = report.classes.iter().flat_map(|c| scores(&c.scores)).collect();
        ours.push(report.accuracy);
        ours.extend(scores(&report.macro_average));
        ours.extend(scores(&report.weighted_average));
        let theirs: Vec<f64> = printed.split_whitespace().map(|n| n.parse().unwrap()).collect();
        assert_eq!(ours.len(), theirs.len());
        for (i, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
            // Half a unit of the last printed digit; 0.375 may be printed as either neighbour.
            assert!((ours - theirs).abs() < 0.005 + 1e-9, "{title}, number {i}: {ours} is not {theirs}");
        }
    }
}

#[test]
fn the_accuracy_is_printed_with_its_interval_and_the_majority_class() {
    let case = case("figure 14 with names");
    // In the whole data set "shock" is the majority class; in these 92 photos "happy" is, and must not be used.
    let training = [vec![2; 84], vec![5; 65], vec![0; 46]].concat();
    let accuracy = Accuracy::of(&case.matrix(), &training).unwrap();
    let text = r#"51.1 % (47 of 92; 95 % interval 41.0 to 61.1; always "shock" would have 19.6 %)"#;
    assert_eq!(accuracy.to_string(), text);
    let json = serde_json::to_value(&accuracy).unwrap();
    assert_eq!((json["correct"].as_u64(), json["total"].as_u64()), (Some(47), Some(92)));
    assert_eq!(json["baseline"]["class"], "shock");
}

#[test]
fn the_order_of_the_photos_does_not_matter() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for case in cases().into_iter().take(40) {
        let mut order: Vec<usize> = (0..case.truth.len()).collect();
        order.shuffle(&mut rng);
        let shuffled = Case {
            truth: order.iter().map(|&i| case.truth[i]).collect(),
            predicted: order.iter().map(|&i| case.predicted[i]).collect(),
            title: case.title.clone(),
            classes: case.classes.clone(),
            expected: Value::Null,
        };
        assert_eq!(shuffled.matrix(), case.matrix());
    }
}

#[test]
fn relabelling_moves_the_scores_with_the_classes() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    for case in cases() {
        // Class i becomes class to[i].
        let mut to: Vec<usize> = (0..case.classes.len()).collect();
        to.shuffle(&mut rng);
        let mut classes = case.classes.clone();
        for (from, &to) in to.iter().enumerate() {
            classes[to] = case.classes[from].clone();
        }
        let relabelled = Case {
            truth: case.truth.iter().map(|&t| to[t]).collect(),
            predicted: case.predicted.iter().map(|&p| to[p]).collect(),
            title: case.title.clone(),
            classes,
            expected: Value::Null,
        };
        let (before, after) =
            (ClassificationReport::of(&case.matrix()), ClassificationReport::of(&relabelled.matrix()));
        assert_eq!(before.accuracy, after.accuracy);
        for (from, class) in before.classes.iter().enumerate() {
            assert_eq!(*class, after.classes[to[from]], "{}", case.title);
        }
        assert!((before.macro_average.f1 - after.macro_average.f1).abs() < 1e-12);
        assert!((before.weighted_average.precision - after.weighted_average.precision).abs() < 1e-12);
    }
}

#[test]
fn exchanging_truth_and_prediction_exchanges_precision_and_recall() {
    for case in cases() {
        let exchanged = ConfusionMatrix::new(&case.predicted, &case.truth, &case.classes).unwrap();
        let (there, back) = (ClassificationReport::of(&case.matrix()), ClassificationReport::of(&exchanged));
        for (a, b) in there.classes.iter().zip(&back.classes) {
            assert_eq!((a.scores.precision, a.scores.recall), (b.scores.recall, b.scores.precision), "{}", case.title);
            assert_eq!(a.scores.f1, b.scores.f1, "{}", case.title);
        }
    }
}

#[test]
fn bad_input_is_an_error_that_says_what_was_wrong() {
    let two = names(&["sad", "happy"]);
    let error = |truth: &[usize], predicted: &[usize], classes: &[String]| {
        ConfusionMatrix::new(truth, predicted, classes).unwrap_err().to_string()
    };
    assert!(error(&[0, 1, 0], &[0, 1], &two).contains("3 true labels cannot be compared with 2 predicted"));
    assert!(error(&[0, 2], &[0, 1], &two).contains("true label 2 of photo 1 is no class"));
    assert!(error(&[0, 1], &[7, 1], &two).contains("predicted label 7 of photo 0 is no class"));
    assert!(error(&[], &[], &two).contains("no predictions"));
    assert!(error(&[0], &[0], &[]).contains("no class"));
    assert!(error(&[0], &[0], &names(&["sad", "sad"])).contains("\"sad\""));

    let matrix = ConfusionMatrix::new(&[0, 1], &[0, 0], &two).unwrap();
    assert!(Accuracy::of(&matrix, &[]).unwrap_err().to_string().contains("there are none"));
    assert!(Accuracy::of(&matrix, &[0, 2]).unwrap_err().to_string().contains("training label 2 of photo 1"));
    assert!(Interval::wilson(1, 0).is_err());
    assert!(Interval::wilson(3, 2).is_err());
}

#[test]
fn the_matrix_as_text_has_aligned_columns() {
    let matrix = ConfusionMatrix::new(&[0, 0, 1], &[0, 1, 1], &names(&["sad", "embarrassed"])).unwrap();
    let lines = [
        "true \\ predicted  sad  embarrassed",
        "             sad    1            1",
        "     embarrassed    0            1",
    ];
    assert_eq!(matrix.to_string(), lines.join("\n") + "\n");
}
