//! Which numbers this library computes.

/// Version of all that decides a result: kernels, layers, first weights, drawn faces, preparation, augmentation, the
/// training loop, features, and the methods of cross-validation. A run, a fit and a file of features are kept under it, so
/// that those of another version are never taken for this one's, and every table of results says with which it was made.
///
/// Count it up whenever one of these changes a number by more than rounding to another last digit, and also where a change
/// of rounding lets trainings from scratch end elsewhere: after thirty epochs a last digit has become another network.
/// `tests/compute_version.rs` fails where numbers change and this does not; it says how its own file is made again.
///
/// | version | what is computed otherwise |
/// |---|---|
/// | 1 | everything before 2026-12: several generations of kernels, which were not told apart |
/// | 2 | kernels of 2026-11-27 and later |
pub const COMPUTE_VERSION: &str = "2";

/// The version of a run's settings as tables show it. Runs were kept under the crate's version before, always the same.
pub(crate) fn shown(version: &str) -> &str {
    if version == "0.1.0" { "1" } else { version }
}
