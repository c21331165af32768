//! The training loop, early stopping, and runs that can be resumed.

mod checkpoint;
mod cost;
mod early_stopping;
mod event;
mod fit;
mod history;
mod loss;
mod optimizer;
mod predict;
mod progress;
mod run;
mod settings;
mod train;
mod workers;

pub use cost::{Cost, Work, cost};
pub use early_stopping::{EarlyStopping, Monitor, Verdict};
pub use event::Event;
pub use fit::fit;
pub use history::{Epoch, History};
pub(crate) use loss::softmax;
pub use optimizer::{Optimizer, OptimizerState};
pub use predict::{Predictions, evaluate, logits, probabilities};
pub use progress::Progress;
pub(crate) use run::differences;
pub use run::{ImageDigest, Run, RunSettings};
pub use settings::{Keep, Settings};
pub use train::Training;
