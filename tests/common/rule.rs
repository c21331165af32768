//! The rule that fills inputs and weights of the golden cases, as tests/golden/rule.py describes it.

/// FNV-1a of 32 bits.
fn fnv1a(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ byte as u32).wrapping_mul(0x0100_0193))
}

fn mix(mut x: u32) -> u32 {
    x ^= x >> 16;
    x = x.wrapping_mul(0x7feb_352d);
    x ^= x >> 15;
    x = x.wrapping_mul(0x846c_a68b);
    x ^ x >> 16
}

/// `len` values in [-1, 1), filled under `name`.
pub fn fill(name: &str, len: usize) -> Vec<f32> {
    let hash = fnv1a(name);
    (0..len as u32).map(|i| (mix(mix(i) ^ hash) >> 8) as f32 / (1 << 23) as f32 - 1.0).collect()
}

/// The same, each value `shift + scale * value`.
pub fn fill_scaled(name: &str, len: usize, scale: f32, shift: f32) -> Vec<f32> {
    fill(name, len).into_iter().map(|value| shift + scale * value).collect()
}
