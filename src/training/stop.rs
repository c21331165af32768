//! Ending a training on request, as by Ctrl-C, without losing what it did.

use crate::{Error, Result};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

/// The request that the signals of this process make; none is made before [`Stop::on_signals`].
static BY_SIGNALS: LazyLock<Stop> = LazyLock::new(Stop::default);

/// Asks trainings to end. Each finishes the batch that it is at, keeps its position if it has a folder, and returns
/// [`Error::Stopped`]; started again it goes on from there, to the same weights.
///
/// ```
/// use manga_expressions::training::{Stop, StopReason};
///
/// let stop = Stop::default();
/// assert_eq!(stop.reason(), None);
/// stop.request(StopReason::Terminated);
/// assert_eq!(stop.reason().map(StopReason::exit_status), Some(143));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicUsize>);

/// Who asked for the end of a training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// Ctrl-C (SIGINT).
    Interrupted,
    /// SIGTERM, by which systems and schedulers end a program.
    Terminated,
}

impl Stop {
    /// The request that signals make. Trainings listen to it where they are given no other.
    pub fn by_signals() -> Stop {
        BY_SIGNALS.clone()
    }

    /// From now on the first Ctrl-C or SIGTERM is the request [`Stop::by_signals`], and the second ends the process at
    /// once. For a program; a library should leave signals alone.
    ///
    /// # Errors
    /// [`Error::Io`] where the system does not let the program listen.
    pub fn on_signals() -> Result<()> {
        let second = Arc::new(AtomicBool::new(false));
        for (signal, name, reason) in
            [(SIGINT, "SIGINT", StopReason::Interrupted), (SIGTERM, "SIGTERM", StopReason::Terminated)]
        {
            // In this order: the signal that arms the second one must not be taken for it.
            flag::register_conditional_shutdown(signal, reason.exit_status(), second.clone())
                .and_then(|_| flag::register(signal, second.clone()))
                .and_then(|_| flag::register_usize(signal, BY_SIGNALS.0.clone(), reason.code()))
                .map_err(Error::io("cannot listen to the signal", name))?;
        }
        Ok(())
    }

    /// Makes the request.
    pub fn request(&self, reason: StopReason) {
        self.0.store(reason.code(), Ordering::Relaxed);
    }

    /// Whether there is a request, and by whom.
    pub fn reason(&self) -> Option<StopReason> {
        let code = self.0.load(Ordering::Relaxed);
        [StopReason::Interrupted, StopReason::Terminated].into_iter().find(|reason| reason.code() == code)
    }
}

impl StopReason {
    /// The status with which a program ends after it, 128 and the signal's number: 130 or 143.
    pub fn exit_status(self) -> i32 {
        match self {
            StopReason::Interrupted => 130,
            StopReason::Terminated => 143,
        }
    }

    fn code(self) -> usize {
        self.exit_status() as usize
    }
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            StopReason::Interrupted => "Ctrl-C",
            StopReason::Terminated => "SIGTERM",
        })
    }
}
