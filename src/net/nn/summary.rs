//! What a network is made of, as a table.

use super::{Mode, Network, Pass};
use crate::Result;
use crate::net::ops;
use crate::net::ops::Parameter;
use dfdx::prelude::{HasShape, SplitTape};
use serde::Serialize;

/// One layer of a [`Summary`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SummaryRow {
    /// Name of the layer.
    pub layer: String,
    /// Kind of layer, in Keras's words.
    pub kind: String,
    /// `H, W, C` of its output for one image.
    pub output: (usize, usize, usize),
    /// Number of its weights and statistics.
    pub parameters: usize,
    /// Multiplications, each with its addition, of its kernels for one image; 0 where it has none.
    pub multiply_adds: u64,
    /// Whether training changes its weights; none where it has none.
    pub trainable: Option<bool>,
}

/// The layers of a network with their outputs and numbers of parameters. Keras's `model.summary(show_trainable=True)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Name of the network.
    pub network: String,
    /// `H, W, C` of the images it is for.
    pub input: (usize, usize, usize),
    /// The layers, in the order in which data passes; those of auxiliary heads too.
    pub layers: Vec<SummaryRow>,
    /// Number of all parameters.
    pub total: usize,
    /// Those that training changes.
    pub trainable: usize,
    /// Those that it does not: running statistics and frozen weights.
    pub non_trainable: usize,
}

impl Network {
    /// The table of its layers; found by passing one black image through it.
    ///
    /// # Errors
    /// A network whose layers do not fit its input.
    ///
    /// ```
    /// use manga_expressions::net::models::resnet50v2;
    ///
    /// let summary = resnet50v2((32, 32, 3), 7, 1).summary()?;
    /// assert_eq!(summary.total, 23_564_800 + 2048 * 7 + 7);
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn summary(&self) -> Result<Summary> {
        let mut layers = Vec::new();
        let mut observer = |seen: super::Observation| {
            let shape = seen.output.shape();
            layers.push(SummaryRow {
                layer: seen.name.into(),
                kind: seen.kind.into(),
                output: (shape.1, shape.2, shape.3),
                parameters: seen.parameters.iter().map(|p| p.len()).sum(),
                multiply_adds: kernels(&seen).map(|kernel| uses(&seen, kernel)).sum(),
                trainable: (!seen.parameters.is_empty()).then(|| seen.parameters.iter().any(|p| p.trainable)),
            });
        };
        self.look(0, true, &mut observer)?;
        let parameters = self.parameters();
        let total = parameters.iter().map(|p| p.len()).sum();
        let trainable = parameters.iter().filter(|p| p.trainable).map(|p| p.len()).sum();
        let network = self.name().to_string();
        Ok(Summary { network, input: self.input(), layers, total, trainable, non_trainable: total - trainable })
    }
}

impl Network {
    /// Multiplications, each with its addition, of the convolutions and dense layers for one image, in a pass of `mode`.
    /// In training each layer that learns counts thrice: for its output and for the gradients of its input and its
    /// weight; auxiliary heads take part unless frozen.
    ///
    /// # Errors
    /// A network whose layers do not fit its input.
    pub fn multiply_adds(&self, mode: Mode) -> Result<u64> {
        self.multiply_adds_from(0, mode)
    }

    /// [`Network::multiply_adds`] of the stages `from` and after.
    pub(crate) fn multiply_adds_from(&self, from: usize, mode: Mode) -> Result<u64> {
        let mut sum = 0;
        let mut observer = |seen: super::Observation| {
            for kernel in kernels(&seen) {
                let passes = if mode == Mode::Training && kernel.trainable { 3 } else { 1 };
                sum += passes * uses(&seen, kernel);
            }
        };
        self.look(from, mode == Mode::Training, &mut observer)?;
        Ok(sum)
    }

    /// Passes one black image through the network, with or without its auxiliary heads, for `observer` to see the layers
    /// of the stages `from` and after.
    fn look(&self, from: usize, auxiliary_heads: bool, observer: &mut dyn FnMut(super::Observation)) -> Result<()> {
        let (h, w, c) = self.input();
        let x = ops::tensor(vec![0.0; h * w * c], (1, h, w, c));
        let (x, _) = self.predict_stages(0..from, x)?.split_tape();
        let mut pass = Pass { observer: Some(observer), auxiliary_heads, ..Pass::new(Mode::Inference, 0) };
        let rest = from..self.stages().len();
        self.continue_stages(rest, ops::start(x, false, false), &mut pass).map(|_| ())
    }
}

/// The parameters of a layer that are multiplied with what it is given: not its biases and statistics.
fn kernels<'a>(seen: &'a super::Observation) -> impl Iterator<Item = &'a Parameter> {
    seen.parameters.iter().copied().filter(|parameter| parameter.shape().len() > 1)
}

/// How often the values of a kernel are multiplied: each once for each output pixel.
fn uses(seen: &super::Observation, kernel: &Parameter) -> u64 {
    let &(_, h, w, _) = seen.output.shape();
    (kernel.len() * h * w) as u64
}

/// For each layer, whether Keras would give its output as a vector: after a dense layer, a pooling over the whole image
/// or a flattening, until the next image.
fn vectors(layers: &[SummaryRow]) -> Vec<bool> {
    let mut vector = false;
    let each = layers.iter().map(|layer| {
        vector = match layer.kind.as_str() {
            "Dense" | "Flatten" | "GlobalAveragePooling2D" => true,
            "Average" | "BatchNormalization" | "Dropout" | "ELU" | "ReLU" => vector,
            _ => false,
        };
        vector
    });
    each.collect()
}

/// `1234567` as `1,234,567`.
pub(crate) fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().map(|g| std::str::from_utf8(g).unwrap_or("")).collect();
    groups.join(",")
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let rows: Vec<[String; 4]> = self
            .layers
            .iter()
            .zip(vectors(&self.layers))
            .map(|(l, vector)| {
                let (h, w, c) = l.output;
                let shape = if vector { format!("(None, {c})") } else { format!("(None, {h}, {w}, {c})") };
                let trainable = l.trainable.map_or("-", |trainable| if trainable { "Y" } else { "N" });
                [format!("{} ({})", l.layer, l.kind), shape, grouped(l.parameters), trainable.into()]
            })
            .collect();
        let heads = ["Layer (type)", "Output Shape", "Param #", "Trainable"];
        let width = |i: usize| rows.iter().map(|r| r[i].len()).chain([heads[i].len()]).max().unwrap_or(0);
        let (a, b, c, d) = (width(0), width(1), width(2), width(3));
        let rule = "─".repeat(a + b + c + d + 6);
        let (h, w, channels) = self.input;
        writeln!(f, "Model: \"{}\"   input (None, {h}, {w}, {channels})", self.network)?;
        writeln!(f, "{rule}\n{:<a$}  {:<b$}  {:>c$}  {}\n{rule}", heads[0], heads[1], heads[2], heads[3])?;
        for [layer, shape, parameters, trainable] in &rows {
            writeln!(f, "{layer:<a$}  {shape:<b$}  {parameters:>c$}  {trainable:^d$}")?;
        }
        writeln!(f, "{rule}")?;
        writeln!(f, "Total params: {}", grouped(self.total))?;
        writeln!(f, "Trainable params: {}", grouped(self.trainable))?;
        write!(f, "Non-trainable params: {}", grouped(self.non_trainable))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn thousands_are_grouped() {
        for (n, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (23_564_800, "23,564,800")] {
            assert_eq!(super::grouped(n), text);
        }
    }
}
