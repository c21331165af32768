//! Figures of a data set's photos.

use super::canvas::refused;
use super::{Colour, Estimate, Figure, ImageGrid, IntervalRows, Mark, Picture, Quantity, Scale, Tile, bars};
use crate::Result;
use crate::data::{Dataset, Filter, Photo, Preparation};
use crate::metrics::Interval;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// A bar for each class, as long as it has photos, with their number and their fraction of all.
///
/// An error if there is no class, or not one count for each.
pub fn class_counts(classes: &[String], counts: &[usize]) -> Result<Figure> {
    const TITLE: &str = "Photos per class";
    if classes.is_empty() || classes.len() != counts.len() {
        return Err(refused(TITLE, format!("there are {} classes and {} counts", classes.len(), counts.len())));
    }
    let total = counts.iter().sum::<usize>().max(1) as f64;
    let text = |&count: &usize| format!("{count} ({:.1} %)", 100.0 * count as f64 / total);
    let values: Vec<Option<f64>> = counts.iter().map(|&count| Some(count as f64)).collect();
    let texts = counts.iter().map(text).collect();
    bars(TITLE, classes, &[Quantity { texts, ..Quantity::new("", &values, 0) }])
}

/// Photos in rows, a row for each class: `pictures[i]` are those of `classes[i]` (the report's figure 4). Each is fitted
/// into a square of one size, its proportions kept. Seven photos in a row fill a notebook's width.
///
/// An error if there is no class, no picture, or not one list of pictures for each class.
pub fn sample_faces(classes: &[String], pictures: &[Vec<Picture>]) -> Result<Figure> {
    const TITLE: &str = "Photos of each class";
    let columns = pictures.iter().map(Vec::len).max().unwrap_or(0);
    if columns == 0 || classes.len() != pictures.len() {
        let why = format!("there are {} classes and pictures of {}, {columns} at most", classes.len(), pictures.len());
        return Err(refused(TITLE, why));
    }
    let tiles = |pictures: &Vec<Picture>| pictures.iter().cloned().map(Tile::picture).collect();
    let rows = classes.iter().zip(pictures).map(|(class, pictures)| (class.clone(), tiles(pictures))).collect();
    ImageGrid { rows, columns: Some(columns), side: Some(100), ..ImageGrid::new(TITLE) }.draw()
}

/// `count` photos of each class, chosen at random from `seed`: the report's figure 4. A class with fewer shows all.
///
/// # Errors
/// A `count` of 0.
pub fn photos_per_class(dataset: &Dataset, count: usize, seed: u64) -> Result<Figure> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut order: Vec<usize> = (0..dataset.len()).collect();
    order.shuffle(&mut rng);
    let of = |class: usize| -> Result<Vec<Picture>> {
        let chosen = order.iter().filter(|&&i| dataset.labels()[i] == class).take(count);
        chosen.map(|&i| grey(&dataset.photos()[i])).collect()
    };
    let pictures = (0..dataset.classes().len()).map(of).collect::<Result<Vec<_>>>()?;
    sample_faces(dataset.classes(), &pictures)
}

/// Photo `index` of the data set, resized to `size` x `size` by each of several filters, beside the original.
///
/// # Errors
/// A photo that is not there, or a size that cannot be.
pub fn filters_compared(dataset: &Dataset, index: usize, size: usize, filters: &[Filter]) -> Result<Figure> {
    const TITLE: &str = "One photo, several ways to resize it";
    if !(1..=6).contains(&filters.len()) {
        return Err(refused(TITLE, format!("one to six filters fit, not {}", filters.len())));
    }
    let mut tiles = Vec::new();
    for &filter in filters {
        let steps = Preparation { size, filter, ..Preparation::default() }.steps(dataset, index)?;
        if tiles.is_empty() {
            let of = format!("{} x {}", steps.photo.width(), steps.photo.height());
            tiles.push(Tile::picture(grey(&steps.photo)?).above("original").below(&of));
        }
        let resized = Picture::grey(size, size, &steps.resized)?;
        tiles.push(Tile::picture(resized).above(&format!("{filter:?}")).below(&format!("{size} x {size}")));
    }
    ImageGrid::of(TITLE, tiles.len(), &tiles).draw()
}

/// The longer side of each class's photos: a line from the smallest to the largest, and a stroke at the median.
///
/// # Errors
/// A data set without a photo.
pub fn photo_sizes(dataset: &Dataset) -> Result<Figure> {
    let summary = dataset.summary();
    let mut rows = IntervalRows {
        axis_name: "pixels".into(),
        keys: vec![(Mark::Line, Colour::BLUE, "smallest to largest".into())],
        ..IntervalRows::new("Longer side of the photos: smallest, median, largest", Scale::FromZero)
    };
    for (class, sides) in summary.classes.iter().filter_map(|class| Some((class, summary.sides.get(class)?))) {
        let median = Estimate {
            interval: Some(Interval { low: sides.smallest as f64, high: sides.largest as f64 }),
            mark: Mark::Stroke,
            text: format!("{} to {}, median {:.0}", sides.smallest, sides.largest, sides.median),
            ..Estimate::new("median", sides.median)
        };
        rows.rows.push((class.clone(), vec![median]));
    }
    rows.draw()
}

/// A photo in grey.
pub(super) fn grey(photo: &Photo) -> Result<Picture> {
    Picture::grey(photo.width(), photo.height(), photo.grey())
}
