//! Vectors as wide as the processor has them, chosen at run time, by the crate `pulp`.

use pulp::{Arch, Simd};
use std::ops::{Add, Sub};

/// Does `work` in a version that was compiled for this processor's vectors; it must be a closure marked
/// `#[inline(always)]`, whose loops then become part of that version.
///
/// Rust compiles for the oldest processor of its kind otherwise, with vectors of four floats. No result depends on the
/// choice: additions keep their order, and nothing is fused.
#[inline(always)]
pub fn vectorised<R>(work: impl FnOnce() -> R) -> R {
    Arch::new().dispatch(work)
}

/// A vector of floats, each the value of another channel. For loops too long for the compiler to find vectors in by
/// itself; who uses it is generic over the kind of vector `S` ([`pulp::WithSimd`]).
#[derive(Clone, Copy)]
pub struct Lanes<S: Simd> {
    simd: S,
    values: S::f32s,
}

impl<S: Simd> Lanes<S> {
    /// The same value in all of them.
    #[inline(always)]
    pub fn splat(simd: S, value: f32) -> Self {
        Lanes { simd, values: simd.splat_f32s(value) }
    }

    /// Zero in all of them.
    #[inline(always)]
    pub fn zero(simd: S) -> Self {
        Lanes::splat(simd, 0.0)
    }

    /// At most as many values as there are lanes, and zeros after them.
    #[inline(always)]
    pub fn load(simd: S, values: &[f32]) -> Self {
        let (whole, rest) = S::as_simd_f32s(values);
        let values = match whole {
            [values, ..] => *values,
            [] => simd.partial_load_f32s(rest),
        };
        Lanes { simd, values }
    }

    /// Puts as many of them into `values` as those are, at most all.
    #[inline(always)]
    pub fn store(self, values: &mut [f32]) {
        let (whole, rest) = S::as_mut_simd_f32s(values);
        match whole {
            [values, ..] => *values = self.values,
            [] => self.simd.partial_store_f32s(rest, self.values),
        }
    }

    /// `factor` times these.
    #[inline(always)]
    pub fn times(self, factor: f32) -> Self {
        Lanes { values: self.simd.mul_f32s(self.simd.splat_f32s(factor), self.values), ..self }
    }

    /// These and `factor` times `other`, rounded once where the processor can.
    #[inline(always)]
    pub fn plus(self, factor: f32, other: Self) -> Self {
        let factor = self.simd.splat_f32s(factor);
        Lanes { values: self.simd.mul_add_e_f32s(factor, other.values, self.values), ..self }
    }

    /// These times `scale`, and `shift`.
    #[inline(always)]
    pub fn affine(self, scale: Self, shift: Self) -> Self {
        Lanes { values: self.simd.mul_add_e_f32s(self.values, scale.values, shift.values), ..self }
    }

    /// These, or `floor` where they are below; NaN stays.
    #[inline(always)]
    pub fn at_least(self, floor: f32) -> Self {
        let floor = self.simd.splat_f32s(floor);
        let below = self.simd.less_than_f32s(self.values, floor);
        Lanes { values: self.simd.select_f32s(below, floor, self.values), ..self }
    }
}

impl<S: Simd> Add for Lanes<S> {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Lanes { values: self.simd.add_f32s(self.values, other.values), ..self }
    }
}

impl<S: Simd> Sub for Lanes<S> {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Lanes { values: self.simd.sub_f32s(self.values, other.values), ..self }
    }
}

/// Ranges of the channels `range`, each as long as a vector but for the last: where they begin, and how many they are.
#[inline(always)]
pub fn portions<S: Simd>(range: std::ops::Range<usize>) -> impl Iterator<Item = (usize, usize)> {
    let end = range.end;
    range.step_by(S::F32_LANES).map(move |from| (from, S::F32_LANES.min(end - from)))
}
