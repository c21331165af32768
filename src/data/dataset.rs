//! A data set: photos with their classes, checked.

use super::{FoldSettings, Folds, Photo, Split, SplitSettings, Summary, Unused};
use crate::{Error, Result};
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// Photos with the class of each; every class has at least one, and no two classes share a photo.
///
/// ```
/// use manga_expressions::data::{Dataset, Photo};
///
/// let photos = vec![
///     Photo::from_grey("happy/1", 2, 1, vec![255, 0])?,
///     Photo::from_grey("happy/2", 2, 1, vec![255, 9])?,
///     Photo::from_grey("sad/1", 2, 1, vec![0, 255])?,
/// ];
/// let classes = vec!["sad".to_string(), "happy".to_string()];
/// let dataset = Dataset::from_photos(classes, photos, vec![1, 1, 0], None)?;
/// assert_eq!(dataset.counts(), [1, 2]);
/// assert_eq!(dataset.majority(), (1, 2.0 / 3.0));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Dataset {
    pub(super) source: String,
    classes: Vec<String>,
    photos: Vec<Photo>,
    labels: Vec<usize>,
    groups: Option<Vec<usize>>,
    pub(super) unused: Vec<Unused>,
}

impl Dataset {
    /// A data set from its parts: the `classes`, the photos, and for each photo its label (index into `classes`).
    ///
    /// `groups` says which photos belong together, as those of one character; photos of a group are not spread over
    /// the parts of a split (see [`SplitKind::Grouped`](super::SplitKind::Grouped)).
    ///
    /// It is an error if the lengths differ, a label names no class, there are fewer than two classes, a class has no
    /// photo, two classes have one name, or two photos of different classes are the same to the byte.
    pub fn from_photos(
        classes: Vec<String>,
        photos: Vec<Photo>,
        labels: Vec<usize>,
        groups: Option<Vec<usize>>,
    ) -> Result<Dataset> {
        let grouped = groups.as_ref().map_or(photos.len(), Vec::len);
        if labels.len() != photos.len() || grouped != photos.len() {
            return Err(Error::Data(format!(
                "{} photos with {} labels and {grouped} groups: each photo needs one of each",
                photos.len(),
                labels.len()
            )));
        }
        check_classes(&classes, &labels)?;
        let mut seen: HashMap<&str, usize> = HashMap::new();
        let mut twice = Vec::new();
        for (i, photo) in photos.iter().enumerate() {
            let first = *seen.entry(photo.sha256()).or_insert(i);
            if labels[first] != labels[i] {
                let (other, class) = (&photos[first], &classes[labels[first]]);
                twice.push(format!("{} ({class}) and {} ({})", other.name(), photo.name(), classes[labels[i]]));
            }
        }
        if !twice.is_empty() {
            let (pairs, all) = (twice.len(), twice.join("; "));
            let which = if pairs == 1 { String::new() } else { format!("{pairs} pairs: ") };
            return Err(Error::Data(format!(
                "{which}{all} are the same to the byte, but a photo can have only one class: remove it from one of the two"
            )));
        }
        Ok(Dataset { source: "memory".to_string(), classes, photos, labels, groups, unused: Vec::new() })
    }

    /// Where the photos came from: the folder.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The names of the classes; a label is an index into them.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The photos.
    pub fn photos(&self) -> &[Photo] {
        &self.photos
    }

    /// The label of each photo.
    pub fn labels(&self) -> &[usize] {
        &self.labels
    }

    /// The group of each photo, as its character, where groups are known.
    pub fn groups(&self) -> Option<&[usize]> {
        self.groups.as_deref()
    }

    /// What lay in the folder and is not used, each with the reason.
    pub fn unused(&self) -> &[Unused] {
        &self.unused
    }

    /// Number of photos.
    pub fn len(&self) -> usize {
        self.photos.len()
    }

    /// Whether there is no photo; never so, as every class has one.
    pub fn is_empty(&self) -> bool {
        self.photos.is_empty()
    }

    /// Number of photos of each class, in the order of [`classes`](Dataset::classes).
    pub fn counts(&self) -> Vec<usize> {
        counts(self.classes.len(), &self.labels)
    }

    /// Label of the class with the most photos (the first of equals), and its fraction of all: the accuracy of always
    /// answering with it, which any network has to beat.
    pub fn majority(&self) -> (usize, f64) {
        let counts = self.counts();
        let largest = (0..counts.len()).rev().max_by_key(|&label| counts[label]).unwrap_or(0);
        (largest, counts[largest] as f64 / self.len() as f64)
    }

    /// What is in the data set and what was left out, in numbers.
    pub fn summary(&self) -> Summary {
        Summary::of(self)
    }

    /// Divides the photos into train, validation and test.
    ///
    /// # Errors
    /// As [`Split::new`], and as [`Dataset::page_groups`] for a fold that is divided by page.
    pub fn split(&self, settings: &SplitSettings) -> Result<Split> {
        let by_page = settings.fold.is_some_and(|fold| fold.by_page);
        let pages = by_page.then(|| self.page_groups()).transpose()?;
        Split::new(&self.classes, &self.labels, pages.as_deref().or(self.groups()), settings)
    }

    /// Divides the photos into folds, each class spread evenly; with `by_page` photos of one page stay together.
    ///
    /// # Errors
    /// As [`Folds::stratified`] or [`Folds::stratified_grouped`]; as [`Dataset::page_groups`] for folds by page.
    pub fn folds(&self, settings: &FoldSettings, by_page: bool) -> Result<Folds> {
        if by_page {
            return Folds::stratified_grouped(&self.classes, &self.labels, &self.page_groups()?, settings);
        }
        Folds::stratified(&self.classes, &self.labels, settings)
    }
}

impl std::fmt::Debug for Dataset {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "Dataset({}: {} photos", self.source, self.len())?;
        for (class, count) in self.classes.iter().zip(self.counts()) {
            write!(f, ", {class} {count}")?;
        }
        write!(f, "; {} unused)", self.unused.len())
    }
}

/// Number of samples of each of `classes` classes.
pub(super) fn counts(classes: usize, labels: &[usize]) -> Vec<usize> {
    let mut counts = vec![0; classes];
    for &label in labels {
        counts[label] += 1;
    }
    counts
}

/// At least two classes of different names, each label one of them, and a sample for each.
pub(super) fn check_classes(classes: &[String], labels: &[usize]) -> Result<()> {
    if let [only] = classes {
        return Err(Error::Data(format!("there is only one class, {only}: telling classes apart needs at least two")));
    }
    if classes.is_empty() {
        return Err(Error::Data("there are no classes".to_string()));
    }
    // As one reads them: an accent is one character, or a letter and a mark.
    let normal: Vec<String> = classes.iter().map(|class| class.nfc().collect()).collect();
    if let Some(twice) = (0..normal.len()).find(|&i| normal[..i].contains(&normal[i])) {
        return Err(Error::Data(format!("two classes are called {}: rename one", classes[twice])));
    }
    if let Some(label) = labels.iter().find(|&&label| label >= classes.len()) {
        return Err(Error::Data(format!("label {label} names none of the {} classes", classes.len())));
    }
    if let Some(empty) = counts(classes.len(), labels).iter().position(|&count| count == 0) {
        return Err(Error::Data(format!("the class {} has no photo", classes[empty])));
    }
    Ok(())
}
