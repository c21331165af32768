//! Parts of the training photos of a fold: for learning curves.

use super::Folds;
use crate::{Error, Result};
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

impl Folds {
    /// A `fraction` of the samples to learn from in a repeat's fold, sorted: this fraction of each class, rounded to the
    /// nearest, and at least one. A smaller fraction is part of every larger one. Panics where there is no such repeat.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a fraction that is not more than 0 and at most 1, and for not a label for each sample.
    ///
    /// ```
    /// use manga_expressions::data::{FoldSettings, Folds};
    ///
    /// let (classes, labels) = (["sad".to_string(), "happy".to_string()], [0, 1].repeat(20));
    /// let folds = Folds::stratified(&classes, &labels, &FoldSettings { folds: 2, seeds: vec![1] })?;
    /// let (half, all) = (folds.train_fraction(&labels, 0, 1, 0.5)?, folds.train_fraction(&labels, 0, 1, 1.0)?);
    /// assert_eq!((half.len(), all), (10, folds.train(0, 1)));
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn train_fraction(&self, labels: &[usize], repeat: usize, fold: usize, fraction: f64) -> Result<Vec<usize>> {
        if !(fraction > 0.0 && fraction <= 1.0) {
            return Err(Error::Invalid(format!(
                "a fraction of {fraction} of the training photos: take 0 to 1, and not 0"
            )));
        }
        if labels.len() != self.len() {
            let (a, b) = (labels.len(), self.len());
            return Err(Error::Invalid(format!("there are {a} labels, and the folds are of {b} samples")));
        }
        let train = self.train(repeat, fold);
        let mut rng = ChaCha8Rng::seed_from_u64((repeat * self.folds() + fold) as u64);
        let mut kept = Vec::with_capacity(train.len());
        for class in 0..labels.iter().max().map_or(0, |&most| most + 1) {
            let mut of_class: Vec<usize> = train.iter().copied().filter(|&i| labels[i] == class).collect();
            of_class.shuffle(&mut rng);
            of_class.truncate(((of_class.len() as f64 * fraction).round() as usize).max(1));
            kept.extend(of_class);
        }
        kept.sort_unstable();
        Ok(kept)
    }
}
