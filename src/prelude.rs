//! What a notebook needs: `use manga_expressions::prelude::*;`.

pub use crate::metrics::{Accuracy, ClassificationReport, ConfusionMatrix};
pub use crate::plots::{
    Figure, Picture, PreparationSteps, class_counts, confusion_matrix, learning_curves, learning_curves_of,
    preparation_steps, sample_faces,
};
pub use crate::tables::Table;
pub use crate::{Error, Result};
