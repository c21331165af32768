//! One output of a convolution, as one would compute it on paper.

use super::{Colour, Figure, ImageGrid, Picture, Tile};
use crate::Result;
use crate::data::{Images, Rectangle};
use crate::explain::OutputPixel;

/// A convolution of one grey `image` by the kernel of `pixel`, and how `pixel` comes about. Above the image with the window
/// framed, and the outputs of the whole image (grey is 0, lighter is above and darker below) with the output pixel framed;
/// below the numbers: the window, the kernel, their products and the sum.
///
/// An error if the image is not a single grey one, or the pixel lies outside of it.
pub fn convolution_by_hand(image: &Images, pixel: &OutputPixel) -> Result<Figure> {
    let outputs = OutputPixel::all(image, &pixel.kernel)?;
    // That of another image would be another number.
    let OutputPixel { row, column, window, kernel, products, sum } =
        OutputPixel::of(image, &pixel.kernel, pixel.row, pixel.column)?;
    let (_, height, width, _) = image.shape();
    let most = outputs.iter().fold(0.0_f32, |most, v| most.max(v.abs())).max(f32::MIN_POSITIVE);
    let signed = |v: f32| (127.5 + 127.5 * v / most).round() as u8;
    let brightest = window.iter().fold(1.0_f32, |most, &v| most.max(v));
    let numbers = |name: &str, values: &[f32; 9], level: &dyn Fn(f32) -> u8| {
        // No minus before a zero.
        let cells = values.map(|value| (format!("{:.2}", value + 0.0), Colour::level(level(value))));
        Tile::numbers(3, &cells).above(name)
    };
    let (top, left) = (row.saturating_sub(1), column.saturating_sub(1));
    let around = Rectangle { top, left, height: (row + 2).min(height) - top, width: (column + 2).min(width) - left };
    let output = Rectangle { top: row, left: column, height: 1, width: 1 };
    let shown = Picture::grey(width, height, &outputs.iter().map(|&v| signed(v)).collect::<Vec<_>>())?;
    let place = format!("row {row}, column {column}");
    let above = vec![
        Tile::picture(Picture::of_images(image)?.remove(0)).above("the image, and the window").frame(&around, ""),
        Tile::words(&format!("{sum:.2}"), &place).above("window x kernel, summed up"),
        Tile::picture(shown)
            .above("all outputs, and this one")
            .below(&format!("-{most:.2} to {most:.2}, grey is 0"))
            .frame(&output, ""),
    ];
    let below = vec![
        numbers("the window's pixels", &window, &|v| (255.0 * (v / brightest).clamp(0.0, 1.0)).round() as u8),
        numbers("x  the kernel", &kernel, &|v| (127.5 + 127.5 * v.clamp(-1.0, 1.0)).round() as u8),
        numbers("=  the products", &products, &signed),
        Tile::words(&format!("{sum:.2}"), "").above("summed up"),
    ];
    let rows = vec![(String::new(), above), (String::new(), below)];
    ImageGrid { rows, ..ImageGrid::new("A convolution by hand") }.draw()
}
