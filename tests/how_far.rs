//! What is left to gain, of out-of-fold predictions: as scikit-learn and SciPy have it.

use manga_expressions::Result;
use manga_expressions::data::{Dataset, FoldSettings, Folds};
use manga_expressions::faces::FaceSet;
use manga_expressions::metrics::{ConfusionMatrix, LearningCurve, OutOfFoldPredictions, OutOfFoldRow, PowerLaw};
use manga_expressions::show::plots;
use manga_expressions::show::tables::Table;
use manga_expressions::study::methods::{Answer, Answers, FoldTask, Prepared, learning_curve_of};
use manga_expressions::study::results::MethodResult;
use serde_json::Value;

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/how_far.json")).unwrap()
}

fn numbers(array: &Value) -> Vec<f64> {
    array.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn names(count: usize) -> Vec<String> {
    ["happy", "pleased", "sad", "crying"].iter().take(count).map(|name| name.to_string()).collect()
}

/// The golden predictions: 120 photos, 4 classes, 5 folds.
fn said() -> OutOfFoldPredictions {
    let golden = golden();
    let truth = numbers(&golden["truth"]);
    let row = |(i, probabilities): (usize, &Value)| {
        let probabilities = numbers(probabilities);
        let best = (0..4).max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b])).unwrap();
        let (image, truth) = (format!("photo {i:03}"), truth[i] as usize);
        OutOfFoldRow { image, repeat: 0, fold: i % 5, truth, predicted: best, probabilities }
    };
    let rows = golden["probabilities"].as_array().unwrap().iter().enumerate().map(row).collect();
    OutOfFoldPredictions::new(&names(4), rows).unwrap()
}

#[test]
fn top_k_and_reliability_are_those_of_scikit_learn() {
    let (said, golden) = (said(), golden());
    for (k, theirs) in numbers(&golden["top"]).into_iter().enumerate() {
        assert!((said.top(k + 1).unwrap().0 - theirs).abs() < 1e-12);
    }
    assert_eq!(said.top(4).unwrap().0, 1.0);
    assert!(said.top(0).is_err() && said.top(5).is_err());
    let bins = said.confidence(&[0.0, 0.2, 0.4, 0.6, 0.8, 1.0]).unwrap();
    let filled: Vec<_> = bins.iter().filter(|bin| bin.photos > 0).collect();
    let theirs = golden["bins"].as_array().unwrap();
    assert_eq!(filled.len(), theirs.len());
    for ((bin, theirs), count) in filled.iter().zip(theirs).zip(numbers(&golden["filled"])) {
        let theirs = numbers(theirs);
        assert!((bin.confidence.unwrap() - theirs[0]).abs() < 1e-9, "{bin:?}");
        assert!((bin.correct as f64 / bin.photos as f64 - theirs[1]).abs() < 1e-9, "{bin:?}");
        assert_eq!(bin.photos as f64, count);
    }
}

#[test]
fn a_number_is_recognised_for_what_it_is() {
    let (said, golden) = (said(), golden());
    let matrix = said.confusion_matrix(0).unwrap();
    let says = |shown: f64| matrix.check_accuracy(shown).unwrap_err().to_string();
    assert!(matrix.check_accuracy(numbers(&golden["top"])[0]).is_ok());
    assert!(says(golden["balanced"].as_f64().unwrap()).contains("recall"));
    assert!(says(golden["precision"].as_f64().unwrap()).contains("precision"));
    assert!(says(1.0 - 2.0 * (1.0 - numbers(&golden["top"])[0]) / 4.0).contains("one-vs-rest accuracy"));
    assert!(says(0.99).contains("no usual reading"));
    assert!(matrix.check_accuracy(1.2).is_err() && matrix.check_accuracy(f64::NAN).is_err());
}

