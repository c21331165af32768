//! The kinds of numbers that weights are kept as.

/// A kind of number that becomes an `f32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    /// IEEE half precision.
    F16,
    /// The upper half of an `f32`.
    Bf16,
    F32,
    /// Rounded to the nearest `f32`.
    F64,
}

/// Little-endian numbers of that kind as `f32`. An incomplete last number is left out.
pub(crate) fn to_f32(bytes: &[u8], number: Number) -> Vec<f32> {
    match number {
        Number::F16 => bytes.as_chunks().0.iter().map(|b| half::f16::from_le_bytes(*b).to_f32()).collect(),
        Number::Bf16 => bytes.as_chunks().0.iter().map(|b| half::bf16::from_le_bytes(*b).to_f32()).collect(),
        Number::F32 => bytes.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
        Number::F64 => bytes.as_chunks().0.iter().map(|b| f64::from_le_bytes(*b) as f32).collect(),
    }
}
