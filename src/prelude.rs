//! What a notebook needs: `use manga_expressions::prelude::*;`.

pub use crate::data::drawn;
pub use crate::{Error, Result};
