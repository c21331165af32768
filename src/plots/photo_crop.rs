//! Which part of a photo is used.

use super::canvas::Label;
use super::palette::{LINE, SMALL, VERMILLION};
use super::sample_faces::fit;
use super::{Figure, Picture, WIDTH};
use crate::Result;
use crate::data::{Images, Photo, Rectangle};
use plotters::style::Color;

/// A photo with the `region` that is used framed, and beside it what became of that: `prepared`, one image
/// (`1, H, W, C`).
///
/// An error if the region is not within the photo, or there is another number of images.
pub fn photo_crop(photo: &Photo, region: &Rectangle, prepared: &Images) -> Result<Figure> {
    const TITLE: &str = "What the network gets";
    const SIDE: i32 = 260;
    const TOP: i32 = 66;
    photo.cropped(region)?;
    let (n, h, w, _) = prepared.shape();
    if n != 1 {
        return Err(crate::Error::output(format!("figure {TITLE:?}"), format!("{n} prepared images, and not one")));
    }
    let small = Picture::grey(w, h, &super::image_row::levels(&super::image_row::grey(prepared)))?;
    let pictures = [
        (16, Picture::rgb(photo.width(), photo.height(), &photo.rgb())?, "the photo, and what is cut out of it"),
        (WIDTH as i32 / 2, small, "grey, and of the network's size"),
    ];
    Figure::draw(TITLE, (WIDTH, (TOP + SIDE + 34) as u32), |canvas| {
        for (left, picture, caption) in &pictures {
            let (width, height) = fit(picture, SIDE);
            canvas.text(*left, TOP - 14, Label::new(SMALL), caption)?;
            canvas.outline((left - 1, TOP - 1), (width + 1, height + 1), LINE.into())?;
            canvas.picture(picture, (*left, TOP), (width, height))?;
            let size = format!("{} x {} pixels", picture.width(), picture.height());
            canvas.text(*left, TOP + height + 16, Label::new(SMALL).grey(), &size)?;
        }
        let scale = f64::from(SIDE) / photo.width().max(photo.height()) as f64;
        let at = |length: usize| (length as f64 * scale).round() as i32;
        let corner = (pictures[0].0 + at(region.left), TOP + at(region.top));
        canvas.outline(corner, (at(region.width), at(region.height)), VERMILLION.stroke_width(3))
    })
}
