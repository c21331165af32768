//! The first values of weights.

use rand::Rng;
use rand::distributions::Distribution;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::Normal;

/// How the first values of a weight are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// Uniform within `sqrt(6 / (fan_in + fan_out))`. X. Glorot, Y. Bengio (2010); what Keras does by default.
    GlorotUniform,
    /// Normal with deviation `sqrt(2 / fan_in)`, cut at two deviations as Keras's `he_normal`. K. He et al. (2015).
    HeNormal,
    /// All the same.
    Constant(f32),
}

/// Draws first values from a seed. Each parameter has a stream of its own, found by its name: what one layer gets does
/// not depend on which others there are.
#[derive(Clone, Copy, Debug)]
pub struct Initializer {
    /// How the weights of convolutions and dense layers are drawn.
    pub weights: Init,
    /// Where all randomness comes from.
    pub seed: u64,
}

impl Initializer {
    /// Keras's defaults: Glorot uniform.
    pub fn keras(seed: u64) -> Self {
        Initializer { weights: Init::GlorotUniform, seed }
    }

    /// Values for the weight called `name`: the last two axes of `shape` are the channels in and out, those before
    /// them the places of the kernel.
    pub(super) fn weight(&self, name: &str, shape: &[usize]) -> Vec<f32> {
        let len = shape.iter().product();
        let (places, channels) = shape.split_at(shape.len().saturating_sub(2));
        let places: usize = places.iter().product();
        let (fan_in, fan_out) = match channels {
            &[c_in, c_out] => (places * c_in, places * c_out),
            _ => (len, len),
        };
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(fnv1a(name));
        match self.weights {
            Init::Constant(value) => vec![value; len],
            Init::GlorotUniform => {
                let limit = (6.0 / (fan_in + fan_out) as f32).sqrt();
                (0..len).map(|_| rng.gen_range(-limit..=limit)).collect()
            }
            Init::HeNormal => {
                // Cutting at two deviations leaves 0.87962566 of the deviation, which Keras makes up for.
                let deviation = (2.0 / fan_in as f32).sqrt() / 0.879_625_7;
                let normal = Normal::new(0.0f32, 1.0).expect("a deviation of one");
                let cut = |rng: &mut ChaCha8Rng| {
                    loop {
                        let value = normal.sample(rng);
                        if value.abs() <= 2.0 {
                            return value * deviation;
                        }
                    }
                };
                (0..len).map(|_| cut(&mut rng)).collect()
            }
        }
    }
}

/// A number from a name that is the same on every machine. (FNV-1a, by Fowler, Noll and Vo.)
fn fnv1a(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ byte as u64).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deviation(values: &[f32]) -> f32 {
        (values.iter().map(|v| v * v).sum::<f32>() / values.len() as f32).sqrt()
    }

    #[test]
    fn glorot_has_keras_limits() {
        let values = Initializer::keras(1).weight("conv.weight", &[3, 3, 64, 128]);
        let limit = (6.0f32 / (9 * 64 + 9 * 128) as f32).sqrt();
        assert!(values.iter().all(|v| v.abs() <= limit));
        assert!((deviation(&values) - limit / 3f32.sqrt()).abs() < 0.01 * limit);
    }

    #[test]
    fn he_normal_has_the_deviation_of_its_name() {
        let values = Initializer { weights: Init::HeNormal, seed: 1 }.weight("w", &[3, 3, 64, 128]);
        let wanted = (2.0f32 / (9 * 64) as f32).sqrt();
        assert!((deviation(&values) / wanted - 1.0).abs() < 0.01);
        assert!(values.iter().all(|v| v.abs() <= 2.0 * wanted / 0.87));
    }

    #[test]
    fn a_seed_and_a_name_give_the_values() {
        let draw = |seed, name| Initializer::keras(seed).weight(name, &[4, 4]);
        assert_eq!(draw(1, "a"), draw(1, "a"));
        assert_ne!(draw(1, "a"), draw(2, "a"));
        assert_ne!(draw(1, "a"), draw(1, "b"));
    }
}
