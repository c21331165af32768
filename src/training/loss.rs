//! Categorical cross-entropy, the report's loss (section 2.2.3).

use crate::ops::{self, Shape4, Tensor4};
use dfdx::prelude::*;

/// Rows of logits that are worked on at a time where no tape is needed.
const ROWS: usize = 256;

/// The distribution to learn for each label, `N, 1, 1, K`: one-hot, with the share `smoothing` spread over all classes.
pub(super) fn targets(labels: &[usize], classes: usize, smoothing: f64) -> Tensor4 {
    let everywhere = smoothing / classes as f64;
    let mut values = vec![everywhere as f32; labels.len() * classes];
    for (row, &label) in values.chunks_exact_mut(classes).zip(labels) {
        row[label] = (1.0 - smoothing + everywhere) as f32;
    }
    ops::tensor(values, (labels.len(), 1, 1, classes))
}

/// Mean over the batch of the cross-entropy of `logits` with `targets`, both `N, 1, 1, K`. Equivalent to
/// `keras.losses.CategoricalCrossentropy(from_logits=True)`.
pub(super) fn cross_entropy<T: Tape<f32, Cpu>>(
    logits: Tensor<Shape4, f32, Cpu, T>,
    targets: Tensor4,
) -> Tensor<Rank0, f32, Cpu, T> {
    cross_entropy_with_logits_loss(logits, targets)
}

/// Mean cross-entropy over `rows` of logits.
pub(super) fn mean_cross_entropy(rows: &[Vec<f32>], labels: &[usize], smoothing: f64) -> f64 {
    let chunks = rows.chunks(ROWS).zip(labels.chunks(ROWS));
    let sums = chunks.map(|(rows, labels)| {
        let targets = targets(labels, rows[0].len(), smoothing);
        cross_entropy(rows_tensor(rows), targets).array() as f64 * rows.len() as f64
    });
    sums.sum::<f64>() / rows.len() as f64
}

/// Probabilities from each row of logits.
pub(crate) fn softmax(rows: &[Vec<f32>]) -> Vec<Vec<f32>> {
    let chunks = rows.chunks(ROWS);
    let each = chunks.flat_map(|rows| split_rows(&rows_tensor(rows).softmax::<Axis<3>>().as_vec(), rows.len()));
    each.collect()
}

/// The class with the largest value, the first of equals.
pub(crate) fn argmax(row: &[f32]) -> usize {
    (1..row.len()).fold(0, |best, i| if row[i] > row[best] { i } else { best })
}

/// How many of the `rows` of logits, laid end to end, are largest at their label.
pub(super) fn correct(rows: &[f32], labels: &[usize]) -> usize {
    let classes = rows.len() / labels.len();
    rows.chunks_exact(classes).zip(labels).filter(|(row, label)| argmax(row) == **label).count()
}

/// `values`, laid end to end, as `count` rows.
pub(super) fn split_rows(values: &[f32], count: usize) -> Vec<Vec<f32>> {
    values.chunks_exact(values.len() / count).map(<[f32]>::to_vec).collect()
}

fn rows_tensor(rows: &[Vec<f32>]) -> Tensor4 {
    ops::tensor(rows.concat(), (rows.len(), 1, 1, rows[0].len()))
}
