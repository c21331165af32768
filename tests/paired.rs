//! Two methods in the same cross-validation, tested as scipy and baycomp do; and the leaderboard that is made of it.

use manga_expressions::metrics::{OutOfFoldPredictions, OutOfFoldRow, Paired, PairedT, ResampledT};
use manga_expressions::show::tables::Table;
use manga_expressions::study::results::{Leaderboard, MethodResult, Pair};
use serde_json::Value;

fn indices(array: &Value) -> Vec<usize> {
    array.as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as usize).collect()
}

fn table(array: &Value) -> Vec<Vec<usize>> {
    array.as_array().unwrap().iter().map(indices).collect()
}

fn golden() -> Vec<Value> {
    let golden: Value = serde_json::from_str(include_str!("golden/paired.json")).unwrap();
    golden["cases"].as_array().unwrap().clone()
}

/// The predictions of the first or the second method of a case; its photos are called by their numbers.
fn predictions(case: &Value, method: usize) -> OutOfFoldPredictions {
    let (truth, folds, said) = (indices(&case["truth"]), table(&case["folds"]), table(&case["said"][method]));
    let mut rows = Vec::new();
    for (repeat, (folds, said)) in folds.iter().zip(said).enumerate() {
        for (photo, &truth) in truth.iter().enumerate() {
            let probabilities = (0..3).map(|class| if class == said[photo] { 0.5 } else { 0.25 }).collect();
            let (image, fold) = (format!("{photo:02}.png"), folds[photo]);
            rows.push(OutOfFoldRow { image, repeat, fold, truth, predicted: said[photo], probabilities });
        }
    }
    OutOfFoldPredictions::new(&["sad", "happy", "angry"].map(String::from), rows).unwrap()
}

#[test]
fn both_tests_are_those_of_others_and_of_the_same_difference() {
    let cases = golden();
    assert_eq!(cases.len(), 6);
    for case in &cases {
        let paired = Paired::of(&predictions(case, 0), &predictions(case, 1)).unwrap();
        let (by_photo, by_fold) = (paired.by_photo, paired.by_fold);
        let near = |ours: f64, name: &str| {
            let theirs = case[name].as_f64().unwrap();
            assert!((ours - theirs).abs() < 1e-12 * theirs.abs().max(1.0), "{name}: {ours} and {theirs}");
        };
        near(paired.difference, "difference");
        near(by_photo.low, "low");
        near(by_photo.high, "high");
        near(by_photo.t, "t_by_photo");
        near(by_photo.p_value, "p_by_photo");
        near(by_fold.mean, "mean");
        near(by_fold.t, "t_by_fold");
        near(by_fold.p_value, "p_by_fold");
        assert_eq!(by_fold.freedom as u64, case["freedom"].as_u64().unwrap());
        assert_eq!(by_photo.freedom, case["truth"].as_array().unwrap().len() - 1);
        // Without a distribution: 100,000 ways to give each photo's difference the other sign.
        let flipped = case["p_by_sign_flips"].as_f64().unwrap();
        assert!((by_photo.p_value - flipped).abs() < 0.01, "{} and {flipped}", by_photo.p_value);
        // Both statistics have the sign of the difference, and the interval says what the test says.
        assert!(paired.difference * by_photo.t > 0.0 && paired.difference * by_fold.t > 0.0);
        assert_eq!(by_photo.is_decided(), by_photo.low > 0.0 || by_photo.high < 0.0);
        // The other way round all is the same but for the sign.
        let turned = Paired::of(&predictions(case, 1), &predictions(case, 0)).unwrap();
        assert_eq!((turned.difference, turned.by_fold.t), (-paired.difference, -by_fold.t));
        assert_eq!((turned.by_photo.low, turned.by_photo.high), (-by_photo.high, -by_photo.low));
        assert_eq!(turned.by_photo.p_value, by_photo.p_value);
        assert_eq!(turned.by_fold.p_value, by_fold.p_value);
    }
}

/// Predictions of two classes, all of the first, in two folds; right where `right` says so, repeat by repeat.
fn answers(right: &[&[bool]]) -> OutOfFoldPredictions {
    let mut rows = Vec::new();
    for (repeat, right) in right.iter().enumerate() {
        for (photo, &right) in right.iter().enumerate() {
            let (image, fold, predicted) = (format!("{photo}"), photo % 2, usize::from(!right));
            rows.push(OutOfFoldRow { image, repeat, fold, truth: 0, predicted, probabilities: vec![0.5, 0.5] });
        }
    }
    OutOfFoldPredictions::new(&["sad", "happy"].map(String::from), rows).unwrap()
}

