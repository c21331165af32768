//! One output of a convolution, computed by hand.

use crate::data::Images;
use crate::{Error, Result};

/// One output pixel of a convolution by a kernel of 3 x 3 over one channel: each pixel of the window times the value of the
/// kernel on it, summed up. (As in all networks the kernel is not turned round, as it would be in mathematics.)
///
/// ```
/// use manga_expressions::data::Images;
/// use manga_expressions::explain::OutputPixel;
///
/// let image = Images::new((1, 3, 3, 1), vec![0.0, 0.5, 1.0, 0.0, 0.5, 1.0, 0.0, 0.5, 1.0])?;
/// let vertical = [-1.0, 0.0, 1.0, -1.0, 0.0, 1.0, -1.0, 0.0, 1.0];
/// let middle = OutputPixel::of(&image, &vertical, 1, 1)?;
/// assert_eq!(middle.products, [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0]);
/// assert_eq!(middle.sum, 3.0);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct OutputPixel {
    /// Row of the output, and of the middle of the window.
    pub row: usize,
    /// Column.
    pub column: usize,
    /// The pixels under the kernel, row by row; 0 outside of the image (`Padding::Around(1)`).
    pub window: [f32; 9],
    /// The kernel, row by row.
    pub kernel: [f32; 9],
    /// Their products, place by place.
    pub products: [f32; 9],
    /// The sum of the products: the output.
    pub sum: f32,
}

impl OutputPixel {
    /// The output at `row` and `column` for one grey `image` (`1, H, W, 1`).
    ///
    /// # Errors
    /// Another number of images or channels, or a place outside of the image.
    pub fn of(image: &Images, kernel: &[f32; 9], row: usize, column: usize) -> Result<OutputPixel> {
        let (n, height, width, channels) = image.shape();
        if (n, channels) != (1, 1) || row >= height || column >= width {
            return Err(Error::Invalid(format!(
                "row {row}, column {column} of images of shape {:?}: it takes one grey image, and a place in it",
                image.shape()
            )));
        }
        let pixel = |place: usize| {
            let (row, column) = (row + place / 3, column + place % 3); // one more than the place itself
            let inside = (1..=height).contains(&row) && (1..=width).contains(&column);
            if inside { image.values()[(row - 1) * width + column - 1] } else { 0.0 }
        };
        let window: [f32; 9] = std::array::from_fn(pixel);
        let products: [f32; 9] = std::array::from_fn(|place| window[place] * kernel[place]);
        Ok(OutputPixel { row, column, window, kernel: *kernel, products, sum: products.iter().sum() })
    }

    /// The output of the largest value, the first of equals, among those whose window lies within the image: at the border
    /// the zeros outside would look like an edge.
    ///
    /// # Errors
    /// As [`OutputPixel::of`]; an image of fewer than 3 x 3 pixels.
    pub fn strongest(image: &Images, kernel: &[f32; 9]) -> Result<OutputPixel> {
        let (_, height, width, _) = image.shape();
        let mut found: Option<OutputPixel> = None;
        for row in 1..height.saturating_sub(1) {
            for column in 1..width.saturating_sub(1) {
                let pixel = OutputPixel::of(image, kernel, row, column)?;
                if found.as_ref().is_none_or(|found| pixel.sum > found.sum) {
                    found = Some(pixel);
                }
            }
        }
        found.ok_or_else(|| Error::Invalid(format!("no window of 3 x 3 lies within an image of {height} x {width}")))
    }

    /// All outputs, `H, W`.
    ///
    /// # Errors
    /// As [`OutputPixel::of`].
    pub fn all(image: &Images, kernel: &[f32; 9]) -> Result<Vec<f32>> {
        let (_, height, width, _) = image.shape();
        let places = (0..height).flat_map(|row| (0..width).map(move |column| (row, column)));
        places.map(|(row, column)| Ok(OutputPixel::of(image, kernel, row, column)?.sum)).collect()
    }
}

/// `0.25 x 1 + 0.50 x -1 + … = -0.25`
impl std::fmt::Display for OutputPixel {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let terms = self.window.iter().zip(&self.kernel).map(|(pixel, weight)| format!("{pixel:.2} x {weight}"));
        write!(f, "{} = {:.2}", terms.collect::<Vec<_>>().join(" + "), self.sum)
    }
}
