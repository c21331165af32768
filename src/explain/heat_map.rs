//! A heat map: where in an image the evidence for a class is.

use crate::data::Rectangle;
use crate::{Error, Result};
use serde::Serialize;

/// How much each pixel of one image speaks for one class, from 0 (cold) to 1 (hot, the most of this image).
///
/// Heat is relative to the image: a map says where the evidence is, not how much of it there is. Where nothing speaks
/// for the class all values are 0, and [`HeatMap::has_evidence`] says so.
#[derive(Clone, PartialEq, Serialize)]
pub struct HeatMap {
    method: String,
    class: usize,
    probability: f32,
    stage: Option<String>,
    grid: (usize, usize),
    size: (usize, usize),
    values: Vec<f32>,
}

impl HeatMap {
    /// The map of `values` (`H, W`, of `size`), divided by the largest; those below 0 count as 0. (Others also subtract
    /// the smallest, which would move the fraction of the heat that lies in a region.)
    ///
    /// `grid` is how many rows and columns of places the method could tell apart, `(rows, columns)`, and `stage` the stage
    /// that it looked after, if it looked inside.
    ///
    /// # Errors
    /// Values that are not numbers, or not one for each pixel.
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        method: &str,
        class: usize,
        probability: f32,
        stage: Option<&str>,
        grid: (usize, usize),
        size: (usize, usize),
        mut values: Vec<f32>,
    ) -> Result<Self> {
        if values.len() != size.0 * size.1 {
            let (count, (h, w)) = (values.len(), size);
            return Err(Error::Invalid(format!("{method} came to {count} values for an image of {h} x {w} pixels")));
        }
        if !probability.is_finite() || values.iter().any(|value| !value.is_finite()) {
            return Err(Error::Invalid(format!(
                "{method} came to values that are not numbers: the network's weights or activations are not finite"
            )));
        }
        let most = values.iter().fold(0.0, |most: f32, &value| most.max(value));
        values.iter_mut().for_each(|value| *value = if most > 0.0 { value.max(0.0) / most } else { 0.0 });
        let stage = stage.map(String::from);
        Ok(HeatMap { method: method.into(), class, probability, stage, grid, size, values })
    }

    /// The method, as `Grad-CAM`.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The class whose evidence it shows.
    pub fn class(&self) -> usize {
        self.class
    }

    /// How probable the class is to the network, 0 to 1.
    pub fn probability(&self) -> f32 {
        self.probability
    }

    /// The stage of the network whose output was looked at, if the method looks inside.
    pub fn stage(&self) -> Option<&str> {
        self.stage.as_deref()
    }

    /// Rows and columns of the places that the method tells apart, which are fewer than the pixels.
    pub fn grid(&self) -> (usize, usize) {
        self.grid
    }

    /// Rows of the image.
    pub fn height(&self) -> usize {
        self.size.0
    }

    /// Columns of the image.
    pub fn width(&self) -> usize {
        self.size.1
    }

    /// The heat of each pixel, `H, W`, 0 to 1.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Whether anything speaks for the class.
    pub fn has_evidence(&self) -> bool {
        self.values.iter().any(|&value| value > 0.0)
    }

    /// How alike two maps are: Pearson's correlation over the pixels, -1 to 1; none where one is the same everywhere. The
    /// sanity check of J. Adebayo et al. (2018): a map that stays the same when the network's weights are drawn again
    /// explains the image, and not the network.
    ///
    /// # Errors
    /// Maps of different size.
    pub fn correlation(&self, other: &HeatMap) -> Result<Option<f64>> {
        if self.size != other.size {
            return Err(Error::Invalid(format!(
                "maps of {:?} and {:?} pixels cannot be compared",
                self.size, other.size
            )));
        }
        let mean = |map: &HeatMap| map.values.iter().map(|&v| f64::from(v)).sum::<f64>() / map.values.len() as f64;
        let (mine, theirs) = (mean(self), mean(other));
        let pairs =
            || self.values.iter().zip(&other.values).map(|(&a, &b)| (f64::from(a) - mine, f64::from(b) - theirs));
        let covariance: f64 = pairs().map(|(a, b)| a * b).sum();
        let scale = pairs().map(|(a, _)| a * a).sum::<f64>() * pairs().map(|(_, b)| b * b).sum::<f64>();
        Ok((scale > 0.0).then(|| covariance / scale.sqrt()))
    }

    /// Row and column of the hottest pixel, the first of equals; none without evidence.
    pub fn peak(&self) -> Option<(usize, usize)> {
        let hottest = self.values.iter().position(|&value| value == 1.0)?;
        Some((hottest / self.size.1, hottest % self.size.1))
    }

    /// The fraction of all heat that lies within `region`, 0 to 1; none without evidence. A map that is the same
    /// everywhere has the region's fraction of the image's area.
    pub fn fraction_in(&self, region: &Rectangle) -> Option<f64> {
        let rows = self.values.chunks_exact(self.size.1).skip(region.top).take(region.height);
        let within: f64 = rows.flat_map(|row| row.iter().skip(region.left).take(region.width)).map(|&v| v as f64).sum();
        let all: f64 = self.values.iter().map(|&value| f64::from(value)).sum();
        (all > 0.0).then(|| within / all)
    }
}

/// `Grad-CAM at layer4: class 2 (81.0 %), hottest at row 70, column 48; 63.1 % of the heat in the bottom half`
impl std::fmt::Display for HeatMap {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let stage = self.stage.as_ref().map_or(String::new(), |stage| format!(" at {stage}"));
        write!(f, "{}{stage}: class {} ({:.1} %), ", self.method, self.class, 100.0 * self.probability)?;
        let fraction = self.fraction_in(&Rectangle::bottom_half(self.size));
        match (self.peak(), fraction) {
            (Some((row, column)), Some(fraction)) => write!(
                f,
                "hottest at row {row}, column {column}; {:.1} % of the heat in the bottom half",
                100.0 * fraction
            ),
            _ => f.write_str("no positive evidence: nothing in this image speaks for the class"),
        }
    }
}

impl std::fmt::Debug for HeatMap {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "HeatMap({self})")
    }
}
