//! Tables: what they hold, how they look, what is saved.

use manga_expressions::metrics::{Baseline, ClassificationReport, ConfusionMatrix, Interval};
use manga_expressions::show::tables::Table;
use manga_expressions::study::neighbours::{Distance, NeighbourAccuracy, NeighbourScore};
use manga_expressions::training::{Epoch, History, RateCurve, RateRange, Rule};

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|n| n.to_string()).collect()
}

fn saved(table: &Table) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.csv");
    table.save_csv(path.to_str().unwrap()).unwrap();
    std::fs::read_to_string(path).unwrap()
}

fn epoch(epoch: usize, validation: Option<f64>) -> Epoch {
    Epoch {
        epoch,
        train_loss: 1.0 / 3.0,
        train_accuracy: 0.25,
        validation_loss: validation,
        validation_accuracy: validation.map(|v| v / 4.0),
        learning_rate: 1e-3 / 3.0,
        seconds: 21.25,
        cpu_seconds: 40.0,
    }
}

#[test]
fn counts_end_in_their_sum() {
    let table = Table::counts(&names(&["sad", "happy"]), &[1, 3]).unwrap();
    assert_eq!(saved(&table), "class,photos,fraction in %\nsad,1,25.0\nhappy,3,75.0\ntotal,4,100.0\n");
    let text = "Photos per class\n\nclass  photos  fraction in %\nsad         1           25.0\nhappy       3           75.0\ntotal       4          100.0\n";
    assert_eq!(table.to_string(), text);
}

#[test]
fn a_history_is_saved_in_full_and_shown_rounded() {
    let history = History {
        epochs: vec![epoch(1, None), epoch(2, Some(1.5))],
        best_epoch: Some(2),
        stopped: Some("All 2 epochs are done.".into()),
    };
    let table = Table::history(&history).unwrap();
    let csv = saved(&table);
    let mut lines = csv.lines();
    let header =
        "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,learning_rate,seconds,cpu_seconds";
    assert_eq!(lines.next(), Some(header));
    let cells: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(cells[1].parse(), Ok(1.0 / 3.0), "the number is saved to its last bit");
    assert_eq!(cells[3], "", "a missing value is an empty cell");
    assert_eq!(cells[5].parse(), Ok(1e-3 / 3.0));
    let text = table.to_string();
    assert!(text.contains("0.3333") && !text.contains("0.33333"));
    assert!(text.contains(" 0.000333 "), "three digits of the learning rate: {text}");
    assert!(text.ends_with("\nThe weights of epoch 2 were kept. All 2 epochs are done.\n"));
    assert_eq!(Table::history(&History::default()).unwrap().rows(), 0);
}

#[test]
fn a_report_has_scikit_learns_rows() {
    let matrix = ConfusionMatrix::new(&[0, 0, 1, 1], &[0, 1, 1, 1], &names(&["sad", "happy"])).unwrap();
    let table = Table::classification_report(&ClassificationReport::of(&matrix)).unwrap();
    // By hand: precision 1/1 and 2/3, recall 1/2 and 2/2, F1 2/3 and 4/5.
    let text = saved(&table);
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0], ["class", "precision", "recall", "f1-score", "support"]);
    assert_eq!(rows[1], ["sad", "1.0", "0.5", "0.6666666666666666", "2"]);
    assert_eq!(rows[2], ["happy", "0.6666666666666666", "1.0", "0.8", "2"]);
    assert_eq!(rows[3], ["accuracy", "", "", "0.75", "4"]);
    assert_eq!((rows[4][0], rows[5][0]), ("macro avg", "weighted avg"));
    assert_eq!(rows.len(), 6);
}

#[test]
fn a_confusion_matrix_has_true_classes_in_rows() {
    let matrix = ConfusionMatrix::new(&[0, 0, 1, 1], &[0, 1, 1, 1], &names(&["sad", "happy"])).unwrap();
    let table = Table::confusion_matrix(&matrix).unwrap();
    assert_eq!(saved(&table), "true \\ predicted,sad,happy\nsad,1,1\nhappy,0,2\n");
    assert_eq!(table.frame().shape(), (2, 3));
}

