//! A tape that can be switched off while a program runs.
//!
//! dfdx decides by type whether an operation is recorded (`OwnedTape` or `NoneTape`), so a network whose layers are
//! values behind a trait would need two of every method. [`Recorder`] is one type for both.

use dfdx::prelude::*;

/// Axes `N, H, W, C`: image, row, column, channel. A vector for each image is `N, 1, 1, C`.
pub type Shape4 = (usize, usize, usize, usize);

/// A tensor without a tape: a batch of images, or a result.
pub type Tensor4 = Tensor<Shape4, f32, Cpu>;

/// A tensor on its way through a network, with the tape that records it.
pub type Activation = Tensor<Shape4, f32, Cpu, Recorder>;

/// dfdx's tape, or none, decided at run time; and whether a gradient is wanted from what was recorded so far.
///
/// An operation whose inputs carry no gradient and whose parameters are frozen is not recorded at all. That is how
/// neither the gradient of the input image nor anything in a frozen part of a network is computed in vain.
#[derive(Default, Debug)]
pub struct Recorder {
    tape: Option<OwnedTape<f32, Cpu>>,
    carries_gradient: bool,
}

impl Recorder {
    /// Whether operations are to be recorded.
    pub fn is_recording(&self) -> bool {
        self.tape.is_some()
    }

    /// Whether the gradient of this tensor is needed by something recorded before.
    pub fn carries_gradient(&self) -> bool {
        self.is_recording() && self.carries_gradient
    }

    /// dfdx's own tape, for a loss and `backward()`; none where nothing was recorded.
    pub fn into_tape(self) -> Option<OwnedTape<f32, Cpu>> {
        self.tape
    }
}

impl Tape<f32, Cpu> for Recorder {
    const OWNS_TAPE: bool = true;

    fn add_backward_op<F>(&mut self, operation: F)
    where
        F: 'static + FnOnce(&mut Gradients<f32, Cpu>) -> Result<(), CpuError>,
    {
        if let Some(tape) = &mut self.tape {
            self.carries_gradient = true;
            tape.add_backward_op(operation);
        }
    }
}

impl Merge<NoneTape> for Recorder {
    fn merge(self, _: NoneTape) -> Self {
        self
    }
}

impl Merge<Recorder> for Recorder {
    fn merge(self, other: Recorder) -> Self {
        let carries_gradient = self.carries_gradient || other.carries_gradient;
        let tape = match (self.tape, other.tape) {
            (Some(a), Some(b)) => Some(a.merge(b)),
            (a, b) => a.or(b),
        };
        Recorder { tape, carries_gradient }
    }
}

/// A tensor of `shape` (`N, H, W, C`) from its values, without a copy. Panics where their number does not fit.
pub fn tensor(values: Vec<f32>, shape: Shape4) -> Tensor4 {
    Cpu::default().tensor_from_vec(values, shape)
}

/// The start of a pass through a network. With `record` the operations that follow can be differentiated; with
/// `input_gradient` down to `x` itself.
pub fn start(x: Tensor4, record: bool, input_gradient: bool) -> Activation {
    x.put_tape(Recorder { tape: record.then(OwnedTape::default), carries_gradient: record && input_gradient })
}

/// Two ways on from one activation, as into a residual block and past it. Each must end in a common operation, which
/// merges their tapes.
pub fn fork(x: Activation) -> (Activation, Activation) {
    let (x, recorder) = x.split_tape();
    let twin = Recorder {
        tape: recorder.is_recording().then(OwnedTape::default),
        carries_gradient: recorder.carries_gradient,
    };
    (x.clone().put_tape(recorder), x.put_tape(twin))
}

/// A copy of the values: dfdx 0.13 has no public way to look at them in place.
pub(super) fn read<S: Shape, T>(x: &Tensor<S, f32, Cpu, T>) -> Vec<f32> {
    let mut values = vec![0.0; x.shape().num_elements()];
    x.copy_into(&mut values);
    values
}

/// Where dfdx keeps the gradient of a tensor, without holding on to the tensor's values.
pub(super) struct Slot(SlotFn);

type SlotFn = Box<dyn for<'a> Fn(&'a mut Gradients<f32, Cpu>) -> Result<&'a mut Vec<f32>, CpuError>>;

impl Slot {
    /// The place of the gradient of `x`. (dfdx has a type for this, but does not let it be named.)
    pub fn of<S: Shape, T>(x: &Tensor<S, f32, Cpu, T>) -> Self {
        let ghost = x.ghost();
        Slot(Box::new(move |gradients| Ok(&mut **gradients.get_or_alloc_mut(&ghost)?)))
    }

    /// Takes the gradient out, zeros where there is none yet: its memory is free when the caller is done with it.
    pub fn take(&self, gradients: &mut Gradients<f32, Cpu>) -> Result<Vec<f32>, CpuError> {
        Ok(std::mem::take((self.0)(gradients)?))
    }

    /// Adds to the gradient in place.
    pub fn add(&self, gradients: &mut Gradients<f32, Cpu>, add: impl FnOnce(&mut [f32])) -> Result<(), CpuError> {
        add((self.0)(gradients)?);
        Ok(())
    }
}
