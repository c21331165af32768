//! The report's discussion (sections 4 and 5) with numbers: published accuracies and ours side by side, each with its
//! interval, and which differences between them are decided.

mod compared;
mod kept;
mod kept_rates;
mod measurement;

pub use compared::{Compared, against, published_and_here};
pub use kept::{kept_cross_validations, kept_results, kept_results_in};
pub use kept_rates::{kept_rate_curves, rate_curves_in};
pub use measurement::{Measurement, Protocol, beside, highest, log_beside, measured_here, published_accuracies};
