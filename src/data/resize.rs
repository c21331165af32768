//! Making a picture smaller or larger.

use image::imageops::{self, FilterType};
use image::{ImageBuffer, Luma};
use serde::{Deserialize, Serialize};

/// How the pixels of a resized picture come from those of the original.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Filter {
    /// Where the picture shrinks, every original pixel counts, with weights in the shape of a triangle; where it
    /// grows, linear interpolation. Equals Pillow's `BILINEAR` and PyTorch's `antialias=True`.
    ///
    /// The default: most photos are shrunk, and a manga's thin ink lines must not fall between the pixels.
    #[default]
    Triangle,
    /// Linear interpolation between the four nearest pixels, also where the picture shrinks, so that lines may break.
    /// Equals `tf.image.resize`, which is what Keras's `image_dataset_from_directory` does; the values are not rounded.
    Bilinear,
    /// The nearest pixel alone. Equals Pillow's `NEAREST`, the default of Keras's `load_img`.
    Nearest,
}

/// Resizes one plane of a picture, `from` = `(width, height)` pixels, to `to`; values from 0 to 255. A picture that has
/// that size stays as it is.
pub(super) fn resize(plane: &[u8], from: (usize, usize), to: (usize, usize), filter: Filter) -> Vec<f32> {
    if from == to {
        return plane.iter().copied().map(f32::from).collect();
    }
    match filter {
        Filter::Triangle => triangle(plane, from, to),
        Filter::Bilinear => {
            let plane: Vec<f32> = plane.iter().copied().map(f32::from).collect();
            bilinear(&plane, from, to)
        }
        Filter::Nearest => nearest(plane, from, to),
    }
}

fn triangle(plane: &[u8], (width, height): (usize, usize), to: (usize, usize)) -> Vec<f32> {
    let view: ImageBuffer<Luma<u8>, &[u8]> =
        ImageBuffer::from_raw(width as u32, height as u32, plane).expect("a photo has width x height pixels");
    let resized = imageops::resize(&view, to.0 as u32, to.1 as u32, FilterType::Triangle);
    resized.into_raw().into_iter().map(f32::from).collect()
}

fn nearest(plane: &[u8], (width, height): (usize, usize), to: (usize, usize)) -> Vec<f32> {
    let columns = under_centres(width, to.0);
    let rows = under_centres(height, to.1).into_iter();
    rows.flat_map(|y| columns.iter().map(move |x| plane[y * width + x])).map(f32::from).collect()
}

/// The pixel of `from` under the centre of each pixel of `size`. Where a centre is on the border of two, the rounding
/// of the sum decides; so it is added up step by step, as Pillow does, to decide alike.
fn under_centres(from: usize, size: usize) -> Vec<usize> {
    let step = from as f64 / size as f64;
    let centres = std::iter::successors(Some(step / 2.0), |centre| Some(centre + step));
    centres.take(size).map(|centre| (centre as usize).min(from - 1)).collect()
}

/// Linear interpolation between the four nearest values. Equals `tf.image.resize`, and PyTorch's `F.interpolate` with
/// `mode="bilinear", align_corners=False`.
pub(crate) fn bilinear(plane: &[f32], (width, height): (usize, usize), to: (usize, usize)) -> Vec<f32> {
    let columns: Vec<_> = (0..to.0).map(|x| between(x, width, to.0)).collect();
    let mut out = Vec::with_capacity(to.0 * to.1);
    for y in 0..to.1 {
        let (above, below, down) = between(y, height, to.1);
        let (above, below) = (&plane[above * width..][..width], &plane[below * width..][..width]);
        for &(left, right, along) in &columns {
            let mix = |row: &[f32]| row[left] + (row[right] - row[left]) * along;
            out.push(mix(above) + (mix(below) - mix(above)) * down);
        }
    }
    out
}

/// The two pixels of `from` beside the centre of pixel `i` of `size`, and how far it is from the first to the second.
fn between(i: usize, from: usize, size: usize) -> (usize, usize, f32) {
    let centre = (i as f32 + 0.5) * (from as f32 / size as f32) - 0.5;
    let first = centre.floor().max(0.0) as usize;
    (first, (centre.ceil().max(0.0) as usize).min(from - 1), centre - centre.floor())
}
