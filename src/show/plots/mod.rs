//! Results as figures: SVG, drawn by plotters, legible at the width of a notebook.
//!
//! Four mechanisms draw nearly all of them, and a figure of one's own: [`LineChart`], [`IntervalRows`], [`bars`] and
//! [`ImageGrid`]. Colours and sizes are those of `palette.rs`; [`Colour`] says where they come from. The background is white,
//! so that figures look the same on dark pages.
//!
//! ```
//! use manga_expressions::show::plots::{Line, LineChart, Scale};
//!
//! let points = [(16.0, 0.21), (64.0, 0.30), (256.0, 0.41)];
//! let chart = LineChart {
//!     x: Scale::Logarithmic,
//!     y: Scale::PercentToLargest,
//!     lines: vec![Line { dots: true, ..Line::new("my method", &points) }],
//!     ..LineChart::new("Accuracy against photos", "photos to learn from", "accuracy")
//! };
//! let figure = chart.draw()?;
//! assert_eq!(figure.title(), "Accuracy against photos");
//! # Ok::<(), manga_expressions::Error>(())
//! ```

// What figures are made of.
mod axis;
mod canvas;
mod figure;
mod marks;
mod palette;
mod picture;

// The four mechanisms.
mod bars;
mod image_grid;
mod interval_rows;
mod line;
mod line_chart;
mod line_panel;
mod tile;

// Results.
mod accuracies;
mod accuracy_curves;
mod augmentations;
mod confidence;
mod confusion_matrix;
mod convolution_by_hand;
mod costs;
mod endings;
mod explanations;
mod loss_surface;
mod mistaken_faces;
mod photos;
mod preparation;
mod rate_finder;
mod training_curves;

pub use axis::Scale;
pub use bars::{Quantity, bars};
pub use figure::Figure;
pub use image_grid::ImageGrid;
pub use interval_rows::{Estimate, IntervalRows};
pub use line::Line;
pub use line_chart::LineChart;
pub use marks::Mark;
pub use palette::Colour;
pub use picture::Picture;
pub use tile::Tile;

pub use accuracies::{accuracies, leaks, measurements};
pub use accuracy_curves::{learning_curves_over_photos, neighbour_accuracy};
pub use augmentations::augmentations;
pub use confidence::{answered, probabilities, reliability};
pub use confusion_matrix::{confusion_matrices, confusion_matrix};
pub use convolution_by_hand::convolution_by_hand;
pub use costs::{cost_growth, costs, layer_costs, training_times};
pub use endings::endings;
pub use explanations::{activation_maps, covering, faithfulness_curves, heat_maps};
pub use loss_surface::loss_surface;
pub use mistaken_faces::{hard_faces, mistaken_faces};
pub use photos::{class_counts, filters_compared, photo_sizes, photos_per_class, sample_faces};
pub use preparation::{PreparationSteps, image_row, photo_crop, photo_steps, preparation_steps};
pub use rate_finder::learning_rate_finder;
pub use training_curves::{learning_curves, learning_curves_of, rate_trials};
