//! The convolution layer.

use super::{BatchNorm, Initializer, Layer, Pass};
use crate::net::ops::{self, Activation, After, Padding, Parameter, Role};
use crate::{Error, Result};

/// Convolution with kernels that are learnt. Keras's `Conv2D` without activation, PyTorch's `nn.Conv2d`.
#[derive(Debug)]
pub struct Conv2d {
    name: String,
    weight: Parameter,
    bias: Option<Parameter>,
    stride: usize,
    padding: Padding,
}

impl Conv2d {
    /// `filters` kernels of `kernel` = `(KH, KW)` over `channels`, with a bias, stride 1 and no padding.
    pub fn new(name: &str, init: &Initializer, channels: usize, filters: usize, kernel: (usize, usize)) -> Self {
        let (weight, shape) = (format!("{name}.weight"), [kernel.0, kernel.1, channels, filters]);
        let values = init.weight(&weight, &shape);
        Conv2d {
            name: name.into(),
            weight: Parameter::new(weight, Role::Weight, &shape, values),
            bias: Some(Parameter::new(format!("{name}.bias"), Role::Weight, &[filters], vec![0.0; filters])),
            stride: 1,
            padding: Padding::Valid,
        }
    }

    /// Kernels of 3 x 3 that are set by hand, row by row, over one channel; without a bias.
    ///
    /// # Errors
    /// No filter.
    ///
    /// ```
    /// use manga_expressions::net::nn::Conv2d;
    ///
    /// let horizontal = [1.0, 1.0, 1.0, 0.0, 0.0, 0.0, -1.0, -1.0, -1.0];
    /// let vertical = [1.0, 0.0, -1.0, 1.0, 0.0, -1.0, 1.0, 0.0, -1.0];
    /// let edges = Conv2d::of_filters("edges", &[horizontal, vertical])?;
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn of_filters(name: &str, filters: &[[f32; 9]]) -> Result<Self> {
        if filters.is_empty() {
            return Err(Error::Invalid(format!("{name} has no filter: give it at least one")));
        }
        let values = (0..9).flat_map(|place| filters.iter().map(move |filter| filter[place])).collect();
        Ok(Conv2d {
            name: name.into(),
            weight: Parameter::new(format!("{name}.weight"), Role::Weight, &[3, 3, 1, filters.len()], values),
            bias: None,
            stride: 1,
            padding: Padding::Valid,
        })
    }

    /// Without a bias: where a batch norm follows it would be taken away again.
    pub fn without_bias(mut self) -> Self {
        self.bias = None;
        self
    }

    /// With another stride.
    pub fn stride(mut self, stride: usize) -> Self {
        self.stride = stride;
        self
    }

    /// With zeros around the image.
    pub fn padding(mut self, padding: Padding) -> Self {
        self.padding = padding;
        self
    }

    /// The convolution of `x`, plus `residual` of the output's shape.
    ///
    /// # Errors
    /// Shapes that do not fit.
    pub fn forward_add(&self, x: Activation, residual: Option<Activation>, pass: &mut Pass) -> Result<Activation> {
        let y = self.forward_after(x, residual, &After::default())?;
        match &self.bias {
            Some(bias) => pass.observe(&self.name, "Conv2D", &y, &[&self.weight, bias]),
            None => pass.observe(&self.name, "Conv2D", &y, &[&self.weight]),
        }
        Ok(y)
    }
}

impl Conv2d {
    /// The convolution of `x` and what comes `after` it, in one pass over memory.
    pub(super) fn forward_after(
        &self,
        x: Activation,
        residual: Option<Activation>,
        after: &After,
    ) -> Result<Activation> {
        ops::conv2d_then(x, &self.weight, self.bias.as_ref(), residual, self.stride, self.padding, after)
    }

    /// The convolution of `x`, then `norm` with its `residual`: in one pass over memory where that is sound, which is
    /// where the norm uses its running statistics and nothing learns.
    ///
    /// # Errors
    /// Shapes that do not fit.
    pub fn forward_norm(
        &self,
        x: Activation,
        norm: &BatchNorm,
        residual: Option<Activation>,
        pass: &mut Pass,
    ) -> Result<Activation> {
        let (x, recorded) = ops::is_recorded(x);
        match norm.after(pass, recorded).filter(|_| pass.observer.is_none()) {
            Some(after) => self.forward_after(x, residual, &after),
            None => {
                let x = self.forward_add(x, None, pass)?;
                norm.forward_add(x, residual, pass)
            }
        }
    }
}

impl Layer for Conv2d {
    fn as_conv2d(&self) -> Option<&Conv2d> {
        Some(self)
    }

    fn forward(&self, x: Activation, pass: &mut Pass) -> Result<Activation> {
        self.forward_add(x, None, pass)
    }

    fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a Parameter)) {
        visit(&self.weight);
        self.bias.iter().for_each(visit);
    }

    fn visit_mut<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Parameter)) {
        visit(&mut self.weight);
        self.bias.iter_mut().for_each(visit);
    }
}
