//! Some photos of each class.

use super::canvas::Label;
use super::palette::{LINE, TEXT, longest};
use super::{Figure, Picture};
use crate::{Error, Result};

/// Photos in rows, a row for each class: `pictures[i]` are those of `classes[i]` (the report's figure 4). Each is fitted
/// into a square of one size, its proportions kept. Seven photos in a row fill a notebook's width.
///
/// An error if there is no class, no picture, or not one list of pictures for each class.
pub fn sample_faces(classes: &[String], pictures: &[Vec<Picture>]) -> Result<Figure> {
    const TITLE: &str = "Photos of each class";
    const TOP: i32 = 44;
    const SIDE: i32 = 100;
    const GAP: i32 = 8;
    let columns = pictures.iter().map(Vec::len).max().unwrap_or(0) as i32;
    if columns == 0 || classes.len() != pictures.len() {
        let why = format!("there are {} classes and pictures of {}, {columns} at most", classes.len(), pictures.len());
        return Err(Error::output(format!("figure {TITLE:?}"), why));
    }
    let left = 28 + longest(classes, TEXT);
    let width = (left + columns * (SIDE + GAP) + 8).max(240);
    let height = TOP + classes.len() as i32 * (SIDE + GAP) + 8;
    Figure::draw(TITLE, (width as u32, height as u32), |canvas| {
        for (row, (class, pictures)) in (0..).zip(classes.iter().zip(pictures)) {
            let y = TOP + row * (SIDE + GAP);
            canvas.text(left - 12, y + SIDE / 2, Label::new(TEXT).right(), class)?;
            for (column, picture) in (0..).zip(pictures) {
                let (w, h) = fit(picture, SIDE);
                let (x, y) = (left + column * (SIDE + GAP) + (SIDE - w) / 2, y + (SIDE - h) / 2);
                canvas.outline((x - 1, y - 1), (w + 1, h + 1), LINE.into())?;
                canvas.picture(picture, (x, y), (w, h))?;
            }
        }
        Ok(())
    })
}

/// The size at which a picture fills a square of `side` pixels, its proportions kept.
pub(super) fn fit(picture: &Picture, side: i32) -> (i32, i32) {
    let scale = f64::from(side) / picture.width().max(picture.height()) as f64;
    let scaled = |length: usize| (length as f64 * scale).round().max(1.0) as i32;
    (scaled(picture.width()), scaled(picture.height()))
}
