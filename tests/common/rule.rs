//! The rule that fills inputs and weights of the golden cases: `tests/golden/rule.py` in Rust.

/// `count` values of the tensor filled under `name`, evenly spread over `[-1, 1)`.
pub fn values(name: &str, count: usize) -> Vec<f32> {
    filled(name, count, 1.0, 0.0)
}

/// `shift + scale * value`, each step rounded to `f32`.
pub fn filled(name: &str, count: usize, scale: f32, shift: f32) -> Vec<f32> {
    let name = fnv1a(name);
    let value = |i| (mix(mix(i) ^ name) >> 8) as f32 / (1 << 23) as f32 - 1.0;
    (0..count as u32).map(|i| shift + scale * value(i)).collect()
}

/// FNV-1a, 32 bits.
fn fnv1a(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |h, byte| (h ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Chris Wellons' "lowbias32".
fn mix(mut x: u32) -> u32 {
    x ^= x >> 16;
    x = x.wrapping_mul(0x7feb_352d);
    x ^= x >> 15;
    x = x.wrapping_mul(0x846c_a68b);
    x ^ (x >> 16)
}
