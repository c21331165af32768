//! Networks that a program or a notebook adds to those of the library.

use super::{ARCHITECTURES, Architecture};
use crate::data::LARGEST;
use crate::net::nn::{Mode, Network, Pass};
use crate::net::ops;
use crate::{Error, Result};
use sha2::{Digest, Sha256};
use std::sync::{PoisonError, RwLock};

/// Those that were registered, each name once.
static REGISTERED: RwLock<Vec<&'static Architecture>> = RwLock::new(Vec::new());

/// Makes a network of one's own known by a name, for images of `input` = `(H, W, C)` unless a preparation says otherwise.
/// `build` is given the size of the images, the number of classes and the seed of the first weights.
///
/// From then on it enters all that takes a network's name: [`by_name`](super::by_name),
/// [`Experiment`](crate::study::experiment::Experiment) with its recipes and lessons, cross-validation and the leaderboard. A name
/// that is registered again, as by a cell that is run again, stands for the new network. Runs are kept under a digest of
/// what the network computes, so those of the old one are not taken for those of the new one.
///
/// # Errors
/// [`Error::Invalid`] for a name that is empty or that of a network of the library.
///
/// ```
/// use manga_expressions::net::models::{by_name, register};
/// use manga_expressions::net::nn::{Dense, Flatten, Initializer, Network, Sequential, Stage};
///
/// register("linear", (16, 16, 1), |(h, w, c), classes, seed| {
///     let init = Initializer::keras(seed);
///     let head = Sequential::new()
///         .then(Box::new(Flatten::new("flatten")))
///         .then(Box::new(Dense::new("dense", &init, h * w * c, classes)));
///     Network::of_stages("linear", (h, w, c), classes, vec![Stage::new("head", Box::new(head))])
/// })?;
/// assert_eq!(by_name("linear", (16, 16, 1), 7, 1)?.summary()?.total, 256 * 7 + 7);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn register(
    name: &'static str,
    input: (usize, usize, usize),
    build: fn((usize, usize, usize), usize, u64) -> Network,
) -> Result<()> {
    if name.trim().is_empty() || ARCHITECTURES.iter().any(|known| known.name == name) {
        return Err(Error::Invalid(format!("\"{name}\" cannot be the name of a network of your own: choose another")));
    }
    let own =
        Architecture { name, title: name, paper: "a network of your own", input, smallest: 1, largest: LARGEST, build };
    let mut all = REGISTERED.write().unwrap_or_else(PoisonError::into_inner);
    all.retain(|known| known.name != name);
    // Names and numbers of a few bytes, which live as long as the program.
    all.push(Box::leak(Box::new(own)));
    Ok(())
}

/// All that are registered.
pub(super) fn all() -> Vec<&'static Architecture> {
    REGISTERED.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// A digest of what the registered network called `name` computes: its first weights, and what it puts out for one image
/// in inference, which depends on strides and paddings, too. None where the name is the library's, whose networks have
/// versions.
///
/// # Errors
/// A network that does not work with images of the size that it was registered for.
pub(crate) fn digest_of_registered(name: &str) -> Result<Option<String>> {
    let Some(own) = all().into_iter().find(|own| own.name == name) else { return Ok(None) };
    let (h, w, c) = own.input;
    let mut network = (own.build)(own.input, 7, 1);
    let pixels = (0..h * w * c).map(|i| ((i * 37 + i / w) % 101) as f32 / 101.0).collect();
    let said = network.forward(ops::tensor(pixels, (1, h, w, c)), &mut Pass::new(Mode::Inference, 1))?;
    let mut digest = Sha256::new();
    digest.update(network.digest());
    network.stages().iter().for_each(|stage| digest.update(stage));
    said.as_vec().iter().for_each(|value| digest.update(value.to_le_bytes()));
    Ok(Some(format!("{:x}", digest.finalize())))
}
