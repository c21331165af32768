//! The preparation of photos: step by step (section 2.2.1 of the report, figures 6 and 7), and what comes of it.

use super::canvas::refused;
use super::photos::grey;
use super::{Colour, Figure, ImageGrid, Picture, Tile};
use crate::Result;
use crate::data::{Images, Photo, Rectangle, Steps};

/// One photo at each step of its preparation.
#[derive(Clone, Debug, PartialEq)]
pub struct PreparationSteps {
    /// As it was read.
    pub original: Picture,
    /// The same in grey.
    pub grey: Picture,
    /// The grey photo at the network's size.
    pub resized: Picture,
    /// The values of `resized` as the network gets them, row by row.
    pub normalised: Vec<f32>,
    /// Number of its class.
    pub label: usize,
    /// Name of its class.
    pub class: String,
}

/// How many rows and columns of numbers are shown.
const PATCH: usize = 6;

/// A photo after each step of its preparation, as [`preparation_steps`]: the report's figures 6 and 7.
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

/// Six steps: the original, grey, resized, its pixel values, the normalised values, and the label.
///
/// The numbers are those of the part of the picture with the most contrast, which is framed in the resized picture;
/// behind each number is the grey it stands for.
///
/// An error if `resized` is no grey picture of at least 6 x 6 pixels, or `normalised` has another number of values.
pub fn preparation_steps(steps: &PreparationSteps) -> Result<Figure> {
    const TITLE: &str = "The preparation of a photo";
    let PreparationSteps { original, grey, resized, normalised, label, class } = steps;
    let pixels = resized.pixels();
    let (width, height) = (resized.width(), resized.height());
    if resized.channels() != 1 || width < PATCH || height < PATCH || normalised.len() != pixels.len() {
        let why = format!(
            "the resized picture ({width} x {height}, {} values a pixel) and its {} normalised values must be grey, \
             equally many, and at least {PATCH} x {PATCH}",
            resized.channels(),
            normalised.len()
        );
        return Err(refused(TITLE, why));
    }
    let (top, left) = liveliest_patch(resized);
    let patch = Rectangle { top, left, height: PATCH, width: PATCH };
    let rows = format!("rows {top} to {}, columns {left} to {}", top + PATCH - 1, left + PATCH - 1);
    let numbers = |name: &str, text: &dyn Fn(usize) -> String| {
        let places = (0..PATCH * PATCH).map(|i| (top + i / PATCH) * width + left + i % PATCH);
        let cells: Vec<(String, Colour)> = places.map(|at| (text(at), Colour::level(pixels[at]))).collect();
        let whole = Rectangle { top: 0, left: 0, ..patch };
        Tile::numbers(PATCH, &cells).above(name).below(&rows).frame(&whole, "")
    };
    let tiles = [
        sized("1  original", original),
        sized("2  grey", grey),
        sized("3  resized", resized).frame(&patch, ""),
        numbers("4  pixel values", &|at| pixels[at].to_string()),
        numbers("5  normalised", &|at| format!("{:.2}", normalised[at])),
        Tile::words(&label.to_string(), class).above("6  label"),
    ];
    ImageGrid::of(TITLE, 3, &tiles).draw()
}

/// A picture with its size below it.
fn sized(name: &str, picture: &Picture) -> Tile {
    let size = format!("{} x {} pixels", picture.width(), picture.height());
    Tile::picture(picture.clone()).above(name).below(&size)
}

/// First row and column of the patch with the most contrast: the largest variance of its pixels.
fn liveliest_patch(picture: &Picture) -> (usize, usize) {
    let (width, height) = (picture.width(), picture.height());
    let spread = |row: usize, col: usize| {
        let rows = picture.pixels().chunks_exact(width).skip(row).take(PATCH);
        let values = rows.flat_map(|r| &r[col..col + PATCH]).map(|&v| u64::from(v));
        let (sum, squares) = values.fold((0, 0), |(sum, squares), v| (sum + v, squares + v * v));
        squares * (PATCH * PATCH) as u64 - sum * sum
    };
    let corners = (0..=height - PATCH).flat_map(|row| (0..=width - PATCH).map(move |col| (row, col)));
    corners.max_by_key(|&(row, col)| spread(row, col)).unwrap_or((0, 0))
}

/// A photo with the `region` that is used framed, and beside it what became of that: `prepared`, one image
/// (`1, H, W, C`).
///
/// An error if the region is not within the photo, or there is another number of images.
pub fn photo_crop(photo: &Photo, region: &Rectangle, prepared: &Images) -> Result<Figure> {
    const TITLE: &str = "What the network gets";
    photo.cropped(region)?;
    let [prepared] = &Picture::of_images(prepared)?[..] else {
        return Err(refused(TITLE, format!("{} prepared images, and not one", prepared.shape().0)));
    };
    let whole = Picture::rgb(photo.width(), photo.height(), &photo.rgb())?;
    let tiles = [sized("the photo, and what is cut out", &whole).frame(region, ""), sized("grey, resized", prepared)];
    ImageGrid::of(TITLE, 2, &tiles).draw()
}

/// `images` (`N, H, W, C`) as a network sees them, in rows of seven, each under its caption; without captions where none are
/// given (the report's figure 22). All of one figure are stretched alike, from the smallest value as black to the largest
/// as white: it does not matter how pixels were scaled, and a darker image looks darker.
///
/// An error if there is no image, or not a caption for each.
pub fn image_row(title: &str, images: &Images, captions: &[&str]) -> Result<Figure> {
    let count = images.shape().0;
    if count == 0 || !(captions.is_empty() || captions.len() == count) {
        return Err(refused(title, format!("there are {count} images and {} captions", captions.len())));
    }
    let tile = |(i, picture): (usize, Picture)| {
        captions.get(i).map_or(Tile::picture(picture.clone()), |caption| Tile::picture(picture).above(caption))
    };
    let tiles: Vec<Tile> = Picture::of_images(images)?.into_iter().enumerate().map(tile).collect();
    ImageGrid::of(title, count.clamp(4, 7), &tiles).draw()
}
