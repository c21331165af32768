//! Cross-validation: dividing the samples into folds, each of which is the test once.

use super::dataset::{check_classes, counts};
use crate::{Error, Result};
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// How to divide a data set for repeated cross-validation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FoldSettings {
    /// Number of folds, at least 2.
    pub folds: usize,
    /// A seed for each repeat.
    pub seeds: Vec<u64>,
}

impl Default for FoldSettings {
    /// 5 folds, 5 times, with the seeds 1 to 5. They are fixed so that results can be compared photo by photo; to try
    /// things out, take other seeds, so that nothing is chosen to suit these.
    fn default() -> Self {
        FoldSettings { folds: 5, seeds: vec![1, 2, 3, 4, 5] }
    }
}

/// Samples divided into folds, once or several times. In each repeat every sample is in exactly one fold.
///
/// Each class is spread evenly over the folds. How many of it each fold has is the same as in scikit-learn's
/// `StratifiedKFold`; which ones, the seed decides, by the algorithm of Fisher and Yates with the random numbers of ChaCha
/// with 8 rounds. So the same labels and settings give the same folds on every machine.
///
/// ```
/// use manga_expressions::data::{FoldSettings, Folds};
///
/// let classes = vec!["sad".to_string(), "happy".to_string()];
/// let labels = [0, 1, 1, 0, 1, 1, 0, 1, 1];
/// let folds = Folds::stratified(&classes, &labels, &FoldSettings { folds: 3, seeds: vec![1, 2] })?;
/// assert_eq!((folds.repeats(), folds.folds()), (2, 3));
/// assert_eq!((folds.train(0, 0).len(), folds.test(0, 0).len()), (6, 3));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folds {
    pub(super) folds: usize,
    /// For each repeat the fold of each sample.
    pub(super) of: Vec<Vec<usize>>,
    /// The seed of each repeat.
    pub(super) seeds: Vec<u64>,
}

impl Folds {
    /// Folds of samples with these `labels` (indices into `classes`).
    ///
    /// # Errors
    /// [`Error::Invalid`] for fewer than two folds, no seed, or the same seed twice; [`Error::Data`] for labels that
    /// [`Split::new`](super::Split::new) would not take, and a class with fewer samples than folds.
    pub fn stratified(classes: &[String], labels: &[usize], settings: &FoldSettings) -> Result<Folds> {
        let FoldSettings { folds, seeds } = settings;
        check_settings(settings)?;
        check_classes(classes, labels)?;
        let counts = counts(classes.len(), labels);
        if let Some(small) = counts.iter().position(|count| count < folds) {
            return Err(Error::Data(format!(
                "the class {} has {} samples: {folds} folds need at least one of each class in every fold",
                classes[small], counts[small]
            )));
        }
        let fractions = fractions(&counts, labels, *folds);
        let of = seeds.iter().map(|&seed| draw(&fractions, labels, seed)).collect();
        Ok(Folds { folds: *folds, of, seeds: seeds.clone() })
    }

    /// The folds of samples that are copies of these: sample `i` is in the fold of sample `of[i]`, in every repeat. So a
    /// photo and what was made of it stay on the same side.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a copy of a sample that there is not, and for none.
    pub fn of_copies(&self, of: &[usize]) -> Result<Folds> {
        if let Some(none) = of.iter().find(|&&sample| sample >= self.len()) {
            return Err(Error::Invalid(format!(
                "a copy of sample {none}, and the folds are of {} samples",
                self.len()
            )));
        }
        if of.is_empty() {
            return Err(Error::Invalid("folds of no copy".into()));
        }
        let repeat = |folds: &Vec<usize>| of.iter().map(|&sample| folds[sample]).collect();
        let of = self.of.iter().map(repeat).collect();
        Ok(Folds { folds: self.folds, of, seeds: self.seeds.clone() })
    }

