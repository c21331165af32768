//! Train, validation and test: disjoint, complete, with the fractions asked for.

use manga_expressions::data::{Split, SplitKind, SplitSettings};
use serde::Deserialize;

/// The numbers of photos in the real data set, in the report's order.
const REAL: [usize; 7] = [56, 37, 102, 53, 55, 86, 66];
const KINDS: [SplitKind; 3] = [SplitKind::Random, SplitKind::Stratified, SplitKind::Grouped];

#[derive(Deserialize)]
struct Golden {
    orders: Vec<Order>,
    stratified: Vec<Fractions>,
}

#[derive(Deserialize)]
struct Order {
    seed: u64,
    order: Vec<usize>,
}

#[derive(Deserialize)]
struct Fractions {
    counts: Vec<usize>,
    fraction: f64,
    test: Vec<usize>,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("golden/split.json")).unwrap()
}

fn classes(n: usize) -> Vec<String> {
    (0..n).map(|i| format!("class {i}")).collect()
}

/// Labels with these counts, class after class.
fn labels(counts: &[usize]) -> Vec<usize> {
    counts.iter().enumerate().flat_map(|(label, &count)| vec![label; count]).collect()
}

fn split(counts: &[usize], groups: Option<&[usize]>, settings: &SplitSettings) -> manga_expressions::Result<Split> {
    Split::new(&classes(counts.len()), &labels(counts), groups, settings)
}

/// Number of samples of each class in a part.
fn counts_in(part: &[usize], counts: &[usize]) -> Vec<usize> {
    let labels = labels(counts);
    (0..counts.len()).map(|label| part.iter().filter(|&&i| labels[i] == label).count()).collect()
}

#[track_caller]
fn fails(result: manga_expressions::Result<Split>, words: &[&str]) {
    let message = result.unwrap_err().to_string();
    words.iter().for_each(|word| assert!(message.contains(word), "{word:?} is not in: {message}"));
}

#[test]
fn every_sample_is_in_exactly_one_part() {
    let groups: Vec<usize> = (0..455).map(|i| i % 40).collect();
    for kind in KINDS {
        for (seed, test, validation) in [(1, 0.2, 0.1), (2, 0.5, 0.5), (3, 0.05, 0.0), (4, 0.8, 0.3)] {
            let settings = SplitSettings { kind, test, validation, seed, fold: None };
            let split = split(&REAL, Some(&groups), &settings).unwrap();
            let mut all = [split.train(), split.validation(), split.test()].concat();
            all.sort_unstable();
            assert_eq!(all, (0..455).collect::<Vec<_>>(), "{settings:?}");
            assert_eq!(split.validation().is_empty(), validation == 0.0, "{settings:?}");
        }
    }
}

#[test]
fn the_report_has_its_numbers() {
    // 463 photos in the report: 92 are its support (figure 14), "approximately 370" train.
    let counts = [57, 38, 103, 55, 56, 87, 67];
    let settings = SplitSettings { kind: SplitKind::Random, validation: 0.0, ..SplitSettings::default() };
    let split = split(&counts, None, &settings).unwrap();
    assert_eq!((split.test().len(), split.train().len()), (92, 371));
}

#[test]
fn a_random_split_takes_from_the_documented_order() {
    for Order { seed, order } in golden().orders {
        let n = order.len();
        let settings = SplitSettings { kind: SplitKind::Random, test: 0.3, validation: 0.25, seed, fold: None };
        let split = split(&[n / 2, n - n / 2], None, &settings).unwrap();
        let (test, validation) = (n * 3 / 10, (n - n * 3 / 10) / 4);
        for (part, expected) in [(split.test(), &order[..test]), (split.validation(), &order[test..][..validation])] {
            let mut expected = expected.to_vec();
            expected.sort_unstable();
            assert_eq!(part, expected, "seed {seed}");
        }
    }
}

#[test]
fn stratified_fractions_are_those_of_scikit_learn() {
    for Fractions { counts, fraction, test } in golden().stratified {
        let settings = SplitSettings { test: fraction, validation: 0.0, ..SplitSettings::default() };
        let split = split(&counts, None, &settings).unwrap();
        assert_eq!(counts_in(split.test(), &counts), test, "{fraction} of {counts:?}");
    }
}

#[test]
fn stratified_fractions_are_met_to_within_one_sample() {
    for counts in [&REAL[..], &[3, 3, 3], &[1000, 4, 5], &[11, 13], &[10, 10, 10, 10, 9]] {
        for (test, validation) in [(0.2, 0.1), (0.3, 0.25), (0.15, 0.5)] {
            let settings = SplitSettings { test, validation, seed: 5, ..SplitSettings::default() };
            let split = split(counts, None, &settings).unwrap();
            let tested = counts_in(split.test(), counts);
            let validated = counts_in(split.validation(), counts);
            let trained = counts_in(split.train(), counts);
            for class in 0..counts.len() {
                let count = counts[class] as f64;
                let what = format!("class {class} of {counts:?}, {test} and {validation}");
                assert!((tested[class] as f64 - count * test).abs() < 1.0, "test, {what}");
                let left = count - tested[class] as f64;
                assert!((validated[class] as f64 - left * validation).abs() < 1.0, "validation, {what}");
                assert!(tested[class].min(validated[class]).min(trained[class]) > 0, "{what}");
            }
        }
    }
}

