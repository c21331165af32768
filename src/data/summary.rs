//! What a data set holds and what was left out, in numbers: what `manga data` prints.

use super::Dataset;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A file or folder that is not used, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unused {
    /// Path within the data set's folder, as `angry/notes.txt`. Bytes that are not UTF-8 read `\u{FFFD}`.
    pub path: String,
    /// Why it is not used.
    pub reason: String,
}

/// Sizes of the photos of a class: the longer side of each, in pixels.
///
/// Worth a look: where photos of one class are larger, a network can learn the blur of enlarging them instead of the
/// expression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sides {
    /// Of the smallest photo.
    pub smallest: usize,
    /// Half of the photos are smaller.
    pub median: f64,
    /// Of the largest photo.
    pub largest: usize,
}

/// A data set in numbers. [`Display`](std::fmt::Display) writes it as a table, serde as JSON.
///
/// ```
/// use manga_expressions::data::{Dataset, Photo};
///
/// let photos = vec![Photo::from_grey("up/1", 2, 1, vec![255, 0])?, Photo::from_grey("down/1", 1, 3, vec![0, 0, 255])?];
/// let summary = Dataset::from_photos(vec!["up".into(), "down".into()], photos, vec![0, 1], None)?.summary();
/// assert_eq!((summary.total, summary.counts["up"], summary.sides["down"].largest), (2, 1, 3));
/// println!("{summary}");
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Where the photos are.
    pub folder: String,
    /// The classes in the order of their labels.
    pub classes: Vec<String>,
    /// Number of photos.
    pub total: usize,
    /// Number of photos of each class.
    pub counts: BTreeMap<String, usize>,
    /// Sizes of the photos of each class.
    pub sides: BTreeMap<String, Sides>,
    /// Number of photos in which colour is to be seen ([`Photo::is_colour`](super::Photo::is_colour)).
    pub colour: usize,
    /// Size of all files together, in bytes.
    pub bytes: u64,
    /// What was left out, and why.
    pub unused: Vec<Unused>,
}

impl Summary {
    pub(super) fn of(dataset: &Dataset) -> Summary {
        let classes = dataset.classes().to_vec();
        let mut sides = vec![Vec::new(); classes.len()];
        for (photo, &label) in dataset.photos().iter().zip(dataset.labels()) {
            sides[label].push(photo.width().max(photo.height()));
        }
        Summary {
            folder: dataset.source().to_string(),
            total: dataset.len(),
            counts: classes.iter().cloned().zip(dataset.counts()).collect(),
            sides: classes.iter().cloned().zip(sides.into_iter().map(Sides::of)).collect(),
            classes,
            colour: dataset.photos().iter().filter(|photo| photo.is_colour()).count(),
            bytes: dataset.photos().iter().map(|photo| photo.bytes()).sum(),
            unused: dataset.unused().to_vec(),
        }
    }
}

impl Sides {
    /// Of at least one photo.
    fn of(mut sides: Vec<usize>) -> Sides {
        sides.sort_unstable();
        let (n, half) = (sides.len(), sides.len() / 2);
        let median = (sides[(n - 1) / 2] + sides[half]) as f64 / 2.0;
        Sides { smallest: sides[0], median, largest: sides[n - 1] }
    }
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let wide = self.classes.iter().map(|class| class.chars().count()).max().unwrap_or(0).max(5);
        writeln!(f, "{}", self.folder)?;
        writeln!(f, "{:>5}  {:wide$}  {:>6}  {:>6}  longer side in pixels", "label", "class", "photos", "fraction")?;
        for (label, class) in self.classes.iter().enumerate() {
            let (count, sides) = (self.counts[class], &self.sides[class]);
            let fraction = 100.0 * count as f64 / self.total as f64;
            writeln!(
                f,
                "{label:>5}  {class:wide$}  {count:>6}  {fraction:>5.1}%  {:.0} ({}-{})",
                sides.median, sides.smallest, sides.largest
            )?;
        }
        writeln!(
            f,
            "{:>5}  {:wide$}  {:>6}  {} in colour, {} bytes",
            "", "total", self.total, self.colour, self.bytes
        )?;
        match self.unused.len() {
            0 => write!(f, "Every file is used.")?,
            n => write!(f, "Not used ({n}):")?,
        }
        for Unused { path, reason } in &self.unused {
            write!(f, "\n  {path}: {reason}")?;
        }
        Ok(())
    }
}
