//! The regression, for every penalty at once.

use super::Kernel;
use crate::{Error, Result};
use nalgebra::{DMatrix, SymmetricEigen};

/// Ridge regression in its dual form with an intercept that is not penalised: scikit-learn's `Ridge(alpha)` on features of
/// which [`Kernel`] has the products, for any `alpha`. Everything is computed from one decomposition of the kernel into its
/// eigenvectors.
///
/// ```
/// use manga_expressions::data::Features;
/// use manga_expressions::study::ridge::{ColumnScaling, Kernel, Ridge};
///
/// // One feature, y = 2x + 1. Less its mean it is -1, 0, 1 with a mean square of 2/3, by which the kernel is divided.
/// let features = Features::new("x", 4, vec![0.0, 1.0, 2.0, 5.0])?;
/// let kernel = Kernel::linear(&[features], &[0, 1, 2], &[3], ColumnScaling::Centred)?;
/// let ridge = Ridge::new(&kernel, &[vec![1.0], vec![3.0], vec![5.0]])?;
/// assert!((ridge.predict(&kernel, 1e-9)[0][0] - 11.0).abs() < 1e-6);
/// // A penalty as large as the sum of squares halves the slope: 3 + 4 instead of 3 + 8.
/// assert!((ridge.predict(&kernel, 3.0)[0][0] - 7.0).abs() < 1e-6);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Ridge {
    eigenvalues: Vec<f64>,
    /// A column for each eigenvalue.
    eigenvectors: DMatrix<f64>,
    /// The targets less their means: `row, target`.
    targets: DMatrix<f64>,
    means: Vec<f64>,
}

impl Ridge {
    /// The regression of `targets`, a row of equally many for each training row of `kernel`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for another number of rows, and for rows of different length.
    pub fn new(kernel: &Kernel, targets: &[Vec<f64>]) -> Result<Ridge> {
        let (rows, columns) = (kernel.training_rows(), targets.first().map_or(0, Vec::len));
        if targets.len() != rows || columns == 0 || targets.iter().any(|row| row.len() != columns) {
            let count = targets.len();
            return Err(Error::Invalid(format!(
                "{count} rows of targets for {rows} training photos: each needs one of at least one number, all of the \
                 same length"
            )));
        }
        let all = DMatrix::from_fn(rows, columns, |i, j| targets[i][j]);
        let means: Vec<f64> = all.column_iter().map(|column| column.mean()).collect();
        let targets = DMatrix::from_fn(rows, columns, |i, j| all[(i, j)] - means[j]);
        let SymmetricEigen { eigenvectors, eigenvalues } = SymmetricEigen::new(kernel.train.clone());
        // None is negative but by rounding.
        let eigenvalues = eigenvalues.iter().map(|value| value.max(0.0)).collect();
        Ok(Ridge { eigenvalues, eigenvectors, targets, means })
    }

    /// What the model with this penalty says of the rows of `kernel` that are not for training: `row, target`.
    pub fn predict(&self, kernel: &Kernel, penalty: f64) -> Vec<Vec<f64>> {
        let said = &kernel.others * self.coefficients(penalty);
        said.row_iter().map(|row| row.iter().zip(&self.means).map(|(value, mean)| value + mean).collect()).collect()
    }

    /// For each training row what the model says of it that has seen all training rows but those of its group: `row,
    /// target`. `groups` has the group of each training row; a photo and its mirrored copy are one. Exact, intercept
    /// included, without fitting anything again (the generalisation to groups of leave-one-out in closed form; G. Cawley and
    /// N. Talbot 2003). Only the scaling of columns knows all rows.
    ///
    /// With every row a group of its own this is what scikit-learn's `RidgeCV(cv=None)` chooses by.
    ///
    /// # Errors
    /// [`Error::Invalid`] for not a group for each training row, for a single group, and a penalty that is not above 0.
    pub fn left_out(&self, penalty: f64, groups: &[usize]) -> Result<Vec<Vec<f64>>> {
        let rows = self.targets.nrows();
        let mut members: std::collections::BTreeMap<usize, Vec<usize>> = std::collections::BTreeMap::new();
        groups.iter().enumerate().for_each(|(row, &group)| members.entry(group).or_default().push(row));
        if groups.len() != rows || members.len() < 2 || penalty.is_nan() || penalty <= 0.0 {
            let (count, groups) = (groups.len(), members.len());
            return Err(Error::Invalid(format!(
                "{rows} training photos of {groups} groups ({count} told) with the penalty {penalty}: leaving one group \
                 out takes the group of each photo, at least two of them, and a penalty above 0"
            )));
        }
        let coefficients = self.coefficients(penalty);
        // With an intercept the inverse is that of the kernel with its penalty, less what the constant takes of it.
        let constant = 1.0 / (rows as f64 * penalty);
        let inverse = |a: usize, b: usize| {
            let (a, b) = (self.eigenvectors.row(a), self.eigenvectors.row(b));
            let product = a.iter().zip(b.iter()).zip(&self.eigenvalues);
            product.map(|((a, b), value)| a * b / (value + penalty)).sum::<f64>() - constant
        };
        let mut said = vec![Vec::new(); rows];
        for members in members.values() {
            let block = DMatrix::from_fn(members.len(), members.len(), |i, j| inverse(members[i], members[j]));
            let wanted = DMatrix::from_fn(members.len(), self.means.len(), |i, j| coefficients[(members[i], j)]);
            let missed = block.lu().solve(&wanted).ok_or_else(|| {
                Error::Invalid(format!(
                    "with the penalty {penalty} leaving photos out is not decided: take a larger one"
                ))
            })?;
            for (i, &row) in members.iter().enumerate() {
                let said_of = |(j, mean): (usize, &f64)| self.targets[(row, j)] + mean - missed[(i, j)];
                said[row] = self.means.iter().enumerate().map(said_of).collect();
            }
        }
        Ok(said)
    }

    /// What each training row counts for each target.
    fn coefficients(&self, penalty: f64) -> DMatrix<f64> {
        let mut rotated = self.eigenvectors.transpose() * &self.targets;
        for (mut row, value) in rotated.row_iter_mut().zip(&self.eigenvalues) {
            row /= value + penalty;
        }
        &self.eigenvectors * rotated
    }
}
