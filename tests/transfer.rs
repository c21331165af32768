//! Transfer learning: what a notebook trains in a given time, mistakes on purpose, and statistics measured again.

use manga_expressions::data::{Images, Scaling, Source};
use manga_expressions::lessons::{Budget, Mistake};
use manga_expressions::net::models::resnet50v2;
use manga_expressions::net::nn::{Mode, Network, Pass};
use manga_expressions::study::experiment::Experiment;
use manga_expressions::training::{BatchNormMode, Keep, logits, measure_statistics};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn noise(count: usize) -> Images {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let values = (0..count * 32 * 32).map(|_| rng.gen_range(-3.0..9.0)).collect();
    Images::new((count, 32, 32, 1), values).unwrap()
}

/// What the network says in training mode, by the statistics of the batch.
fn by_the_batch(network: &mut Network, images: &Images) -> Vec<f32> {
    let mut pass = Pass { batch_norm_momentum: Some(1.0), ..Pass::new(Mode::Training, 0) };
    network.forward(images.to_tensor(), &mut pass).unwrap().as_vec()
}

#[test]
fn measured_on_one_batch_inference_is_training() {
    let mut network = resnet50v2((32, 32, 1), 7, 1);
    let images = noise(24);
    let training = by_the_batch(&mut network, &images);
    let far = |network: &mut Network| {
        let inference = logits(network, &images).unwrap().concat();
        training.iter().zip(&inference).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
    };
    let before = far(&mut network);
    measure_statistics(&mut network, &images).unwrap();
    let after = far(&mut network);
    assert!(after < 1e-3 && before > 0.05, "{before} before, {after} after");
}

#[test]
fn over_several_batches_statistics_are_their_mean_and_weights_stay() {
    let mut network = resnet50v2((32, 32, 1), 7, 1);
    // Two whole batches, and a rest that is too small to count.
    let images = noise(64 + 3);
    let first = |network: &Network| {
        let find = |name: &str| network.parameters().into_iter().find(|p| p.name.ends_with(name)).unwrap().values();
        (find("running_mean"), find("running_var"))
    };
    let of_batch = |batch: &[usize]| {
        let mut alone = resnet50v2((32, 32, 1), 7, 1);
        let mut pass = Pass { batch_norm_momentum: Some(0.0), ..Pass::new(Mode::Training, 0) };
        alone.forward(images.select(batch).to_tensor(), &mut pass).unwrap();
        first(&alone)
    };
    let (a, b) = (of_batch(&(0..32).collect::<Vec<_>>()), of_batch(&(32..64).collect::<Vec<_>>()));
    measure_statistics(&mut network, &images).unwrap();
    let (mean, variance) = first(&network);
    for channel in 0..mean.len() {
        assert!((mean[channel] - (a.0[channel] + b.0[channel]) / 2.0).abs() < 1e-4);
        assert!((variance[channel] - (a.1[channel] + b.1[channel]) / 2.0).abs() < 1e-3 * variance[channel].max(1.0));
    }
    let weights = |network: &Network| {
        let learnt = network.parameters().into_iter().filter(|p| !p.name.contains("running"));
        learnt.flat_map(|p| p.values()).map(f32::to_bits).collect::<Vec<_>>()
    };
    assert!(weights(&network) == weights(&resnet50v2((32, 32, 1), 7, 1)));
    assert!(measure_statistics(&mut network, &images.select(&[])).is_err());
}

#[test]
fn mistakes_are_made_one_by_one_and_nothing_else_changes() {
    let right = Experiment::recipe("resnet50-whole", 1).unwrap();
    let none = right.mistaken(&[]);
    assert_eq!((none.training.epochs, none.training.keep), (6, Keep::Last));
    assert!(none.training.early_stopping.is_none() && none.preparation == right.preparation && !none.own_scaling);

    let scaled = right.mistaken(&[Mistake::Scaling]);
    assert_eq!((scaled.preparation.scaling, scaled.own_scaling), (Scaling::ZeroToOne, true));
    assert_eq!(scaled.training, none.training);
    // Twice wrong is right: weights of drawn faces expect 0 to 1.
    assert_eq!(scaled.mistaken(&[Mistake::Scaling]).preparation.scaling, Scaling::Caffe);

    let batch = right.mistaken(&[Mistake::BatchStatistics]);
    assert_eq!((right.training.batch_norm, batch.training.batch_norm), (BatchNormMode::Running, BatchNormMode::Batch));
    let rate = right.mistaken(&[Mistake::Rate]);
    assert_eq!((right.training.body_learning_rate, rate.training.body_learning_rate), (Some(0.0001), None));
    assert_eq!((&batch.preparation, &rate.preparation), (&right.preparation, &right.preparation));
    let all = right.mistaken(&[Mistake::Rate, Mistake::BatchStatistics, Mistake::Scaling]);
    assert_eq!((&all.preparation, all.training.body_learning_rate), (&scaled.preparation, None));
}

#[test]
fn faces_to_learn_from_first_are_of_other_characters() {
    for budget in Budget::ALL {
        let first = Experiment::first_training(budget).unwrap();
        assert!(first.weights.is_none());
        let (Source::Drawn { seed, .. }, Source::Drawn { seed: other, .. }) =
            (&first.source, Source::Drawn { count: 455, seed: 1 })
        else {
            panic!("{:?}", first.source)
        };
        assert_ne!(*seed, other);
    }
}

#[test]
fn a_file_of_weights_brings_its_scaling() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("first.safetensors").to_string_lossy().into_owned();
    let network = manga_expressions::net::models::resnet50((32, 32, 3), 7, 1);
    network.save_weights_for(&file, Some(Scaling::ZeroToOne), &[]).unwrap();
    let wrong = Experiment::recipe("resnet50-whole", 1).unwrap().mistaken(&[Mistake::Scaling]);
    let begun = wrong.beginning_with(&file).unwrap();
    assert_eq!((begun.weights.as_deref(), begun.own_scaling), (Some(&file[..]), false));
    assert_eq!(begun.preparation.scaling, Scaling::ZeroToOne);
    assert!(begun.build(7).is_ok());
    assert!(wrong.beginning_with("not-there.safetensors").is_err());
}
