//! Whether a part of the image decides: the report's claim that the mouth makes a face a "shock" (section 4.2), tested.

use super::grad_cam::grad_cams;
use super::target::AT_A_TIME;
use crate::data::{LabelledImages, Rectangle, Transform};
use crate::net::nn::Network;
use crate::training::{argmax, check_images, logits};
use crate::{Error, Result};
use serde::Serialize;

/// How much of the evidence lies in a region, and what covering it does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RegionTest {
    /// Top, left, height and width in pixels.
    pub region: (usize, usize, usize, usize),
    /// Its fraction of the image's area, 0 to 1: also the fraction of the heat that chance would put there.
    pub area: f64,
    /// A row for each class, in the order of the classes, and one of all images.
    pub rows: Vec<RegionRow>,
}

/// The images of one class, or all.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RegionRow {
    /// Name of the class; `all`.
    pub class: String,
    /// Number of images.
    pub images: usize,
    /// Mean fraction of the Grad-CAM heat of the true class that lies in the region, 0 to 1, over the images with evidence
    /// for it; none where there is no such image.
    pub heat: Option<f64>,
    /// Images classified correctly as they are.
    pub correct: usize,
    /// Images classified correctly with the region covered.
    pub correct_covered: usize,
    /// Images that are classified correctly, but no more when the region is covered.
    pub lost: usize,
    /// Images that are classified correctly only when the region is covered.
    pub gained: usize,
}

impl RegionRow {
    /// Fraction of images classified correctly; none without images.
    pub fn accuracy(&self) -> Option<f64> {
        (self.images > 0).then(|| self.correct as f64 / self.images as f64)
    }

    /// The same with the region covered.
    pub fn accuracy_covered(&self) -> Option<f64> {
        (self.images > 0).then(|| self.correct_covered as f64 / self.images as f64)
    }
}

impl Rectangle {
    /// The bottom half of an image of `size` `(H, W)`, where the mouth of a face usually is; of an odd number of rows it
    /// has the smaller half.
    ///
    /// ```
    /// use manga_expressions::data::Rectangle;
    ///
    /// assert_eq!(Rectangle::bottom_half((5, 4)), Rectangle { top: 3, left: 0, height: 2, width: 4 });
    /// ```
    pub fn bottom_half((height, width): (usize, usize)) -> Rectangle {
        let top = height.div_ceil(2);
        Rectangle { top, left: 0, height: height - top, width }
    }

    /// The top half of an image of `size` `(H, W)`; of an odd number of rows it has the smaller half.
    pub fn top_half((height, width): (usize, usize)) -> Rectangle {
        Rectangle { top: 0, left: 0, height: height / 2, width }
    }
}

/// Tests what `region` is worth to the network over all of `images`, for each class: the fraction of the Grad-CAM heat (after
/// `stage`, as in [`grad_cam`](super::grad_cam)) that lies in it, and how many images are still classified correctly when it is covered by
/// the image's mean.
///
/// Covering also shows the network what it has never seen, so compare with another region of the same size, as
/// [`Rectangle::top_half`] with [`Rectangle::bottom_half`]: only a difference between the two is about the place.
///
/// # Errors
/// No images, or some that do not fit the network; a region that is empty or not within the images; else as [`grad_cam`](super::grad_cam).
pub fn test_region(
    network: &Network,
    images: &LabelledImages,
    region: &Rectangle,
    stage: Option<&str>,
) -> Result<RegionTest> {
    check_images("tested", images, network)?;
    let (_, h, w, _) = images.images.shape();
    let &Rectangle { top, left, height, width } = region;
    if !region.is_within((h, w)) {
        return Err(Error::Invalid(format!(
            "a region of {height} x {width} pixels from row {top}, column {left} is not a part of images of {h} x {w}"
        )));
    }
    let covered = Transform { erased: Some(*region), ..Transform::default() }.apply(&images.images)?;
    let (seen, blind) = (logits(network, &images.images)?, logits(network, &covered)?);
    let mut rows: Vec<RegionRow> = images.classes.iter().map(|class| RegionRow::new(class)).collect();
    let mut all = RegionRow::new("all");
    let mut fractions = vec![Vec::new(); rows.len()];
    for (index, &label) in images.labels.iter().enumerate() {
        let (right, right_blind) = (argmax(&seen[index]) == label, argmax(&blind[index]) == label);
        rows[label].count(right, right_blind);
        all.count(right, right_blind);
    }
    let order: Vec<usize> = (0..images.len()).collect();
    for batch in order.chunks(AT_A_TIME) {
        let part = images.select(batch);
        for map in grad_cams(network, &part.images, &part.labels, stage)? {
            fractions[map.class()].extend(map.fraction_in(region));
        }
    }
    rows.iter_mut().zip(&fractions).for_each(|(row, fractions)| row.heat = mean(fractions));
    all.heat = mean(&fractions.concat());
    rows.push(all);
    Ok(RegionTest { region: (top, left, height, width), area: (height * width) as f64 / (h * w) as f64, rows })
}

impl RegionRow {
    fn new(class: &str) -> Self {
        let class = class.to_string();
        RegionRow { class, images: 0, heat: None, correct: 0, correct_covered: 0, lost: 0, gained: 0 }
    }

    fn count(&mut self, right: bool, right_covered: bool) {
        self.images += 1;
        self.correct += usize::from(right);
        self.correct_covered += usize::from(right_covered);
        self.lost += usize::from(right && !right_covered);
        self.gained += usize::from(!right && right_covered);
    }
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}
