//! The threads that train.

use crate::{Error, Result};

/// Threads of our own that compute with denormal numbers taken as zero.
///
/// Denormals slow a processor down many times over, and late in training gradients are full of them. The mode belongs
/// to a thread: if some threads had it and others not, results would depend on who did the work. Hence everything that
/// passes through a network does so in here, and the caller's thread stays as it is.
pub(crate) struct Workers(rayon::ThreadPool);

impl Workers {
    /// As many threads as given, or as rayon would use where this is called.
    pub fn new(threads: Option<usize>) -> Result<Self> {
        let threads = threads.unwrap_or_else(rayon::current_num_threads);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|index| format!("training-{index}"))
            .start_handler(|_| dfdx::flush_denormals_to_zero())
            .build();
        pool.map(Workers).map_err(|error| Error::Invalid(format!("cannot start {threads} threads: {error}")))
    }

    /// Does `work` on these threads.
    pub fn run<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        self.0.install(work)
    }
}