#[test]
fn html_aligns_numbers_on_the_right_and_escapes_text() {
    let table = Table::new("a < b & c")
        .with_text("file", &names(&["<script>.png"]))
        .unwrap()
        .with_optional_numbers("score", &[None], 2)
        .unwrap()
        .with_integers("count", &[7])
        .unwrap();
    let html = table.html();
    assert!(html.contains("a &lt; b &amp; c") && html.contains("&lt;script&gt;.png") && !html.contains("<script>"));
    assert!(html.contains("<td style=\"text-align:left\">&lt;script"));
    assert!(html.contains("<td style=\"text-align:right\">7</td>"));
    assert!(html.contains("<td style=\"text-align:right\"></td>"), "a missing value is an empty cell");
}

#[test]
fn columns_that_do_not_fit_are_errors_that_name_the_table() {
    let table = || Table::new("Networks").with_text("name", &names(&["a", "b"])).unwrap();
    let short = table().with_integers("photos", &[1]).unwrap_err().to_string();
    assert!(short.contains("\"Networks\"") && short.contains("photos"), "{short}");
    assert!(table().with_integers("name", &[1, 2]).is_err(), "two columns of one name");
    assert!(Table::counts(&names(&["a", "b"]), &[1]).unwrap_err().to_string().contains("2 classes and 1 counts"));
    let nowhere = table().save_csv("no/such/folder/table.csv").unwrap_err().to_string();
    assert!(nowhere.starts_with("cannot write no/such/folder/table.csv"), "{nowhere}");
}

#[test]
fn suggested_learning_rates_stand_side_by_side_with_a_word_where_rules_disagree() {
    let losses: Vec<f64> = (0..100).map(|step| 2.0 - 1.0 / (1.0 + f64::exp(8.0 - 0.2 * step as f64))).collect();
    let falls = RateCurve::from_losses("small", 1, &RateRange::default(), &losses).unwrap();
    let rises: Vec<f64> = (0..100).map(|step| 1.0 + step as f64 / 100.0).collect();
    let rises = RateCurve::from_losses("small", 2, &RateRange::default(), &rises).unwrap();
    let table = Table::learning_rates(&[falls.clone(), rises]).unwrap();
    let csv = saved(&table);
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows[0], "network,seed,valley,slide,minimum,steep");
    let valley: f64 = rows[1].split(',').nth(2).unwrap().parse().unwrap();
    assert_eq!(valley, falls.suggestion(Rule::Valley).unwrap().rate);
    assert_eq!(rows[2], "small,2,,,,");
    let sentence = format!("small, seed 1: {}", falls.disagreement().unwrap());
    assert!(table.to_string().ends_with(&format!("{sentence}\n")), "{table}");
}

#[test]
fn neighbours_have_a_row_for_each_k_asked_for() {
    let score = |k: usize| NeighbourScore {
        k,
        accuracy: 0.1 * k as f64,
        interval: Interval { low: 0.05, high: 0.5 },
        predicted: Vec::new(),
    };
    let result = NeighbourAccuracy {
        features: "pixels".into(),
        distance: Distance::Cosine,
        images: 10,
        repeats: 1,
        scores: (1..=3).map(score).collect(),
        baseline: Baseline { class: "sad".into(), accuracy: 0.25 },
    };
    let table = Table::neighbour_accuracy(std::slice::from_ref(&result), &[1, 2]).unwrap();
    let text = "features,distance,k,accuracy,low,high,majority\n\
                pixels,cosine,1,0.1,0.05,0.5,0.25\npixels,cosine,2,0.2,0.05,0.5,0.25\n";
    assert_eq!(saved(&table), text);
    let error = Table::neighbour_accuracy(&[result], &[4]).unwrap_err().to_string();
    assert!(error.contains("k = 4"), "{error}");
}
