//! Prepared images side by side.

use super::canvas::Label;
use super::palette::{LINE, SMALL};
use super::sample_faces::fit;
use super::{Figure, Picture, WIDTH};
use crate::data::Images;
use crate::{Error, Result};

/// Most images in a row.
const COLUMNS: usize = 7;
const GAP: i32 = 12;
const TOP: i32 = 40;
/// Height of a caption.
const CAPTION: i32 = 20;

/// `images` (`N, H, W, C`) as a network sees them, in rows of seven, each under its caption; without captions where none are
/// given (the report's figure 22). All of one figure are stretched alike, from the smallest value as black to the largest
/// as white: it does not matter how pixels were scaled, and a darker image looks darker.
///
/// An error if there is no image, or not a caption for each.
pub fn image_row(title: &str, images: &Images, captions: &[&str]) -> Result<Figure> {
    let (n, h, w, _) = images.shape();
    if n == 0 || !(captions.is_empty() || captions.len() == n) {
        let why = format!("there are {n} images and {} captions", captions.len());
        return Err(Error::output(format!("figure {title:?}"), why));
    }
    let values = levels(&grey(images));
    let pictures = values.chunks_exact(h * w).map(|pixels| Picture::grey(w, h, pixels)).collect::<Result<Vec<_>>>()?;
    let columns = n.clamp(4, COLUMNS);
    let side = (WIDTH as i32 - GAP) / columns as i32 - GAP;
    let (width, height) = fit(&pictures[0], side);
    let caption = if captions.is_empty() { 0 } else { CAPTION };
    let row = caption + height + GAP;
    let rows = n.div_ceil(columns) as i32;
    Figure::draw(title, (WIDTH, (TOP + rows * row) as u32), |canvas| {
        for (index, picture) in pictures.iter().enumerate() {
            let x = GAP + (index % columns) as i32 * (side + GAP);
            let y = TOP + (index / columns) as i32 * row;
            if let Some(text) = captions.get(index) {
                canvas.text(x, y + CAPTION / 2, Label::new(SMALL), text)?;
            }
            canvas.outline((x - 1, y + caption - 1), (width + 1, height + 1), LINE.into())?;
            canvas.picture(picture, (x, y + caption), (width, height))?;
        }
        Ok(())
    })
}

/// The mean of each pixel's channels, all images stretched together from 0 to 1.
pub(super) fn grey(images: &Images) -> Vec<f32> {
    let channels = images.shape().3;
    let mut grey: Vec<f32> =
        images.values().chunks_exact(channels).map(|p| p.iter().sum::<f32>() / channels as f32).collect();
    let (low, high) = grey.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), &v| (low.min(v), high.max(v)));
    let range = high - low;
    grey.iter_mut().for_each(|v| *v = if range > 0.0 { (*v - low) / range } else { 0.5 });
    grey
}

/// Shares from 0 to 1 as the levels of a picture.
pub(super) fn levels(shares: &[f32]) -> Vec<u8> {
    shares.iter().map(|&v| (255.0 * v).round() as u8).collect()
}
