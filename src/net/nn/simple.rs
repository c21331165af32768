//! Layers that learn nothing.

use super::{Layer, Mode, Pass};
use crate::Result;
use crate::net::ops::{self, Activation, After, Padding, Parameter};

/// Writes `impl Layer` for a layer without parameters, whose field `name` is its name.
macro_rules! without_parameters {
    ($layer:ident, $kind:literal, |$self:ident, $x:ident, $pass:ident| $forward:expr $(, $more:item)?) => {
        impl Layer for $layer {
            fn forward(&self, $x: Activation, $pass: &mut Pass) -> Result<Activation> {
                let $self = self;
                let y = $forward?;
                $pass.observe(&$self.name, $kind, &y, &[]);
                Ok(y)
            }

            $($more)?

            fn visit<'a>(&'a self, _: &mut dyn FnMut(&'a Parameter)) {}

            fn visit_mut<'a>(&'a mut self, _: &mut dyn FnMut(&'a mut Parameter)) {}
        }
    };
}

/// The largest value of each window. Keras's `MaxPooling2D`, PyTorch's `nn.MaxPool2d`.
#[derive(Debug)]
pub struct MaxPool {
    name: String,
    window: usize,
    stride: usize,
    padding: Padding,
}

impl MaxPool {
    /// Over square windows.
    pub fn new(name: &str, window: usize, stride: usize, padding: Padding) -> Self {
        MaxPool { name: name.into(), window, stride, padding }
    }
}

without_parameters!(MaxPool, "MaxPooling2D", |this, x, pass| ops::max_pool(
    x,
    (this.window, this.window),
    this.stride,
    this.padding
));

/// The mean of each window, over the places inside the image. Keras's `AveragePooling2D`, PyTorch's `nn.AvgPool2d` with
/// `count_include_pad=False`.
#[derive(Debug)]
pub struct AvgPool {
    name: String,
    window: usize,
    stride: usize,
    padding: Padding,
}

impl AvgPool {
    /// Over square windows.
    pub fn new(name: &str, window: usize, stride: usize, padding: Padding) -> Self {
        AvgPool { name: name.into(), window, stride, padding }
    }
}

without_parameters!(AvgPool, "AveragePooling2D", |this, x, pass| ops::avg_pool(
    x,
    (this.window, this.window),
    this.stride,
    this.padding,
    false
));

/// The mean of each channel. Keras's `GlobalAveragePooling2D`, PyTorch's `nn.AdaptiveAvgPool2d(1)`.
#[derive(Debug)]
pub struct GlobalAvgPool {
    name: String,
}

impl GlobalAvgPool {
    /// `N, H, W, C` becomes `N, 1, 1, C`.
    pub fn new(name: &str) -> Self {
        GlobalAvgPool { name: name.into() }
    }
}

without_parameters!(GlobalAvgPool, "GlobalAveragePooling2D", |this, x, pass| ops::global_avg_pool(x));

/// The mean of each field of a grid, whatever the size of the image. PyTorch's `nn.AdaptiveAvgPool2d`, Keras's
/// `AdaptiveAveragePooling2D`.
#[derive(Debug)]
pub struct AdaptiveAvgPool {
    name: String,
    grid: usize,
}

impl AdaptiveAvgPool {
    /// `N, H, W, C` becomes `N, grid, grid, C`.
    pub fn new(name: &str, grid: usize) -> Self {
        AdaptiveAvgPool { name: name.into(), grid }
    }
}

without_parameters!(AdaptiveAvgPool, "AdaptiveAveragePooling2D", |this, x, pass| ops::adaptive_avg_pool(x, this.grid));

/// Zeros around each image. Keras's `ZeroPadding2D`, PyTorch's `nn.ZeroPad2d`.
#[derive(Debug)]
pub struct ZeroPad {
    name: String,
    sides: [usize; 4],
}

impl ZeroPad {
    /// `sides`: top, bottom, left, right.
    pub fn new(name: &str, sides: [usize; 4]) -> Self {
        ZeroPad { name: name.into(), sides }
    }
}

without_parameters!(ZeroPad, "ZeroPadding2D", |this, x, pass| Ok::<_, crate::Error>(ops::zero_pad(x, this.sides)));

/// `max(x, 0)`. Keras's and PyTorch's `ReLU`.
#[derive(Debug)]
pub struct Relu {
    name: String,
}

impl Relu {
    /// After a batch norm, use [`super::BatchNorm::relu`] instead.
    pub fn new(name: &str) -> Self {
        Relu { name: name.into() }
    }
}

without_parameters!(
    Relu,
    "ReLU",
    |this, x, pass| Ok::<_, crate::Error>(ops::relu(x)),
    fn after(&self, _: &Pass, _: bool) -> Option<After> {
        Some(After { affine: None, relu: true })
    }
);

/// `x` above zero, `exp(x) - 1` below. Keras's and PyTorch's `ELU`.
#[derive(Debug)]
pub struct Elu {
    name: String,
}

impl Elu {
    /// With an `alpha` of 1.
    pub fn new(name: &str) -> Self {
        Elu { name: name.into() }
    }
}

without_parameters!(Elu, "ELU", |this, x, pass| Ok::<_, crate::Error>(ops::elu(x)));

/// The image as one vector. Keras's `Flatten`; PyTorch's `nn.Flatten` has another order, see [`ops::flatten`].
#[derive(Debug)]
pub struct Flatten {
    name: String,
}

impl Flatten {
    /// `N, H, W, C` becomes `N, 1, 1, H * W * C`.
    pub fn new(name: &str) -> Self {
        Flatten { name: name.into() }
    }
}

without_parameters!(Flatten, "Flatten", |this, x, pass| Ok::<_, crate::Error>(ops::flatten(x)));

/// Drops values at random in training. Keras's `Dropout`, PyTorch's `nn.Dropout`.
#[derive(Debug)]
pub struct Dropout {
    name: String,
    rate: f32,
}

impl Dropout {
    /// Drops each value with probability `rate`.
    pub fn new(name: &str, rate: f32) -> Self {
        Dropout { name: name.into(), rate }
    }
}

without_parameters!(Dropout, "Dropout", |this, x, pass| {
    if pass.mode == Mode::Training && pass.dropout { ops::dropout(x, this.rate, &mut pass.rng) } else { Ok(x) }
});