#[test]
fn methods_that_are_right_equally_often_do_not_differ_at_all() {
    // Right three times of five each, on other photos and in other folds: sums of fifths, which have no exact double.
    let [a, b, c] = [[true, true, false, false], [false, false, true, true], [true, false, false, true]];
    let (first, second) = (answers(&[&a, &a, &b, &b, &c]), answers(&[&b, &b, &a, &a, &c]));
    let (third, fourth) = (answers(&[&a, &a, &a, &b, &c]), answers(&[&b, &a, &c, &c, &b]));
    for (one, other) in [(&first, &second), (&third, &fourth)] {
        let paired = Paired::of(one, other).unwrap();
        assert_eq!((paired.difference, paired.by_photo.t, paired.by_fold.t), (0.0, 0.0, 0.0));
        assert_eq!((paired.by_photo.p_value, paired.by_fold.p_value), (1.0, 1.0));
    }
}

#[test]
fn each_verdict_says_which_test_it_is_of() {
    let paired = |i: usize| Paired::of(&predictions(&golden()[i], 0), &predictions(&golden()[i], 1)).unwrap();
    assert_eq!(
        paired(0).to_string(),
        "+23.3 points (95 % interval by photo +15.4 to +31.3); by photo p < 0.001: decided for these fits; by fold p = 0.019: \
         decided for new ones"
    );
    assert!(
        paired(1)
            .to_string()
            .ends_with("by photo p = 0.297: not decided for these fits; by fold p = 0.722: not decided for new ones")
    );
    let one_of_both = Paired { by_fold: paired(1).by_fold, ..paired(0) };
    assert!(one_of_both.to_string().contains(": decided for these fits; by fold p = 0.722: not decided for new ones"));
}

#[test]
fn methods_that_are_the_same_do_not_differ_and_others_cannot_be_compared() {
    let cases = golden();
    let one = predictions(&cases[0], 0);
    let same = Paired::of(&one, &one).unwrap();
    assert_eq!((same.difference, same.by_photo.p_value, same.by_fold.p_value), (0.0, 1.0, 1.0));
    assert_eq!((same.by_photo.low, same.by_photo.high), (0.0, 0.0));
    assert!(!same.by_photo.is_decided() && !same.by_fold.is_decided());

    let refused = |other: &OutOfFoldPredictions| Paired::of(&one, other).unwrap_err().to_string();
    assert!(refused(&predictions(&cases[1], 0)).contains("same photos and repeats"));
    let mut folds = one.rows().to_vec();
    folds[7].fold = (folds[7].fold + 1) % 5;
    assert!(refused(&OutOfFoldPredictions::new(one.classes(), folds).unwrap()).contains("07.png"));

    assert!(ResampledT::of(&[0.1], 0.25).is_err() && ResampledT::of(&[0.1, f64::NAN], 0.25).is_err());
    assert!(ResampledT::of(&[0.1, 0.2], 0.0).is_err());
    assert!(PairedT::of(&[0.1]).unwrap_err().to_string().starts_with("1 differences"));
    assert!(PairedT::of(&[0.1, f64::NAN]).is_err());
    // The same difference in every fold, and of every photo: no chance is seen.
    assert_eq!(ResampledT::of(&[0.5; 4], 0.25).unwrap().p_value, 0.0);
    let always = PairedT::of(&[-0.5; 4]).unwrap();
    assert_eq!((always.low, always.high, always.t, always.p_value), (-0.5, -0.5, f64::NEG_INFINITY, 0.0));
}

