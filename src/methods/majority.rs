//! Always the most frequent class.

use super::ready::{Answer, Cost, Ready, Said};
use crate::Result;
use crate::data::Dataset;
use serde::{Deserialize, Serialize};

/// Answers every photo with the most frequent class of the training photos, and gives the classes their frequencies there
/// as probabilities: what every other method has to beat. scikit-learn's `DummyClassifier(strategy="prior")`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Majority {}

/// The labels and the number of classes.
struct Labels(Vec<usize>, usize);

impl Majority {
    pub(super) fn ready(self, dataset: &Dataset) -> Box<dyn Ready> {
        Box::new(Labels(dataset.labels().to_vec(), dataset.classes().len()))
    }
}

impl Ready for Labels {
    fn fit(&self, train: &[usize], test: &[usize]) -> Result<Said> {
        let mut shares = vec![0.0; self.1];
        train.iter().for_each(|&photo| shares[self.0[photo]] += 1.0 / train.len() as f64);
        let answer = |_| Answer::of(shares.iter().map(|&share: &f64| share.min(1.0) as f32).collect());
        Ok(Said { rows: test.iter().map(answer).collect(), chosen: String::new() })
    }

    fn cost(&self) -> Cost {
        Cost::default()
    }
}
