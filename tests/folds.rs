//! Folds of a cross-validation: each sample in one, classes spread as scikit-learn spreads them.

use manga_expressions::data::{FoldSettings, Folds};
use manga_expressions::{Error, Result};
use serde_json::Value;

fn indices(array: &Value) -> Vec<usize> {
    array.as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as usize).collect()
}

fn stratified(labels: &[usize], folds: usize, seeds: &[u64]) -> Result<Folds> {
    let classes: Vec<String> = (0..=*labels.iter().max().unwrap()).map(|i| format!("class {i}")).collect();
    Folds::stratified(&classes, labels, &FoldSettings { folds, seeds: seeds.to_vec() })
}

/// As many photos of each class as the real set has, mixed.
fn real() -> Vec<usize> {
    let counts = [56, 37, 102, 53, 55, 86, 66];
    let labels: Vec<usize> = (0..7).flat_map(|class| std::iter::repeat_n(class, counts[class])).collect();
    (0..455).map(|i| labels[i * 2 % 455]).collect()
}

#[test]
fn classes_are_spread_as_by_scikit_learn() {
    let golden: Value = serde_json::from_str(include_str!("golden/neighbours.json")).unwrap();
    let cases = golden["folds"].as_array().unwrap();
    assert_eq!(cases.len(), 6);
    for case in cases {
        let labels = indices(&case["labels"]);
        let counts: Vec<Vec<usize>> = case["counts"].as_array().unwrap().iter().map(indices).collect();
        let folds = stratified(&labels, counts.len(), &[1, 2]).unwrap();
        for repeat in 0..2 {
            for (fold, theirs) in counts.iter().enumerate() {
                let test = folds.test(repeat, fold);
                let ours: Vec<usize> =
                    (0..theirs.len()).map(|class| test.iter().filter(|&&i| labels[i] == class).count()).collect();
                assert_eq!(ours, *theirs, "repeat {repeat}, fold {fold}");
            }
        }
    }
}

#[test]
fn every_sample_is_in_exactly_one_test_of_a_repeat() {
    let folds = stratified(&real(), 5, &[1, 2, 3, 4, 5]).unwrap();
    assert_eq!((folds.repeats(), folds.folds(), folds.len()), (5, 5, 455));
    for repeat in 0..5 {
        let mut seen = vec![0; 455];
        for fold in 0..5 {
            let (train, test) = (folds.train(repeat, fold), folds.test(repeat, fold));
            assert_eq!((train.len(), test.len()), (364, 91));
            assert!(test.iter().all(|i| train.binary_search(i).is_err() && folds.of(repeat)[*i] == fold));
            test.iter().for_each(|&i| seen[i] += 1);
        }
        assert_eq!(seen, vec![1; 455]);
    }
}

#[test]
fn a_seed_decides_and_nothing_else() {
    let labels = real();
    let folds = stratified(&labels, 5, &[1, 2, 3]).unwrap();
    assert_eq!(folds, stratified(&labels, 5, &[1, 2, 3]).unwrap());
    // A repeat does not depend on those before it.
    assert_eq!(stratified(&labels, 5, &[3]).unwrap().of(0), folds.of(2));
    assert_ne!(folds.of(0), folds.of(1));
    // Two photos of a class are in one fold as often as chance has it, whatever their distance.
    let together = |apart: usize| {
        let many: Vec<u64> = (0..200).collect();
        let folds = stratified(&labels, 5, &many).unwrap();
        (0..200).filter(|&repeat| folds.of(repeat)[0] == folds.of(repeat)[apart]).count()
    };
    for apart in [1, 2, 100] {
        assert!((20..65).contains(&together(apart)), "{} of 200", together(apart));
    }
}

#[test]
fn folds_that_cannot_be_are_refused() {
    let labels = [0, 0, 0, 1, 1, 1, 1];
    for (folds, seeds, word) in [(1, &[1][..], "at least 2"), (3, &[], "no seed"), (3, &[4, 4], "4 is there twice")] {
        let error = stratified(&labels, folds, seeds).unwrap_err();
        assert!(matches!(&error, Error::Invalid(what) if what.contains(word)), "{error}");
    }
    let error = stratified(&labels, 4, &[1]).unwrap_err();
    assert!(matches!(&error, Error::Data(what) if what.contains("class 0 has 3")), "{error}");
    assert!(stratified(&[0, 0, 0], 2, &[1]).is_err());
    assert!(stratified(&[0, 2, 0, 2], 2, &[1]).is_err());
}

