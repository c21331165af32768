//! How long everything beside the networks takes.

use crate::data::{Augmentation, FoldSettings, Folds, Hog, Preparation, Source};
use crate::net::models;
use crate::study::neighbours::{Distance, cross_validate};
use crate::training::{Work, cost};
use crate::{Result, data};
use serde::Serialize;
use std::fmt;
use std::time::Instant;

/// How long a step of the method takes, with all cores.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Timing {
    /// What was done.
    pub what: String,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// What it should take at most, in seconds.
    pub most: Option<f64>,
}

/// Times the steps of the method that are no network's, on the photos of `source`: decoding and preparing them,
/// changing all of them at random as in one epoch, beside an epoch of ResNet-50 itself, and k-nearest neighbours for every
/// `k` from 1 to 50 in five times repeated five-fold cross-validation.
///
/// # Errors
/// As loading and preparing the photos, and [`cross_validate`].
pub fn timings(source: &Source) -> Result<Vec<Timing>> {
    const LARGEST_K: usize = 50;
    let mut all = Vec::new();
    let mut add = |what: String, seconds: f64, most: Option<f64>| all.push(Timing { what, seconds, most });

    let clock = Instant::now();
    let dataset = source.load()?;
    let loaded = clock.elapsed().as_secs_f64();
    let preparation = Preparation { channels: 3, ..Preparation::default() };
    let images = preparation.apply(&dataset)?;
    let prepared = clock.elapsed().as_secs_f64();
    let (count, size) = (images.len(), preparation.size);
    add(format!("{source}: {count} read and decoded"), loaded, None);
    add(format!("prepared, {size} x {size} x 3"), prepared - loaded, None);
    add("both".into(), prepared, Some(1.0));

    let threads = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let mut network = models::by_name("resnet50", (size, size, 3), images.classes.len(), 1)?;
    let step = cost(&mut network, Work::Train, threads, 32, 3)?;
    let epoch = count as f64 / step.images_per_second;
    let clock = Instant::now();
    let ids: Vec<usize> = (0..count).collect();
    Augmentation::strong().apply(&images.images, &ids, 1, 1)?;
    add("changed at random, in all ways at once".into(), clock.elapsed().as_secs_f64(), Some(0.1 * epoch));
    add(format!("an epoch of ResNet-50 with them, {threads} thread(s)"), epoch, None);

    let grey = Preparation { size: 48, ..Preparation::default() }.images(dataset.photos())?;
    let folds = Folds::stratified(dataset.classes(), dataset.labels(), &FoldSettings::default())?;
    for features in [data::Features::pixels(&grey)?, Hog::default().features(&grey)?] {
        let clock = Instant::now();
        cross_validate(&features, dataset.labels(), dataset.classes(), &folds, Distance::Euclidean, LARGEST_K)?;
        let what = format!("k-NN on {}: every k to {LARGEST_K}, 5 times 5 folds", features.name());
        add(what, clock.elapsed().as_secs_f64(), Some(2.0));
    }
    Ok(all)
}

/// `    0.412 s   at most    1.000   both`
impl fmt::Display for Timing {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let most = self.most.map_or(String::new(), |most| format!("at most {most:8.3}"));
        write!(f, "{:9.3} s   {most:16}   {}", self.seconds, self.what)
    }
}
