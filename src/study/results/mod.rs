//! Results side by side: runs of one experiment, out-of-fold predictions of methods, two methods against each other,
//! and the leaderboard of all of them.
//!
//! | type | what it is |
//! |---|---|
//! | [`TrainedRun`](crate::study::experiment::TrainedRun) | one training and how its network does on the test |
//! | [`Comparison`] | runs of one experiment that differ in their seeds; a [`RunRow`] for each |
//! | [`MethodResult`] | what a method said in cross-validation, with what it is and what it cost |
//! | [`Pair`] | two of them tested against each other |
//! | [`Leaderboard`] | all of them; a [`LeaderboardRow`] for each |

mod comparison;
mod kept_comparison;
mod leaderboard;
mod method_result;
mod pair;
mod run_row;
mod summary;

pub use comparison::{ClassRow, Comparison};
pub use leaderboard::{Leaderboard, LeaderboardRow};
pub use method_result::MethodResult;
pub use pair::Pair;
pub use run_row::RunRow;
pub use summary::MethodSummary;
