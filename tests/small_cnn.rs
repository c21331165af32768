//! The small CNN on drawn faces: that it learns within a lesson, flattens, and over-fits on demand. Each result has a floor,
//! below which a training step is broken, and a ceiling, above which the test has seen its faces before.

#[path = "common/fitting.rs"]
mod fitting;

use fitting::quietly;
use manga_expressions::data::{Dataset, LabelledImages, Split, SplitKind, SplitSettings};
use manga_expressions::faces::FaceSet;
use manga_expressions::net::models::small_cnn;
use manga_expressions::study::experiment::{Experiment, evaluate};
use manga_expressions::training::{Fitting, History, Keep, Settings};

struct Faces {
    train: LabelledImages,
    validation: LabelledImages,
    test: LabelledImages,
}

/// As the recipe prepares them; no character is in two parts.
fn faces(count: usize, validation: f64) -> Faces {
    let dataset = Dataset::from_faces(&FaceSet::new(count, 1)).unwrap();
    let settings = SplitSettings { kind: SplitKind::Grouped, validation, ..SplitSettings::default() };
    let split: Split = dataset.split(&settings).unwrap();
    let images = Experiment::recipe("small_cnn", 1).unwrap().preparation.apply(&dataset).unwrap();
    Faces {
        train: images.select(split.train()),
        validation: images.select(split.validation()),
        test: images.select(split.test()),
    }
}

fn settings(epochs: usize) -> Settings {
    let recipe = Experiment::recipe("small_cnn", 1).unwrap().training;
    Settings { epochs, keep: Keep::Last, threads: Some(1), ..recipe }
}

/// Loss in training of the epochs, and the most that one of them took of the processor.
fn losses(history: &History) -> (Vec<f64>, f64) {
    let losses = history.epochs.iter().map(|epoch| epoch.train_loss).collect();
    (losses, history.epochs.iter().map(|epoch| epoch.cpu_seconds).fold(0.0, f64::max))
}

#[test]
fn it_learns_expressions_within_a_few_epochs_of_a_second() {
    let Faces { train, validation, test } = faces(1200, 0.1);
    let mut network = small_cnn((32, 32, 1), 7, 1);
    let history = quietly(&mut network, &train, Some(&validation), &settings(8)).unwrap();

    let (losses, slowest) = losses(&history);
    assert!(losses[0] < 2.1 && losses.windows(2).all(|pair| pair[1] < pair[0]), "falls in every epoch: {losses:?}");
    assert!((0.5..1.4).contains(&losses[7]), "{losses:?}");
    assert!(slowest < 3.0, "{slowest} CPU seconds for an epoch");

    let accuracy = evaluate(&network, &test, &train.labels).unwrap().accuracy;
    assert!(accuracy.interval.low > accuracy.baseline.accuracy, "not above the majority class: {accuracy}");
    assert!((0.45..0.8).contains(&accuracy.accuracy), "{accuracy}");
}

#[test]
fn few_faces_and_many_epochs_over_fit() {
    let Faces { train, validation, .. } = faces(700, 0.4);
    let few = train.first(140);
    let mut network = small_cnn((32, 32, 1), 7, 1);
    let history = quietly(&mut network, &few, Some(&validation), &settings(60)).unwrap();

    let by_heart = evaluate(&network, &few, &few.labels).unwrap();
    assert!(by_heart.accuracy.accuracy > 0.99, "{}", by_heart.accuracy);
    let lowest = history.lowest_validation_loss().unwrap();
    let (at, lowest) = (lowest.epoch, lowest.validation_loss.unwrap());
    let last = history.epochs.last().unwrap();
    assert!((2..40).contains(&at), "the validation loss was lowest after epoch {at}");
    assert!(last.validation_loss.unwrap() > 1.2 * lowest, "{last:?}, lowest {lowest}");
    assert!((0.2..0.6).contains(&last.validation_accuracy.unwrap()), "{last:?}");
    assert_eq!(history.diagnosis(7).unwrap().fitting, Fitting::Over);
}
