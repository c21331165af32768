//! Heads of one's own, on one or several stages.

use super::{AdaptiveAvgPool, BatchNorm, Dense, Dropout, Flatten, Init, Initializer, Layer, Network, Pass, Sequential};
use crate::net::ops::{self, Activation};
use crate::{Error, Result};
use dfdx::prelude::{HasShape, SplitTape};
use serde::{Deserialize, Serialize};

/// A linear head on a stage, of several that classify together: what the stage puts out is averaged over a grid of
/// fields, flattened, and goes through batch norm, dropout and a dense layer.
///
/// The batch norm is of the head, which is new: it learns its statistics from the batches, also where those of the rest
/// are kept as they are ([`BatchNormMode::Running`](crate::training::BatchNormMode)). It has PyTorch's momentum and
/// epsilon. The dense layer begins with zeros, as is usual in fine-tuning (A. Kolesnikov et al.: Big Transfer, 2020,
/// section 3.3): thousands of features are many more than photos, and most of what a weight begins with would still be
/// there in the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The stage it looks at, as `layer3`.
    pub stage: String,
    /// Rows and columns of the grid, 1 for the mean over the whole image ([`ops::adaptive_avg_pool`]).
    #[serde(default = "one")]
    pub grid: usize,
    /// Whether its features are normalised.
    #[serde(default)]
    pub batch_norm: bool,
    /// Fraction of its features that is dropped in training, 0 to less than 1.
    #[serde(default)]
    pub dropout: f64,
}

fn one() -> usize {
    1
}

impl Head {
    /// A dense layer on the mean of each channel of `stage`.
    pub fn on(stage: &str) -> Head {
        Head { stage: stage.into(), grid: 1, batch_norm: false, dropout: 0.0 }
    }

    /// The layers for a stage of `channels`.
    fn layers(&self, channels: usize, classes: usize) -> Sequential {
        let part = |suffix: &str| format!("head.{}.{suffix}", self.stage);
        let features = self.grid * self.grid * channels;
        let mut layers = Sequential::new()
            .then(Box::new(AdaptiveAvgPool::new(&part("pool"), self.grid)))
            .then(Box::new(Flatten::new(&part("flatten"))));
        if self.batch_norm {
            layers = layers.then(Box::new(BatchNorm::new(&part("bn"), features, 1e-5).torch_statistics()));
        }
        if self.dropout > 0.0 {
            layers = layers.then(Box::new(Dropout::new(&part("dropout"), self.dropout as f32)));
        }
        let zeros = Initializer { weights: Init::Constant(0.0), seed: 0 };
        layers.then(Box::new(Dense::new(&part("fc"), &zeros, features, classes)))
    }
}

impl Network {
    /// The network with `heads` in place of its own head. Its logits are the mean of theirs, and so is what the loss is of:
    /// each head learns what the others leave to do. Stages that no head needs are taken out.
    ///
    /// All heads are the last stage, `head`, with its learning rate and its weights. What a stage before the last puts out
    /// for a head is in [`Pass::side_outputs`].
    ///
    /// # Errors
    /// No head, two on the same stage, or one on a stage that there is not or on the network's own head; a grid of 0 or
    /// more than 255; a dropout that is not 0 to less than 1.
    ///
    /// ```
    /// use manga_expressions::net::models::resnet50;
    /// use manga_expressions::net::nn::Head;
    ///
    /// let heads = [Head { grid: 3, batch_norm: true, dropout: 0.5, ..Head::on("layer3") }, Head::on("layer4")];
    /// let mut network = resnet50((64, 64, 3), 7, 1).with_heads(&heads)?;
    /// assert_eq!(network.stages(), ["stem", "layer1", "layer2", "layer3", "layer4", "head"]);
    /// let of_heads = 4 * 9 * 1024 + (9 * 1024 + 1) * 7 + (2048 + 1) * 7;
    /// assert_eq!(network.summary()?.total, 23_587_712 + of_heads);
    ///
    /// let shorter = resnet50((64, 64, 3), 7, 1).with_heads(&heads[..1])?;
    /// assert_eq!(shorter.stages(), ["stem", "layer1", "layer2", "layer3", "head"]);
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn with_heads(self, heads: &[Head]) -> Result<Network> {
        let body: Vec<String> = self.stages().iter().rev().skip(1).rev().map(|name| name.to_string()).collect();
        let name = self.name().to_string();
        let invalid = |what: String| Err(Error::Invalid(format!("heads of {name}: {what}")));
        let mut placed: Vec<(usize, &Head)> = Vec::new();
        for head in heads {
            let Some(index) = body.iter().position(|stage| *stage == head.stage) else {
                return invalid(format!("there is no stage \"{}\"; there are {}", head.stage, body.join(", ")));
            };
            if placed.iter().any(|(other, _)| *other == index) {
                return invalid(format!("two look at {}: give each stage one", head.stage));
            }
            if !(1..=255).contains(&head.grid) {
                return invalid(format!("the grid on {} is {}; it must be 1 to 255", head.stage, head.grid));
            }
            if !(0.0..1.0).contains(&head.dropout) {
                let what = format!("the dropout on {} is {}", head.stage, head.dropout);
                return invalid(format!("{what}; it must be at least 0 and less than 1"));
            }
            placed.push((index, head));
        }
        placed.sort_by_key(|(index, _)| *index);
        let Some(&(last, _)) = placed.last() else {
            return invalid("there is none: name a stage for one".into());
        };
        let channels = self.channels(last)?;
        let layers = placed.iter().map(|(index, head)| head.layers(channels[*index], self.classes())).collect();
        let stages: Vec<usize> = placed.iter().map(|(index, _)| *index).collect();
        Ok(self.with_head(&stages, Box::new(Heads { heads: layers })))
    }

    /// The channels that each stage up to `last` puts out.
    fn channels(&self, last: usize) -> Result<Vec<usize>> {
        let (h, w, c) = self.input();
        let mut x = ops::tensor(vec![0.0; h * w * c], (1, h, w, c));
        let mut channels = Vec::new();
        for index in 0..=last {
            x = self.predict_stages(index..index + 1, x)?.split_tape().0;
            channels.push(x.shape().3);
        }
        Ok(channels)
    }
}

/// Heads on several stages, whose logits are averaged.
struct Heads {
    /// In the order of the stages.
    heads: Vec<Sequential>,
}

impl Layer for Heads {
    fn forward(&self, x: Activation, pass: &mut Pass) -> Result<Activation> {
        let mut inputs = std::mem::take(&mut pass.side_outputs);
        inputs.push(x);
        let (given, wanted) = (inputs.len(), self.heads.len());
        if given != wanted {
            return Err(Error::Invalid(format!(
                "{wanted} heads were given the outputs of {given} stages: a pass must begin before or right after the \
                 first stage that a head looks at, or be given its side outputs"
            )));
        }
        // These batch norms have no statistics from a pre-training that could be kept.
        let running = std::mem::replace(&mut pass.running_statistics, false);
        let logits: Result<Vec<_>> = self.heads.iter().zip(inputs).map(|(head, x)| head.forward(x, pass)).collect();
        pass.running_statistics = running;
        let logits = ops::average(logits?)?;
        if wanted > 1 {
            pass.observe("head", "Average", &logits, &[]);
        }
        Ok(logits)
    }

    fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a ops::Parameter)) {
        self.heads.iter().for_each(|head| head.visit(visit));
    }

    fn visit_mut<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut ops::Parameter)) {
        self.heads.iter_mut().for_each(|head| head.visit_mut(visit));
    }
}
