//! A picture to be placed in a figure.

use super::palette::Colour;
use crate::data::Images;
use crate::{Error, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use image::codecs::png::PngEncoder;
use image::imageops::{FilterType, resize};
use image::{ExtendedColorType, ImageBuffer, ImageEncoder, Luma, Pixel, Rgb};

/// A picture of whole numbers from 0 (black) to 255 (white), grey or in colours.
///
/// ```
/// use manga_expressions::show::plots::Picture;
///
/// let picture = Picture::grey(3, 2, &[0, 128, 255, 255, 128, 0])?;
/// assert_eq!((picture.width(), picture.height()), (3, 2));
/// assert!(Picture::rgb(3, 2, &[0; 6]).is_err());
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    height: usize,
    channels: usize,
    pixels: Vec<u8>,
}

impl Picture {
    /// A grey picture from its pixels, row by row: `height * width` of them. An error if it has another number.
    pub fn grey(width: usize, height: usize, pixels: &[u8]) -> Result<Picture> {
        Picture::new(width, height, 1, pixels)
    }

    /// A picture in colours from its pixels, row by row, each red, green and blue: `height * width * 3` numbers. An
    /// error if it has another number.
    pub fn rgb(width: usize, height: usize, pixels: &[u8]) -> Result<Picture> {
        Picture::new(width, height, 3, pixels)
    }

    /// Images as pictures: the mean of each pixel's channels, all stretched together from the smallest value as black to the
    /// largest as white. It does not matter how pixels were scaled, and a darker image looks darker.
    pub fn of_images(images: &Images) -> Result<Vec<Picture>> {
        let (_, h, w, channels) = images.shape();
        let mean = |pixel: &[f32]| pixel.iter().sum::<f32>() / channels as f32;
        let grey: Vec<f32> = images.values().chunks_exact(channels).map(mean).collect();
        let levels: Vec<u8> = stretched(&grey).iter().map(|v| (255.0 * v.unwrap_or(0.5)).round() as u8).collect();
        levels.chunks_exact(h * w).map(|pixels| Picture::grey(w, h, pixels)).collect()
    }

    /// A picture in the scale of colours [`Colour::heat`](super::Colour::heat), from its amounts from 0 to 1, row by row.
    pub(super) fn heat(width: usize, height: usize, amounts: &[f64]) -> Result<Picture> {
        Picture::rgb(width, height, &amounts.iter().flat_map(|&v| Colour::heat(v).rgb()).collect::<Vec<_>>())
    }

    fn new(width: usize, height: usize, channels: usize, pixels: &[u8]) -> Result<Picture> {
        if width == 0 || height == 0 || width * height * channels != pixels.len() {
            return Err(Error::Invalid(format!(
                "{} values are no picture of {width} x {height} pixels with {channels} each",
                pixels.len()
            )));
        }
        Ok(Picture { width, height, channels, pixels: pixels.to_vec() })
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The values, row by row.
    pub(super) fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// How many values a pixel has: 1 for grey, 3 for colours.
    pub(super) fn channels(&self) -> usize {
        self.channels
    }

    /// The size at which the picture fills a square of `side` pixels, its proportions kept. A picture of at most a quarter of
    /// that is enlarged by a whole number, so that its pixels stay sharp squares.
    pub(super) fn fit(&self, side: i32) -> (i32, i32) {
        let scale = f64::from(side) / self.width.max(self.height) as f64;
        let scale = if scale >= 4.0 { scale.floor() } else { scale };
        let scaled = |length: usize| (length as f64 * scale).round().max(1.0) as i32;
        (scaled(self.width), scaled(self.height))
    }

    /// The picture reduced to `width` x `height` pixels, if it is larger than that.
    pub(super) fn within(&self, width: usize, height: usize) -> Picture {
        if self.width <= width && self.height <= height {
            return self.clone();
        }
        let size = (width as u32, height as u32);
        let pixels = match self.channels {
            1 => reduce::<Luma<u8>>(self, size),
            _ => reduce::<Rgb<u8>>(self, size),
        };
        Picture { width, height, channels: self.channels, pixels }
    }

    /// The picture as a PNG in a `data:` address, as an SVG embeds it.
    pub(super) fn data_url(&self) -> Result<String> {
        let colours = if self.channels == 1 { ExtendedColorType::L8 } else { ExtendedColorType::Rgb8 };
        let mut png = Vec::new();
        PngEncoder::new(&mut png)
            .write_image(&self.pixels, self.width as u32, self.height as u32, colours)
            .map_err(|e| Error::output("picture", e))?;
        Ok(format!("data:image/png;base64,{}", BASE64_STANDARD.encode(png)))
    }
}

fn reduce<P: Pixel<Subpixel = u8> + 'static>(picture: &Picture, (width, height): (u32, u32)) -> Vec<u8> {
    let pixels = picture.pixels.clone();
    // `Picture::new` has checked that there are as many pixels.
    let image = ImageBuffer::<P, Vec<u8>>::from_raw(picture.width as u32, picture.height as u32, pixels);
    image.map_or(Vec::new(), |image| resize(&image, width, height, FilterType::Triangle).into_raw())
}

/// Values from 0 for the smallest to 1 for the largest; none where all are the same.
pub(super) fn stretched(values: &[f32]) -> Vec<Option<f32>> {
    let (low, high) =
        values.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), &v| (low.min(v), high.max(v)));
    values.iter().map(|&v| (high > low).then(|| (v - low) / (high - low))).collect()
}
