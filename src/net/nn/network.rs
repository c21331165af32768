//! A network: layers behind one trait, with named parameters.

use super::Layer;
use crate::net::ops::{self, Parameter, Role};
use crate::{Error, Result};
use sha2::{Digest, Sha256};

/// A classifier of images: layers that end in one logit for each class.
///
/// The layers are grouped in stages, the parts that papers name; the last stage is the head, which knows the classes. A
/// network can be frozen up to a stage, and its pass can begin or end between two of them.
pub struct Network {
    name: String,
    input: (usize, usize, usize),
    classes: usize,
    pub(super) stages: Vec<Stage>,
}

/// A named part of a [`Network`].
pub struct Stage {
    name: String,
    pub(super) frozen: bool,
    /// Whether a head looks at what it puts out, wherever the network goes on from there.
    looked_at: bool,
    pub(super) layer: Box<dyn Layer>,
}

impl Stage {
    /// The stage `name`, as `layer1`.
    pub fn new(name: &str, layer: Box<dyn Layer>) -> Self {
        Stage { name: name.into(), frozen: false, looked_at: false, layer }
    }
}

impl Network {
    /// A network of `body` for images of `input` = `(H, W, C)`: a single stage called `body`.
    pub fn new(name: impl Into<String>, input: (usize, usize, usize), classes: usize, body: Box<dyn Layer>) -> Self {
        Network::of_stages(name, input, classes, vec![Stage::new("body", body)])
    }

    /// A network of `stages`, one after the other; the last is its head.
    pub fn of_stages(
        name: impl Into<String>,
        input: (usize, usize, usize),
        classes: usize,
        stages: Vec<Stage>,
    ) -> Self {
        Network { name: name.into(), input, classes, stages }
    }

