//! Copies at test time: averaged, in evaluation and prediction alike.

use manga_expressions::data::{Images, Preparation, Source, Transform};
use manga_expressions::net::models::{dcnn, resnet50};
use manga_expressions::net::nn::{Head, Network};
use manga_expressions::study::experiment::{Classifier, Experiment, TestTimeAugmentation, evaluate_run};
use manga_expressions::training::{Keep, Progress, Run, probabilities};

/// ResNet-50's first stages, small and quick, for images of any size.
fn network() -> Network {
    let mut network = resnet50((24, 24, 1), 7, 1).with_heads(&[Head { grid: 2, ..Head::on("layer1") }]).unwrap();
    let weight = network.parameters_mut().into_iter().find(|p| p.name == "head.layer1.fc.weight").unwrap();
    let values: Vec<f32> = (0..weight.len()).map(|i| ((i * 37) % 101) as f32 / 101.0 - 0.5).collect();
    weight.set_values(&values);
    network
}

fn mirrored(images: &Images) -> Images {
    Transform { flipped: true, ..Transform::default() }.apply(images).unwrap()
}

/// Fails unless the softmax of each row of logits is the mean of the copies' probabilities.
fn assert_means(logits: &[Vec<f32>], copies: &[Vec<Vec<f32>>]) {
    for (image, row) in logits.iter().enumerate() {
        let sum: f64 = row.iter().map(|&logit| f64::from(logit).exp()).sum();
        for (class, &logit) in row.iter().enumerate() {
            let mean = copies.iter().map(|copy| f64::from(copy[image][class])).sum::<f64>() / copies.len() as f64;
            assert!((f64::from(logit).exp() / sum - mean).abs() < 1e-6, "image {image}, class {class}");
        }
    }
}

#[test]
fn the_probabilities_of_all_copies_are_averaged() {
    let mut network = network();
    let dataset = Source::Drawn { count: 14, seed: 1 }.load().unwrap();
    let preparation = Preparation { size: 24, ..Preparation::default() };
    let images = preparation.images(dataset.photos()).unwrap();
    let own = probabilities(&network, &images).unwrap();
    let flipped = probabilities(&network, &mirrored(&images)).unwrap();
    assert_ne!(own, flipped);

    let flip = TestTimeAugmentation { flip: true, sizes: vec![] };
    assert_means(&flip.logits(&mut network, &images, &[]).unwrap(), &[own.clone(), flipped.clone()]);

    let all = TestTimeAugmentation { flip: true, sizes: vec![32] };
    let sized = all.sized(&preparation, dataset.photos()).unwrap();
    assert_eq!(sized[0].shape(), (14, 32, 32, 1));
    let logits = all.logits(&mut network, &images, &sized).unwrap();
    assert_eq!(network.input(), (24, 24, 1));
    network.resize((32, 32)).unwrap();
    let larger = [&sized[0], &mirrored(&sized[0])].map(|images| probabilities(&network, images).unwrap());
    let [a, b] = larger;
    assert_means(&logits, &[own.clone(), flipped, a, b]);

    network.resize((24, 24)).unwrap();
    let plain = TestTimeAugmentation::default().logits(&mut network, &images, &[]).unwrap();
    assert_eq!(plain, manga_expressions::training::logits(&network, &images).unwrap());
}

#[test]
fn copies_that_cannot_be_are_named_and_the_network_stays_as_it_was() {
    let sizes = TestTimeAugmentation { flip: false, sizes: vec![64] };
    let images =
        |size: usize, count: usize| Images::new((count, size, size, 1), vec![0.5; count * size * size]).unwrap();
    let mut network = dcnn((32, 32, 1), 7, 1);
    let said = sizes.logits(&mut network, &images(32, 2), &[images(64, 2)]).unwrap_err().to_string();
    assert!(said.contains("dcnn cannot be given images of 64 x 64"), "{said}");
    assert_eq!(network.input(), (32, 32, 1));
    let said = sizes.logits(&mut network, &images(32, 2), &[images(32, 3)]).unwrap_err().to_string();
    assert!(said.contains("are not the same photos"), "{said}");
    let preparation = Preparation { size: 24, ..Preparation::default() };
    let dataset = Source::Drawn { count: 7, seed: 1 }.load().unwrap();
    let none = TestTimeAugmentation { flip: false, sizes: vec![0] };
    assert!(none.sized(&preparation, dataset.photos()).unwrap_err().to_string().contains("0 x 0"));
}

#[test]
fn evaluation_prediction_and_a_later_evaluation_say_the_same() {
    let mut experiment = Experiment { source: Source::Drawn { count: 42, seed: 1 }, ..Experiment::new("resnet50", 1) };
    (experiment.preparation.size, experiment.preparation.channels) = (24, 1);
    experiment.heads = vec![Head { grid: 2, batch_norm: true, ..Head::on("layer1") }];
    experiment.split.validation = 0.0;
    (experiment.training.epochs, experiment.training.keep) = (2, Keep::Last);
    experiment.test_time = TestTimeAugmentation { flip: true, sizes: vec![32] };
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("run").to_string_lossy().into_owned();
    let outcome = experiment.run(&folder, false, Progress::quiet()).unwrap();
    let predictions = &outcome.evaluation.predictions;

    let run = Run::open(&folder).unwrap();
    assert_eq!(Experiment::of(&run).unwrap().test_time, experiment.test_time);
    assert_eq!(evaluate_run(&run, None, Progress::quiet()).unwrap().predictions, *predictions);

    let dataset = experiment.source.load().unwrap();
    let parts = experiment.parts(&dataset).unwrap();
    let photos: Vec<_> = parts.split.test().iter().map(|&photo| dataset.photos()[photo].clone()).collect();
    let mut classifier = Classifier::of_run(&run).unwrap();
    let said = classifier.classify(&photos).unwrap();
    let probabilities: Vec<Vec<f32>> = said.iter().map(|said| said.probabilities.clone()).collect();
    assert_eq!(probabilities, predictions.probabilities);
    // Of an image alone there is the mirrored copy, and no other size.
    let image = parts.test.images.select(&[0]);
    let alone = classifier.classify_images(&image, &["a"]).unwrap();
    let (mut network, _) = manga_expressions::study::experiment::load(&run).unwrap();
    let flip = TestTimeAugmentation { flip: true, sizes: vec![] };
    assert_eq!(alone[0].logits, flip.logits(&mut network, &image, &[]).unwrap()[0]);
    assert_ne!(alone[0].probabilities, said[0].probabilities);
}