#[test]
fn a_power_law_is_that_of_scipy() {
    for law in golden()["laws"].as_array().unwrap() {
        let points: Vec<(f64, f64)> = numbers(&law["photos"]).into_iter().zip(numbers(&law["accuracy"])).collect();
        let ours = PowerLaw::fit(&points).unwrap();
        for (photos, theirs) in [364.0, 728.0, 2912.0].into_iter().zip(numbers(&law["at"])) {
            assert!((ours.at(photos) - theirs).abs() < 2e-3, "{photos}: {} and {theirs}", ours.at(photos));
        }
    }
    assert!(PowerLaw::fit(&[(1.0, 0.1), (2.0, 0.2), (3.0, 0.3)]).is_err());
    assert!(PowerLaw::fit(&[(0.0, 0.1), (2.0, 0.2), (3.0, 0.3), (4.0, 0.3)]).is_err());
    // What falls is fitted by what does not rise.
    let falling = PowerLaw::fit(&[(10.0, 0.6), (20.0, 0.5), (40.0, 0.45), (80.0, 0.4)]).unwrap();
    assert_eq!((falling.factor, falling.at(10.0), falling.at(1e6)), (0.0, falling.ceiling, falling.ceiling));
}

#[test]
fn mistakes_are_counted_both_ways_and_expected_by_hand() {
    let row = |i: usize, truth: usize, predicted: usize| OutOfFoldRow {
        image: format!("{i:02}"),
        repeat: 0,
        fold: i % 2,
        truth,
        predicted,
        probabilities: vec![0.25; 4],
    };
    // happy: 2 right, 3 pleased, 1 sad; pleased: 1 happy, 1 right; sad and crying: 1 right each.
    let pairs = [(0, 0), (0, 0), (0, 1), (0, 1), (0, 1), (0, 2), (1, 0), (1, 1), (2, 2), (3, 3)];
    let said =
        OutOfFoldPredictions::new(&names(4), pairs.iter().enumerate().map(|(i, &(t, p))| row(i, t, p)).collect())
            .unwrap();
    let first = &said.confusions()[0];
    assert_eq!((first.truth.as_str(), first.predicted.as_str(), first.photos), ("happy", "pleased", 3.0));
    assert_eq!((first.fraction, first.of_class), (0.6, 0.5));
    let pair = &said.label_pairs(&[("pleased", "happy")]).unwrap()[0];
    assert_eq!((pair.photos, pair.fraction), (4.0, 0.8));
    // Answers: happy 3, pleased 4, sad 2, crying 1. Of happy's 4 mistakes 4/7 fall on pleased, of pleased's 1 3/6 on happy.
    assert!((pair.expected - (4.0 * 4.0 / 7.0 + 0.5) / 5.0).abs() < 1e-12);
    assert_eq!(said.accuracy_within(&[("happy", "pleased")]).unwrap().0, 0.9);
    assert!(said.label_pairs(&[("happy", "happy")]).is_err() && said.label_pairs(&[("happy", "furious")]).is_err());
}

#[test]
fn answering_less_keeps_the_most_confident_and_a_promise_is_kept_on_other_folds() {
    let said = said();
    let accuracy = said.scores().unwrap().accuracy;
    let answered = said.answering(&[0.25, 1.0]).unwrap();
    assert!((answered[1].accuracy.unwrap() - accuracy).abs() < 1e-12);
    // By hand: the 30 most confident.
    let mut rows = said.rows().to_vec();
    rows.sort_by(|a, b| b.probabilities[b.predicted].total_cmp(&a.probabilities[a.predicted]));
    let right = rows[..30].iter().filter(|row| row.predicted == row.truth).count();
    assert_eq!(answered[0].accuracy, Some(right as f64 / 30.0));
    assert_eq!(answered[0].least_confidence, rows[29].probabilities[rows[29].predicted]);

    let promised = said.answering_for(0.8).unwrap();
    let mut given = Vec::new();
    for fold in 0..5 {
        let sure = |row: &&OutOfFoldRow| row.probabilities[row.predicted];
        let mut others: Vec<&OutOfFoldRow> = rows.iter().filter(|row| row.fold != fold).collect();
        others.sort_by(|a, b| sure(a).total_cmp(&sure(b)));
        let enough = |threshold: f64| {
            let kept: Vec<_> = others.iter().filter(|row| sure(row) >= threshold).collect();
            kept.iter().filter(|row| row.predicted == row.truth).count() as f64 >= 0.8 * kept.len() as f64
        };
        if let Some(threshold) = others.iter().map(sure).find(|&threshold| enough(threshold)) {
            given.extend(rows.iter().filter(|row| row.fold == fold && sure(row) >= threshold));
        }
    }
    assert_eq!(promised.fraction, given.len() as f64 / 120.0);
    let right = given.iter().filter(|row| row.predicted == row.truth).count();
    assert_eq!(promised.accuracy, Some(right as f64 / given.len() as f64));
    // The threshold is then the least confidence of the other folds, below which only the very least of a fold can be.
    assert!(said.answering_for(0.0).unwrap().fraction > 0.95);
    assert!(said.answering(&[0.0]).is_err() && said.answering(&[1.1]).is_err() && said.answering_for(2.0).is_err());
}

