//! Neighbours that are sorted once and asked about many divisions of the photos.

use super::Distance;
use super::classifier::{check_k, check_labels};
use super::cross_validation::{nearest, vote};
use crate::data::Features;
use crate::{Error, Result};

/// For each photo of a data set all others, nearest first: sorted once, whichever of them are then for training. Nothing
/// is fitted to the classes, so a division of the photos is only a matter of whom to ask.
///
/// ```
/// use manga_expressions::data::Features;
/// use manga_expressions::study::neighbours::{Distance, SortedNeighbours};
///
/// let heights = Features::new("height", 5, vec![1.0, 1.1, 3.0, 3.2, 1.2])?;
/// let sorted = SortedNeighbours::new(&heights, &[0, 0, 1, 1, 0], 2, Distance::Euclidean)?;
/// let train = [0, 1, 2, 3];
/// assert_eq!(sorted.vote(&train, 4, 3)?, (0, vec![2.0 / 3.0, 1.0 / 3.0]));
/// assert_eq!(sorted.choose_k(&train, 3)?, 1); // 3 of the other three would always lose
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SortedNeighbours {
    nearest: Vec<Vec<u32>>,
    labels: Vec<usize>,
    classes: usize,
}

impl SortedNeighbours {
    /// Of the photos of `features`, which have these `labels` from 0 to below `classes`.
    ///
    /// # Errors
    /// As [`KNeighbours::new`](super::KNeighbours::new).
    pub fn new(features: &Features, labels: &[usize], classes: usize, distance: Distance) -> Result<SortedNeighbours> {
        check_labels(features, labels, classes)?;
        let nearest = nearest(features, distance, features.rows())?;
        Ok(SortedNeighbours { nearest, labels: labels.to_vec(), classes })
    }

    /// The `k` from 1 to `largest_k` with the highest accuracy among the photos `train`, each classified by the others of
    /// them; the smallest of equals.
    ///
    /// # Errors
    /// A photo that there is not; a `largest_k` that is 0 or not less than the photos.
    pub fn choose_k(&self, train: &[usize], largest_k: usize) -> Result<usize> {
        let known = self.known(train)?;
        check_k(largest_k, train.len().saturating_sub(1))?;
        Ok(1 + first_best(&self.accuracies(train, &known, largest_k)))
    }

    /// The class that the `k` nearest of the photos `train` give to the photo `asked`, and the fraction of their votes that
    /// each class has. Where several classes have equally many, the nearest photo decides.
    ///
    /// # Errors
    /// A photo that there is not; a `k` that is 0 or more than the photos.
    pub fn vote(&self, train: &[usize], asked: usize, k: usize) -> Result<(usize, Vec<f64>)> {
        let known = self.known(train)?;
        self.known(&[asked])?;
        let others = train.len() - usize::from(known[asked]);
        check_k(k, others)?;
        let mut fractions = vec![0.0; self.classes];
        let voters = self.nearest[asked].iter().map(|&other| other as usize).filter(|&other| known[other]);
        voters.take(k).for_each(|other| fractions[self.labels[other]] += 1.0);
        fractions.iter_mut().for_each(|votes| *votes /= k as f64);
        let said = vote(&self.nearest[asked], &|other| known[other], &self.labels, self.classes, k);
        Ok((said[k - 1], fractions))
    }

    /// For `k` from 1 to `largest_k` the fraction of the photos `asked` that those `known` (without itself) get right.
    pub(super) fn accuracies(&self, asked: &[usize], known: &[bool], largest_k: usize) -> Vec<f64> {
        let mut right = vec![0; largest_k];
        for &photo in asked {
            let said = vote(&self.nearest[photo], &|other| known[other], &self.labels, self.classes, largest_k);
            right.iter_mut().zip(said).for_each(|(right, class)| *right += usize::from(class == self.labels[photo]));
        }
        right.into_iter().map(|right| right as f64 / asked.len() as f64).collect()
    }

    /// For each photo whether it is one of `train`.
    pub(super) fn known(&self, train: &[usize]) -> Result<Vec<bool>> {
        let mut known = vec![false; self.labels.len()];
        for &photo in train {
            let count = known.len();
            *known
                .get_mut(photo)
                .ok_or_else(|| Error::NotFound(format!("there is no photo {photo}: {count} photos were compared")))? =
                true;
        }
        Ok(known)
    }
}

/// Where the first of the largest values is.
pub(super) fn first_best(values: &[f64]) -> usize {
    (1..values.len()).fold(0, |best, i| if values[i] > values[best] { i } else { best })
}
