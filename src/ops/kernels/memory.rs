//! Memory that is used again instead of being given back to the system and asked for anew.
//!
//! A large block comes from the system as pages of nothing, each of which is set to zero when it is first touched: that
//! costs as much as a layer's arithmetic. A pass needs blocks of the same sizes over and over.

use rayon::prelude::*;
use std::mem::MaybeUninit;
use std::sync::{Mutex, Once};

/// Asks the C library, from which Rust's own allocator takes its memory, to keep what was freed: blocks of up to 1 GiB
/// from one heap, of which nothing is given back. The peak of a process's memory stays what it was.
///
/// Only the GNU C library has these settings; elsewhere nothing happens.
pub fn keep_freed_memory() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        #[cfg(all(target_os = "linux", target_env = "gnu"))]
        for (setting, value) in
            [(libc::M_MMAP_THRESHOLD, 1 << 30), (libc::M_TRIM_THRESHOLD, i32::MAX), (libc::M_ARENA_MAX, 1)]
        {
            // SAFETY: `mallopt` takes two numbers and may be called at any time by any thread; a setting that it does
            // not know it refuses, and then all stays as it was.
            unsafe { libc::mallopt(setting, value) };
        }
    });
}

/// Buffers that [`scratch`] lends again.
static KEPT: Mutex<Vec<Vec<f32>>> = Mutex::new(Vec::new());

/// How many buffers are kept: a backward pass has few at a time.
const MOST: usize = 4;

/// `len` floats of any value, for one who writes them all. Give them back by [`recycle`].
pub fn scratch(len: usize) -> Vec<f32> {
    let mut kept = KEPT.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    // The smallest that is large enough, but not so large that most of it would lie idle.
    let fitting = (0..kept.len()).filter(|&i| kept[i].len() >= len && kept[i].len() / 4 <= len);
    match fitting.min_by_key(|&i| kept[i].len()) {
        Some(index) => {
            let mut buffer = kept.swap_remove(index);
            buffer.truncate(len);
            buffer
        }
        None => {
            drop(kept);
            zeros(len)
        }
    }
}

/// `len` zeros, written by all threads where they are many: memory that is used again is not zero, and a single thread
/// that clears it holds up the others.
pub fn zeros(len: usize) -> Vec<f32> {
    /// Floats that one job clears.
    const PART: usize = 1 << 15;
    let mut all = Vec::with_capacity(len);
    let spare: &mut [MaybeUninit<f32>] = &mut all.spare_capacity_mut()[..len];
    spare.par_chunks_mut(PART).for_each(|part| part.fill(MaybeUninit::new(0.0)));
    // SAFETY: there is room for `len` floats, as the slice above shows, and all of them have just been written.
    unsafe { all.set_len(len) };
    all
}

/// Takes a buffer for the next [`scratch`].
pub fn recycle(buffer: Vec<f32>) {
    if buffer.len() < 1 << 14 {
        return;
    }
    let mut kept = KEPT.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if kept.len() == MOST {
        kept.remove(0);
    }
    kept.push(buffer);
}
