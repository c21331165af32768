//! Loops with the widest vectors that the processor has.

use pulp::Arch;

/// Does `work` in a version that was compiled for this processor's vectors; it must be a closure marked
/// `#[inline(always)]`, whose loops then become part of that version.
///
/// Rust compiles for the oldest processor of its kind otherwise, with vectors of four floats. No result depends on the
/// choice: additions keep their order, and nothing is fused.
#[inline(always)]
pub fn vectorised<R>(work: impl FnOnce() -> R) -> R {
    Arch::new().dispatch(work)
}
