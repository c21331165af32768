//! The page of its book that a photo was cut from, as far as its file's name tells.

use super::Dataset;
use crate::{Error, Result};
use std::collections::BTreeMap;

/// The page in a file's name of the form `page_x_y_width_height`, all of them whole numbers, as most photos of Manga Facial
/// Expressions have; none for another name.
///
/// ```
/// use manga_expressions::data::page_of;
///
/// assert_eq!(page_of("angry/002_227_543_177_177.png"), Some(2));
/// assert_eq!(page_of("angry/29.jpg"), None);
/// ```
pub fn page_of(name: &str) -> Option<u64> {
    let file = name.rsplit('/').next()?;
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let numbers: Option<Vec<u64>> = stem.split('_').map(|part| part.parse().ok()).collect();
    numbers.filter(|numbers| numbers.len() == 5).map(|numbers| numbers[0])
}

impl Dataset {
    /// A group for each photo: those of one page number together, each photo without one by itself. For
    /// [`Folds::stratified_grouped`](super::Folds::stratified_grouped).
    ///
    /// The same page number occurs in several books, which the names do not tell apart. So a group holds more than belongs
    /// together, and never less, as far as pages are known.
    ///
    /// # Errors
    /// [`Error::Data`] where no photo's name has a page.
    pub fn page_groups(&self) -> Result<Vec<usize>> {
        let pages: Vec<Option<u64>> = self.photos().iter().map(|photo| page_of(photo.name())).collect();
        let mut known: BTreeMap<u64, usize> = pages.iter().flatten().map(|&page| (page, 0)).collect();
        if known.is_empty() {
            return Err(Error::Data(format!(
                "no photo in {} has a page in its name (page_x_y_width_height, as 002_227_543_177_177.png): there is nothing \
                 to group by. Divide the photos without grouping",
                self.source()
            )));
        }
        known.values_mut().enumerate().for_each(|(place, group)| *group = place);
        let mut alone = known.len()..;
        Ok(pages
            .iter()
            .filter_map(|page| page.map_or_else(|| alone.next(), |page| known.get(&page).copied()))
            .collect())
    }
}
