//! k-nearest neighbours as scikit-learn's, and their cross-validation.
//!
//! On the real photos, with the time it takes:
//! `MANGA_DATA=DIR cargo test --release --test neighbours -- --ignored --nocapture`.

use manga_expressions::Error;
use manga_expressions::data::{Dataset, Features, FoldSettings, Folds, Hog, Preparation};
use manga_expressions::metrics::{ConfusionMatrix, Interval, one_vs_rest_accuracy};
use manga_expressions::show::tables::Table;
use manga_expressions::study::neighbours::{
    Distance, KNeighbours, choose_k, cross_validate, cross_validate_each, cross_validate_first,
};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::Value;
use std::time::Instant;

fn indices(array: &Value) -> Vec<usize> {
    array.as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as usize).collect()
}

fn features(array: &Value, rows: usize) -> Features {
    let values = array.as_array().unwrap().iter().map(|v| v.as_f64().unwrap() as f32).collect();
    Features::new("golden", rows, values).unwrap()
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|i| format!("class {i}")).collect()
}

#[test]
fn neighbours_and_predictions_are_those_of_scikit_learn() {
    let golden: Value = serde_json::from_str(include_str!("golden/neighbours.json")).unwrap();
    let cases = golden["classified"].as_array().unwrap();
    assert_eq!(cases.len(), 3);
    for case in cases {
        let labels = indices(&case["labels"]);
        let classes = case["classes"].as_u64().unwrap() as usize;
        let distance = if case["metric"] == "cosine" { Distance::Cosine } else { Distance::Euclidean };
        let asked = features(&case["asked"], 40);
        let known = KNeighbours::new(&features(&case["known"], 60), &labels, classes, distance).unwrap();
        let nearest: Vec<Vec<usize>> = case["nearest"].as_array().unwrap().iter().map(indices).collect();
        assert_eq!(known.nearest(&asked, 25).unwrap(), nearest);
        let (mut decided, mut tied) = (0, 0);
        for (k, (theirs, clear)) in
            case["predicted"].as_array().unwrap().iter().zip(case["decided"].as_array().unwrap()).enumerate()
        {
            let ours = known.predict(&asked, k + 1).unwrap();
            for (i, their) in indices(theirs).into_iter().enumerate() {
                if clear[i] == true {
                    assert_eq!(ours[i], their, "k = {}, row {i}", k + 1);
                    decided += 1;
                } else {
                    // Of the classes with most votes the one of the nearest.
                    let voters = nearest[i][..k + 1].iter().map(|&other| labels[other]);
                    let votes = |class: usize| voters.clone().filter(|&label| label == class).count();
                    let most = (0..classes).map(votes).max().unwrap();
                    assert_eq!(Some(ours[i]), voters.clone().find(|&label| votes(label) == most));
                    tied += 1;
                }
            }
        }
        assert!(decided > 500 && tied > 50, "{decided} and {tied}");
    }
}

/// Photos of three classes that overlap.
fn blobs(count: usize, columns: usize) -> (Features, Vec<usize>) {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let labels: Vec<usize> = (0..count).map(|i| i * i % 3 + i % 2).collect();
    let values = labels.iter().flat_map(|&label| (0..columns).map(move |j| (label * (1 + j % 2)) as f32));
    let values = values.map(|value| value + rng.gen_range(-3.0..3.0)).collect();
    (Features::new("blobs", count, values).unwrap(), labels)
}

#[test]
fn cross_validation_is_the_classifier_fold_by_fold() {
    let (features, labels) = blobs(60, 4);
    let classes = names(3);
    let folds = Folds::stratified(&classes, &labels, &FoldSettings { folds: 4, seeds: vec![1, 7] }).unwrap();
    for distance in [Distance::Euclidean, Distance::Cosine] {
        let result = cross_validate(&features, &labels, &classes, &folds, distance, 20).unwrap();
        assert_eq!((result.images, result.repeats, result.scores.len()), (60, 2, 20));
        for score in &result.scores {
            let mut right = 0;
            for repeat in 0..2 {
                for fold in 0..4 {
                    let (train, test) = (folds.train(repeat, fold), folds.test(repeat, fold));
                    let known: Vec<usize> = train.iter().map(|&i| labels[i]).collect();
                    let model = KNeighbours::new(&features.select(&train), &known, 3, distance).unwrap();
                    let predicted = model.predict(&features.select(&test), score.k).unwrap();
                    for (&i, class) in test.iter().zip(predicted) {
                        assert_eq!(score.predicted[repeat][i], class, "k = {}, photo {i}", score.k);
                        right += usize::from(class == labels[i]);
                    }
                }
            }
            assert!((score.accuracy - right as f64 / 120.0).abs() < 1e-12);
            // By photo: the interval of 60, though 120 were classified.
            assert_eq!(score.interval, Interval::of_fraction(score.accuracy, 60).unwrap());
        }
    }
}

