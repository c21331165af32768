//! Every sentence of the report that can be checked, with its number, ours, and a verdict.
//!
//! The report's numbers and the verdicts are written down here. Ours are not: each is read from a file that a command has
//! left in `results`, or computed, so that a result made again changes the table. [`Claim::contradiction`] tells where a
//! verdict no longer fits the numbers.

mod claim;
mod cost;
mod data_set;
mod evaluation;
mod existing_work;
mod from_scratch;
mod learning_rate;
mod maps;
mod neighbours;
mod networks;
mod ours;
mod outlook;
mod own_tables;
mod sources;
mod transfer;

pub use claim::{Claim, Place, Verdict};
pub use ours::{Ours, Published};
pub use sources::Sources;

use crate::Result;

/// All claims, in the order of the report's results: existing work, data set, networks, learning rate, epochs, cost,
/// evaluation, maps, transfer learning, k-NN, conclusion. A sentence that the report repeats has one row, which names all
/// its sections. Ours are from the results that come with the project.
///
/// # Errors
/// As [`all_in`].
///
/// ```
/// use manga_expressions::report::claims::{self, Verdict};
///
/// let all = claims::all()?;
/// let shock = all.iter().find(|claim| claim.text.contains("very high precision")).unwrap();
/// assert_eq!(shock.verdict, Verdict::Refuted);
/// assert!(all.iter().all(|claim| claim.contradiction().is_none()));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn all() -> Result<Vec<Claim>> {
    all_in(&Sources::of_the_project())
}

/// The claims beside the results in another folder than the project's `results`.
///
/// # Errors
/// [`Error::Io`](crate::Error::Io) for a file of the results that is not there, with its path and the command that makes it;
/// [`Error::Data`](crate::Error::Data) for one that is not as its command writes it.
pub fn all_in(sources: &Sources) -> Result<Vec<Claim>> {
    let topics = [
        existing_work::claims,
        data_set::claims,
        networks::claims,
        learning_rate::claims,
        cost::claims,
        from_scratch::claims,
        own_tables::claims,
        evaluation::claims,
        maps::claims,
        transfer::claims,
        neighbours::claims,
        outlook::claims,
    ];
    let all: Vec<Vec<Claim>> = topics.iter().map(|topic| topic(sources)).collect::<Result<_>>()?;
    Ok(all.into_iter().flatten().collect())
}
