//! What a notebook needs: `use manga_expressions::prelude::*;`.

pub use crate::data::{
    Dataset, EXPRESSIONS, Filter, Images, LabelledImages, Photo, Preparation, Scaling, Split, SplitKind, SplitSettings,
};
pub use crate::{Error, Result};
