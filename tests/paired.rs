//! Two methods in the same cross-validation, tested as baycomp and scipy do; and the leaderboard that is made of it.

use manga_expressions::discussion::Leaderboard;
use manga_expressions::methods::Judged;
use manga_expressions::metrics::{OutOfFold, OutOfFoldRow, Paired, ResampledT};
use manga_expressions::tables::Table;
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
fn predictions(case: &Value, method: usize) -> OutOfFold {
    let (truth, folds, said) = (indices(&case["truth"]), table(&case["folds"]), table(&case["said"][method]));
    let mut rows = Vec::new();
    for (repeat, (folds, said)) in folds.iter().zip(said).enumerate() {
        for (photo, &truth) in truth.iter().enumerate() {
            let probabilities = (0..3).map(|class| if class == said[photo] { 0.5 } else { 0.25 }).collect();
            let (image, fold) = (format!("{photo:02}.png"), folds[photo]);
            rows.push(OutOfFoldRow { image, repeat, fold, truth, predicted: said[photo], probabilities });
        }
    }
    OutOfFold::new(&["sad", "happy", "angry"].map(String::from), rows).unwrap()
}

#[test]
fn both_tests_are_those_of_others() {
    let cases = golden();
    assert_eq!(cases.len(), 4);
    for case in &cases {
        let paired = Paired::of(&predictions(case, 0), &predictions(case, 1)).unwrap();
        let near = |ours: f64, name: &str| {
            let theirs = case[name].as_f64().unwrap();
            assert!((ours - theirs).abs() < 1e-12 * theirs.abs().max(1.0), "{name}: {ours} and {theirs}");
        };
        near(paired.difference, "difference");
        assert_eq!(vec![paired.mcnemar.only_first, paired.mcnemar.only_second], indices(&case["only"]));
        near(paired.mcnemar.p_value, "p_by_photo");
        near(paired.resampled.mean, "mean");
        near(paired.resampled.t, "t");
        near(paired.resampled.p_value, "p_by_fold");
        assert_eq!(paired.resampled.freedom as u64, case["freedom"].as_u64().unwrap());
        // The other way round all is the same but for the sign.
        let turned = Paired::of(&predictions(case, 1), &predictions(case, 0)).unwrap();
        assert_eq!((turned.difference, turned.resampled.t), (-paired.difference, -paired.resampled.t));
        assert_eq!(turned.resampled.p_value, paired.resampled.p_value);
    }
}

#[test]
fn methods_that_are_the_same_do_not_differ_and_others_cannot_be_compared() {
    let cases = golden();
    let one = predictions(&cases[0], 0);
    let same = Paired::of(&one, &one).unwrap();
    assert_eq!((same.difference, same.mcnemar.p_value, same.resampled.p_value), (0.0, 1.0, 1.0));
    assert!(!same.is_decided());

    let refused = |other: &OutOfFold| Paired::of(&one, other).unwrap_err().to_string();
    assert!(refused(&predictions(&cases[1], 0)).contains("same photos and repeats"));
    let mut folds = one.rows().to_vec();
    folds[7].fold = (folds[7].fold + 1) % 5;
    assert!(refused(&OutOfFold::new(one.classes(), folds).unwrap()).contains("07.png"));

    assert!(ResampledT::of(&[0.1], 0.25).is_err() && ResampledT::of(&[0.1, f64::NAN], 0.25).is_err());
    assert!(ResampledT::of(&[0.1, 0.2], 0.0).is_err());
    // The same difference in every fold: no chance is seen.
    assert_eq!(ResampledT::of(&[0.1; 4], 0.25).unwrap().p_value, 0.0);
}

