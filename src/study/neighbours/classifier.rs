//! The classifier.

use super::Distance;
use super::distance::Rows;
use super::vote::winners;
use crate::data::Features;
use crate::{Error, Result};

/// A k-nearest-neighbours classifier: photos with their classes. Equivalent to scikit-learn's `KNeighborsClassifier` with
/// `weights="uniform"`; where several classes have equally many votes it takes the one of them whose photo is nearest,
/// and scikit-learn the one with the smallest label. Of photos at the same distance the first is taken as nearer.
///
/// ```
/// use manga_expressions::data::Features;
/// use manga_expressions::study::neighbours::{Distance, KNeighbours};
///
/// let known = Features::new("height", 4, vec![1.0, 1.2, 3.0, 3.1])?;
/// let neighbours = KNeighbours::new(&known, &[0, 0, 1, 1], 2, Distance::Euclidean)?;
/// let asked = Features::new("height", 2, vec![1.9, 9.0])?;
/// assert_eq!(neighbours.nearest(&asked, 3)?, [[1, 0, 2], [3, 2, 1]]);
/// assert_eq!(neighbours.predict(&asked, 3)?, [0, 1]);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct KNeighbours {
    rows: Rows,
    labels: Vec<usize>,
    classes: usize,
    distance: Distance,
}

impl KNeighbours {
    /// A classifier that knows the images of `features`, which have these `labels` from 0 to below `classes`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for not a label for each image, a label that is no class, and features that are all 0 where the
    /// cosine is asked for.
    pub fn new(features: &Features, labels: &[usize], classes: usize, distance: Distance) -> Result<KNeighbours> {
        check_labels(features, labels, classes)?;
        let rows = Rows::new(features, distance)?;
        Ok(KNeighbours { rows, labels: labels.to_vec(), classes, distance })
    }

    /// The `k` nearest of the known images for each row of `queries`, nearest first.
    ///
    /// # Errors
    /// [`Error::Invalid`] for other features than the known images have, and a `k` that is 0 or more than these.
    pub fn nearest(&self, queries: &Features, k: usize) -> Result<Vec<Vec<usize>>> {
        if queries.columns() != self.rows.columns() {
            let (name, asked, known) = (queries.name(), queries.columns(), self.rows.columns());
            return Err(Error::Invalid(format!(
                "{name} are {asked} features, and the known images have {known}: take the same for both"
            )));
        }
        check_k(k, self.rows.len())?;
        let nearest = self.rows.nearest(&Rows::new(queries, self.distance)?, k, &|_, _| true);
        Ok(nearest.into_iter().map(|row| row.into_iter().map(|i| i as usize).collect()).collect())
    }

    /// The class of each row of `queries`, by the vote of its `k` nearest.
    ///
    /// # Errors
    /// As [`KNeighbours::nearest`].
    pub fn predict(&self, queries: &Features, k: usize) -> Result<Vec<usize>> {
        let nearest = self.nearest(queries, k)?;
        let vote = |row: &Vec<usize>| winners(row.iter().map(|&i| self.labels[i]), self.classes);
        Ok(nearest.iter().filter_map(|row| vote(row).last().copied()).collect())
    }
}

/// An error unless there is a label for each row, and each is a class.
pub(super) fn check_labels(features: &Features, labels: &[usize], classes: usize) -> Result<()> {
    if features.rows() != labels.len() {
        let (name, rows, count) = (features.name(), features.rows(), labels.len());
        return Err(Error::Invalid(format!("there are {count} labels for {rows} images: {name}")));
    }
    match labels.iter().position(|&label| label >= classes) {
        None => Ok(()),
        Some(i) => {
            Err(Error::Invalid(format!("image {i} has the label {}, and there are {classes} classes", labels[i])))
        }
    }
}

/// An error unless `1 <= k <= known`.
pub(super) fn check_k(k: usize, known: usize) -> Result<()> {
    if (1..=known).contains(&k) {
        return Ok(());
    }
    Err(Error::Invalid(format!("{k} nearest of {known} images: take at least 1 and at most {known}")))
}
