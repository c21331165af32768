//! From a folder of photos, or faces drawn here, to prepared, split and labelled images.
//!
//! | step | type |
//! |---|---|
//! | a folder with one folder of photos for each class | [`Dataset::from_folder`], [`Photo`] |
//! | what was found, and what was left out and why | [`Summary`], [`Unused`] |
//! | grey, resized, normalised, labelled (report, section 2.2.1) | [`Preparation`], [`LabelledImages`] |
//! | train, validation and test | [`Dataset::split`], [`Split`] |
//! | folds of a cross-validation | [`Folds`] |
//! | the same photo twice, or nearly | [`Dataset::near_duplicates`] |
//! | labels that nothing can tell, to test a way of measuring | [`shuffled_labels`] |
//! | rows of numbers for methods other than networks | [`Features`], [`Hog`] |
//! | training images changed at random in every epoch | [`Augmentation`] |

mod apart;
pub mod augmentation;
mod dataset;
mod decode;
mod duplicates;
mod faces;
mod features;
mod fold;
mod folder;
mod folds;
mod grouped_folds;
mod hog;
mod images;
mod nested;
mod pages;
mod photo;
mod photo_features;
mod preparation;
mod published;
mod resize;
mod scaling;
mod shuffled;
mod sizes;
mod source;
mod split;
mod summary;

pub use crate::faces::EXPRESSIONS;
pub use augmentation::{Augmentation, Copies, Downscaling, Erasing, Fill, Rectangle, Transform};
pub use dataset::Dataset;
pub use decode::Limits;
pub use duplicates::{DuplicatePair, NearDuplicates};
pub use features::Features;
pub use fold::Fold;
pub(crate) use folds::check_settings;
pub use folds::{FoldSettings, Folds, MOST_FOLDS};
pub use hog::Hog;
pub use images::{Images, LabelledImages};
pub use pages::page_of;
pub use photo::Photo;
pub(crate) use preparation::LARGEST;
pub use preparation::{Preparation, Steps};
pub use published::{PUBLISHED_COUNTS, PublishedCount};
pub use resize::Filter;
pub(crate) use resize::bilinear;
pub use scaling::Scaling;
pub use shuffled::shuffled_labels;
pub use sizes::Reduction;
pub use source::{DEFAULT_FOLDER, Source};
pub use split::{Split, SplitKind, SplitSettings};
pub use summary::{Sides, Summary, Unused};

/// Expressions whose border a viewer finds hard to draw, too: with one person's labels, either name is defensible for some
/// faces of these pairs.
pub const BORDERS: [(&str, &str); 3] = [("happy", "pleased"), ("sad", "crying"), ("embarrassed", "shock")];
