//! The product of every two photos.

use crate::data::Features;
use crate::{Error, Result};
use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

/// What is done with each column of features, by what it is among the training rows alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnScaling {
    /// Less its mean, divided by its standard deviation: every column counts the same. scikit-learn's `StandardScaler`;
    /// a column that does not vary is 0, as there.
    #[default]
    Standardised,
    /// Less its mean: columns that vary more count more.
    Centred,
}

/// The scalar products of rows of features with the training rows, all less the mean of the training rows.
///
/// Several blocks of features are added up so that each counts the same, however many columns it has: a block is divided by
/// the mean squared length of its training rows. The mean of the kernel's diagonal is then 1, and penalties mean the same
/// for all features.
#[derive(Clone, Debug)]
pub struct Kernel {
    /// `training row, training row`.
    pub(super) train: DMatrix<f64>,
    /// `other row, training row`.
    pub(super) others: DMatrix<f64>,
}

/// So many columns are multiplied at a time: within a chunk sums are of 32 bits, beyond it of 64.
const CHUNK: usize = 1024;

impl Kernel {
    /// The linear kernel of the rows `train` and `others` of `blocks`, which describe the same photos.
    ///
    /// # Errors
    /// [`Error::Invalid`] for no block or no training row, a row that a block does not have, and a block whose training
    /// rows are all the same.
    pub fn linear(blocks: &[Features], train: &[usize], others: &[usize], scaling: ColumnScaling) -> Result<Kernel> {
        if blocks.is_empty() || train.is_empty() {
            let (a, b) = (blocks.len(), train.len());
            return Err(Error::Invalid(format!("{a} blocks of features of {b} training photos make no kernel")));
        }
        let rows: Vec<usize> = train.iter().chain(others).copied().collect();
        let mut sum = DMatrix::zeros(rows.len(), train.len());
        for block in blocks {
            if let Some(row) = rows.iter().find(|&&row| row >= block.rows()) {
                let (name, count) = (block.name(), block.rows());
                return Err(Error::Invalid(format!("{name} has no row {row}: it has {count}")));
            }
            let mut products = centred(&products(block, &rows, train.len(), scaling), train.len());
            let length = (0..train.len()).map(|i| products[(i, i)]).sum::<f64>() / train.len() as f64;
            if length <= f64::EPSILON {
                let name = block.name();
                return Err(Error::Invalid(format!(
                    "the training photos are all the same to {name}: it tells nothing"
                )));
            }
            products /= length * blocks.len() as f64;
            sum += products;
        }
        Ok(Kernel { train: sum.rows(0, train.len()).into(), others: sum.rows(train.len(), others.len()).into() })
    }

    /// Number of training rows.
    pub fn training_rows(&self) -> usize {
        self.train.nrows()
    }
}

/// The product of each of `rows` with the first `train` of them.
fn products(block: &Features, rows: &[usize], train: usize, scaling: ColumnScaling) -> DMatrix<f64> {
    let scales = scales(block, &rows[..train], scaling);
    let mut sum = DMatrix::zeros(rows.len(), train);
    for (chunk, scales) in scales.chunks(CHUNK).enumerate() {
        let scaled = |&row: &usize| {
            let values = &block.row(row)[chunk * CHUNK..][..scales.len()];
            values.iter().zip(scales).map(|(&value, (mean, factor))| ((f64::from(value) - mean) * factor) as f32)
        };
        // A column of the matrix is a photo.
        let photos = DMatrix::from_iterator(scales.len(), rows.len(), rows.iter().flat_map(scaled));
        let products: DMatrix<f32> = photos.transpose() * photos.columns(0, train);
        sum.zip_apply(&products, |sum: &mut f64, product| *sum += f64::from(product));
    }
    sum
}

/// The mean of each column over the rows `train`, and what its values are multiplied by.
fn scales(block: &Features, train: &[usize], scaling: ColumnScaling) -> Vec<(f64, f64)> {
    let mut sums = vec![(0.0, 0.0); block.columns()];
    let count = train.len() as f64;
    for &row in train {
        sums.iter_mut().zip(block.row(row)).for_each(|((sum, _), &value)| *sum += f64::from(value));
    }
    sums.iter_mut().for_each(|(sum, _)| *sum /= count);
    if scaling == ColumnScaling::Centred {
        return sums.into_iter().map(|(mean, _)| (mean, 1.0)).collect();
    }
    // A second pass: the difference of two large sums would lose what varies little.
    for &row in train {
        let values = block.row(row).iter();
        sums.iter_mut()
            .zip(values)
            .for_each(|((mean, squares), &value)| *squares += (f64::from(value) - *mean).powi(2));
    }
    let factor = |(mean, squares): (f64, f64)| {
        let deviation = (squares / count).sqrt();
        // What is left of a column that does not vary is rounding.
        let varies = deviation > 1e-7 * mean.abs() && deviation > 0.0;
        (mean, if varies { 1.0 / deviation } else { 0.0 })
    };
    sums.into_iter().map(factor).collect()
}

/// The products of rows less the mean of the first `train`, of the products of the rows themselves.
fn centred(products: &DMatrix<f64>, train: usize) -> DMatrix<f64> {
    let of_column: Vec<f64> = products.rows(0, train).column_iter().map(|column| column.mean()).collect();
    let of_row: Vec<f64> = products.row_iter().map(|row| row.mean()).collect();
    let all = of_column.iter().sum::<f64>() / train as f64;
    DMatrix::from_fn(products.nrows(), train, |i, j| products[(i, j)] - of_row[i] - of_column[j] + all)
}
