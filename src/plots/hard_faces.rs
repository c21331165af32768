//! The photos that a method gets wrong in every repeat.

use super::captioned::{Captioned, captioned};
use super::{Figure, Picture};
use crate::data::Dataset;
use crate::metrics::OutOfFold;
use crate::{Error, Result};
use std::collections::BTreeMap;

const TITLE: &str = "Hardest photos: never named right, and surely something else";

/// What was said of one photo over all repeats.
struct Said {
    truth: usize,
    right: usize,
    /// Mean probability of each class.
    probabilities: Vec<f64>,
}

/// The photos that were named wrongly in every repeat, `count` at most, first the one that was given the highest mean
/// probability of a wrong class; under each its class, what it was taken for, and that probability.
///
/// # Errors
/// A data set without one of the photos; predictions that name every photo right at least once.
pub fn hard_faces(dataset: &Dataset, predictions: &OutOfFold, count: usize) -> Result<Figure> {
    let mut said: BTreeMap<&str, Said> = BTreeMap::new();
    let (classes, repeats) = (predictions.classes(), predictions.repeats() as f64);
    for row in predictions.rows() {
        let new = || Said { truth: row.truth, right: 0, probabilities: vec![0.0; classes.len()] };
        let one = said.entry(&row.image).or_insert_with(new);
        one.right += usize::from(row.predicted == row.truth);
        one.probabilities.iter_mut().zip(&row.probabilities).for_each(|(sum, p)| *sum += p / repeats);
    }
    // The most probable wrong class, and how probable it is.
    let wrong = |one: &Said| {
        let others = one.probabilities.iter().copied().enumerate().filter(|(class, _)| *class != one.truth);
        others.max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((one.truth, 0.0))
    };
    let mut never: Vec<(&str, &Said)> =
        said.iter().filter(|(_, one)| one.right == 0).map(|(name, one)| (*name, one)).collect();
    never.sort_by(|a, b| wrong(b.1).1.total_cmp(&wrong(a.1).1));
    never.truncate(count);
    if never.is_empty() {
        return Err(Error::output(format!("figure {TITLE:?}"), "every photo was named right at least once"));
    }
    let face = |&(name, one): &(&str, &Said)| {
        let photo = dataset.photos().iter().find(|photo| photo.name() == name).ok_or_else(|| {
            Error::Invalid(format!(
                "there is no photo {name} in {}: load the photos of the predictions",
                dataset.source()
            ))
        })?;
        let (taken, probability) = wrong(one);
        Ok(Captioned {
            picture: Picture::grey(photo.width(), photo.height(), photo.grey())?,
            lines: vec![
                classes[one.truth].clone(),
                format!("taken for {}", classes[taken]),
                format!("{:.1} %", 100.0 * probability),
            ],
        })
    };
    let faces = never.iter().map(face).collect::<Result<Vec<Captioned>>>()?;
    captioned(TITLE, &faces)
}
