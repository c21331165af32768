//! Lines drawn thicker or thinner.

/// The image of shape `H, W, C` with its lines thicker: each pixel goes the fraction `weight` of the way to the darkest of
/// the 3 x 3 around it; or thinner, where `weight` is below 0: as far towards the lightest. At the edge there are fewer
/// than nine.
///
/// Erosion and dilation of grey images (J. Serra: Image Analysis and Mathematical Morphology, 1982): OpenCV's `erode` and
/// `dilate`, scipy's `grey_erosion` and `grey_dilation`.
pub(super) fn redrawn(image: &[f32], (h, w, c): (usize, usize, usize), weight: f64) -> Vec<f32> {
    let extreme = if weight > 0.0 { f32::min } else { f32::max };
    // The extreme of a square is that of its columns' extremes.
    let mut of_rows = image.to_vec();
    for (row, out) in image.chunks_exact(w * c).zip(of_rows.chunks_exact_mut(w * c)) {
        for i in 0..w * c {
            let left = if i >= c { row[i - c] } else { row[i] };
            let right = if i + c < w * c { row[i + c] } else { row[i] };
            out[i] = extreme(extreme(left, row[i]), right);
        }
    }
    let row = |y: usize| &of_rows[y * w * c..][..w * c];
    let fraction = weight.abs() as f32;
    let mut out = image.to_vec();
    for (y, out) in out.chunks_exact_mut(w * c).enumerate() {
        let (above, here, below) = (row(y.saturating_sub(1)), row(y), row((y + 1).min(h - 1)));
        for i in 0..w * c {
            out[i] += fraction * (extreme(extreme(above[i], here[i]), below[i]) - out[i]);
        }
    }
    out
}