#[test]
fn no_group_is_in_two_parts_and_the_fractions_are_near() {
    // 30 characters of very different numbers of faces.
    let groups: Vec<usize> = (0..455).map(|i| (i * i) % 97 % 30).collect();
    let largest = (0..30).map(|group| groups.iter().filter(|&&g| g == group).count()).max().unwrap();
    for seed in 0..20 {
        let settings = SplitSettings { kind: SplitKind::Grouped, seed, ..SplitSettings::default() };
        let split = split(&REAL, Some(&groups), &settings).unwrap();
        let groups_in = |part: &[usize]| part.iter().map(|&i| groups[i]).collect::<std::collections::BTreeSet<_>>();
        let (train, validation, test) =
            (groups_in(split.train()), groups_in(split.validation()), groups_in(split.test()));
        assert!(train.is_disjoint(&test) && train.is_disjoint(&validation) && validation.is_disjoint(&test));
        assert!(!train.is_empty() && !validation.is_empty() && !test.is_empty());
        let off = (split.test().len() as f64 - 91.0).abs();
        assert!(off <= largest as f64 / 2.0, "seed {seed}: {} of 455", split.test().len());
    }
}

#[test]
fn a_seed_fixes_the_split_and_another_changes_it() {
    let groups: Vec<usize> = (0..455).map(|i| i % 65).collect();
    for kind in KINDS {
        let of = |seed, validation| {
            let settings = SplitSettings { kind, seed, validation, ..SplitSettings::default() };
            split(&REAL, Some(&groups), &settings).unwrap()
        };
        assert_eq!(of(1, 0.1), of(1, 0.1));
        assert_ne!(of(1, 0.1).test(), of(2, 0.1).test(), "{kind:?}");
        // Validation is cut from train: more of it leaves the test as it was.
        assert_eq!(of(1, 0.1).test(), of(1, 0.5).test(), "{kind:?}");
    }
}

#[test]
fn settings_that_cannot_work_are_errors() {
    for test in [0.0, 1.0, -0.2, 1.5, f64::NAN] {
        fails(split(&REAL, None, &SplitSettings { test, ..SplitSettings::default() }), &["the fraction of the test"]);
    }
    for validation in [-0.1, 1.0, f64::NAN] {
        let settings = SplitSettings { validation, ..SplitSettings::default() };
        fails(split(&REAL, None, &settings), &["the fraction of validation"]);
    }
    let grouped = SplitSettings { kind: SplitKind::Grouped, ..SplitSettings::default() };
    fails(split(&REAL, None, &grouped), &["group"]);
    fails(split(&[3, 3], Some(&[0, 0, 0, 1, 1, 1]), &grouped), &["2 groups", "3 parts"]);
    fails(split(&[3, 3], Some(&[0, 1]), &grouped), &["group"]);
}

#[test]
fn a_class_that_is_too_small_is_named() {
    let stratified = SplitSettings::default();
    fails(split(&[20, 2, 20], None, &stratified), &["class 1", "has 2 of the 3"]);
    split(&[20, 2, 20], None, &SplitSettings { validation: 0.0, ..stratified.clone() }).unwrap();
    fails(
        split(&[20, 1], None, &SplitSettings { validation: 0.0, ..stratified.clone() }),
        &["class 1", "has 1 of the 2"],
    );
    fails(split(&[20, 0], None, &stratified), &["class 1"]);
    fails(split(&[20], None, &stratified), &["only one class"]);
    // By chance all of class 1 is in the test, for some seed; the error then says so.
    let random = |seed| split(&[20, 1], None, &SplitSettings { kind: SplitKind::Random, seed, ..stratified.clone() });
    let errors: Vec<String> = (0..40).filter_map(|seed| random(seed).err()).map(|e| e.to_string()).collect();
    assert!(!errors.is_empty() && errors.len() < 40);
    assert!(errors.iter().all(|e| e.contains("class 1") && e.contains("stratified")), "{errors:?}");
}

#[test]
fn parts_that_are_no_split_are_refused_also_from_a_file() {
    fails(Split::from_parts(vec![0, 1], vec![2], vec![1]), &["sample 1 twice", "train", "test"]);
    fails(Split::from_parts(vec![0, 0], vec![], vec![1]), &["sample 0 twice"]);
    fails(Split::from_parts(vec![0, 5], vec![], vec![1]), &["sample 5 in train"]);
    fails(Split::from_parts(vec![], vec![], vec![0]), &["train"]);
    fails(Split::from_parts(vec![0], vec![], vec![]), &["test"]);
    let split = Split::from_parts(vec![3, 0], vec![2], vec![1]).unwrap();
    assert_eq!(split.train(), [0, 3]);
    let json = serde_json::to_string(&split).unwrap();
    assert_eq!(serde_json::from_str::<Split>(&json).unwrap(), split);
    let wrong = json.replace("[2]", "[1]");
    let message = serde_json::from_str::<Split>(&wrong).unwrap_err().to_string();
    assert!(message.contains("sample 1 twice"), "{message}");
}
