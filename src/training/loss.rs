//! Categorical cross-entropy, the report's loss (section 2.2.3).

use super::gradients::Gradients;
use super::optimizer::out_of_memory;
use crate::net::ops::{self, Activation, Tensor4};
use crate::{Error, Result};
use dfdx::prelude::*;

/// Rows of logits that are worked on at a time where no tape is needed.
const ROWS: usize = 256;

/// The distribution to learn for each label, `N, 1, 1, K`: one-hot, with the fraction `smoothing` spread over all `K`
/// classes (label smoothing, Szegedy et al. 2016, section 7). Keras's `to_categorical` and `label_smoothing`.
///
/// # Errors
/// [`Error::Invalid`] for a label that is no class, and a smoothing outside 0 to less than 1.
///
/// ```
/// use manga_expressions::training::targets;
///
/// assert_eq!(targets(&[2, 0], 3, 0.0)?.as_vec(), [0.0, 0.0, 1.0, 1.0, 0.0, 0.0]);
/// assert!(targets(&[3], 3, 0.0).is_err());
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn targets(labels: &[usize], classes: usize, smoothing: f64) -> Result<Tensor4> {
    super::settings::within("label_smoothing", smoothing, 0.0, 1.0)?;
    if let Some(label) = labels.iter().find(|&&label| label >= classes) {
        return Err(Error::Invalid(format!("there is a label {label}, and there are {classes} classes, from 0")));
    }
    Ok(smoothed(labels, classes, smoothing))
}

/// [`targets`] of labels that are known to be classes.
fn smoothed(labels: &[usize], classes: usize, smoothing: f64) -> Tensor4 {
    let everywhere = smoothing / classes as f64;
    let mut values = vec![everywhere as f32; labels.len() * classes];
    for (row, &label) in values.chunks_exact_mut(classes).zip(labels) {
        row[label] = (1.0 - smoothing + everywhere) as f32;
    }
    ops::tensor(values, (labels.len(), 1, 1, classes))
}

/// The loss of one batch, with the tape that computed it: a number, and the way back to all weights.
pub struct Loss(Tensor<Rank0, f32, Cpu, OwnedTape<f32, Cpu>>);

/// Mean over the batch of the cross-entropy of `logits` with `targets`, both `N, 1, 1, K`: the report's loss (section
/// 2.2.3). Equivalent to `keras.losses.CategoricalCrossentropy(from_logits=True)` and PyTorch's `CrossEntropyLoss`.
///
/// # Errors
/// [`Error::Invalid`] where the shapes differ.
pub fn cross_entropy(logits: Activation, targets: &Tensor4) -> Result<Loss> {
    if logits.shape() != targets.shape() {
        let (a, b) = (logits.shape(), targets.shape());
        return Err(Error::Invalid(format!("logits of shape {a:?} and targets of shape {b:?}: they must be equal")));
    }
    let (logits, recorder) = logits.split_tape();
    let tape = recorder.into_tape().unwrap_or_default();
    Ok(Loss(cross_entropy_with_logits_loss(logits.put_tape(tape), targets.clone())))
}

impl Loss {
    /// The number.
    pub fn value(&self) -> f32 {
        self.0.array()
    }

    /// The sum of this and `weight` times another, as of an auxiliary head.
    pub fn plus(self, other: Loss, weight: f32) -> Loss {
        Loss(self.0 + other.0 * weight)
    }

    /// Backpropagation: the gradient of the loss with respect to all that was recorded on its tape. Keras's
    /// `tape.gradient(loss, …)`, PyTorch's `loss.backward()`.
    ///
    /// # Errors
    /// [`Error::Invalid`] where memory runs out.
    pub fn backward(self) -> Result<Gradients> {
        self.0.try_backward().map(Gradients).map_err(out_of_memory)
    }
}

impl std::fmt::Debug for Loss {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "Loss({})", self.value())
    }
}

/// Mean cross-entropy over `rows` of logits.
pub(super) fn mean_cross_entropy(rows: &[Vec<f32>], labels: &[usize], smoothing: f64) -> f64 {
    let chunks = rows.chunks(ROWS).zip(labels.chunks(ROWS));
    let sums = chunks.map(|(rows, labels)| {
        let targets = smoothed(labels, rows[0].len(), smoothing);
        cross_entropy_with_logits_loss(rows_tensor(rows), targets).array() as f64 * rows.len() as f64
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