#[test]
fn the_result_is_the_same_on_any_number_of_threads() {
    let (features, labels) = blobs(50, 37);
    let folds = Folds::stratified(&names(3), &labels, &FoldSettings::default()).unwrap();
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let euclidean = Distance::Euclidean;
        pool.install(|| cross_validate(&features, &labels, &names(3), &folds, euclidean, 9).unwrap())
    };
    assert_eq!(run(1), run(3));
}

#[test]
fn the_cosine_does_not_see_lengths_and_the_euclidean_distance_does() {
    let known = Features::new("x", 2, vec![1.0, 0.0, 10.0, 10.0]).unwrap();
    let asked = Features::new("x", 1, vec![1.0, 0.9]).unwrap();
    for (distance, nearest) in [(Distance::Euclidean, 0), (Distance::Cosine, 1)] {
        let model = KNeighbours::new(&known, &[0, 1], 2, distance).unwrap();
        assert_eq!(model.predict(&asked, 1).unwrap(), [nearest]);
    }
    let nothing = Features::new("x", 2, vec![1.0, 0.0, 0.0, 0.0]).unwrap();
    let error = KNeighbours::new(&nothing, &[0, 1], 2, Distance::Cosine).unwrap_err().to_string();
    assert!(error.contains("image 1"), "{error}");
}

#[test]
fn what_does_not_fit_is_refused() {
    let (features, labels) = blobs(30, 2);
    let classes = names(3);
    let folds = Folds::stratified(&classes, &labels, &FoldSettings { folds: 5, seeds: vec![1] }).unwrap();
    let euclidean = Distance::Euclidean;
    let run = |features: &Features, labels: &[usize], k| {
        cross_validate(features, labels, &classes, &folds, euclidean, k).unwrap_err()
    };
    let errors = [
        run(&features, &labels, 0),
        run(&features, &labels, 25),
        run(&features.select(&[0, 1]), &labels, 3),
        run(&features.select(&[0, 1]), &labels[..2], 3),
        run(&features, &vec![3; 30], 3),
    ];
    assert!(errors.iter().all(|error| matches!(error, Error::Invalid(_))), "{errors:?}");
    let model = KNeighbours::new(&features, &labels, 3, euclidean).unwrap();
    assert!(model.predict(&features, 31).is_err() && model.predict(&features, 0).is_err());
    assert!(model.predict(&blobs(3, 5).0, 1).is_err());
    assert!(KNeighbours::new(&features, &labels[1..], 3, euclidean).is_err());
}

#[test]
fn one_against_the_rest_is_the_mean_of_the_classes_own_accuracies() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for classes in [2, 3, 7] {
        let mut draw = || (0..50).map(|_| rng.gen_range(0..classes)).collect::<Vec<usize>>();
        let (truth, predicted) = (draw(), draw());
        let matrix = ConfusionMatrix::new(&truth, &predicted, &names(classes)).unwrap();
        let of_class = |class: usize| {
            let same = |(t, p): &(&usize, &usize)| (**t == class) == (**p == class);
            truth.iter().zip(&predicted).filter(same).count() as f64 / 50.0
        };
        let direct = (0..classes).map(of_class).sum::<f64>() / classes as f64;
        let ours = one_vs_rest_accuracy(matrix.correct() as f64 / 50.0, classes).unwrap();
        assert!((ours - direct).abs() < 1e-12, "{ours} and {direct}");
    }
    for (accuracy, classes) in [(-0.1, 7), (1.1, 7), (f64::NAN, 7), (0.5, 1)] {
        assert!(one_vs_rest_accuracy(accuracy, classes).is_err());
    }
}

#[test]
fn read_one_against_the_rest_a_result_is_higher_and_no_better() {
    let (features, labels) = blobs(60, 4);
    let folds = Folds::stratified(&names(3), &labels, &FoldSettings::default()).unwrap();
    let honest = cross_validate(&features, &labels, &names(3), &folds, Distance::Euclidean, 9).unwrap();
    let read = honest.one_vs_rest(3).unwrap();
    assert_eq!(read.best().k, honest.best().k);
    for (a, b) in honest.scores.iter().zip(&read.scores) {
        assert!(b.accuracy > a.accuracy && b.interval.low < b.accuracy && b.accuracy < b.interval.high);
        assert_eq!(a.predicted, b.predicted);
    }
    assert!(read.baseline.accuracy > honest.baseline.accuracy);
    assert!(read.features.contains("one-vs-rest"));
}

