//! Figures of a data set's photos.

use super::canvas::Label;
use super::palette::{BLUE, GREY, LINE, SMALL, TEXT, longest};
use super::sample_faces::fit;
use super::{Figure, Picture, PreparationSteps, WIDTH, preparation_steps, sample_faces};
use crate::data::{Dataset, Filter, Photo, Preparation, Steps};
use crate::{Error, Result};
use plotters::style::Color;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

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

/// A photo after each step of its preparation: the report's figures 6 and 7.
///
/// # Errors
/// A preparation to fewer than 6 x 6 pixels.
pub fn photo_steps(steps: &Steps) -> Result<Figure> {
    preparation_steps(&PreparationSteps {
        original: Picture::rgb(steps.photo.width(), steps.photo.height(), &steps.photo.rgb())?,
        grey: grey(&steps.photo)?,
        resized: Picture::grey(steps.size, steps.size, &steps.resized)?,
        normalised: steps.normalised.clone(),
        label: steps.label,
        class: steps.class.clone(),
    })
}

/// Photo `index` of the data set, resized to `size` x `size` by each of several filters, beside the original.
///
/// # Errors
/// A photo that is not there, or a size that cannot be.
pub fn filters_compared(dataset: &Dataset, index: usize, size: usize, filters: &[Filter]) -> Result<Figure> {
    const TITLE: &str = "One photo, several ways to resize it";
    const GAP: i32 = 16;
    const TOP: i32 = 68;
    if !(1..=6).contains(&filters.len()) {
        return Err(Error::output(
            format!("figure {TITLE:?}"),
            format!("one to six filters fit, not {}", filters.len()),
        ));
    }
    let mut pictures = Vec::new();
    for &filter in filters {
        let steps = Preparation { size, filter, ..Preparation::default() }.steps(dataset, index)?;
        if pictures.is_empty() {
            let caption = format!("original, {} x {}", steps.photo.width(), steps.photo.height());
            pictures.push((caption, grey(&steps.photo)?));
        }
        pictures.push((format!("{filter:?}, {size} x {size}"), Picture::grey(size, size, &steps.resized)?));
    }
    let side = ((WIDTH as i32 - GAP) / pictures.len() as i32 - GAP).min(260);
    Figure::draw(TITLE, (WIDTH, (TOP + side + GAP) as u32), |canvas| {
        for (column, (caption, picture)) in (0..).zip(&pictures) {
            let x = GAP + column * (side + GAP);
            let (width, height) = fit(picture, side);
            canvas.text(x, TOP - 14, Label::new(SMALL), caption)?;
            canvas.outline((x - 1, TOP - 1), (width + 1, height + 1), LINE.into())?;
            canvas.picture(picture, (x, TOP), (width, height))?;
        }
        Ok(())
    })
}

/// The longer side of each class's photos: a line from the smallest to the largest, and a mark at the median.
pub fn photo_sizes(dataset: &Dataset) -> Result<Figure> {
    const TITLE: &str = "Longer side of the photos in pixels: smallest, median, largest";
    const TOP: i32 = 44;
    const ROW: i32 = 42;
    let summary = dataset.summary();
    let most = summary.sides.values().map(|sides| sides.largest).max().unwrap_or(1).max(1) as f64;
    let height = TOP + ROW * summary.classes.len() as i32 + 14;
    Figure::draw(TITLE, (WIDTH, height as u32), |canvas| {
        let left = 24 + longest(&summary.classes, TEXT);
        let x = |side: f64| left + (f64::from(WIDTH as i32 - left - 70) * side / most).round() as i32;
        for (row, class) in (0..).zip(&summary.classes) {
            let y = TOP + ROW * row + 26;
            canvas.text(left - 12, y, Label::new(TEXT).right(), class)?;
            let Some(sides) = summary.sides.get(class) else { continue };
            let (from, middle, to) = (x(sides.smallest as f64), x(sides.median), x(sides.largest as f64));
            canvas.line(&[(from, y), (to, y)], GREY.stroke_width(2))?;
            canvas.filled((middle - 4, y - 9), (8, 18), BLUE)?;
            canvas.text(middle, y - 17, Label::new(SMALL).centred(), &format!("{:.0}", sides.median))?;
            canvas.text(to + 8, y, Label::new(SMALL).grey(), &sides.largest.to_string())?;
        }
        Ok(())
    })
}

fn grey(photo: &Photo) -> Result<Picture> {
    Picture::grey(photo.width(), photo.height(), photo.grey())
}
