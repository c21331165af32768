//! The vote of the nearest photos.

use super::features::FeatureSet;
use super::store::Store;
use crate::study::answers::{Answer, Answers, Cost};
use crate::study::method::{Context, FoldTask, Method, Prepared, with_name};
use crate::study::neighbours::{Distance, SortedNeighbours};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// k-nearest neighbours: the fractions of the votes are the probabilities, and `k` is the one with the highest accuracy among
/// the training photos, each classified by the others of them.
///
/// In a recipe:
///
/// ```toml
/// method = "neighbours"
/// largest_k = 50
/// features = { kind = "pixels", size = 48 }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeighbourVote {
    /// In what photos are compared.
    pub features: FeatureSet,
    /// How. Where nothing is said: features of networks by the cosine, others by the Euclidean distance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance: Option<Distance>,
    /// The largest `k` that may be chosen.
    #[serde(default = "largest_k")]
    pub largest_k: usize,
}

fn largest_k() -> usize {
    50
}

struct Sorted {
    neighbours: SortedNeighbours,
    largest_k: usize,
    cost: Cost,
    keys: Vec<String>,
}

impl Method for NeighbourVote {
    fn settings(&self) -> Result<Value> {
        with_name("neighbours", self)
    }

    fn prepare(&self, on: &Context) -> Result<Box<dyn Prepared>> {
        let store = Store::new(on.features, on.dataset);
        let described = store.describe(std::slice::from_ref(&self.features), false)?;
        let distance = self.distance.unwrap_or_else(|| self.features.usual_distance());
        let (dataset, cpu) = (store.dataset(), cpu_time::ProcessTime::now());
        let neighbours =
            SortedNeighbours::new(&described.blocks[0], dataset.labels(), dataset.classes().len(), distance)?;
        let cpu_seconds = described.cpu_seconds + cpu.elapsed().as_secs_f64();
        let cost = Cost { cpu_seconds, parameters: described.parameters, trainable: 0 };
        Ok(Box::new(Sorted { neighbours, largest_k: self.largest_k, cost, keys: described.keys }))
    }
}

impl Prepared for Sorted {
    fn fit(&self, task: &FoldTask) -> Result<Answers> {
        let train = task.train.as_slice();
        if self.largest_k >= train.len() {
            let (k, photos) = (self.largest_k, train.len());
            return Err(Error::Invalid(format!(
                "largest_k = {k}, and each of {photos} training photos has {} others: take less",
                photos.saturating_sub(1)
            )));
        }
        let k = self.neighbours.choose_k(train, self.largest_k)?;
        let answer = |&photo: &usize| {
            let (predicted, fractions) = self.neighbours.vote(train, photo, k)?;
            Ok(Answer { predicted, probabilities: fractions.into_iter().map(|fraction| fraction as f32).collect() })
        };
        let rows = task.test.iter().map(answer).collect::<Result<_>>()?;
        Ok(Answers { chosen: format!("k = {k}"), ..Answers::new(rows) })
    }

    fn cost(&self) -> Result<Cost> {
        Ok(self.cost)
    }

    fn keys(&self) -> Vec<String> {
        self.keys.clone()
    }
}
