//! A tape that can be switched off while a program runs.
//!
//! dfdx decides by type whether an operation is recorded (`OwnedTape` or `NoneTape`), so a network whose layers are
//! values behind a trait would need two of every method. [`Recorder`] is one type for both.

use super::kernels::elementwise::add_assign;
use super::kernels::memory::{recycle, scratch};
use dfdx::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

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
#[derive(Default)]
pub struct Recorder {
    tape: Option<OwnedTape<f32, Cpu>>,
    carries_gradient: bool,
    /// Where the gradient of the tensor that this tape travels with is gathered; nothing where dfdx keeps it.
    places: Vec<Rc<Place>>,
    /// How to compute the values of that tensor again, where that is cheap enough not to keep them.
    again: Option<Again>,
}

/// Computes values again, in memory to be given back by [`recycle`].
pub(super) type Again = Rc<dyn Fn() -> Vec<f32>>;

/// The gradient of what one of our operations put out. dfdx's `Gradients` set each to zero before anything is added;
/// here the first to write does so without reading.
#[derive(Default, Debug)]
struct Place {
    /// Empty until the first has written.
    values: RefCell<Vec<f32>>,
    /// Whether an operation of dfdx's own takes part, which knows dfdx's `Gradients` only.
    shared: Cell<bool>,
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
    pub fn into_tape(mut self) -> Option<OwnedTape<f32, Cpu>> {
        self.leave_to_dfdx();
        self.tape
    }

    /// From here on the gradient of this tensor is (also) kept by dfdx.
    fn leave_to_dfdx(&mut self) {
        self.again = None;
        self.places.drain(..).for_each(|place| place.shared.set(true));
    }

    /// The tape on its way with `out`, and the place of its gradient. `operation` is given that gradient.
    pub(super) fn record(
        mut self,
        out: Tensor4,
        operation: impl 'static + FnOnce(&mut Gradients<f32, Cpu>, Vec<f32>) -> Result<(), CpuError>,
    ) -> Activation {
        (self.places, self.again) = (vec![Rc::default()], None);
        let slot = Slot::of(&out, &self);
        if let Some(tape) = &mut self.tape {
            self.carries_gradient = true;
            tape.add_backward_op(move |gradients| {
                let gradient = slot.take(gradients)?;
                operation(gradients, gradient)
            });
        }
        out.put_tape(self)
    }

    /// Lets the operation that `x` is given to compute it by `again` in its backward pass, instead of keeping its values.
    pub(super) fn recompute(x: Activation, again: Again) -> Activation {
        let (x, mut recorder) = x.split_tape();
        recorder.again = Some(again);
        x.put_tape(recorder)
    }

    /// How the values of the tensor that this tape travels with are computed again, if they need not be kept.
    pub(super) fn take_again(&mut self) -> Option<Again> {
        self.again.take()
    }

    /// The tape on its way with `out`, of which no gradient is wanted.
    pub(super) fn pass_on(mut self, out: Tensor4) -> Activation {
        self.places.clear();
        self.again = None;
        out.put_tape(self)
    }
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "Recorder(recording: {}, carries gradient: {})", self.is_recording(), self.carries_gradient())
    }
}

impl Tape<f32, Cpu> for Recorder {
    const OWNS_TAPE: bool = true;