#[test]
fn k_is_chosen_as_the_classifier_would_choose_it() {
    let (features, labels) = blobs(60, 4);
    let folds = Folds::stratified(&names(3), &labels, &FoldSettings { folds: 4, seeds: vec![1, 7] }).unwrap();
    let choice = choose_k(&features, &labels, &names(3), &folds, Distance::Euclidean, 12).unwrap();
    assert_eq!((choice.rows.len(), choice.photos), (8, 60));
    let fraction = |known: &[usize], asked: &[usize], k: usize| {
        let of: Vec<usize> = known.iter().map(|&i| labels[i]).collect();
        let known = KNeighbours::new(&features.select(known), &of, 3, Distance::Euclidean).unwrap();
        let said = known.predict(&features.select(asked), k).unwrap();
        said.iter().zip(asked).filter(|(said, asked)| **said == labels[**asked]).count() as f64 / asked.len() as f64
    };
    let first_best = |accuracy: &dyn Fn(usize) -> f64| {
        let all: Vec<f64> = (1..=12).map(accuracy).collect();
        1 + (0..12).rev().max_by(|&a, &b| all[a].total_cmp(&all[b])).unwrap()
    };
    for row in &choice.rows {
        let (train, test) = (folds.train(row.repeat, row.fold), folds.test(row.repeat, row.fold));
        let leave_one_out = |k: usize| {
            let others = |one: usize| train.iter().copied().filter(|&i| i != one).collect::<Vec<_>>();
            train.iter().map(|&one| fraction(&others(one), &[one], k)).sum::<f64>() / train.len() as f64
        };
        // Means of as many 0 and 1 are equal where the counts are, so ties are ties here, too.
        assert_eq!(row.k_in_training, first_best(&leave_one_out));
        assert_eq!(row.k_on_test, first_best(&|k| fraction(&train, &test, k)));
        assert_eq!(row.accuracy_in_training, fraction(&train, &test, row.k_in_training));
        assert_eq!(row.accuracy_on_test, fraction(&train, &test, row.k_on_test));
        assert!(row.accuracy_on_test >= row.accuracy_in_training);
    }
    let mean = choice.rows.iter().map(|row| row.accuracy_on_test * row.photos as f64).sum::<f64>() / 120.0;
    assert!((choice.chosen_on_test() - mean).abs() < 1e-12 && choice.optimism() > 0.0, "{choice}");
    assert!(choose_k(&features, &labels, &names(3), &folds, Distance::Euclidean, 45).is_err());
}

#[test]
fn what_is_only_there_to_be_a_neighbour_is_not_asked() {
    let (features, labels) = blobs(60, 4);
    // Each image once more: with its copy in another fold the nearest neighbour is itself, in its own fold it is not.
    let twice = features.select(&(0..120).map(|i| i % 60).collect::<Vec<_>>());
    let of: Vec<usize> = (0..120).map(|i| i % 60).collect();
    let labels_twice: Vec<usize> = of.iter().map(|&i| labels[i]).collect();
    let one = FoldSettings { folds: 4, seeds: vec![3] };
    let folds = Folds::stratified(&names(3), &labels, &one).unwrap();
    let together = folds.of_copies(&of).unwrap();
    let first = |folds: &Folds, k| {
        cross_validate_first(60, &twice, &labels_twice, &names(3), folds, Distance::Euclidean, k).unwrap()
    };
    let honest = cross_validate(&features, &labels, &names(3), &folds, Distance::Euclidean, 1).unwrap();
    let kept = first(&together, 1);
    assert_eq!((kept.images, kept.scores[0].accuracy), (60, honest.scores[0].accuracy));

    let at_random = Folds::stratified(&names(3), &labels_twice, &one).unwrap();
    let twin = |image: usize| at_random.of(0)[image] != at_random.of(0)[image + 60];
    let leaking = first(&at_random, 1);
    assert!((0..60).filter(|&image| twin(image)).all(|image| leaking.scores[0].predicted[0][image] == labels[image]));
    assert!(leaking.scores[0].accuracy > honest.scores[0].accuracy + 0.1);
    for asked in [0, 121] {
        let result = cross_validate_first(asked, &twice, &labels_twice, &names(3), &together, Distance::Euclidean, 1);
        assert!(result.is_err(), "{asked}");
    }
}

