//! How far apart two rows of features are.

use crate::data::Features;
use crate::{Error, Result};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How far apart two rows of features are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Distance {
    /// Root of the sum of squared differences.
    #[default]
    Euclidean,
    /// One minus the cosine of the angle between the rows: their lengths do not matter, as with brighter and darker
    /// photos.
    Cosine,
}

impl fmt::Display for Distance {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(if *self == Distance::Euclidean { "Euclidean" } else { "cosine" })
    }
}

/// Rows that can be compared.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    columns: usize,
    values: Vec<f32>,
}

impl Rows {
    /// The rows of `features`; for [`Distance::Cosine`] each divided by its length, after which the Euclidean distance
    /// has the same order: its square is twice the other.
    pub fn new(features: &Features, distance: Distance) -> Result<Rows> {
        let mut values = Vec::with_capacity(features.rows() * features.columns());
        for index in 0..features.rows() {
            let row = features.row(index);
            let length = row.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt();
            match distance {
                Distance::Euclidean => values.extend_from_slice(row),
                Distance::Cosine if length > 0.0 => {
                    values.extend(row.iter().map(|&value| (f64::from(value) / length) as f32));
                }
                Distance::Cosine => {
                    let name = features.name();
                    return Err(Error::Invalid(format!(
                        "all features of image {index} are 0, which makes no angle with another: take the Euclidean \
                         distance for {name}"
                    )));
                }
            }
        }
        Ok(Rows { columns: features.columns(), values })
    }

    pub fn len(&self) -> usize {
        self.values.len() / self.columns
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    fn row(&self, index: usize) -> &[f32] {
        &self.values[index * self.columns..][..self.columns]
    }

    /// For each row of `queries` the rows of `self`, nearest first and the first of equals, as far as `keep` says
    /// (query, row), and at most `most` of them.
    pub fn nearest(&self, queries: &Rows, most: usize, keep: &(dyn Fn(usize, usize) -> bool + Sync)) -> Vec<Vec<u32>> {
        let of_query = |query: usize| {
            let row = queries.row(query);
            let kept = (0..self.len()).filter(|&i| keep(query, i));
            let mut all: Vec<(f64, u32)> = kept.map(|i| (squared(row, self.row(i)), i as u32)).collect();
            let order = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
            if most < all.len() {
                all.select_nth_unstable_by(most, order);
                all.truncate(most);
            }
            all.sort_unstable_by(order);
            all.into_iter().map(|(_, i)| i).collect()
        };
        (0..queries.len()).into_par_iter().map(of_query).collect()
    }
}

/// The squared Euclidean distance, in 64 bits: 32 would make neighbours of nearly the same distance change places.
fn squared(a: &[f32], b: &[f32]) -> f64 {
    /// So many sums at a time, for the processor to do at once.
    const LANES: usize = 8;
    let square = |a: f32, b: f32| (f64::from(a) - f64::from(b)).powi(2);
    let (a_chunks, b_chunks) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f64 = a_chunks.remainder().iter().zip(b_chunks.remainder()).map(|(&a, &b)| square(a, b)).sum();
    let mut sums = [0.0; LANES];
    for (a, b) in a_chunks.zip(b_chunks) {
        for lane in 0..LANES {
            sums[lane] += square(a[lane], b[lane]);
        }
    }
    sums.iter().sum::<f64>() + rest
}
