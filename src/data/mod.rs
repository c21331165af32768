//! From a folder of photos, or faces drawn here, to prepared, split and labelled images.

pub mod drawn;
mod images;

pub use images::{Images, LabelledImages};

/// The seven expressions in the report's order (section 2.1.1, counted from 0 as in its tables of results).
pub const EXPRESSIONS: [&str; 7] = ["sad", "pleased", "shock", "angry", "crying", "happy", "embarrassed"];