#[test]
fn the_leaderboard_is_sorted_and_computed_from_the_files_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let case = &golden()[0];
    predictions(case, 1).save(path("a-worse.csv")).unwrap();
    predictions(case, 0).save(path("better.csv")).unwrap();
    std::fs::write(
        path("better.json"),
        r#"{"method":"better","about":"It is.","cpu_seconds":90.0,"parameters":12,
        "trainable":3,"folds":5,"seeds":[1,2,3,4,5],"settings":{},"command":"manga"}"#,
    )
    .unwrap();
    let kept = MethodResult::all_in(folder.path()).unwrap();
    let board = Leaderboard::of(&kept).unwrap();
    assert_eq!(board.rows.iter().map(|row| row.method.as_str()).collect::<Vec<_>>(), ["better", "a-worse"]);
    let (first, last) = (&board.rows[0], &board.rows[1]);
    assert_eq!((first.cpu_minutes, first.parameters, first.trainable), (Some(1.5), Some(12), Some(3)));
    assert_eq!((last.cpu_minutes, last.parameters, last.against), (None, None, None));
    let p = first.against.unwrap().by_photo.p_value;
    assert!((p - case["p_by_photo"].as_f64().unwrap()).abs() < 1e-12);

    // The other way round, with the worse as what both are measured by.
    let by_worse = Leaderboard::against("a-worse", &kept).unwrap();
    assert_eq!(by_worse.rows[0].against, first.against);
    assert_eq!((by_worse.rows[1].against, by_worse.base.as_deref()), (None, Some("a-worse")));
    let by_better = Leaderboard::against("better", &kept).unwrap();
    let (none, other) = (by_better.rows[0].against, by_better.rows[1].against.unwrap());
    assert_eq!((none, other.difference), (None, -first.against.unwrap().difference));
    let short = Table::leaderboard_in_short(&by_better).unwrap();
    let points = format!("| {:+.1} (", 100.0 * other.difference);
    assert!(other.difference < 0.0 && short.markdown().contains(&points), "{points} {}", short.markdown());
    assert!(short.to_string().contains("are those from better"), "{short}");
    // By name, as a pair.
    let pair = Pair::named("better", "a-worse", &kept).unwrap();
    assert_eq!((Some(pair.paired), pair.accuracies), (first.against, [first.scores.accuracy, last.scores.accuracy]));
    let pairs = [pair, Pair::named("a-worse", "better", &kept).unwrap()];
    let short = Table::pairs_in_short(&pairs).unwrap();
    assert!(short.markdown().contains("| better | a-worse |") && short.markdown().contains(&points), "{short}");
    let whole = Table::pairs(&pairs).unwrap();
    assert_eq!(whole.frame().column("difference").unwrap().f64().unwrap().get(1), Some(other.difference));
    assert!(Pair::named("better", "mine", &kept).unwrap_err().to_string().contains("mine is none of the methods"));
    let unknown = Leaderboard::against("mine", &kept).unwrap_err().to_string();
    assert!(unknown.contains("mine") && unknown.contains("a-worse, better"), "{unknown}");

    let file = path("leaderboard.csv.out");
    Table::leaderboard(&board).unwrap().save_csv(&file).unwrap();
    let csv = std::fs::read_to_string(&file).unwrap();
    assert!(
        csv.starts_with("method,accuracy,low,high,majority,macro_f1,recall_sad,recall_happy,recall_angry,"),
        "{csv}"
    );
    assert!(csv.lines().nth(2).unwrap().starts_with("a-worse,") && csv.ends_with(",,,,,,,,,\n"), "{csv}");
    let markdown = Table::leaderboard_in_short(&board).unwrap().markdown();
    let accuracy = format!("| better | {:.1} |", 100.0 * first.scores.accuracy);
    assert!(markdown.contains(&accuracy) && markdown.contains("| < 0.001 |"), "{markdown}");
    let measured = board.beside_published().unwrap();
    assert!(measured.len() > 2 && measured[0].method == "better");
}

#[test]
fn a_leaderboard_of_nothing_or_of_what_cannot_be_compared_says_so() {
    assert!(Leaderboard::of(&[]).unwrap_err().to_string().contains("--keep"));
    assert!(MethodResult::all_in("no/such/folder").unwrap_err().to_string().contains("no/such/folder"));
    let cases = golden();
    let both =
        [MethodResult::of("one", predictions(&cases[0], 0)), MethodResult::of("other", predictions(&cases[1], 0))];
    let said = Leaderboard::of(&both).unwrap_err().to_string();
    assert!(said.contains("one") && said.contains("other") && said.contains("same photos"), "{said}");
    let two = ["sad", "happy"].map(String::from);
    let row =
        OutOfFoldRow { image: "a".into(), repeat: 0, fold: 0, truth: 0, predicted: 0, probabilities: vec![1.0, 0.0] };
    let other = MethodResult::of("other", OutOfFoldPredictions::new(&two, vec![row]).unwrap());
    assert!(Leaderboard::of(&[both[0].clone(), other]).unwrap_err().to_string().contains("same classes"));
}
