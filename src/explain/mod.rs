//! What a network looks at: the activations of its layers, and heat maps of the evidence for a class (the report's
//! sections 2.2.3 and 4.2, figures 8 and 22 to 24).
//!
//! | method | idea | cost in passes |
//! |---|---|---|
//! | [`feature_maps`] | what a layer puts out for an image | 1 |
//! | [`grad_cam`] | channels weighted by their mean gradient | 1, and back from the stage |
//! | [`grad_cam_plus_plus`] | the same, with gradients weighted by where they count | 1, and back from the stage |
//! | [`score_cam`] | channels weighted by what the network says of the image seen through them | one a channel |
//! | [`occlusion`] | how much less probable the class is where a patch is covered | one a place |
//! | [`random_map`] | chance, which a method must beat | 1 |
//!
//! Grad-CAM and its kin share one base, [`Target`], which looks at the boundary after any stage of a [`Network`] in
//! inference mode: batch norms use their running statistics, nothing is dropped. A heat map is a claim; [`faithfulness`]
//! tests it by removing what it says matters ([`compare_methods`] over many images), and [`test_region`] and [`cover`] test
//! a claim about a place, as the report's that the mouth decides "shock". [`OutputPixel`] is one output of a convolution
//! computed by hand.
//!
//! ```
//! use manga_expressions::prelude::*;
//!
//! let mut network = resnet50((64, 64, 1), 7, 1);
//! let dataset = Source::Drawn { count: 7, seed: 1 }.load()?;
//! let photos = Preparation { size: 64, ..Preparation::default() }.apply(&dataset)?;
//! let image = photos.images.select(&[0]);
//!
//! let maps = vec![grad_cam(&mut network, &image, 2, None)?, random_map(&mut network, &image, 2, None, 1)?];
//! assert_eq!(maps[0].stage(), Some("layer4"));
//! assert!(heat_maps(&image, &maps, &photos.classes)?.svg().contains("Grad-CAM"));
//! # Ok::<(), manga_expressions::Error>(())
//! ```
//!
//! [`Network`]: crate::net::nn::Network

mod activations;
mod covering;
mod curve;
mod faithfulness;
mod grad_cam;
mod grad_cam_plus_plus;
mod heat_map;
mod method;
mod most_confident;
mod mouth_swap;
mod occlusion;
mod output_pixel;
mod random;
mod region;
mod score_cam;
mod stage;
mod target;

pub use activations::{Activations, feature_maps};
pub use covering::{Covering, cover};
pub use curve::Curve;
pub use faithfulness::{Faithfulness, FaithfulnessSettings, Replacement, faithfulness, faithfulness_with};
pub use grad_cam::grad_cam;
pub use grad_cam_plus_plus::grad_cam_plus_plus;
pub use heat_map::HeatMap;
pub use method::{HeatMapMethod, Method, MethodRow, compare_methods, maps_by, maps_of_classes};
pub use most_confident::most_confident_first;
pub use mouth_swap::{MouthSwap, swap_mouths};
pub use occlusion::occlusion;
pub use output_pixel::OutputPixel;
pub use random::random_map;
pub use region::{RegionRow, RegionTest, test_region};
pub use score_cam::score_cam;
pub use stage::stage_with_places;
pub use target::{Features, Target};
