//! Pixel values of many images of one size, ready for a network.

use super::dataset::counts;
use crate::net::ops::Tensor4;
use crate::{Error, Result};

/// Images of one size as 32-bit numbers, axes `N, H, W, C`: image, row, column, channel.
///
/// ```
/// use manga_expressions::data::Images;
///
/// let two = Images::new((2, 1, 3, 1), vec![0.0, 0.5, 1.0, 1.0, 0.5, 0.0])?;
/// assert_eq!(two.image(1), &[1.0, 0.5, 0.0]);
/// assert_eq!(two.select(&[1]).len(), 1);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Images {
    shape: (usize, usize, usize, usize),
    values: Vec<f32>,
}

impl Images {
    /// Images of `shape` `(N, H, W, C)` from their values; an error if their number does not fit.
    pub fn new(shape: (usize, usize, usize, usize), values: Vec<f32>) -> Result<Self> {
        let (n, h, w, c) = shape;
        if [h, w, c].iter().try_fold(n, |product, &size| product.checked_mul(size)) != Some(values.len()) {
            return Err(Error::Invalid(format!("{} values do not make images of shape {shape:?}", values.len())));
        }
        Ok(Images { shape, values })
    }

    /// `(N, H, W, C)`.
    pub fn shape(&self) -> (usize, usize, usize, usize) {
        self.shape
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.shape.0
    }

    /// Whether there is no image.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All values, `N, H, W, C`.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The values of image `index`, `H, W, C`. Panics where there is no such image.
    pub fn image(&self, index: usize) -> &[f32] {
        let (_, h, w, c) = self.shape;
        &self.values[index * h * w * c..][..h * w * c]
    }

    /// The images at `indices`, in that order.
    pub fn select(&self, indices: &[usize]) -> Images {
        let (_, h, w, c) = self.shape;
        let values = indices.iter().flat_map(|&i| self.image(i)).copied().collect();
        Images { shape: (indices.len(), h, w, c), values }
    }

    /// Each image mirrored, left for right. PyTorch's `torch.flip(x, [-1])`, Keras's `ops.flip(x, axis=2)`.
    ///
    /// ```
    /// use manga_expressions::data::Images;
    ///
    /// let one = Images::new((1, 2, 2, 1), vec![0.0, 0.5, 1.0, 2.0])?;
    /// assert_eq!(one.mirrored().values(), [0.5, 0.0, 2.0, 1.0]);
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn mirrored(&self) -> Images {
        let (_, _, w, c) = self.shape;
        let rows = self.values.chunks_exact((w * c).max(1));
        let values = rows.flat_map(|row| row.chunks_exact(c).rev().flatten()).copied().collect();
        Images { shape: self.shape, values }
    }

    /// All images of several sets of one size, one after the other.
    ///
    /// # Errors
    /// No set; images of different size.
    pub fn joined(sets: &[&Images]) -> Result<Images> {
        let Some(&(_, h, w, c)) = sets.first().map(|set| &set.shape) else {
            return Err(Error::Invalid("no images can be joined of no set".into()));
        };
        if let Some(other) = sets.iter().find(|set| (set.shape.1, set.shape.2, set.shape.3) != (h, w, c)) {
            return Err(Error::Invalid(format!("images of {h} x {w} x {c} cannot be joined with {other:?}")));
        }
        let values = sets.iter().flat_map(|set| set.values()).copied().collect();
        Images::new((sets.iter().map(|set| set.len()).sum(), h, w, c), values)
    }

    /// The images as a tensor of shape `N, H, W, C` for a network.
    pub fn to_tensor(&self) -> Tensor4 {
        crate::net::ops::tensor(self.values.clone(), self.shape)
    }
}

impl std::fmt::Debug for Images {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "Images{:?}", self.shape)
    }
}

/// Images with the class of each.
#[derive(Clone, PartialEq)]
pub struct LabelledImages {
    /// The pixel values, `N, H, W, C`.
    pub images: Images,
    /// Index into `classes`, for each image.
    pub labels: Vec<usize>,
    /// The names of the classes.
    pub classes: Vec<String>,
    /// Where each image came from, as `angry/29.jpg`.
    pub names: Vec<String>,
}

impl LabelledImages {
    /// Number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no image.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Number of images of each class, in the order of the classes.
    pub fn counts(&self) -> Vec<usize> {
        counts(self.classes.len(), &self.labels)
    }

    /// The images at `indices` with their labels and names, in that order.
    pub fn select(&self, indices: &[usize]) -> LabelledImages {
        LabelledImages {
            images: self.images.select(indices),
            labels: indices.iter().map(|&i| self.labels[i]).collect(),
            classes: self.classes.clone(),
            names: indices.iter().map(|&i| self.names[i].clone()).collect(),
        }
    }
}

impl LabelledImages {
    /// The images of the class called `class`, in their order; there may be none.
    ///
    /// # Errors
    /// A name that is none of the classes.
    pub fn of_class(&self, class: &str) -> Result<LabelledImages> {
        let Some(wanted) = self.classes.iter().position(|name| name == class) else {
            return Err(Error::NotFound(format!("there is no class {class:?}; there are {}", self.classes.join(", "))));
        };
        let indices: Vec<usize> = (0..self.len()).filter(|&index| self.labels[index] == wanted).collect();
        Ok(self.select(&indices))
    }

    /// The first `count` images, or all where there are fewer.
    pub fn first(&self, count: usize) -> LabelledImages {
        self.select(&(0..self.len().min(count)).collect::<Vec<_>>())
    }
}

impl std::fmt::Debug for LabelledImages {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "Labelled{:?} of {}", self.images, self.classes.join(", "))
    }
}
