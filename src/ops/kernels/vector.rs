//! Loops with the widest vectors that the processor has, and channels in portions of that size.

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

/// Channels that are worked on together: as many as one of the widest vectors holds.
pub const LANES: usize = 16;

/// Ranges of channels that are worked on together: where they begin, and how many they are.
#[inline(always)]
pub fn lanes(channels: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..channels).step_by(LANES).map(move |from| (from, LANES.min(channels - from)))
}

/// Up to [`LANES`] values, and zeros after them. A whole portion is one load, where `copy_from_slice` of a length that
/// the compiler does not know is a call.
#[inline(always)]
pub fn load<T: Copy + Default>(values: &[T]) -> [T; LANES] {
    <[T; LANES]>::try_from(values).unwrap_or_else(|_| {
        let mut lanes = [T::default(); LANES];
        lanes[..values.len()].copy_from_slice(values);
        lanes
    })
}

/// Puts as many of `lanes` into `values` as those are.
#[inline(always)]
pub fn store<T: Copy>(lanes: &[T; LANES], values: &mut [T]) {
    match <&mut [T; LANES]>::try_from(&mut *values) {
        Ok(values) => *values = *lanes,
        Err(_) => values.copy_from_slice(&lanes[..values.len()]),
    }
}
