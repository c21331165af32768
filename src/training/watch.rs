//! How long something takes.

use cpu_time::ProcessTime;
use std::time::Instant;

/// A watch that runs since it was made.
pub(super) struct Watch {
    wall: Instant,
    cpu: ProcessTime,
}

impl Watch {
    pub fn start() -> Self {
        Watch { wall: Instant::now(), cpu: ProcessTime::now() }
    }

    /// Seconds since the start.
    pub fn seconds(&self) -> f64 {
        milliseconds(self.wall.elapsed().as_secs_f64())
    }

    /// Processor seconds of this process since the start, over all threads.
    pub fn cpu_seconds(&self) -> f64 {
        milliseconds(self.cpu.elapsed().as_secs_f64())
    }
}

/// `seconds` to the millisecond, as nobody reads more of a time.
pub(super) fn milliseconds(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}
