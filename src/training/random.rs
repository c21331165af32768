//! The random numbers of a training.

use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// What random numbers are for; each use has its own, so that none depends on how many another took.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Order = 0,
    Dropout = 1,
}

/// Random numbers that depend on the seed, the purpose and the epoch only: a training that goes on finds the same.
pub(super) fn stream(seed: u64, purpose: Purpose, epoch: usize) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(2 * epoch as u64 + purpose as u64);
    rng
}

/// The order in which an epoch sees `count` images.
pub(super) fn shuffled(count: usize, seed: u64, epoch: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.shuffle(&mut stream(seed, Purpose::Order, epoch));
    order
}
