//! Results as figures: SVG, drawn by plotters, legible at the width of a notebook.
//!
//! Colours are those of Okabe and Ito (2008), which colour-blind people can tell apart; shades of one colour where a
//! figure shows an amount. The background is white, so that figures look the same on dark pages.

mod accuracies;
mod activation_maps;
mod answered;
mod augmentations;
mod axis;
mod bars;
mod canvas;
mod captioned;
mod chart;
mod class_counts;
mod confusion_matrix;
mod convolution_by_hand;
mod cost_growth;
mod costs;
mod covering;
mod faithfulness_curves;
mod figure;
mod hard_faces;
mod heat_maps;
mod image_row;
mod layer_costs;
mod leaks;
mod learning_curve;
mod learning_curves;
mod learning_rate_finder;
mod legend;
mod loss_surface;
mod marks;
mod measurements;
mod mistaken_faces;
mod neighbour_accuracy;
mod palette;
mod photo_crop;
mod photos;
mod picture;
mod preparation_steps;
mod probabilities;
mod rate_trials;
mod reliability;
mod sample_faces;

pub use accuracies::accuracies;
pub use activation_maps::activation_maps;
pub use answered::answered;
pub use augmentations::augmentations;
pub use class_counts::class_counts;
pub use confusion_matrix::{confusion_matrices, confusion_matrix};
pub use convolution_by_hand::convolution_by_hand;
pub use cost_growth::cost_growth;
pub use costs::{costs, training_times};
pub use covering::covering;
pub use faithfulness_curves::faithfulness_curves;
pub use figure::Figure;
pub use hard_faces::hard_faces;
pub use heat_maps::heat_maps;
pub use image_row::image_row;
pub use layer_costs::layer_costs;
pub use leaks::leaks;
pub use learning_curve::learning_curves_over_photos;
pub use learning_curves::{learning_curves, learning_curves_of};
pub use learning_rate_finder::learning_rate_finder;
pub use loss_surface::loss_surface;
pub use measurements::measurements;
pub use mistaken_faces::mistaken_faces;
pub use neighbour_accuracy::neighbour_accuracy;
pub use photo_crop::photo_crop;
pub use photos::{filters_compared, photo_sizes, photo_steps, photos_per_class};
pub use picture::Picture;
pub use preparation_steps::{PreparationSteps, preparation_steps};
pub use probabilities::probabilities;
pub use rate_trials::rate_trials;
pub use reliability::reliability;
pub use sample_faces::sample_faces;

/// Width of most figures in pixels: that of a notebook's outputs.
const WIDTH: u32 = 900;