    fn add_backward_op<F>(&mut self, operation: F)
    where
        F: 'static + FnOnce(&mut Gradients<f32, Cpu>) -> Result<(), CpuError>,
    {
        // Ours call `record`, so this is one of dfdx's.
        self.leave_to_dfdx();
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
    fn merge(mut self, other: Recorder) -> Self {
        self.places.extend(other.places);
        let carries_gradient = self.carries_gradient || other.carries_gradient;
        let tape = match (self.tape, other.tape) {
            (Some(a), Some(b)) => Some(a.merge(b)),
            (a, b) => a.or(b),
        };
        Recorder { tape, carries_gradient, places: self.places, again: None }
    }
}

/// A tensor of `shape` (`N, H, W, C`) from its values, without a copy. Panics where their number does not fit.
pub fn tensor(values: Vec<f32>, shape: Shape4) -> Tensor4 {
    Cpu::default().tensor_from_vec(values, shape)
}

/// The start of a pass through a network. With `record` the operations that follow can be differentiated; with
/// `input_gradient` down to `x` itself.
pub fn start(x: Tensor4, record: bool, input_gradient: bool) -> Activation {
    let tape = record.then(OwnedTape::default);
    x.put_tape(Recorder { tape, carries_gradient: record && input_gradient, places: Vec::new(), again: None })
}

/// Whether operations on `x` are recorded; and `x` itself again.
pub(crate) fn is_recorded(x: Activation) -> (Activation, bool) {
    let (x, recorder) = x.split_tape();
    let recorded = recorder.is_recording();
    (x.put_tape(recorder), recorded)
}

/// Does a `part` of a pass in which nothing learns. Where no gradient of `x` is wanted either, the part is not told
/// that the pass is recorded, and so may work as in inference.
pub(crate) fn unrecorded(
    x: Activation,
    part: impl FnOnce(Activation) -> crate::Result<Activation>,
) -> crate::Result<Activation> {
    let (x, recorder) = x.split_tape();
    if recorder.carries_gradient() {
        return part(x.put_tape(recorder));
    }
    let (y, _) = part(x.put_tape(Recorder::default()))?.split_tape();
    Ok(recorder.pass_on(y))
}

/// Two ways on from one activation, as into a residual block and past it. Each must end in a common operation, which
/// merges their tapes.
pub fn fork(x: Activation) -> (Activation, Activation) {
    let (x, recorder) = x.split_tape();
    let twin = Recorder {
        tape: recorder.is_recording().then(OwnedTape::default),
        carries_gradient: recorder.carries_gradient,
        places: recorder.places.clone(),
        again: recorder.again.clone(),
    };
    (x.clone().put_tape(recorder), x.put_tape(twin))
}

/// A copy of the values: dfdx 0.13 has no public way to look at them in place.
pub(super) fn read<S: Shape, T>(x: &Tensor<S, f32, Cpu, T>) -> Vec<f32> {
    let mut values = vec![0.0; x.shape().num_elements()];
    x.copy_into(&mut values);
    values
}

/// Where the gradient of a tensor is gathered, without holding on to the tensor's values.
pub(super) struct Slot {
    /// Our own place, where one of our operations put the tensor out.
    place: Option<Rc<Place>>,
    /// dfdx's, by a function since dfdx does not let its key be named.
    dfdx: SlotFn,
    len: usize,
}

type SlotFn = Box<dyn for<'a> Fn(&'a mut Gradients<f32, Cpu>) -> Result<&'a mut Vec<f32>, CpuError>>;

impl Slot {
    /// The place of the gradient of `x`, which travels with `recorder`.
    pub fn of(x: &Tensor4, recorder: &Recorder) -> Self {
        match recorder.places.as_slice() {
            [place] => Slot { place: Some(place.clone()), ..Slot::in_dfdx(x) },
            _ => Slot::in_dfdx(x),
        }
    }

    /// The place of the gradient of a parameter, or of the start of a pass: callers ask dfdx for those.
    pub fn in_dfdx<S: Shape>(x: &Tensor<S, f32, Cpu>) -> Self {
        let (ghost, len) = (x.ghost(), x.shape().num_elements());
        Slot { place: None, dfdx: Box::new(move |gradients| Ok(&mut **gradients.get_or_alloc_mut(&ghost)?)), len }
    }

    /// Takes the gradient out, zeros where there is none.
    fn take(&self, gradients: &mut Gradients<f32, Cpu>) -> Result<Vec<f32>, CpuError> {
        let mut values = self.place.as_ref().map(|place| place.values.take()).unwrap_or_default();
        let shared = self.place.as_ref().is_none_or(|place| place.shared.get());
        if shared || values.is_empty() {
            let others = std::mem::take((self.dfdx)(gradients)?);
            if values.is_empty() {
                return Ok(others);
            }
            add_assign(&mut values, &others);
        }
        Ok(values)
    }

    /// Whether nothing was written yet, so that [`Slot::give`] costs nothing.
    pub fn is_unset(&self) -> bool {
        self.place.as_ref().is_some_and(|place| place.values.borrow().is_empty())
    }

    /// Adds `values`, which are the gradient itself where they are the first.
    pub fn give(&self, gradients: &mut Gradients<f32, Cpu>, values: Vec<f32>) -> Result<(), CpuError> {
        match &self.place {
            Some(place) if place.values.borrow().is_empty() => drop(place.values.replace(values)),
            _ => {
                self.write(gradients, |gradient, _| add_assign(gradient, &values))?;
                recycle(values);
            }
        }
        Ok(())
    }

    /// Lets `write` put the gradient into its first argument, or add to it where the second says so.
    pub fn write(
        &self,
        gradients: &mut Gradients<f32, Cpu>,
        write: impl FnOnce(&mut [f32], bool),
    ) -> Result<(), CpuError> {
        let Some(place) = &self.place else {
            write((self.dfdx)(gradients)?, true);
            return Ok(());
        };
        let mut values = place.values.borrow_mut();
        let accumulate = !values.is_empty();
        if !accumulate {
            *values = scratch(self.len);
        }
        write(&mut values, accumulate);
        Ok(())
    }

    /// Lets `add` add to the gradient, zeros at first.
    pub fn add(&self, gradients: &mut Gradients<f32, Cpu>, add: impl FnOnce(&mut [f32])) -> Result<(), CpuError> {
        self.write(gradients, |gradient, accumulate| {
            if !accumulate {
                gradient.fill(0.0);
            }
            add(gradient)
        })
    }
}