    /// Its name, as on the command line: `resnet50v2`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Size of the images it is for, `(H, W, C)`.
    pub fn input(&self) -> (usize, usize, usize) {
        self.input
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The names of its stages, in the order of the data.
    pub fn stages(&self) -> Vec<&str> {
        self.stages.iter().map(|stage| stage.name.as_str()).collect()
    }

    /// Freezes the stages up to and including `last`: training leaves their weights as they are, and their batch norms
    /// and dropouts work as in inference. The stages after it learn. Keras's `layer.trainable = False`, which has the
    /// same effect on batch norm.
    ///
    /// # Errors
    /// A stage that the network does not have, or the head: nothing would be left to learn.
    ///
    /// ```
    /// use manga_expressions::net::models::resnet50;
    ///
    /// let mut network = resnet50((32, 32, 3), 7, 1);
    /// network.freeze_through("layer4")?;
    /// assert_eq!(network.summary()?.trainable, 2048 * 7 + 7);
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn freeze_through(&mut self, last: &str) -> Result<()> {
        let body = self.stages.len().saturating_sub(1);
        let Some(last) = self.stages[..body].iter().position(|stage| stage.name == last) else {
            let known: Vec<&str> = self.stages[..body].iter().map(|stage| stage.name.as_str()).collect();
            let known = if known.is_empty() { "none".into() } else { known.join(", ") };
            return Err(Error::NotFound(format!(
                "{} has no stage \"{last}\" that can be frozen; it has {known}",
                self.name
            )));
        };
        self.freeze(last + 1);
        Ok(())
    }

    /// Lets all stages learn.
    pub fn unfreeze(&mut self) {
        self.freeze(0);
    }

    /// Freezes the network as settings say it in a word: through a stage, or `nothing`; without a word it stays as it is.
    ///
    /// # Errors
    /// As [`Network::freeze_through`].
    pub fn freeze_as(&mut self, word: Option<&str>) -> Result<()> {
        match word {
            Some("nothing") => self.unfreeze(),
            Some(stage) => self.freeze_through(stage)?,
            None => {}
        }
        Ok(())
    }

    /// Freezes the first `count` stages and no other.
    fn freeze(&mut self, count: usize) {
        for (index, stage) in self.stages.iter_mut().enumerate() {
            stage.frozen = index < count;
            stage.layer.visit_mut(&mut |p| p.trainable = index >= count && p.role() == Role::Weight);
        }
    }

    /// Number of stages that are frozen; they are the first ones.
    pub fn frozen_stages(&self) -> usize {
        self.stages.iter().take_while(|stage| stage.frozen).count()
    }

    /// Number of the first stages that are frozen and after which a pass can begin: those whose output for an image is
    /// always the same, and all that the rest of the network needs of it. They are the frozen ones, but for those after
    /// the first that a head looks at.
    pub fn fixed_stages(&self) -> usize {
        let looked_at = self.stages.iter().position(|stage| stage.looked_at).map_or(usize::MAX, |index| index + 1);
        self.frozen_stages().min(looked_at)
    }

    /// Whether a head looks at what stage `index` puts out, beside the stages after it.
    pub(crate) fn is_looked_at(&self, index: usize) -> bool {
        index + 2 < self.stages.len() && self.stages[index].looked_at
    }

    /// The network up to the last of the `stages` that a head looks at, with another head after it.
    pub(super) fn with_head(mut self, stages: &[usize], head: Box<dyn Layer>) -> Network {
        self.stages.truncate(stages.iter().max().map_or(0, |last| last + 1));
        for (index, stage) in self.stages.iter_mut().enumerate() {
            stage.looked_at = stages.contains(&index);
        }
        self.stages.push(Stage::new("head", head));
        self
    }

    /// The same for images of `size` `(H, W)`, where its layers take any size: networks that pool over whole images, as
    /// ResNet, and not those whose dense layers know the size, as the DCNN.
    ///
    /// # Errors
    /// A size that the layers cannot work with. The network is then as it was.
    ///
    /// ```
    /// use manga_expressions::net::models::{dcnn, resnet50};
    ///
    /// let mut network = resnet50((64, 64, 1), 7, 1);
    /// network.resize((48, 48))?;
    /// assert_eq!(network.input(), (48, 48, 1));
    /// assert!(dcnn((48, 48, 1), 7, 1).resize((64, 64)).is_err());
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn resize(&mut self, (h, w): (usize, usize)) -> Result<()> {
        let before = self.input;
        if (h, w) == (before.0, before.1) {
            return Ok(());
        }
        self.input = (h, w, before.2);
        let black = ops::tensor(vec![0.0; h * w * before.2], (1, h, w, before.2));
        if let Err(error) = self.predict(black) {
            self.input = before;
            let name = &self.name;
            return Err(Error::Invalid(format!("{name} cannot be given images of {h} x {w}: {error}")));
        }
        Ok(())
    }

    /// All parameters in the order of the layers.
    pub fn parameters(&self) -> Vec<&Parameter> {
        self.stages.iter().flat_map(Stage::parameters).collect()
    }

    /// The SHA-256 of the values of all parameters in their order, in hexadecimal digits: the same only for weights that
    /// are the same to the bit.
    pub fn digest(&self) -> String {
        let mut digest = Sha256::new();
        for value in self.parameters().into_iter().flat_map(Parameter::values) {
            digest.update(value.to_le_bytes());
        }
        format!("{:x}", digest.finalize())
    }

    /// All parameters, to change them.
    pub fn parameters_mut(&mut self) -> Vec<&mut Parameter> {
        let mut all = Vec::new();
        for stage in &mut self.stages {
            stage.layer.visit_mut(&mut |p| all.push(p));
        }
        all
    }

    /// The running statistics that training changes: those of stages that are not frozen, in the order of the layers.
    pub(crate) fn changing_statistics(&self) -> Vec<&Parameter> {
        let learning = self.stages.iter().filter(|stage| !stage.frozen);
        learning.flat_map(Stage::parameters).filter(|p| p.role() == Role::Statistic).collect()
    }

    /// The same, to change them.
    pub(crate) fn changing_statistics_mut(&mut self) -> Vec<&mut Parameter> {
        let mut all = Vec::new();
        for stage in self.stages.iter_mut().filter(|stage| !stage.frozen) {
            stage.layer.visit_mut(&mut |p| {
                if p.role() == Role::Statistic {
                    all.push(p);
                }
            });
        }
        all
    }

    /// The parameters of the head: the last stage.
    pub fn head_parameters(&self) -> Vec<&Parameter> {
        self.stages.last().map(Stage::parameters).unwrap_or_default()
    }
}

impl Stage {
    fn parameters(&self) -> Vec<&Parameter> {
        let mut all = Vec::new();
        self.layer.visit(&mut |p| all.push(p));
        all
    }
}

impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "Network({}, {:?} -> {} classes)", self.name, self.input, self.classes)
    }
}
