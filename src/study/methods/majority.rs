//! Always the most frequent class.

use crate::Result;
use crate::study::answers::{Answer, Answers};
use crate::study::method::{Context, FoldTask, Method, Prepared, with_name};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Answers every photo with the most frequent class of the training photos, and gives the classes their frequencies there
/// as probabilities: what every other method has to beat. scikit-learn's `DummyClassifier(strategy="prior")`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Majority {}

/// The labels and the number of classes.
struct Labels(Vec<usize>, usize);

impl Method for Majority {
    fn settings(&self) -> Result<Value> {
        with_name("majority", self)
    }

    fn prepare(&self, on: &Context) -> Result<Box<dyn Prepared>> {
        Ok(Box::new(Labels(on.dataset.labels().to_vec(), on.dataset.classes().len())))
    }
}

impl Prepared for Labels {
    fn fit(&self, task: &FoldTask) -> Result<Answers> {
        let mut frequencies = vec![0.0; self.1];
        task.train.iter().for_each(|&photo| frequencies[self.0[photo]] += 1.0 / task.train.len() as f64);
        let answer = |_| Answer::of(frequencies.iter().map(|&frequency: &f64| frequency.min(1.0) as f32).collect());
        Ok(Answers::new(task.test.iter().map(answer).collect()))
    }
}
