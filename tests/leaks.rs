//! Each way to a false figure, and that the library's checks catch it and let the honest way through.

use manga_expressions::Error;
use manga_expressions::data::{
    Augmentation, Dataset, Features, FoldSettings, Folds, LabelledImages, Photo, Preparation, Reduction,
    shuffled_labels,
};
use manga_expressions::faces::FaceSet;
use manga_expressions::lessons::Leak;
use manga_expressions::lessons::exercises::{how_far, leaks};
use manga_expressions::metrics::{Interval, OutOfFoldPredictions, OutOfFoldRow, PowerLaw, check_chance};
use manga_expressions::show::plots;
use manga_expressions::study::neighbours::{
    Distance, check_no_confounder, choose_k, cross_validate, cross_validate_each, cross_validate_first,
    paired_difference,
};
use std::sync::LazyLock;

static FACES: LazyLock<Dataset> = LazyLock::new(|| Dataset::from_faces(&FaceSet::new(210, 1)).unwrap());

fn prepared(dataset: &Dataset) -> LabelledImages {
    Preparation { size: 24, ..Preparation::default() }.apply(dataset).unwrap()
}

fn folds(dataset: &Dataset, seeds: &[u64]) -> Folds {
    let settings = FoldSettings { folds: 5, seeds: seeds.to_vec() };
    Folds::stratified(dataset.classes(), dataset.labels(), &settings).unwrap()
}

#[test]
fn photos_that_are_there_twice_are_found_however_they_were_changed() {
    assert!(FACES.near_duplicates().pairs().is_empty());
    assert!(FACES.near_duplicates().to_string().contains("No two of 210"));
    let twice = FACES.with_duplicates(60, 3).unwrap();
    let found = twice.near_duplicates();
    assert_eq!(found.pairs().len(), 60);
    let mirrored = found.pairs().iter().filter(|pair| pair.mirrored).count();
    assert!((15..=45).contains(&mirrored), "{mirrored}");
    for pair in found.pairs() {
        assert!(pair.first < 210 && pair.second >= 210 && pair.correlation >= 0.97 && pair.correlation <= 1.0);
        assert!(twice.photos()[pair.second].name().starts_with(twice.photos()[pair.first].name()));
        assert_eq!((found.groups()[pair.first], found.groups()[pair.second]), (pair.first, pair.first));
    }
    // Brighter and flatter, and three of one.
    let changed = |i: usize, name: &str, change: fn(u8) -> u8| {
        let photo = &FACES.photos()[i];
        let grey = photo.grey().iter().map(|&value| change(value)).collect();
        Photo::from_grey(name, photo.width(), photo.height(), grey).unwrap()
    };
    let mut photos = FACES.photos().to_vec();
    photos.extend([changed(5, "flat", |v| v / 2 + 100), changed(5, "dark", |v| v / 2)]);
    let labels = [FACES.labels(), &[FACES.labels()[5]; 2]].concat();
    let three = Dataset::from_photos(FACES.classes().to_vec(), photos, labels, None).unwrap().near_duplicates();
    assert_eq!((three.pairs().len(), three.groups()[210], three.groups()[211]), (3, 5, 5));
    // One shade is like nothing.
    let blank = |name: &str, shade: u8| Photo::from_grey(name, 9, 9, vec![shade; 81]).unwrap();
    let photos = vec![blank("a", 1), blank("b", 200), blank("c", 7)];
    let blanks = Dataset::from_photos(vec!["x".into(), "y".into()], photos, vec![0, 0, 1], None).unwrap();
    assert!(blanks.near_duplicates().pairs().is_empty());
    assert!(FACES.with_duplicates(211, 1).is_err());
}

#[test]
fn duplicates_raise_the_figure_and_are_caught() {
    let twice = FACES.with_duplicates(105, 1).unwrap();
    let duplicates = twice.near_duplicates();
    let torn = folds(&twice, &[1]);
    let whole = Folds::grouped(duplicates.groups(), &FoldSettings { folds: 5, seeds: vec![1] }).unwrap();
    let pixels = Features::pixels(&prepared(&twice).images).unwrap();
    let accuracy = |folds: &Folds| {
        let cosine = Distance::Cosine;
        let result = cross_validate_first(210, &pixels, twice.labels(), twice.classes(), folds, cosine, 1).unwrap();
        result.with(1).unwrap().0
    };
    assert!(accuracy(&torn) > accuracy(&whole) + 0.08, "{} and {}", accuracy(&torn), accuracy(&whole));
    let error = duplicates.check_apart(&torn).unwrap_err();
    assert!(matches!(error, Error::Data(_)) && error.to_string().contains("of 105 pairs of duplicates"), "{error}");
    assert!(duplicates.check_apart(&whole).is_ok());
    assert!(matches!(duplicates.check_apart(&folds(&FACES, &[1])), Err(Error::Invalid(_))));
}

