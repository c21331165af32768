//! What a layer puts out for an image.

use super::target::check_image;
use crate::data::Images;
use crate::net::nn::{Mode, Network, Observation, Pass};
use crate::net::ops;
use crate::training::Workers;
use crate::{Error, Result};
use dfdx::prelude::HasShape;

/// How many layers an error names.
const NAMED: usize = 8;

/// The activation of one layer for one image: a picture for each channel, its feature map.
#[derive(Clone, PartialEq)]
pub struct Activations {
    layer: String,
    shape: (usize, usize, usize),
    values: Vec<f32>,
}

impl Activations {
    /// Name of the layer.
    pub fn layer(&self) -> &str {
        &self.layer
    }

    /// Rows of each feature map.
    pub fn height(&self) -> usize {
        self.shape.0
    }

    /// Columns of each feature map.
    pub fn width(&self) -> usize {
        self.shape.1
    }

    /// Number of feature maps.
    pub fn channels(&self) -> usize {
        self.shape.2
    }

    /// All values, `H, W, C`.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The feature map of `channel`, `H, W`.
    ///
    /// # Errors
    /// A channel that the layer does not have.
    pub fn channel(&self, channel: usize) -> Result<Vec<f32>> {
        let channels = self.channels();
        if channel >= channels {
            let layer = &self.layer;
            return Err(Error::Invalid(format!("{layer} has no channel {channel}: it has {channels}, from 0")));
        }
        Ok(self.values.iter().skip(channel).step_by(channels).copied().collect())
    }

    /// The `count` channels of the largest mean, the strongest first; of equals the first. All where there are fewer.
    pub fn strongest(&self, count: usize) -> Vec<usize> {
        let mut sums = vec![0.0; self.channels()];
        for place in self.values.chunks_exact(self.channels().max(1)) {
            sums.iter_mut().zip(place).for_each(|(sum, &value)| *sum += f64::from(value));
        }
        let mut order: Vec<usize> = (0..self.channels()).collect();
        order.sort_by(|&a, &b| sums[b].total_cmp(&sums[a]));
        order.truncate(count);
        order
    }
}

impl std::fmt::Debug for Activations {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let (h, w, c) = self.shape;
        write!(f, "Activations({} for one image, {h} x {w}, {c} channels)", self.layer)
    }
}

/// What the layer called `layer` puts out for one `image` (`1, H, W, C`) in inference mode. Layers are called as in
/// [`Network::summary`]; those of auxiliary heads take no part.
///
/// # Errors
/// A layer that the network does not have; more than one image, or one that does not fit the network; values that are not
/// numbers.
///
/// ```
/// use manga_expressions::prelude::*;
///
/// let mut network = vgg16((32, 32, 1), 7, 1);
/// let image = Images::new((1, 32, 32, 1), (0..1024).map(|i| (i % 7) as f32 / 7.0).collect())?;
/// let maps = feature_maps(&mut network, &image, "features.3")?;
/// assert_eq!((maps.height(), maps.width(), maps.channels()), (32, 32, 64));
/// let figure = activation_maps(&maps, &maps.strongest(8))?;
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn feature_maps(network: &Network, image: &Images, layer: &str) -> Result<Activations> {
    check_image(network, image)?;
    let workers = Workers::new(None)?;
    let (name, x) = (network.name().to_string(), image.to_tensor());
    let (found, layers) = workers.run(|| {
        let (mut found, mut layers) = (None, Vec::new());
        let mut observer = |seen: Observation| {
            if seen.name == layer && found.is_none() {
                let &(_, h, w, c) = seen.output.shape();
                found = Some(Activations { layer: layer.into(), shape: (h, w, c), values: seen.output.as_vec() });
            }
            layers.push(seen.name.to_string());
        };
        let mut pass = Pass { observer: Some(&mut observer), ..Pass::new(Mode::Inference, 0) };
        network.continue_stages(0..network.stages().len(), ops::start(x, false, false), &mut pass)?;
        drop(pass);
        Ok::<_, Error>((found, layers))
    })?;
    let Some(found) = found else {
        // Those with the same beginning or end are likely what was meant; else some from the whole network.
        let alike: Vec<&String> = layers.iter().filter(|name| !layer.is_empty() && name.contains(layer)).collect();
        let step = layers.len().div_ceil(NAMED).max(1);
        let some = if alike.is_empty() { layers.iter().step_by(step).collect() } else { alike };
        let some: Vec<&str> = some.into_iter().take(NAMED).map(String::as_str).collect();
        return Err(Error::NotFound(format!(
            "{name} has no layer \"{layer}\"; among its {} layers are {}; its summary names all",
            layers.len(),
            some.join(", ")
        )));
    };
    if found.values.iter().any(|value| !value.is_finite()) {
        return Err(Error::Invalid(format!(
            "{layer} puts out values that are not numbers: look at the weights of {name}"
        )));
    }
    Ok(found)
}
