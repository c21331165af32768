//! Checks the answers to the notebooks' exercises: right, or what is wrong.
//!
//! A file for each notebook, a function for each exercise. The right answer is computed from what the notebook has, never
//! written down, since it depends on the photos. Solutions are in `notebooks/solutions`.

pub mod data_set;
pub mod discussion;
pub mod epochs;
pub mod evaluation;
pub mod existing_work;
pub mod how_far;
pub mod leaks;
pub mod learning_rate;
pub mod maps;
pub mod neighbours;
pub mod networks;
pub mod preparation;
pub mod time_and_cpu;
pub mod training_by_hand;
pub mod transfer_learning;
mod verdict;
pub mod your_own_face;

pub use verdict::Verdict;