#[test]
fn shuffled_labels_show_a_leak_and_clear_what_has_none() {
    let images = prepared(&FACES);
    let (labels, classes) = (FACES.labels(), FACES.classes());
    let ids: Vec<usize> = (0..labels.len()).collect();
    let nonsense = shuffled_labels(labels, &ids, 1).unwrap();
    assert_ne!(nonsense, labels);
    let sorted = |labels: &[usize]| {
        let mut sorted = labels.to_vec();
        sorted.sort_unstable();
        sorted
    };
    assert_eq!(sorted(&nonsense), sorted(labels));
    assert_eq!(nonsense, shuffled_labels(labels, &ids, 1).unwrap());

    let copies = Augmentation { rotation: 3.0, ..Augmentation::default() }.copies(&images, 3, 1).unwrap();
    let pixels = Features::pixels(&copies.images.images).unwrap();
    let nonsense = shuffled_labels(&copies.images.labels, &copies.of, 1).unwrap();
    let majority = FACES.majority().1;
    let told = |folds: &Folds| {
        let result = cross_validate_first(210, &pixels, &nonsense, classes, folds, Distance::Cosine, 1).unwrap();
        check_chance("copies", result.with(1).unwrap().0, 210, majority)
    };
    let settings = FoldSettings { folds: 5, seeds: vec![1] };
    let torn = Folds::stratified(classes, &copies.images.labels, &settings).unwrap();
    assert!(told(&torn).unwrap_err().to_string().contains("with shuffled labels"));
    assert!(told(&folds(&FACES, &[1]).of_copies(&copies.of).unwrap()).is_ok());

    assert!(shuffled_labels(&[0, 1], &[3], 1).is_err());
    assert!(shuffled_labels(&[0, 1], &[3, 3], 1).unwrap_err().to_string().contains("labels 0 and 1"));
}

#[test]
fn features_that_were_learnt_from_the_test_are_refused() {
    let (labels, classes, folds) = (FACES.labels(), FACES.classes(), folds(&FACES, &[1]));
    let pixels = Features::pixels(&prepared(&FACES).images).unwrap();
    let run = |features: &Features| cross_validate(features, labels, classes, &folds, Distance::Euclidean, 3);
    let all: Vec<usize> = (0..210).collect();
    let learnt = pixels.clone().learnt_from(&all).unwrap();
    let error = run(&learnt).unwrap_err();
    assert!(matches!(error, Error::Data(_)) && error.to_string().contains("42 of 42 test photos"), "{error}");
    assert!(choose_k(&learnt, labels, classes, &folds, Distance::Euclidean, 3).is_err());
    // One photo is enough, and the note follows a selection and a new name.
    assert!(run(&pixels.clone().learnt_from(&[7]).unwrap().named("x")).is_err());
    let few = pixels.clone().learnt_from(&[7, 9]).unwrap().select(&[9, 3, 9]);
    assert!(few.check_unseen(&[1]).is_ok() && few.check_unseen(&[0]).is_err() && few.check_unseen(&[2]).is_err());
    assert_eq!(run(&learnt.forgetting_what_was_seen()).unwrap(), run(&pixels).unwrap());
    assert!(pixels.clone().learnt_from(&[210]).is_err());
    // Features of their own for each fold may have learnt from its training part, and from nothing else.
    let of_fold =
        |fold: usize, seen: &[usize]| pixels.clone().learnt_from(seen).map(|f| f.named(&format!("{fold}"))).unwrap();
    let own: Vec<Features> = (0..5).map(|fold| of_fold(fold, &folds.train(0, fold))).collect();
    assert!(cross_validate_each(&own, labels, classes, &folds, Distance::Euclidean, 3).is_ok());
    let mut swapped = own.clone();
    swapped.swap(0, 1);
    assert!(cross_validate_each(&swapped, labels, classes, &folds, Distance::Euclidean, 3).is_err());
}

