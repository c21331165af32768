//! What a notebook needs: `use manga_expressions::prelude::*;`.

pub use crate::training::{
    self, EarlyStopping, Epoch, History, Keep, Monitor, Optimizer, Predictions, Progress, Run, Settings, Training,
    evaluate, probabilities,
};
pub use crate::{Error, Result};
