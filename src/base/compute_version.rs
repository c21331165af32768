//! Which numbers this library computes, and by what a result was computed.

use serde::{Deserialize, Serialize};

/// Version of everything that decides a result. Runs, fits, features and drawn faces on disk are kept under it, so that
/// those of another version are never taken for this one's, and every table of results says with which it was made.
///
/// Count it up whenever a result changes: kernels and layers, first weights and random numbers, drawn faces, the reading
/// and preparation of photos, augmentation, features, the training loop with its optimizers and schedules, and the
/// methods of cross-validation. A sum in another order counts too: from the same first weights, a last digit has become
/// another network after thirty epochs. A new option that changes nothing where it is not used does not count.
///
/// `tests/compute_version.rs` fails where numbers change and this does not. Count up first, then remake its file:
///
/// ```sh
/// MANGA_BLESS=1 cargo test --release --test compute_version
/// ```
///
/// | version | what is computed otherwise |
/// |---|---|
/// | `1` | everything before 2026-12: several generations of kernels, which were not told apart. Results that name no version |
/// | `2` | kernels of 2026-11-27 and later |
pub const COMPUTE_VERSION: &str = "2";

/// What stands for the version of results that name none.
pub(crate) const BEFORE: &str = "1";

/// [`BEFORE`], for fields that files from before do not have.
pub(crate) fn before() -> String {
    BEFORE.into()
}

/// The version of a run's settings. Runs were kept under the crate's version before, always the same.
pub(crate) fn shown(version: &str) -> &str {
    if version == "0.1.0" { BEFORE } else { version }
}

/// The versions among `all`, each once, as `2` or `1 and 2`: without a comma, for CSV.
pub(crate) fn together<'a>(all: impl Iterator<Item = &'a str>) -> String {
    let mut versions: Vec<&str> = all.collect();
    versions.sort_unstable();
    versions.dedup();
    versions.join(" and ")
}

/// By what a result was computed, beside its [`COMPUTE_VERSION`]. For information: nothing is kept under it.
///
/// Processors with other vector instructions add in another order, so that the last digits differ. Trainings from scratch
/// amplify this until they end elsewhere. Fine-tuning and the fits of ridge regression hardly do.
///
/// ```
/// use manga_expressions::{COMPUTE_VERSION, ComputedBy};
///
/// let ComputedBy { crate_version, source, instructions } = ComputedBy::this();
/// println!("compute version {COMPUTE_VERSION}, crate {crate_version}, source {source}, {instructions}");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComputedBy {
    /// Version of the crate.
    pub crate_version: String,
    /// Digest of the library's source files and of `Cargo.lock`, without the command line's; 16 hexadecimal digits. It
    /// needs no git: equal files have equal digests.
    pub source: String,
    /// The widest vector instructions that the kernels found on the processor: `AVX-512`, `AVX2`, `NEON`, or `other`.
    pub instructions: String,
}

impl ComputedBy {
    /// This library on this processor.
    pub fn this() -> ComputedBy {
        ComputedBy {
            crate_version: env!("CARGO_PKG_VERSION").into(),
            source: env!("MANGA_SOURCE_DIGEST").into(),
            instructions: instructions().into(),
        }
    }
}

#[cfg(target_arch = "x86_64")]
fn instructions() -> &'static str {
    if is_x86_feature_detected!("avx512f") {
        "AVX-512"
    } else if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        "AVX2"
    } else {
        "other"
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn instructions() -> &'static str {
    if cfg!(target_arch = "aarch64") { "NEON" } else { "other" }
}
