//! What covering a part of the image costs: the report's claim that the mouth decides "shock" (section 4.2), with an
//! interval.

use crate::data::{LabelledImages, Rectangle, Transform};
use crate::metrics::Mean;
use crate::net::nn::Network;
use crate::training::{check_images, probabilities};
use crate::{Error, Result};
use serde::Serialize;

/// By how much the probability of the true class of each image falls when regions of it are covered, one at a time.
///
/// Covering also shows the network what it has never seen, so one region says little on its own: what counts is the
/// [`difference`](Covering::difference) of two regions of the same size, image by image.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Covering {
    /// The names of the classes.
    pub classes: Vec<String>,
    /// The true class of each image.
    pub labels: Vec<usize>,
    /// What the regions are called.
    pub names: Vec<String>,
    /// Top, left, height and width of each region in pixels.
    pub regions: Vec<(usize, usize, usize, usize)>,
    /// Probability of its class for each image as it is, 0 to 1.
    pub probabilities: Vec<f64>,
    /// For each image, by how much that falls for each region, -1 to 1; negative where it rises.
    pub falls: Vec<Vec<f64>>,
}

/// Covers each of `regions` of each of `images` by the image's mean; `names[i]` is what region `i` is called. That is one
/// pass for each image and region, and one more.
///
/// # Errors
/// No images, or some that do not fit the network; no region, one that is not within the images, or not a name for each.
///
/// ```
/// use manga_expressions::prelude::*;
///
/// let mut network = resnet50v2((32, 32, 3), 7, 1);
/// let dataset = Source::Drawn { count: 14, seed: 1 }.load()?;
/// let faces = Preparation { size: 32, channels: 3, ..Preparation::default() }.apply(&dataset)?;
/// let halves = [Rectangle::top_half((32, 32)), Rectangle::bottom_half((32, 32))];
/// let covering = cover(&mut network, &faces, &["top half", "bottom half"], &halves)?;
/// assert_eq!(covering.difference(None, 1, 0)?.count, 14);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn cover(network: &Network, images: &LabelledImages, names: &[&str], regions: &[Rectangle]) -> Result<Covering> {
    check_images("covered", images, network)?;
    let (_, h, w, _) = images.images.shape();
    if regions.is_empty() || names.len() != regions.len() {
        return Err(Error::Invalid(format!("there are {} names for {} regions", names.len(), regions.len())));
    }
    if let Some(region) = regions.iter().find(|region| !region.is_within((h, w))) {
        return Err(Error::Invalid(format!("{region:?} is not a part of images of {h} x {w}")));
    }
    let of_class = |images: &crate::data::Images, labels: &[usize]| -> Result<Vec<f64>> {
        let rows = probabilities(network, images)?;
        Ok(rows.iter().zip(labels).map(|(row, &label)| f64::from(row[label])).collect())
    };
    let seen = of_class(&images.images, &images.labels)?;
    let mut falls = vec![Vec::with_capacity(regions.len()); images.len()];
    for region in regions {
        let covered = Transform { erased: Some(*region), ..Transform::default() }.apply(&images.images)?;
        let blind = of_class(&covered, &images.labels)?;
        falls.iter_mut().zip(seen.iter().zip(blind)).for_each(|(falls, (seen, blind))| falls.push(seen - blind));
    }
    Ok(Covering {
        classes: images.classes.clone(),
        labels: images.labels.clone(),
        names: names.iter().map(|name| name.to_string()).collect(),
        regions: regions.iter().map(|region| (region.top, region.left, region.height, region.width)).collect(),
        probabilities: seen,
        falls,
    })
}

impl Covering {
    /// The mean fall where region number `region` is covered, over the images of `class`, or all.
    ///
    /// # Errors
    /// A class or region that is not there; fewer than two images of the class.
    pub fn fall(&self, class: Option<&str>, region: usize) -> Result<Mean> {
        self.check(region)?;
        Mean::of(&self.values(class, &|falls| falls[region])?)
    }

    /// By how much the fall is more for region `a` than for region `b`, image by image, over the images of `class`, or all.
    /// Where the interval is above 0, `a` decides more than `b`; where 0 lies in it, nothing was shown.
    ///
    /// # Errors
    /// As [`Covering::fall`].
    pub fn difference(&self, class: Option<&str>, a: usize, b: usize) -> Result<Mean> {
        self.check(a)?;
        self.check(b)?;
        Mean::of(&self.values(class, &|falls| falls[a] - falls[b])?)
    }

    /// Mean probability of the true class over the images of `class` as they are, or all.
    ///
    /// # Errors
    /// As [`Covering::fall`].
    pub fn probability(&self, class: Option<&str>) -> Result<Mean> {
        let chosen = self.chosen(class)?;
        Mean::of(&chosen.iter().map(|&index| self.probabilities[index]).collect::<Vec<_>>())
    }

    fn values(&self, class: Option<&str>, value: &dyn Fn(&[f64]) -> f64) -> Result<Vec<f64>> {
        Ok(self.chosen(class)?.iter().map(|&index| value(&self.falls[index])).collect())
    }

    /// The images of a class, or all.
    fn chosen(&self, class: Option<&str>) -> Result<Vec<usize>> {
        let all = 0..self.labels.len();
        let Some(class) = class else { return Ok(all.collect()) };
        let label = self.classes.iter().position(|name| name == class).ok_or_else(|| {
            Error::NotFound(format!("there is no class {class:?}; there are {}", self.classes.join(", ")))
        })?;
        Ok(all.filter(|&index| self.labels[index] == label).collect())
    }

    fn check(&self, region: usize) -> Result<()> {
        let count = self.regions.len();
        if region < count {
            return Ok(());
        }
        Err(Error::NotFound(format!("there is no region {region}: there are {count}, from 0")))
    }
}
