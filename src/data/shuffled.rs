//! Labels that nothing can tell: a test of the way of measuring, and not of the method.

use crate::{Error, Result};
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::collections::HashMap;

/// The labels dealt out again at random, by `seed`. Samples with the same entry of `groups`, as copies of one photo, keep
/// having one label; without groups of several samples there are as many of each label as before.
///
/// Nothing about a photo can tell such a label. A measurement that finds more than chance all the same has the answers of
/// the test from somewhere ([`check_chance`](crate::metrics::check_chance)): the permutation test of M. Ojala and G.
/// Garriga (Permutation Tests for Studying Classifier Performance, 2010), and scikit-learn's `permutation_test_score`.
///
/// # Errors
/// [`Error::Invalid`] for not a group for each label, and a group with two labels.
///
/// ```
/// use manga_expressions::data::shuffled_labels;
///
/// let labels = [0, 0, 1, 1, 2, 0, 0, 1, 1, 2];
/// let photos = [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]; // each photo twice
/// let shuffled = shuffled_labels(&labels, &photos, 1)?;
/// assert_eq!(shuffled[..5], shuffled[5..]);
/// assert_eq!(shuffled.iter().filter(|&&label| label == 1).count(), 4);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn shuffled_labels(labels: &[usize], groups: &[usize], seed: u64) -> Result<Vec<usize>> {
    if labels.len() != groups.len() {
        let (a, b) = (labels.len(), groups.len());
        return Err(Error::Invalid(format!("{a} labels and {b} groups: each sample needs one of each")));
    }
    let mut place: HashMap<usize, usize> = HashMap::new();
    let mut of_groups: Vec<usize> = Vec::new();
    for (&label, &group) in labels.iter().zip(groups) {
        let at = *place.entry(group).or_insert(of_groups.len());
        match of_groups.get(at) {
            None => of_groups.push(label),
            Some(&first) if first == label => {}
            Some(first) => {
                return Err(Error::Invalid(format!("group {group} has the labels {first} and {label}: it needs one")));
            }
        }
    }
    of_groups.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    Ok(groups.iter().map(|group| of_groups[place[group]]).collect())
}