    /// An error unless all samples of a group, as the copies of one photo or the faces of one character, are in the same
    /// fold, in every repeat. To be asked before anything is measured: what is copied into training and test is
    /// recognised, not understood.
    ///
    /// # Errors
    /// [`Error::Data`] that counts the groups which are on both sides; [`Error::Invalid`] for not a group for each sample.
    ///
    /// ```
    /// use manga_expressions::data::{FoldSettings, Folds};
    ///
    /// let classes = vec!["sad".to_string(), "happy".to_string()];
    /// let photos = Folds::stratified(&classes, &[0, 0, 1, 1], &FoldSettings { folds: 2, seeds: vec![1] })?;
    /// // Two copies of each photo, in the photo's fold, and dealt out again.
    /// let of = [0, 1, 2, 3, 0, 1, 2, 3];
    /// assert!(photos.of_copies(&of)?.check_apart(&of).is_ok());
    /// let labels = of.map(|photo| photo / 2);
    /// let again = Folds::stratified(&classes, &labels, &FoldSettings { folds: 2, seeds: vec![1] })?;
    /// assert!(again.check_apart(&of).unwrap_err().to_string().contains("divide the photos first"));
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn check_apart(&self, groups: &[usize]) -> Result<()> {
        if groups.len() != self.len() {
            let (a, b) = (groups.len(), self.len());
            return Err(Error::Invalid(format!("there are {a} groups for {b} samples: each needs its own")));
        }
        for (repeat, of) in self.of.iter().enumerate() {
            let mut first: HashMap<usize, usize> = HashMap::new();
            let mut torn: Vec<usize> = groups
                .iter()
                .zip(of)
                .filter(|&(&group, &fold)| *first.entry(group).or_insert(fold) != fold)
                .map(|(&group, _)| group)
                .collect();
            torn.sort_unstable();
            torn.dedup();
            if let Some(one) = torn.first() {
                return Err(Error::Data(format!(
                    "{} of {} groups are in more than one fold (repeat {repeat}; group {one}, for one): what is learnt \
                     from one part of them is tested on the other. If they are copies of photos, divide the photos first \
                     and let each copy follow its photo (Folds::of_copies); if they are characters, take Folds::grouped",
                    torn.len(),
                    first.len()
                )));
            }
        }
        Ok(())
    }

    /// Number of folds.
    pub fn folds(&self) -> usize {
        self.folds
    }

    /// The seed of each repeat.
    pub fn seeds(&self) -> &[u64] {
        &self.seeds
    }

    /// Number of repeats.
    pub fn repeats(&self) -> usize {
        self.of.len()
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        self.of[0].len()
    }

    /// Whether there is no sample; never so.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The fold in which each sample is in the repeat `repeat`. Panics where there is no such repeat.
    pub fn of(&self, repeat: usize) -> &[usize] {
        &self.of[repeat]
    }

    /// The samples to test with in a repeat's fold, sorted. Panics where there is no such repeat.
    pub fn test(&self, repeat: usize, fold: usize) -> Vec<usize> {
        self.those(repeat, |of| of == fold)
    }

    /// The samples to learn from in a repeat's fold: all that are not for its test, sorted. Panics where there is no such
    /// repeat.
    pub fn train(&self, repeat: usize, fold: usize) -> Vec<usize> {
        self.those(repeat, |of| of != fold)
    }

    fn those(&self, repeat: usize, wanted: impl Fn(usize) -> bool) -> Vec<usize> {
        let of = &self.of[repeat];
        (0..of.len()).filter(|&i| wanted(of[i])).collect()
    }
}

/// The most folds, and the most repeats, that anybody has use for.
pub const MOST_FOLDS: usize = 1000;

pub(crate) fn check_settings(settings: &FoldSettings) -> Result<()> {
    let FoldSettings { folds, seeds } = settings;
    if !(2..=MOST_FOLDS).contains(folds) {
        return Err(Error::Invalid(format!(
            "{folds} folds: cross-validation takes at least 2, and at most {MOST_FOLDS}"
        )));
    }
    if seeds.len() > MOST_FOLDS {
        return Err(Error::Invalid(format!("{} repeats: cross-validation takes 1 to {MOST_FOLDS}", seeds.len())));
    }
    if seeds.is_empty() {
        return Err(Error::Invalid("there is no seed: cross-validation takes one for each repeat".into()));
    }
    if let Some(twice) = (1..seeds.len()).find(|&i| seeds[..i].contains(&seeds[i])) {
        return Err(Error::Invalid(format!("the seed {} is there twice: its folds would be the same", seeds[twice])));
    }
    Ok(())
}

/// How many of each class each fold has, `class, fold`.
///
/// scikit-learn's way: all samples are lined up by class and dealt out to the folds in turn, so that folds differ by at
/// most one sample in each class and in all. The classes stand in the order in which they first appear.
fn fractions(counts: &[usize], labels: &[usize], folds: usize) -> Vec<Vec<usize>> {
    let mut fractions = vec![vec![0; folds]; counts.len()];
    let mut classes: Vec<usize> = (0..counts.len()).collect();
    classes.sort_by_key(|class| labels.iter().position(|label| label == class));
    let line = classes.into_iter().flat_map(|class| std::iter::repeat_n(class, counts[class]));
    line.enumerate().for_each(|(place, class)| fractions[class][place % folds] += 1);
    fractions
}

/// The fold of each sample: the places that each class has in the folds, in a random order.
fn draw(fractions: &[Vec<usize>], labels: &[usize], seed: u64) -> Vec<usize> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut places = |fractions: &Vec<usize>| {
        let each = fractions.iter().enumerate().flat_map(|(fold, &count)| std::iter::repeat_n(fold, count));
        let mut places: Vec<usize> = each.collect();
        places.shuffle(&mut rng);
        places
    };
    let mut places: Vec<_> = fractions.iter().map(|fractions| places(fractions).into_iter()).collect();
    labels.iter().filter_map(|&label| places[label].next()).collect()
}
