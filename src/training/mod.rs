//! The training loop, early stopping, and runs that can be resumed.

mod history;

pub use history::{Epoch, History};
