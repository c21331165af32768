//! Passes through a network: with what a training measures taken over, or leaving the network as it is.

use super::{Mode, Network, Pass};
use crate::net::ops::{self, Activation, Role, Tensor4};
use crate::{Error, Result};
use std::ops::Range;

impl Network {
    /// One pass of a batch `x` (`N, H, W, C`); the logits have the shape `N, 1, 1, classes`.
    pub fn forward(&mut self, x: Tensor4, pass: &mut Pass) -> Result<Activation> {
        self.forward_stages(0..self.stages.len(), x, pass)
    }

    /// The part of a pass through the stages `range` only; `x` is what the stage before them put out.
    ///
    /// # Errors
    /// Stages that the network does not have; shapes that do not fit.
    pub fn forward_stages(&mut self, range: Range<usize>, x: Tensor4, pass: &mut Pass) -> Result<Activation> {
        let x = ops::start(x, pass.mode == Mode::Training, false);
        let y = self.continue_stages(range, x, pass)?;
        self.follow(pass);
        Ok(y)
    }

    /// The logits of a batch `x` (`N, H, W, C`) as in inference: `N, 1, 1, classes`. Nothing changes in the network, so
    /// that several threads may ask it at a time.
    ///
    /// # Errors
    /// Shapes that do not fit.
    ///
    /// ```
    /// use manga_expressions::data::Images;
    /// use manga_expressions::net::models::small_cnn;
    ///
    /// let network = small_cnn((32, 32, 1), 7, 1);
    /// let black = Images::new((2, 32, 32, 1), vec![0.0; 2 * 32 * 32])?;
    /// assert_eq!(network.predict(black.to_tensor())?.as_vec().len(), 2 * 7);
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn predict(&self, x: Tensor4) -> Result<Activation> {
        self.predict_stages(0..self.stages.len(), x)
    }

    /// The part of [`Network::predict`] through the stages `range` only; `x` is what the stage before them put out.
    ///
    /// # Errors
    /// As [`Network::forward_stages`].
    pub fn predict_stages(&self, range: Range<usize>, x: Tensor4) -> Result<Activation> {
        self.continue_stages(range, ops::start(x, false, false), &mut Pass::new(Mode::Inference, 0))
    }

    /// Takes over the running statistics that a pass has measured.
    fn follow(&mut self, pass: &mut Pass) {
        let statistics = std::mem::take(&mut pass.statistics);
        if statistics.is_empty() {
            return;
        }
        for parameter in self.parameters_mut().into_iter().filter(|parameter| parameter.role() == Role::Statistic) {
            statistics.iter().for_each(|statistic| statistic.give(parameter));
        }
    }

    /// As [`Network::forward_stages`], recorded as `x` says and not as the mode does. Started with `ops::start(x, true,
    /// true)`, a pass in inference mode can be differentiated down to `x`, as heat maps need it: running statistics are
    /// used and kept, nothing is dropped, auxiliary heads take no part. In a pass that learns, new running statistics
    /// stay in the pass.
    ///
    /// # Errors
    /// As [`Network::forward_stages`].
    pub fn continue_stages(&self, range: Range<usize>, mut x: Activation, pass: &mut Pass) -> Result<Activation> {
        if range.start > range.end || range.end > self.stages.len() {
            let (name, count) = (self.name(), self.stages.len());
            return Err(Error::Invalid(format!("{name} has {count} stages, and those of {range:?} were asked for")));
        }
        for index in range {
            if index > 0 && self.is_looked_at(index - 1) {
                let (on, side) = ops::fork(x);
                pass.side_outputs.push(side);
                x = on;
            }
            let stage = &self.stages[index];
            x = if stage.frozen {
                pass.frozen(|pass| ops::unrecorded(x, |x| stage.layer.forward(x, pass)))?
            } else {
                stage.layer.forward(x, pass)?
            };
        }
        Ok(x)
    }
}
