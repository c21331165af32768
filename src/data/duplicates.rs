//! The same photo twice, or nearly: scaled, saved again, brighter, mirrored.

use super::resize::resize;
use super::{Dataset, Filter, Folds, Photo};
use crate::{Error, Result};
use rand::Rng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::prelude::*;
use serde::Serialize;

/// Photos are compared at this side: coarse enough for scaling and JPEG not to show, fine enough to tell faces apart.
const SIDE: usize = 16;
/// The least correlation of two photos that are taken for the same. Of the report's 455 photos no two have more than
/// 0.92, of as many drawn faces 0.96; a photo at half its size, or as JPEG of quality 30, has 0.99 with itself.
const SAME: f64 = 0.97;

/// Two photos that are the same, or nearly.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DuplicatePair {
    /// Index of the one.
    pub first: usize,
    /// Index of the other, which is larger.
    pub second: usize,
    /// Their correlation at 16 x 16 pixels, 0.97 to 1.
    pub correlation: f64,
    /// Whether it is that of the one with the mirror image of the other.
    pub mirrored: bool,
}

/// Photos of a data set that are there more than once.
///
/// Compared are the photos at 16 x 16 pixels, stretched as the preparation stretches them, and their mirror images, by
/// correlation: so brightness, contrast and size do not matter. A photo that was cut otherwise by some hundredths of its
/// side, or turned by some degrees, may be missed; another drawing of the same character is no duplicate.
///
/// ```
/// use manga_expressions::data::{Dataset, FoldSettings, Folds};
/// use manga_expressions::faces::FaceSet;
///
/// let dataset = Dataset::from_faces(&FaceSet::new(70, 1))?;
/// assert!(dataset.near_duplicates().pairs().is_empty());
/// let more = dataset.with_duplicates(20, 1)?;
/// let duplicates = more.near_duplicates();
/// assert_eq!((more.len(), duplicates.pairs().len()), (90, 20));
///
/// let settings = FoldSettings { folds: 2, seeds: vec![1] };
/// let folds = Folds::stratified(more.classes(), more.labels(), &settings)?;
/// assert!(duplicates.check_apart(&folds).is_err());
/// assert!(duplicates.check_apart(&Folds::grouped(duplicates.groups(), &settings)?).is_ok());
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NearDuplicates {
    names: Vec<String>,
    pairs: Vec<DuplicatePair>,
    groups: Vec<usize>,
}

impl Dataset {
    /// Looks for photos that are there more than once.
    pub fn near_duplicates(&self) -> NearDuplicates {
        let photos = self.photos();
        let small: Vec<(Vec<f64>, Vec<f64>)> = photos.par_iter().map(|photo| (shape(photo), mirrored(photo))).collect();
        let of_first = |first: usize| {
            (first + 1..photos.len()).filter_map(|second| pair(first, second, &small)).collect::<Vec<DuplicatePair>>()
        };
        let pairs: Vec<DuplicatePair> = (0..photos.len()).into_par_iter().flat_map_iter(of_first).collect();
        // The group of a photo is called by the first photo in it.
        let mut groups: Vec<usize> = (0..photos.len()).collect();
        for &DuplicatePair { first, second, .. } in &pairs {
            let (a, b) = (groups[first], groups[second]);
            groups.iter_mut().filter(|group| **group == a.max(b)).for_each(|group| *group = a.min(b));
        }
        let names = photos.iter().map(|photo| photo.name().to_string()).collect();
        NearDuplicates { names, pairs, groups }
    }

    /// The data set and, after its own photos, `count` of them once more, chosen by `seed`: at 0.5 to 0.9 of their size,
    /// half of them mirrored. So a set becomes that was gathered from several pages which copy from each other.
    ///
    /// # Errors
    /// More duplicates than there are photos.
    pub fn with_duplicates(&self, count: usize, seed: u64) -> Result<Dataset> {
        if count > self.len() {
            return Err(Error::Invalid(format!("{count} of {} photos cannot be there once more", self.len())));
        }
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut chosen: Vec<usize> = (0..self.len()).collect();
        chosen.shuffle(&mut rng);
        chosen.truncate(count);
        let mut photos = self.photos().to_vec();
        for (number, &index) in chosen.iter().enumerate() {
            let (scale, flip) = (rng.gen_range(0.5..0.9), rng.gen_bool(0.5));
            photos.push(again(&self.photos()[index], number, scale, flip)?);
        }
        let with = |values: &[usize]| values.iter().copied().chain(chosen.iter().map(|&i| values[i])).collect();
        let groups = self.groups().map(with);
        let mut dataset = Dataset::from_photos(self.classes().to_vec(), photos, with(self.labels()), groups)?;
        dataset.source = format!("{}, {count} of them twice", self.source);
        Ok(dataset)
    }
}

