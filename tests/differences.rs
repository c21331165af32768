//! Whether methods differ: McNemar's test and Newcombe's interval, compared with statsmodels (tests/golden/differences.py),
//! and what is made of measurements side by side.

#[path = "common/svg.rs"]
mod svg;

use manga_expressions::metrics::{ConfusionMatrix, Difference, Interval, McNemar};
use manga_expressions::report::discussion::{
    Measurement, Protocol, against, kept_results_in, measured_here, published_accuracies, published_and_here,
};
use manga_expressions::show::plots::measurements;
use manga_expressions::show::tables::Table;
use manga_expressions::training::Predictions;
use serde_json::Value;
use svg::{check, texts};

fn golden(name: &str) -> Vec<Vec<f64>> {
    let all: Value = serde_json::from_str(include_str!("golden/differences.json")).unwrap();
    let cases: Vec<Vec<f64>> = serde_json::from_value(all[name].clone()).unwrap();
    assert!(cases.len() >= 30, "{name}");
    cases
}

#[test]
fn mcnemars_p_value_is_that_of_statsmodels() {
    for case in golden("mcnemar") {
        let test = McNemar::exact(case[0] as usize, case[1] as usize);
        let expected = case[2];
        assert!((test.p_value - expected).abs() <= 1e-9 * expected + 1e-300, "{case:?}: {}", test.p_value);
        assert_eq!(test.is_decided(), expected < 0.05);
    }
}

#[test]
fn mcnemar_counts_the_photos_that_only_one_got_right() {
    //           both first second neither(two ways)
    let truth = [0, 1, 2, 2, 0];
    let test = McNemar::of(&truth, &[0, 1, 0, 1, 1], &[0, 0, 2, 0, 1]).unwrap();
    assert_eq!((test.only_first, test.only_second, test.p_value), (1, 1, 1.0));
    for (first, second) in [(&[0, 1][..], &[0; 5][..]), (&[0; 5], &[0; 4])] {
        let message = McNemar::of(&truth, first, second).unwrap_err().to_string();
        assert!(message.contains("same photos"), "{message}");
    }
    assert!(McNemar::of(&[], &[], &[]).is_err());
}

#[test]
fn a_differences_interval_is_that_of_statsmodels() {
    for case in golden("newcombe") {
        let [a, n, b, m, low, high] = case[..] else { panic!("{case:?}") };
        let found = Difference::of_fractions(a / n, n as usize, b / m, m as usize).unwrap();
        assert!((found.low - low).abs() < 1e-12 && (found.high - high).abs() < 1e-12, "{case:?}: {found:?}");
        assert_eq!(found.is_decided(), low > 0.0 || high < 0.0);
    }
    assert!(Difference::of_fractions(0.5, 0, 0.5, 10).is_err());
}

fn measurement(method: &str, protocol: Protocol, correct: usize, photos: usize) -> Measurement {
    Measurement {
        method: method.into(),
        protocol,
        accuracy: correct as f64 / photos as f64,
        interval: Some(Interval::wilson(correct, photos).unwrap()),
        photos: Some(photos),
        runs: 1,
        deviation: None,
        majority: Some(0.25),
    }
}

#[test]
fn only_what_was_measured_in_the_same_way_is_compared() {
    let all = [
        measurement("a", Protocol::Published, 47, 92),
        measurement("b", Protocol::Published, 18, 92),
        measurement("a", Protocol::Split, 20, 91),
        measurement("c", Protocol::Split, 30, 91),
        Measurement { photos: None, interval: None, ..measurement("d", Protocol::Published, 76, 100) },
    ];
    let names = |rows: Vec<manga_expressions::report::discussion::Compared>| {
        rows.into_iter().map(|row| (row.first, row.second, row.difference.is_decided())).collect::<Vec<_>>()
    };
    assert_eq!(names(against(&all[0], &all).unwrap()), [("a".into(), "b".into(), true)]);
    assert_eq!(names(against(&all[2], &all).unwrap()), [("a".into(), "c".into(), false)]);
    assert_eq!(names(published_and_here(&all).unwrap()), [("a, published".into(), "here".into(), true)]);
}

