//! Ridge regression on features as a classifier.

use super::features::FeatureSet;
use super::store::Store;
use crate::data::Features;
use crate::study::answers::{Answer, Answers, Cost};
use crate::study::method::{Context, FoldTask, Method, Prepared, with_name};
use crate::study::ridge::{ColumnScaling, Kernel, Ridge, cross_entropy, probabilities, temperature};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Ridge regression with each class as a target of 0 or 1, on one or several blocks of features. scikit-learn's
/// `RidgeClassifier` after a `StandardScaler`, with these choices made inside the training part:
///
/// - the penalty, from a grid, by leaving out one photo after the other, together with its mirrored copy, in closed form
///   ([`Ridge::left_out`]): the one whose left-out scores tell the classes best, by cross-entropy;
/// - the temperature that makes probabilities of scores, on the same left-out scores.
///
/// In a recipe:
///
/// ```toml
/// method = "ridge"
///
/// [[features]]
/// kind = "network"
/// network = "resnet50"
/// stage = "layer3"
/// pooling = { grid = 3 }
/// size = 100
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RidgeClassifier {
    /// The blocks of features; each counts the same.
    pub features: Vec<FeatureSet>,
    /// What is done with columns, by the training photos alone.
    #[serde(default)]
    pub scaling: ColumnScaling,
    /// The power that the sizes of values are raised to before that, their signs kept; below 1 the few large values of
    /// rectified maps count less (F. Perronnin et al. 2010).
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub power: f64,
    /// Whether mirrored copies are learnt from too, and the scores of a photo and its mirrored copy averaged.
    #[serde(default = "yes")]
    pub mirrored: bool,
}

/// The penalties to choose from: powers of ten, four a decade. The kernel's diagonal has a mean of 1, and some hundred
/// photos share its trace.
const PENALTIES: std::ops::RangeInclusive<i32> = -16..=8;
const A_DECADE: f64 = 4.0;

fn one() -> f64 {
    1.0
}

fn is_one(power: &f64) -> bool {
    *power == 1.0
}

fn yes() -> bool {
    true
}

struct Blocks {
    blocks: Vec<Features>,
    scaling: ColumnScaling,
    labels: Vec<usize>,
    classes: usize,
    /// 2 where each photo has a mirrored copy, as many rows further.
    copies: usize,
    cost: Cost,
    keys: Vec<String>,
}

impl Method for RidgeClassifier {
    fn settings(&self) -> Result<Value> {
        with_name("ridge", self)
    }

    fn prepare(&self, on: &Context) -> Result<Box<dyn Prepared>> {
        let store = Store::new(on.features, on.dataset);
        if self.features.is_empty() || !self.power.is_finite() || self.power <= 0.0 {
            let (count, power) = (self.features.len(), self.power);
            return Err(Error::Invalid(format!(
                "ridge regression on {count} blocks of features, values to the power {power}: it takes at least one \
                 block, and a power above 0"
            )));
        }
        let described = store.describe(&self.features, self.mirrored)?;
        let (dataset, cpu) = (store.dataset(), cpu_time::ProcessTime::now());
        let raised = |block: Features| if self.power == 1.0 { Ok(block) } else { raised(&block, self.power) };
        let blocks: Vec<Features> = described.blocks.into_iter().map(raised).collect::<Result<_>>()?;
        let columns: usize = blocks.iter().map(Features::columns).sum();
        let (labels, classes) = (dataset.labels().to_vec(), dataset.classes().len());
        let trainable = (columns + 1) * classes;
        let cost = Cost {
            cpu_seconds: described.cpu_seconds + cpu.elapsed().as_secs_f64(),
            parameters: described.parameters + trainable,
            trainable,
        };
        let (scaling, copies, keys) = (self.scaling, 1 + usize::from(self.mirrored), described.keys);
        Ok(Box::new(Blocks { blocks, scaling, labels, classes, copies, cost, keys }))
    }
}

/// Each value to a power, with its sign.
fn raised(block: &Features, power: f64) -> Result<Features> {
    let raise = |&value: &f32| (f64::from(value.abs()).powf(power) as f32).copysign(value);
    let values = (0..block.rows()).flat_map(|row| block.row(row)).map(raise).collect();
    Features::new(block.name(), block.rows(), values)
}

impl Blocks {
    /// The rows of these photos: the photos, then their mirrored copies.
    fn rows(&self, photos: &[usize]) -> Vec<usize> {
        (0..self.copies).flat_map(|copy| photos.iter().map(move |photo| copy * self.labels.len() + photo)).collect()
    }

    /// The mean over the copies of each photo.
    fn mean(&self, rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let photos = rows.len() / self.copies;
        let mean = |photo: usize, class: usize| {
            (0..self.copies).map(|copy| rows[copy * photos + photo][class]).sum::<f64>() / self.copies as f64
        };
        (0..photos).map(|photo| (0..self.classes).map(|class| mean(photo, class)).collect()).collect()
    }
}

impl Prepared for Blocks {
    fn fit(&self, task: &FoldTask) -> Result<Answers> {
        let (train, test) = (task.train.as_slice(), task.test.as_slice());
        let labels: Vec<usize> = train.iter().map(|&photo| self.labels[photo]).collect();
        let target = |label: usize| (0..self.classes).map(|class| f64::from(u8::from(class == label))).collect();
        let targets: Vec<Vec<f64>> =
            labels.iter().cycle().take(labels.len() * self.copies).map(|&l| target(l)).collect();
        let groups: Vec<usize> = (0..labels.len() * self.copies).map(|row| row % labels.len()).collect();
        let kernel = Kernel::linear(&self.blocks, &self.rows(train), &self.rows(test), self.scaling)?;
        let ridge = Ridge::new(&kernel, &targets)?;

        let mut best: Option<(f64, f64, f64)> = None;
        for penalty in PENALTIES.map(|i| 10.0_f64.powf(f64::from(i) / A_DECADE)) {
            let scores = self.mean(&ridge.left_out(penalty, &groups)?);
            let temperature = temperature(&scores, &labels)?;
            let loss = cross_entropy(&scores, &labels, temperature)?;
            if best.is_none_or(|(least, ..)| loss < least) {
                best = Some((loss, penalty, temperature));
            }
        }
        let (_, penalty, temperature) = best.ok_or_else(|| Error::Invalid("there is no penalty to choose".into()))?;
        let scores = self.mean(&ridge.predict(&kernel, penalty));
        let answer =
            |row: &Vec<f64>| Answer::of(probabilities(row, temperature).into_iter().map(|p| p as f32).collect());
        let chosen = format!("penalty {penalty:.3}, temperature {temperature:.3}");
        Ok(Answers { chosen, ..Answers::new(scores.iter().map(answer).collect()) })
    }

    fn cost(&self) -> Result<Cost> {
        Ok(self.cost)
    }

    fn keys(&self) -> Vec<String> {
        self.keys.clone()
    }
}