#[test]
fn each_fold_may_have_features_of_its_own() {
    let (features, labels) = blobs(60, 4);
    let folds = Folds::stratified(&names(3), &labels, &FoldSettings { folds: 3, seeds: vec![5] }).unwrap();
    let same = vec![features.clone(); 3];
    let each = |sets: &[Features]| cross_validate_each(sets, &labels, &names(3), &folds, Distance::Cosine, 7);
    assert_eq!(
        each(&same).unwrap(),
        cross_validate(&features, &labels, &names(3), &folds, Distance::Cosine, 7).unwrap()
    );
    // Features that are the class, in one fold only: there, and nowhere else, all are right.
    let told = Features::new("told", 60, labels.iter().map(|&label| 1.0 + label as f32).collect()).unwrap();
    let flat = Features::new("flat", 60, vec![1.0; 60]).unwrap();
    let each = |sets: &[Features]| cross_validate_each(sets, &labels, &names(3), &folds, Distance::Euclidean, 1);
    let mixed = each(&[flat.clone(), told, flat.clone()]).unwrap();
    let nothing = each(&[flat.clone(), flat.clone(), flat]).unwrap();
    let predicted =
        |result: &manga_expressions::study::neighbours::NeighbourAccuracy| result.scores[0].predicted[0].clone();
    for image in 0..60 {
        let expected = if folds.of(0)[image] == 1 { labels[image] } else { predicted(&nothing)[image] };
        assert_eq!(predicted(&mixed)[image], expected);
    }
    assert!(each(&same[..2]).is_err());
}

/// Accuracies on the real photos, and how long it takes.
#[test]
#[ignore = "needs the photos: name their folder in MANGA_DATA"]
fn on_the_real_photos() {
    let dataset = Dataset::from_folder(std::env::var("MANGA_DATA").unwrap()).unwrap();
    let folds = Folds::stratified(dataset.classes(), dataset.labels(), &FoldSettings::default()).unwrap();
    let one =
        Folds::stratified(dataset.classes(), dataset.labels(), &FoldSettings { folds: 5, seeds: vec![1] }).unwrap();
    let images = |size| Preparation { size, ..Preparation::default() }.images(dataset.photos()).unwrap();
    let pixels = Features::pixels(&images(48)).unwrap();
    let run = |features: &Features, folds: &Folds, distance| {
        cross_validate(features, dataset.labels(), dataset.classes(), folds, distance, 50).unwrap()
    };
    let start = Instant::now();
    run(&pixels, &one, Distance::Euclidean);
    println!(
        "k = 1 to 50 over 5 folds of {} photos of 48 x 48 pixels: {:.2} s",
        dataset.len(),
        start.elapsed().as_secs_f64()
    );
    for features in [Features::widths(&dataset).unwrap(), Features::brightness(&dataset).unwrap()] {
        let result = run(&features, &folds, Distance::Euclidean);
        println!("{}", Table::neighbour_accuracy(&[result], &[1, 5, 15, 25, 50]).unwrap());
    }
    let start = Instant::now();
    for distance in [Distance::Euclidean, Distance::Cosine] {
        for features in [&pixels, &Hog::default().features(&images(48)).unwrap()] {
            let choice = choose_k(features, dataset.labels(), dataset.classes(), &folds, distance, 50).unwrap();
            println!("{distance}, {choice}");
        }
    }
    println!("k chosen four times: {:.2} s", start.elapsed().as_secs_f64());
    let mut results = Vec::new();
    let hogs = [48, 64, 96].map(|size| Hog::default().features(&images(size)).unwrap());
    for features in [&pixels].into_iter().chain(&hogs) {
        for distance in [Distance::Euclidean, Distance::Cosine] {
            results.push(run(features, &folds, distance));
        }
    }
    println!("{}", Table::neighbour_accuracy(&results, &[1, 5, 11, 19]).unwrap());
    results.iter().for_each(|result| println!("{result}"));
    // scikit-learn had this, with Pillow's bilinear resizing and scikit-image's HOG, but with other folds.
    let theirs = [(0, [0.249, 0.231, 0.258, 0.248]), (2, [0.303, 0.302, 0.340, 0.347])];
    for (result, accuracies) in theirs {
        for (k, accuracy) in [1, 5, 11, 19].into_iter().zip(accuracies) {
            let ours = results[result].scores[k - 1].accuracy;
            assert!((ours - accuracy).abs() < 0.03, "{}, k = {k}: {ours} and {accuracy}", results[result].features);
        }
    }
}
