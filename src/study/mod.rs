//! Studies: what learns, on which photos, and how good it is in the end (section 3).
//!
//! | module | |
//! |---|---|
//! | [`experiment`] | one training from a recipe to its evaluation: what `manga train` does |
//! | [`methods`] | all that can be cross-validated, by one trait: networks, neighbours, ridge, the majority class, ensembles |
//! | [`neighbours`] | k-nearest neighbours (sections 2.2.5 and 3.4) |
//! | [`results`] | what came of them side by side: comparisons of runs, leaderboards, pairs |
//! | [`ridge`] | ridge regression on features of photos |

mod answers;
pub mod experiment;
pub(crate) mod folds;
pub(crate) mod method;
pub mod methods;
pub mod neighbours;
pub mod results;
pub mod ridge;
