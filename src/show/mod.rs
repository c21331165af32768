//! Results as people see them: figures ([`plots`]), polars frames ([`tables`]), and how a Jupyter cell shows both
//! ([`notebook`]).

pub(crate) mod markup;
pub mod notebook;
pub mod plots;
pub mod tables;
