//! Mixing images and their targets: H. Zhang, M. Cisse, Y. Dauphin, D. Lopez-Paz: mixup (2018).

use crate::Result;
use crate::data::Images;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Beta, Distribution};

/// How the images of one step are mixed: each with one of them, all by the same fraction, as the authors' program does it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mixup {
    /// Fraction of an image itself, a half to 1.
    pub fraction: f32,
    /// The image that has the rest, for each image.
    pub partners: Vec<usize>,
}

impl Mixup {
    /// Drawn for `count` images from the seed of their step, from numbers that dropout has no part in.
    ///
    /// The fraction is the larger of the two that the beta distribution divides into: to give an image the smaller fraction
    /// and its partner the larger is the same as mixing them the other way round. So an image keeps its class, by which
    /// the accuracy in training goes.
    pub fn draw(alpha: f64, count: usize, seed: u64) -> Mixup {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(1);
        // The settings were checked; a parameter so small or large that there is no such distribution mixes nothing.
        let fraction = Beta::new(alpha, alpha).map_or(1.0, |beta| beta.sample(&mut rng)) as f32;
        let mut partners: Vec<usize> = (0..count).collect();
        partners.shuffle(&mut rng);
        Mixup { fraction: if fraction.is_nan() { 1.0 } else { fraction.max(1.0 - fraction) }, partners }
    }

    /// `values` of so many images, laid end to end: pixels, or targets.
    pub fn mix(&self, values: &[f32]) -> Vec<f32> {
        let size = values.len() / self.partners.len().max(1);
        let of = |image: usize| &values[image * size..][..size];
        let mixed = |(image, &partner): (usize, &usize)| {
            of(image).iter().zip(of(partner)).map(|(a, b)| self.fraction * a + (1.0 - self.fraction) * b)
        };
        self.partners.iter().enumerate().flat_map(mixed).collect()
    }

    /// The images mixed.
    pub fn images(&self, images: &Images) -> Result<Images> {
        Images::new(images.shape(), self.mix(images.values()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_those_of_the_beta_distribution() {
        // The larger of the two fractions of Beta(1, 1) is uniform from a half to 1; of a small parameter it is close to 1.
        let fractions = |alpha| -> Vec<f64> { (0..4000).map(|s| Mixup::draw(alpha, 2, s).fraction.into()).collect() };
        let mean = |fractions: &[f64]| fractions.iter().sum::<f64>() / fractions.len() as f64;
        let uniform = fractions(1.0);
        assert!(uniform.iter().all(|fraction| (0.5..=1.0).contains(fraction)));
        assert!((mean(&uniform) - 0.75).abs() < 0.01, "{}", mean(&uniform));
        // A half and the mean absolute deviation of Beta(0.2, 0.2), which is 2 a^2a / (B(a, a) (2a)^(2a + 1)).
        let small = mean(&fractions(0.2));
        assert!((small - 0.8987).abs() < 0.01, "{small}");
    }

    #[test]
    fn the_loss_of_a_step_is_that_of_mixed_images_with_mixed_targets() {
        use crate::net::nn::{Dense, Initializer, Network};
        use crate::training::step::{Batch, step_with};
        use crate::training::{LearningRates, Optimizer, OptimizerState, Settings};

        let dense = Dense::new("fc", &Initializer::keras(1), 2, 2);
        let mut network = Network::new("linear", (1, 2, 1), 2, Box::new(dense));
        network.parameters_mut()[0].set_values(&[1.0, 0.0, 0.0, 1.0]); // the logits are the pixels
        let mixup = Mixup { fraction: 0.75, partners: vec![1, 0] };
        let images = Images::new((2, 1, 2, 1), vec![2.0, 0.0, 0.0, 4.0]).unwrap();
        let images = mixup.images(&images).unwrap();
        assert_eq!(images.values(), [1.5, 1.0, 0.5, 3.0]);
        let batch = Batch { images: &images, labels: &[0, 1], from: 0, mixup: Some(&mixup) };
        let settings = Settings { optimizer: Optimizer::sgd(0.1, 0.0), ..Settings::default() };
        let mut optimizer = OptimizerState::new(settings.optimizer, &network).unwrap();
        let done = step_with(&mut network, &mut optimizer, &batch, &settings, LearningRates::both(0.1), 1).unwrap();
        let cross_entropy = |logits: [f64; 2], targets: [f64; 2]| {
            let all = (logits[0].exp() + logits[1].exp()).ln();
            targets[0] * (all - logits[0]) + targets[1] * (all - logits[1])
        };
        let wanted = (cross_entropy([1.5, 1.0], [0.75, 0.25]) + cross_entropy([0.5, 3.0], [0.25, 0.75])) / 2.0;
        assert!((f64::from(done.loss) - wanted).abs() < 1e-6, "{} and {wanted}", done.loss);
        assert_eq!(done.correct, 2);
    }

    #[test]
    fn each_image_is_mixed_with_its_partner() {
        let mixup = Mixup { fraction: 0.75, partners: vec![1, 2, 0] };
        assert_eq!(mixup.mix(&[0.0, 4.0, 8.0, 0.0, 4.0, 8.0]), [2.0, 3.0, 7.0, 2.0, 3.0, 7.0]);
        let drawn = Mixup::draw(0.2, 9, 3);
        assert_eq!(drawn, Mixup::draw(0.2, 9, 3));
        assert_ne!(drawn, Mixup::draw(0.2, 9, 4));
        let mut partners = drawn.partners;
        partners.sort();
        assert_eq!(partners, (0..9).collect::<Vec<_>>());
    }
}