#[test]
fn a_table_and_a_figure_show_every_measurement_once() {
    let mut all = vec![
        measurement("net", Protocol::Published, 47, 92),
        measurement("net", Protocol::Split, 20, 91),
        measurement("k-NN", Protocol::CrossValidation, 128, 455),
        Measurement { photos: None, interval: None, ..measurement("k-NN", Protocol::Published, 76, 100) },
    ];
    all[1] = Measurement { runs: 3, deviation: Some(0.042), ..all[1].clone() };
    let text = Table::measurements(&all).unwrap().to_string();
    for cell in [
        "51.1 (41.0 to 61.1; 92 photos)",
        "22.0 ± 4.2 (14.7 to 31.5; 3 runs of 91 photos)",
        "76.0 (of how many photos is not said)",
        "28.1 (24.2 to 32.4; 455 photos)",
        "not done yet",
    ] {
        assert!(text.contains(cell), "{cell} in\n{text}");
    }
    let split_only = Table::measurements(&all[..2]).unwrap();
    assert!(!split_only.to_string().contains("cross-validation"));
    let figure = measurements(&all).unwrap();
    check(&figure);
    let texts = texts(&figure);
    for value in ["51.1 %", "22.0 %", "76.0 %", "28.1 %", "published", "here, one split", "here, cross-validation"] {
        assert_eq!(texts.iter().filter(|text| *text == value).count(), 1, "{value} in {texts:?}");
    }
    assert_eq!(texts.iter().filter(|text| *text == "k-NN").count(), 1);
    assert!(measurements(&[]).is_err());
}

#[test]
fn results_are_read_as_they_were_kept() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().to_string_lossy().into_owned();
    let complaint = || kept_results_in(&name).unwrap_err().to_string();
    assert!(complaint().contains("results/make.sh") && complaint().contains("summary.csv"), "{}", complaint());

    let write = |file: &str, text: &str| std::fs::write(folder.path().join(file), text).unwrap();
    let head =
        "experiment,runs,accuracy,deviation,low,high,majority,macro_f1,epochs,seconds,cpu_seconds,peak_memory_mib";
    write(
        "summary.csv",
        &format!("{head}\nmine,1,0.5,,0.4,0.6,0.22,0.3,9,7,5,\ngooglenet,3,0.2,0.01,0.1,0.3,0.22,0.05,9,7,5,8\n"),
    );
    std::fs::create_dir(folder.path().join("mine")).unwrap();
    std::fs::create_dir(folder.path().join("googlenet")).unwrap();
    assert!(complaint().contains("classes.csv"), "{}", complaint());
    for recipe in ["mine", "googlenet"] {
        write(
            &format!("{recipe}/classes.csv"),
            "class,precision,recall,f1-score,support\na,0,0,0,10.333\nb,0,0,0,80.667\n",
        );
    }
    let kept = kept_results_in(&name).unwrap();
    assert_eq!((kept[0].method.as_str(), kept[0].deviation, kept[0].photos), ("mine", None, Some(91)));
    assert_eq!((kept[1].runs, kept[1].deviation, kept[1].interval.unwrap().high), (3, Some(0.01), 0.3));
    // Published methods first, by their names.
    let here = measured_here(&kept);
    assert_eq!(here.iter().map(|m| m.method.as_str()).collect::<Vec<_>>(), ["GoogLeNet (googlenet)", "mine"]);
    assert!(published_accuracies().unwrap().iter().any(|m| m.method == here[0].method));

    write("summary.csv", &format!("{head},compute_version\nmine,1,0.5,,0.4,0.6,0.22,0.3,9,7,5,,2\n"));
    assert_eq!(kept_results_in(&name).unwrap()[0].accuracy, 0.5);
    write("mine/classes.csv", "class,support\na,many\n");
    assert!(complaint().contains("line 2") && complaint().contains("support"), "{}", complaint());
    write("summary.csv", "experiment,accuracy\nmine,0.5\n");
    assert!(complaint().contains("no column"), "{}", complaint());
}

#[test]
fn classes_are_counted_as_predicted_and_as_recognised() {
    let classes: Vec<String> = ["a", "b", "c"].map(String::from).to_vec();
    let matrix = ConfusionMatrix::new(&[0, 0, 1, 2], &[0, 1, 0, 0], &classes).unwrap();
    assert_eq!(
        (matrix.predicted_classes(), matrix.recognised_classes()),
        (classes[..2].to_vec(), classes[..1].to_vec())
    );
}

#[test]
fn the_most_confident_mistakes_come_first() {
    let predictions = Predictions {
        classes: ["a", "b"].map(String::from).to_vec(),
        names: (0..4).map(|i| i.to_string()).collect(),
        truth: vec![0, 0, 1, 1],
        predicted: vec![1, 0, 0, 0],
        probabilities: vec![vec![0.4, 0.6], vec![0.99, 0.01], vec![0.9, 0.1], vec![0.7, 0.3]],
        loss: 1.0,
        accuracy: 0.25,
    };
    assert_eq!(predictions.confident_mistakes(10), [2, 3, 0]);
    assert_eq!(predictions.confident_mistakes(1), [2]);
}