/// A learner that is right for a photo if enough were learnt, and else says 0.
struct Scripted<'a>(&'a [usize]);

impl Prepared for Scripted<'_> {
    fn fit(&self, task: &FoldTask) -> Result<Answers> {
        let class = |photo: usize| if photo % 40 < task.train.len() { self.0[photo] } else { 0 };
        Ok(Answers::new(task.test.iter().map(|&photo| Answer::certain(class(photo), 4)).collect()))
    }
}

/// A learner that gives a single answer whatever it is asked.
struct Silent;

impl Prepared for Silent {
    fn fit(&self, _: &FoldTask) -> Result<Answers> {
        Ok(Answers::new(vec![Answer::certain(0, 4)]))
    }
}

fn curve(labels: &[usize], folds: &Folds) -> Result<LearningCurve> {
    learning_curve_of("scripted", &Scripted(labels), labels, folds, &[0.2, 0.4, 0.6, 0.8, 1.0])
}

#[test]
fn a_learning_curve_keeps_its_tests_and_nests_its_parts() {
    let labels: Vec<usize> = (0..60).map(|i| i % 3).collect();
    let folds = Folds::stratified(&names(3), &labels, &FoldSettings { folds: 4, seeds: vec![3, 4] }).unwrap();
    for (repeat, fold) in [(0, 0), (1, 3)] {
        let parts: Vec<Vec<usize>> = [0.2, 0.5, 1.0]
            .iter()
            .map(|&fraction| folds.train_fraction(&labels, repeat, fold, fraction).unwrap())
            .collect();
        assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [9, 24, 45]); // 3, 8 and 15 of each class
        assert!(parts.windows(2).all(|pair| pair[0].iter().all(|i| pair[1].contains(i))));
        assert_eq!(parts[2], folds.train(repeat, fold));
        assert_ne!(parts[0], parts[1][..9]);
    }
    assert!(
        folds.train_fraction(&labels, 0, 0, 0.0).is_err() && folds.train_fraction(&labels[1..], 0, 0, 0.5).is_err()
    );

    let curve = curve(&labels, &folds).unwrap();
    let expected = |learnt: usize| (0..60).filter(|i| i % 40 < learnt || i % 3 == 0).count() as f64 / 60.0;
    for point in &curve.points {
        assert!((point.accuracy - expected(point.photos as usize)).abs() < 1e-12, "{point:?}");
    }
    let said = learning_curve_of("silent", &Silent, &labels, &folds, &[1.0]).unwrap_err().to_string();
    assert!(said.contains("silent named 1 classes for 15 photos"), "{said}");
    assert!(learning_curve_of("unsorted", &Scripted(&labels), &labels, &folds, &[1.0, 0.5]).is_err());
    let ahead = curve.extrapolate(&[45.0, 90.0], 1).unwrap();
    assert!(ahead.iter().all(|point| point.low <= point.accuracy && point.accuracy <= point.high));
    assert!(ahead[0].low < ahead[0].high && ahead[1].high <= 1.0);
    assert_eq!(ahead, curve.extrapolate(&[45.0, 90.0], 1).unwrap());
    let figure =
        plots::learning_curves_over_photos(std::slice::from_ref(&curve), std::slice::from_ref(&ahead)).unwrap();
    assert!(figure.svg().contains("extrapolated, not measured"));
    assert!(plots::learning_curves_over_photos(std::slice::from_ref(&curve), &[]).is_err());
    let table = Table::learning_curves(&[curve], &[ahead]).unwrap().to_string();
    assert!(table.matches("extrapolated").count() == 2 && table.matches("measured").count() == 5, "{table}");
}