#[test]
fn k_chosen_on_the_test_is_told_from_k_chosen_without_it() {
    let pixels = Features::pixels(&prepared(&FACES).images).unwrap();
    let choice =
        choose_k(&pixels, FACES.labels(), FACES.classes(), &folds(&FACES, &[1, 2]), Distance::Cosine, 30).unwrap();
    assert!(choice.optimism() > 0.01);
    assert!(choice.check_accuracy(choice.chosen_in_training()).is_ok());
    let error = choice.check_accuracy(choice.chosen_on_test()).unwrap_err().to_string();
    assert!(error.contains("its answers chose it"), "{error}");
}

#[test]
fn size_is_a_cue_where_classes_have_their_own_and_not_where_all_are_equal() {
    let (labels, classes, folds) = (FACES.labels(), FACES.classes(), folds(&FACES, &[1]));
    let check = |dataset: &Dataset| check_no_confounder(&Features::widths(dataset).unwrap(), labels, classes, &folds);
    let sized = FACES.sized_by_class(30, 90).unwrap();
    let mut sides: Vec<usize> = sized.photos().iter().map(|photo| photo.width()).collect();
    sides.sort_unstable();
    sides.dedup();
    assert_eq!((sides.len(), sides[0], sides[6]), (7, 30, 90));
    assert!(check(&sized).unwrap_err().to_string().contains("100.0 %"));
    let equal = sized.equalised(30).unwrap();
    assert!(equal.photos().iter().all(|photo| photo.width() == 30));
    assert!(check(&equal).is_ok() && check(&FACES).is_ok());
    let equalised = FACES.equalised(30).unwrap();
    // By one factor the order of sizes stays, and the median is as wanted.
    let reduced = FACES.reduced_to_median(50).unwrap();
    assert_eq!(reduced.median_side(), 50);
    assert!(reduced.smallest_side() < 50 && reduced.labels() == labels);
    assert!(FACES.equalised(FACES.smallest_side() + 1).unwrap_err().to_string().contains("take at most"));
    assert!(FACES.reduced_to_median(FACES.median_side() + 1).is_err() && FACES.equalised(0).is_err());
    // A network gets the same by its preparation.
    let plain = Preparation { size: 32, ..Preparation::default() };
    let by = 50.0 / FACES.median_side() as f64;
    for (reduction, dataset) in [(Reduction::To(30), &equalised), (Reduction::By(by), &reduced)] {
        let prepared = Preparation { reduced: Some(reduction), ..plain.clone() };
        let images = |preparation: &Preparation, dataset: &Dataset| preparation.apply(dataset).unwrap().images;
        assert_eq!(images(&prepared, &FACES).values(), images(&plain, dataset).values());
        assert_ne!(images(&prepared, &FACES).values(), images(&plain, &FACES).values());
    }
    assert!(FACES.sized_by_class(0, 10).is_err() && FACES.sized_by_class(1, 1_000_000).is_err());
}

#[test]
fn a_paired_difference_is_that_of_the_accuracies_and_sharper() {
    let (labels, classes, folds) = (FACES.labels(), FACES.classes(), folds(&FACES, &[1, 2]));
    let pixels = Features::pixels(&prepared(&FACES).images).unwrap();
    let [euclidean, cosine] = [Distance::Euclidean, Distance::Cosine]
        .map(|distance| cross_validate(&pixels, labels, classes, &folds, distance, 9).unwrap());
    let difference = paired_difference(&euclidean, &cosine, labels, 9).unwrap();
    let (a, b) = (euclidean.with(9).unwrap(), cosine.with(9).unwrap());
    assert!((difference.mean - (a.0 - b.0)).abs() < 1e-12);
    assert!(difference.high - difference.low < (a.1.high - a.1.low) + (b.1.high - b.1.low));
    assert!(paired_difference(&euclidean, &cosine, labels, 10).is_err() && euclidean.with(10).is_err());
    assert!(paired_difference(&euclidean, &cosine, &labels[1..], 9).is_err());
}

#[test]
fn images_of_two_parts_are_compared_by_their_pixels() {
    let images = prepared(&FACES);
    let (some, others) = (images.select(&[1, 2, 3]), images.select(&[4, 5]));
    assert!(some.check_apart(&others).is_ok());
    let mut renamed = images.select(&[5, 3]);
    renamed.names[1] = "another name".into();
    let error = some.check_apart(&renamed).unwrap_err().to_string();
    assert!(error.contains("1 of 3") && error.contains("another name"), "{error}");
}