impl NearDuplicates {
    /// The pairs, in the order of their first photos.
    pub fn pairs(&self) -> &[DuplicatePair] {
        &self.pairs
    }

    /// For each photo the index of the first that is the same: itself where there is none before it. As groups for
    /// [`Folds::grouped`], and, where duplicates stand after all originals, for [`Folds::of_copies`].
    pub fn groups(&self) -> &[usize] {
        &self.groups
    }

    /// An error unless all duplicates are in one fold, in every repeat.
    ///
    /// # Errors
    /// [`Error::Data`] that names two photos which are on both sides; [`Error::Invalid`] for folds of other photos.
    pub fn check_apart(&self, folds: &Folds) -> Result<()> {
        if folds.len() != self.names.len() {
            let (a, b) = (folds.len(), self.names.len());
            return Err(Error::Invalid(format!("the folds are of {a} photos, and there are {b}: divide these photos")));
        }
        for repeat in 0..folds.repeats() {
            let of = folds.of(repeat);
            let torn = || self.pairs.iter().filter(|pair| of[pair.first] != of[pair.second]);
            if let Some(one) = torn().next() {
                let (first, second) = (&self.names[one.first], &self.names[one.second]);
                let how = if one.mirrored { "mirrored, " } else { "" };
                return Err(Error::Data(format!(
                    "{} of {} pairs of duplicates are in two folds (repeat {repeat}; {first} and {second}, for one: \
                     {how}correlation {:.3}): what is learnt from the one is tested on the other. Remove one of each, or \
                     divide whole groups (Folds::grouped)",
                    torn().count(),
                    self.pairs.len(),
                    one.correlation
                )));
            }
        }
        Ok(())
    }
}

/// `23 photos are there more than once: happy/1.png and happy/9.png (correlation 0.999), …`
impl std::fmt::Display for NearDuplicates {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        const SHOWN: usize = 3;
        if self.pairs.is_empty() {
            return write!(f, "No two of {} photos are the same, or nearly.", self.names.len());
        }
        write!(f, "{} pairs among {} photos are the same, or nearly:", self.pairs.len(), self.names.len())?;
        for pair in self.pairs.iter().take(SHOWN) {
            let how = if pair.mirrored { "mirrored, " } else { "" };
            let (first, second) = (&self.names[pair.first], &self.names[pair.second]);
            write!(f, "\n{first} and {second} ({how}correlation {:.3})", pair.correlation)?;
        }
        if self.pairs.len() > SHOWN { write!(f, "\n… and {} more", self.pairs.len() - SHOWN) } else { Ok(()) }
    }
}

fn pair(first: usize, second: usize, small: &[(Vec<f64>, Vec<f64>)]) -> Option<DuplicatePair> {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let (straight, across) = (dot(&small[first].0, &small[second].0), dot(&small[first].0, &small[second].1));
    let (correlation, mirrored) = if across > straight { (across, true) } else { (straight, false) };
    (correlation >= SAME).then_some(DuplicatePair { first, second, correlation: correlation.min(1.0), mirrored })
}

/// The small photo with mean 0 and length 1, so that a product of two is their correlation; all 0 where it has one shade
/// only, and so is like no other.
fn shape(photo: &Photo) -> Vec<f64> {
    let small = resize(photo.grey(), (photo.width(), photo.height()), (SIDE, SIDE), Filter::Triangle);
    let mean = small.iter().map(|&value| f64::from(value)).sum::<f64>() / small.len() as f64;
    let centred: Vec<f64> = small.iter().map(|&value| f64::from(value) - mean).collect();
    let length = centred.iter().map(|value| value * value).sum::<f64>().sqrt();
    centred.into_iter().map(|value| if length > 0.0 { value / length } else { 0.0 }).collect()
}

/// [`shape`] of the mirror image.
fn mirrored(photo: &Photo) -> Vec<f64> {
    shape(photo).chunks_exact(SIDE).flat_map(|row| row.iter().rev().copied().collect::<Vec<f64>>()).collect()
}

/// The photo once more, under another name: scaled, and mirrored or not.
fn again(photo: &Photo, number: usize, scale: f64, flip: bool) -> Result<Photo> {
    let (width, height) = (photo.width(), photo.height());
    let scaled = |length: usize| ((length as f64 * scale).round() as usize).max(1);
    let size = (scaled(width), scaled(height));
    let grey = resize(photo.grey(), (width, height), size, Filter::Triangle);
    let mut grey: Vec<u8> = grey.into_iter().map(|value| value.round() as u8).collect();
    if flip {
        grey.chunks_exact_mut(size.0).for_each(<[u8]>::reverse);
    }
    Photo::from_grey(&format!("{}-again{number}", photo.name()), size.0, size.1, grey)
}