#[test]
fn figures_and_tables_show_what_was_said() {
    let said = said();
    let wanted = said.answering(&[0.5, 1.0]).unwrap();
    assert!(plots::answered(&wanted).unwrap().svg().contains("100 % of the photos answered"));
    assert!(plots::answered(&wanted[..1]).is_err());
    let bins = said.confidence(&[0.0, 0.5, 1.0]).unwrap();
    assert_eq!(plots::reliability(&bins).unwrap().svg().matches("<circle").count(), 3); // two, and the legend's
    assert!(plots::reliability(&said.confidence(&[0.0, 0.01]).unwrap()).is_err());
    let pairs = [("happy", "pleased"), ("sad", "crying")];
    let table = Table::label_pairs(&said, &pairs).unwrap();
    assert_eq!(table.rows(), 3);
    assert_eq!(Table::confusions(&said, 5).unwrap().rows(), 5);
    assert_eq!(Table::promises(&said, &[0.5, 0.99]).unwrap().rows(), 2);
    let judged = MethodResult::of("golden", said.clone());
    assert!(Table::judged(std::slice::from_ref(&judged), &pairs).unwrap().to_string().contains("golden"));
    assert!(MethodResult::best(&[]).is_err());
    let worse = OutOfFoldPredictions::new(
        &names(4),
        said.rows().iter().map(|row| OutOfFoldRow { predicted: (row.truth + 1) % 4, ..row.clone() }).collect(),
    );
    let worse = MethodResult::of("worse", worse.unwrap());
    assert_eq!(MethodResult::best(&[worse, judged]).unwrap().method, "golden");
}

#[test]
fn kept_predictions_are_found_only_for_their_photos() {
    let dataset = Dataset::from_faces(&FaceSet::new(70, 1)).unwrap();
    let (classes, count) = (dataset.classes().to_vec(), dataset.classes().len());
    let row = |(photo, &truth): (&manga_expressions::data::Photo, &usize)| OutOfFoldRow {
        image: photo.name().into(),
        repeat: 0,
        fold: 0,
        truth,
        predicted: (truth + 1) % count,
        probabilities: vec![1.0 / count as f64; count],
    };
    let rows = dataset.photos().iter().zip(dataset.labels()).map(row).collect();
    let said = OutOfFoldPredictions::new(&classes, rows).unwrap();
    let folder = tempfile::tempdir().unwrap();
    said.save(folder.path().join("method.csv")).unwrap();
    let folder = folder.path();
    let kept = MethodResult::kept_in(folder, &dataset).unwrap();
    assert_eq!((kept.len(), kept[0].method.as_str(), &kept[0].predictions), (1, "method", &said));
    let other = Dataset::from_faces(&FaceSet::new(70, 2)).unwrap();
    assert!(MethodResult::kept_in(folder, &other).unwrap().is_empty());

    let figure = plots::hard_faces(&dataset, &said, 4).unwrap();
    assert_eq!(figure.svg().matches("<image").count(), 4);
    assert!(plots::hard_faces(&other, &said, 4).is_err());
    let matrix = ConfusionMatrix::new(dataset.labels(), dataset.labels(), &classes).unwrap();
    assert!(matrix.check_accuracy(1.0).is_ok());
}
