//! Memory that is used again instead of being given back to the system and asked for again.
//!
//! A large block comes from the system as pages of nothing, each of which is set to zero when it is first touched: that
//! costs as much as a layer's arithmetic. A pass needs blocks of the same sizes over and over.

use super::elementwise::CHUNK;
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

/// Memory that nobody has written yet.
pub type Unwritten = [MaybeUninit<f32>];

/// `part`, all zeros.
pub fn cleared(part: &mut Unwritten) -> &mut [f32] {
    part.fill(MaybeUninit::new(0.0));
    // SAFETY: all of it has just been written.
    unsafe { written(part) }
}

/// `part` as floats.
///
/// # Safety
/// All of it has been written.
pub unsafe fn written(part: &mut Unwritten) -> &mut [f32] {
    // SAFETY: the same place and length; a float that was written, as promised by the caller, is one.
    unsafe { std::slice::from_raw_parts_mut(part.as_mut_ptr().cast(), part.len()) }
}

/// `len` floats made on all threads, `size` at a time: a job is given its number and its part, and returns that part,
/// written. So nothing is cleared that is overwritten anyway; and what has to be is still in the cache afterwards.
///
/// What `init` makes is lent to several jobs one after the other.
pub fn made<S>(
    len: usize,
    size: usize,
    init: impl Fn() -> S + Send + Sync,
    job: impl for<'a> Fn(&mut S, usize, &'a mut Unwritten) -> &'a mut [f32] + Send + Sync,
) -> Vec<f32> {
    let mut all = Vec::with_capacity(len);
    let parts = all.spare_capacity_mut()[..len].par_chunks_mut(size).enumerate();
    parts.for_each_init(init, |state, (number, part)| {
        let given = (part.as_ptr().cast(), part.len());
        let done = job(state, number, part);
        assert_eq!((done.as_ptr(), done.len()), given, "a job returns the part that it was given");
    });
    // SAFETY: there is room for `len` floats, and every part was returned as floats.
    unsafe { all.set_len(len) };
    all
}

/// `len` zeros, written by all threads where they are many: memory that is used again is not zero, and a single thread
/// that clears it holds up the others.
pub fn zeros(len: usize) -> Vec<f32> {
    made(len, CHUNK, || (), |(), _, part| cleared(part))
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
