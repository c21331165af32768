//! How much zero is put around an image.

/// Rows and columns of zeros around each image before a window slides over it.
///
/// ```
/// use manga_expressions::net::ops::Padding;
///
/// // Keras's "same" puts the odd row below and the odd column to the right.
/// assert_eq!(Padding::Same.around((100, 99), (3, 3), 2), [0, 1, 1, 1]);
/// assert_eq!(Padding::Valid.around((100, 99), (3, 3), 2), [0, 0, 0, 0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// None. Keras's `"valid"`.
    Valid,
    /// Enough that the output has `ceil(size / stride)` rows and columns. Keras's and TensorFlow's `"same"`.
    Same,
    /// The same number on all four sides, as PyTorch's `padding=`.
    Around(usize),
    /// Top, bottom, left, right. Keras's `ZeroPadding2D`.
    Sides([usize; 4]),
}

impl Padding {
    /// Top, bottom, left and right for an image `(H, W)` under a window `(KH, KW)`.
    pub fn around(self, image: (usize, usize), window: (usize, usize), stride: usize) -> [usize; 4] {
        match self {
            Padding::Valid => [0; 4],
            Padding::Around(n) => [n; 4],
            Padding::Sides(sides) => sides,
            Padding::Same => {
                let total = |size: usize, window: usize| {
                    ((size.div_ceil(stride).max(1) - 1) * stride + window).saturating_sub(size)
                };
                let (rows, columns) = (total(image.0, window.0), total(image.1, window.1));
                [rows / 2, rows.div_ceil(2), columns / 2, columns.div_ceil(2)]
            }
        }
    }
}