#[test]
fn the_leaderboard_is_sorted_and_computed_from_the_files_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let case = &golden()[0];
    predictions(case, 1).save(&path("a-worse.csv")).unwrap();
    predictions(case, 0).save(&path("better.csv")).unwrap();
    std::fs::write(
        path("better.json"),
        r#"{"method":"better","about":"It is.","cpu_seconds":90.0,"parameters":12,
        "trainable":3,"folds":5,"seeds":[1,2,3,4,5],"settings":{},"command":"manga"}"#,
    )
    .unwrap();
    let kept = Judged::all_in(&folder.path().to_string_lossy()).unwrap();
    let board = Leaderboard::of(&kept).unwrap();
    assert_eq!(board.rows.iter().map(|row| row.method.as_str()).collect::<Vec<_>>(), ["better", "a-worse"]);
    let (first, last) = (&board.rows[0], &board.rows[1]);
    assert_eq!((first.cpu_minutes, first.parameters, first.trainable), (Some(1.5), Some(12), Some(3)));
    assert_eq!((last.cpu_minutes, last.parameters, last.against), (None, None, None));
    let p = first.against.unwrap().mcnemar.p_value;
    assert!((p - case["p_by_photo"].as_f64().unwrap()).abs() < 1e-12);

    // The other way round, with the worse as what both are measured by.
    let by_worse = Leaderboard::against("a-worse", &kept).unwrap();
    assert_eq!(by_worse.rows[0].against, first.against);
    assert_eq!((by_worse.rows[1].against, by_worse.base.as_deref()), (None, Some("a-worse")));
    let by_better = Leaderboard::against("better", &kept).unwrap();
    let (none, other) = (by_better.rows[0].against, by_better.rows[1].against.unwrap());
    assert_eq!((none, other.difference), (None, -first.against.unwrap().difference));
    let short = Table::leaderboard_in_short(&by_better).unwrap();
    let points = format!("| {:+.1} |", 100.0 * other.difference);
    assert!(other.difference < 0.0 && short.markdown().contains(&points), "{points} {}", short.markdown());
    assert!(short.to_string().contains("against better"), "{short}");
    let unknown = Leaderboard::against("mine", &kept).unwrap_err().to_string();
    assert!(unknown.contains("mine") && unknown.contains("a-worse, better"), "{unknown}");

    let file = path("leaderboard.csv.out");
    Table::leaderboard(&board).unwrap().save_csv(&file).unwrap();
    let csv = std::fs::read_to_string(&file).unwrap();
    assert!(
        csv.starts_with("method,accuracy,low,high,majority,macro_f1,recall_sad,recall_happy,recall_angry,"),
        "{csv}"
    );
    assert!(csv.lines().nth(2).unwrap().starts_with("a-worse,") && csv.ends_with(",,,,,,\n"), "{csv}");
    let markdown = Table::leaderboard_in_short(&board).unwrap().markdown();
    let accuracy = format!("| better | {:.1} |", 100.0 * first.scores.accuracy);
    assert!(markdown.contains(&accuracy) && markdown.contains("| < 0.001 |"), "{markdown}");
    let measured = board.beside_published().unwrap();
    assert!(measured.len() > 2 && measured[0].method == "better");
}

#[test]
fn a_leaderboard_of_nothing_or_of_what_cannot_be_compared_says_so() {
    assert!(Leaderboard::of(&[]).unwrap_err().to_string().contains("--keep"));
    assert!(Judged::all_in("no/such/folder").unwrap_err().to_string().contains("no/such/folder"));
    let cases = golden();
    let both = [Judged::of("one", predictions(&cases[0], 0)), Judged::of("other", predictions(&cases[1], 0))];
    let said = Leaderboard::of(&both).unwrap_err().to_string();
    assert!(said.contains("one") && said.contains("other") && said.contains("same photos"), "{said}");
    let two = ["sad", "happy"].map(String::from);
    let row =
        OutOfFoldRow { image: "a".into(), repeat: 0, fold: 0, truth: 0, predicted: 0, probabilities: vec![1.0, 0.0] };
    let other = Judged::of("other", OutOfFold::new(&two, vec![row]).unwrap());
    assert!(Leaderboard::of(&[both[0].clone(), other]).unwrap_err().to_string().contains("same classes"));
}