#[test]
fn a_leak_has_two_figures_with_intervals_and_what_caught_it() {
    let caught = || Err(Error::Data("caught".into()));
    let leak = Leak::new("copies", 0.76, 0.25, 455, caught()).unwrap();
    assert_eq!(leak.shown_interval, Interval::of_fraction(0.76, 455).unwrap());
    assert!(leak.reaches(0.76) && leak.reaches(0.79) && !leak.reaches(0.81) && (leak.optimism() - 0.51).abs() < 1e-12);
    assert!(Leak::new("none", 0.76, 0.25, 455, Ok(())).unwrap_err().to_string().contains("found nothing wrong"));
    assert!(Leak::new("no fraction", 1.76, 0.25, 455, caught()).is_err());
    // Lots: the sum of the squared fractions of the classes, 32,495 / 455^2, reads as 76 %.
    let labels: Vec<usize> =
        [56, 37, 102, 53, 55, 86, 66].iter().enumerate().flat_map(|(class, &n)| vec![class; n]).collect();
    let lots = Leak::lots_one_vs_rest("lots", &labels, FACES.classes()).unwrap();
    assert!((lots.honest - 32_495.0 / 207_025.0).abs() < 1e-12);
    assert!((lots.shown - (1.0 - 2.0 * (1.0 - lots.honest) / 7.0)).abs() < 1e-12 && lots.reaches(0.76));
    assert_eq!(lots.honest_interval, Interval::of_fraction(lots.honest, 455).unwrap());
    assert!(lots.caught.contains("one-vs-rest accuracy"));
    let figure = plots::leaks(&[leak], 0.224, ("the report's", 0.76)).unwrap();
    assert!(figure.svg().contains("76.0 %") && figure.svg().contains("25.0 %"));
    assert!(plots::leaks(&[], 0.2, ("x", 0.5)).is_err());
}

#[test]
fn exercises_know_right_answers_and_usual_mistakes() {
    let none = "Not yet. Put your answer in place of f64::NAN.";
    assert!(leaks::shown_with_twins(0.3, 0.25, 0.475).is_right());
    assert!(leaks::shown_with_twins(0.3, 0.25, 0.55).to_string().contains("of the others only"));
    assert_eq!(leaks::shown_with_twins(0.3, 0.25, f64::NAN).to_string(), none);
    // scipy.integrate: the expected largest of 20 standard normal numbers is 1.867.
    assert!(leaks::luck_of_the_best(91, 0.224, 8.16).is_right());
    assert!(leaks::luck_of_the_best(91, 0.224, 4.37).to_string().contains("one accuracy"));
    let leak = Leak::new("copies", 0.9, 0.2, 455, Err(Error::Data("caught".into()))).unwrap();
    assert!(leaks::twins_found(&leak, 0.875).is_right());
    assert!(leaks::twins_found(&leak, 0.7).to_string().contains("right anyway"));

    let row = |i: usize, truth: usize, predicted: usize, sure: f64| {
        let mut probabilities = vec![0.0; 2];
        probabilities[predicted] = sure;
        OutOfFoldRow { image: format!("{i}"), repeat: 0, fold: 0, truth, predicted, probabilities }
    };
    let rows = vec![row(0, 0, 0, 0.9), row(1, 0, 1, 0.8), row(2, 1, 1, 0.4), row(3, 1, 1, 0.3)];
    let said = OutOfFoldPredictions::new(&["happy".into(), "pleased".into()], rows).unwrap();
    assert!(how_far::points_by_joining(&said, "happy", "pleased", 25.0).unwrap().is_right());
    assert!(
        how_far::points_by_joining(&said, "happy", "pleased", 100.0).unwrap().to_string().contains("of all mistakes")
    );
    assert!(how_far::points_by_joining(&said, "happy", "sad", 25.0).is_err());
    // Below one half: 0.35 sure, all right; above: 0.85 sure, half right.
    let bins = said.confidence(&[0.0, 0.5, 1.0]).unwrap();
    assert!(how_far::calibration_error(&bins, 0.5).is_right());
    assert!(how_far::calibration_error(&bins, 0.15).to_string().contains("distances"));
    let law = PowerLaw { ceiling: 0.7, factor: 2.0, power: 0.5 };
    assert!(how_far::photos_for_half(&law, 4.0).is_right() && !how_far::photos_for_half(&law, 2.0).is_right());
}
