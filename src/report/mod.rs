//! The report itself as data: what it and the works it cites publish ([`published`]), every sentence that can be checked
//! with our verdict ([`claims`]), and the discussion of sections 4 and 5 with numbers ([`discussion`]).

pub mod claims;
pub mod discussion;
pub mod published;