#[test]
fn groups_are_never_torn_and_folds_are_of_nearly_one_size() {
    // 65 characters of 7 faces, as the drawn faces have.
    let characters: Vec<usize> = (0..455).map(|face| face / 7).collect();
    let folds = Folds::grouped(&characters, &FoldSettings::default()).unwrap();
    assert!(folds.check_apart(&characters).is_ok());
    for repeat in 0..5 {
        for fold in 0..5 {
            assert_eq!(folds.test(repeat, fold).len(), 91, "13 whole characters");
        }
    }
    assert_ne!(folds.of(0), folds.of(1));
    // Groups of very different size, whose numbers have gaps.
    let uneven: Vec<usize> = [9; 5].into_iter().chain([4; 3]).chain([70; 2]).chain([5, 6]).collect();
    let folds = Folds::grouped(&uneven, &FoldSettings { folds: 2, seeds: vec![1, 2, 3] }).unwrap();
    assert!(folds.check_apart(&uneven).is_ok());
    let error = Folds::grouped(&[1, 1, 2, 2], &FoldSettings { folds: 3, seeds: vec![1] }).unwrap_err();
    assert!(matches!(&error, Error::Data(what) if what.contains("2 groups")), "{error}");
}

#[test]
fn whole_groups_are_spread_by_class_as_evenly_as_they_allow() {
    let labels = real();
    let classes: Vec<String> = (0..7).map(|class| format!("class {class}")).collect();
    // Pages of up to 16 photos, and 83 photos by themselves.
    let pages: Vec<usize> = (0..455).map(|i| if i < 83 { 1000 + i } else { i * i % 47 }).collect();
    let of = |seeds: &[u64]| {
        let settings = FoldSettings { folds: 5, seeds: seeds.to_vec() };
        Folds::stratified_grouped(&classes, &labels, &pages, &settings).unwrap()
    };
    let folds = of(&[1, 2, 3]);
    assert!(folds.check_apart(&pages).is_ok());
    for repeat in 0..3 {
        for fold in 0..5 {
            let test = folds.test(repeat, fold);
            assert!((82..=100).contains(&test.len()), "{}", test.len());
            for class in 0..7 {
                let (all, here) = (
                    labels.iter().filter(|&&label| label == class).count() as f64 / 5.0,
                    test.iter().filter(|&&i| labels[i] == class).count() as f64,
                );
                assert!((here - all).abs() <= 5.0, "repeat {repeat}, fold {fold}, class {class}: {here} and {all}");
            }
        }
    }
    assert_ne!(folds.of(0), folds.of(1));
    assert_eq!(of(&[3]).of(0), folds.of(2));

    let refused = |labels: &[usize], groups: &[usize]| {
        let settings = FoldSettings { folds: 3, seeds: vec![1] };
        Folds::stratified_grouped(&classes[..2], labels, groups, &settings).unwrap_err().to_string()
    };
    assert!(refused(&[0, 0, 1, 1], &[4, 4, 5, 5]).contains("2 groups cannot be dealt out to 3 folds"));
    assert!(refused(&[0, 1, 0, 1], &[1, 2, 3]).contains("3 groups for 4 samples"));
    assert!(refused(&[0, 0, 1, 1, 1], &[1, 1, 2, 3, 4]).contains("class 0 are in one fold"));
}

#[test]
fn copies_follow_their_photo_and_copies_on_both_sides_are_counted() {
    let labels = real();
    let photos = stratified(&labels, 5, &[1, 2]).unwrap();
    let of: Vec<usize> = (0..3 * 455).map(|copy| copy % 455).collect();
    let copies = photos.of_copies(&of).unwrap();
    assert_eq!((copies.len(), copies.repeats(), copies.folds()), (1365, 2, 5));
    for repeat in 0..2 {
        assert!((0..1365).all(|copy| copies.of(repeat)[copy] == photos.of(repeat)[copy % 455]));
    }
    assert!(copies.check_apart(&of).is_ok());

    let all: Vec<usize> = of.iter().map(|&photo| labels[photo]).collect();
    let again = stratified(&all, 5, &[1]).unwrap();
    let torn =
        (0..455).filter(|&photo| (1..3).any(|copy| again.of(0)[photo] != again.of(0)[photo + copy * 455])).count();
    let error = again.check_apart(&of).unwrap_err();
    assert!(matches!(&error, Error::Data(what) if what.starts_with(&format!("{torn} of 455 groups"))), "{error}");

    assert!(photos.of_copies(&[455]).unwrap_err().to_string().contains("sample 455"));
    assert!(photos.of_copies(&[]).is_err());
    assert!(photos.check_apart(&[0]).unwrap_err().to_string().contains("1 groups for 455"));
}
