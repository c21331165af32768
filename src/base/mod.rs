//! What every other module stands on: the error, files written whole, CSV, the user's cache folder, progress in words, and
//! the version of the computation.

pub(crate) mod cache;
pub(crate) mod compute_version;
pub(crate) mod csv;
pub(crate) mod error;
pub(crate) mod files;
pub(crate) mod optional;
pub(crate) mod progress;
pub mod project;
