//! Random choices from a seeded stream, in the few forms that drawing needs.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A seeded stream of random choices.
#[derive(Clone, Debug)]
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream number `stream` of `seed`; the streams of one seed are independent of each other.
    pub fn new(seed: u64, stream: u64) -> Dice {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Dice(rng)
    }

    /// A seed for something else.
    pub fn seed(&mut self) -> u64 {
        self.0.r#gen()
    }

    /// Uniform in `low..high`.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.0.r#gen::<f32>()
    }

    /// A whole number in `low..=high`.
    pub fn whole(&mut self, low: usize, high: usize) -> usize {
        self.0.gen_range(low..=high)
    }

    /// Near `mean` with about the given standard deviation, and never further away than 2.45 of them: the sum of three uniform
    /// numbers is bell-shaped without the tails that would tear a drawing apart.
    pub fn around(&mut self, mean: f32, deviation: f32) -> f32 {
        let sum = self.between(-1.0, 1.0) + self.between(-1.0, 1.0) + self.between(-1.0, 1.0);
        mean + deviation * sum.clamp(-2.45, 2.45)
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f32) -> bool {
        self.0.r#gen::<f32>() < probability
    }

    /// -1 or 1.
    pub fn side(&mut self) -> f32 {
        if self.chance(0.5) { -1.0 } else { 1.0 }
    }

    /// One of `choices`, each as likely as its weight.
    pub fn pick<T: Copy>(&mut self, choices: &[(f32, T)]) -> T {
        let total: f32 = choices.iter().map(|choice| choice.0).sum();
        let mut left = self.between(0.0, total);
        for &(weight, choice) in choices {
            if left < weight {
                return choice;
            }
            left -= weight;
        }
        choices[choices.len() - 1].1
    }
}
