//! What a notebook needs: `use manga_expressions::prelude::*;`.

pub use crate::{Error, Result};
