//! Checkers of the exercises on the data set, its preparation, transfer learning and k-nearest neighbours: the right answer
//! is right, by another way to it, and what people answer instead is named.

use manga_expressions::data::{Dataset, FoldSettings, Folds, Preparation, Source, SplitSettings};
use manga_expressions::lessons::exercises::{data_set, neighbours, preparation, transfer_learning};
use manga_expressions::study::neighbours::{Distance, choose_k, cross_validate};

fn faces() -> Dataset {
    Source::Drawn { count: 455, seed: 1 }.load().unwrap()
}

#[test]
fn of_the_data_set() {
    let faces = faces();
    // Drawn in the proportions of the real set: 37 pleased and 86 happy.
    assert!(data_set::happy_or_pleased(&faces, (37.0 + 86.0) / 455.0).unwrap().is_right());
    assert!(data_set::happy_or_pleased(&faces, 86.0 / 455.0).unwrap().to_string().contains("happy alone"));
    assert!(data_set::happy_or_pleased(&faces, f64::NAN).unwrap().to_string().contains("Put your answer"));

    let answers = (0..=37).filter(|&n| data_set::smallest_class_in_test(&faces, 5, f64::from(n)).unwrap().is_right());
    assert_eq!(answers.count(), 1);
    assert!(!data_set::smallest_class_in_test(&faces, 5, 37.0).unwrap().is_right());

    let brightness: Vec<f32> = faces
        .photos()
        .iter()
        .map(|photo| photo.grey().iter().map(|&grey| f64::from(grey)).sum::<f64>() as f32 / photo.grey().len() as f32)
        .collect();
    let features = manga_expressions::data::Features::new("grey", 455, brightness).unwrap();
    let folds = Folds::stratified(faces.classes(), faces.labels(), &FoldSettings::default()).unwrap();
    let result = cross_validate(&features, faces.labels(), faces.classes(), &folds, Distance::Euclidean, 15).unwrap();
    assert!(data_set::brightness_alone(&faces, result.scores[14].accuracy).unwrap().is_right());
    assert!(!data_set::brightness_alone(&faces, 0.9).unwrap().is_right());
}

#[test]
fn of_the_preparation() {
    assert!(preparation::scaled(&Preparation::default(), 51, 0.2).is_right());
    assert!(preparation::scaled(&Preparation::default(), 51, 0.8).to_string().contains("black is 0"));
    let faces = faces();
    let split = faces.split(&SplitSettings::default()).unwrap();
    assert!(preparation::one_test_photo(&split, 100.0 / 91.0).is_right());
    assert!(preparation::one_test_photo(&split, 1.0 / 91.0).to_string().contains("fraction"));
    let answers = |n: usize| preparation::characters_on_both_sides(&faces, &split, n as f64).unwrap();
    let right: Vec<usize> = (0..=65).filter(|&n| answers(n).is_right()).collect();
    let seen = |part: &[usize], character: usize| part.iter().any(|&face| faces.groups().unwrap()[face] == character);
    let both = (0..65).filter(|&character| seen(split.train(), character) && seen(split.test(), character)).count();
    assert_eq!(right, [both]);
    let split = Dataset::split(&faces, &SplitSettings { test: 0.3, ..SplitSettings::default() }).unwrap();
    let unknown =
        Dataset::from_photos(faces.classes().to_vec(), faces.photos().to_vec(), faces.labels().to_vec(), None);
    assert!(preparation::characters_on_both_sides(&unknown.unwrap(), &split, 1.0).is_err());
}

#[test]
fn of_transfer_learning() {
    assert!(transfer_learning::numbers_that_learn(7, 2048.0 * 7.0 + 7.0).unwrap().is_right());
    assert!(transfer_learning::numbers_that_learn(7, f64::NAN).unwrap().to_string().contains("f64::NAN"));
}

#[test]
fn of_neighbours() {
    assert!(neighbours::true_accuracy(0.90, 0.65).unwrap().is_right());
    assert!(neighbours::true_accuracy(0.90, 65.0).unwrap().to_string().contains("percent"));
    assert!(neighbours::copy_in_training(4, 0.2, 0.9984).is_right());
    assert!(!neighbours::copy_in_training(4, 0.2, 0.8).is_right());
    let faces = faces();
    let folds = Folds::stratified(faces.classes(), faces.labels(), &FoldSettings { folds: 5, seeds: vec![1] }).unwrap();
    let widths = manga_expressions::data::Features::widths(&faces).unwrap();
    let of = |k| cross_validate(&widths, faces.labels(), faces.classes(), &folds, Distance::Euclidean, k).unwrap();
    let choice = choose_k(&widths, faces.labels(), faces.classes(), &folds, Distance::Euclidean, 20).unwrap();
    let points = 100.0 * (of(20).best().accuracy - choice.chosen_in_training());
    assert!(neighbours::points_above_honest(&of(20), &choice, points).is_right());
    assert!(!neighbours::points_above_honest(&of(20), &choice, points + 10.0).is_right());
}
