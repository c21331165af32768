//! Notebook 2: how a convolutional network works.

use super::Verdict;
use crate::data::Images;
use crate::explain::OutputPixel;
use crate::net::nn::{Network, Summary, SummaryRow};
use crate::{Error, Result};

/// What a filter followed by a ReLU puts out at one place of `image`.
///
/// # Errors
/// As [`OutputPixel::of`].
pub fn rectified_pixel(image: &Images, kernel: &[f32; 9], row: usize, column: usize, answer: f64) -> Result<Verdict> {
    let sum = f64::from(OutputPixel::of(image, kernel, row, column)?.sum);
    let mut turned = *kernel;
    turned.reverse();
    let turned = f64::from(OutputPixel::of(image, &turned, row, column)?.sum).max(0.0);
    let mistakes = [
        (sum, "That is the convolution alone: what does the ReLU make of a number below 0?"),
        (turned, "You turned the kernel round, as mathematics does; networks lay it on as it is."),
    ];
    Ok(Verdict::number(answer, sum.max(0.0), 0.006, "The sum of nine products, and 0 where it is negative.", &mistakes))
}

/// How many parameters the layer called `layer` has.
///
/// # Errors
/// A layer that the network does not have.
pub fn parameters(network: &Network, layer: &str, answer: f64) -> Result<Verdict> {
    let summary = network.summary()?;
    let found = find(&summary, layer)?;
    let (parameters, filters) = (found.parameters as f64, found.output.2 as f64);
    let mistakes = [
        (parameters - filters, "Nearly: each filter also has a bias."),
        (parameters + filters, "Each filter has one bias, and not two."),
        ((parameters - filters) / filters, "That is one filter; how many are there?"),
        (9.0 * filters + filters, "A filter reaches over all channels of what it is given, and has a value for each."),
    ];
    let why =
        "Rows x columns x channels in x filters, and a bias for each filter; the size of the image plays no part.";
    Ok(Verdict::number(answer, parameters, 0.5, why, &mistakes))
}

/// How many multiply-adds the layer called `layer` takes for one image.
///
/// # Errors
/// A layer that the network does not have.
pub fn multiply_adds(network: &Network, layer: &str, answer: f64) -> Result<Verdict> {
    let summary = network.summary()?;
    let found = find(&summary, layer)?;
    let (expected, (height, width, filters)) = (found.multiply_adds as f64, found.output);
    let pixels = (height * width) as f64;
    let mistakes = [
        (expected / pixels, "Those are for one output pixel; how many are there?"),
        (expected / filters as f64, "Those are of one filter; how many are there?"),
        (found.parameters as f64 * pixels, "Nearly: a bias is added, and multiplied with nothing."),
        (2.0 * expected, "A multiplication and its addition count as one here."),
        (expected / 1e6, "That is in millions; give the number itself."),
    ];
    let why = "Each value of the kernels is used once for each output pixel: few parameters can be much work.";
    Ok(Verdict::number(answer, expected, 0.5, why, &mistakes))
}

fn find<'a>(summary: &'a Summary, layer: &str) -> Result<&'a SummaryRow> {
    summary
        .layers
        .iter()
        .find(|row| row.layer == layer)
        .ok_or_else(|| Error::NotFound(format!("{} has no layer \"{layer}\"; its summary names all", summary.network)))
}
