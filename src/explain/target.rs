//! What heat maps share: images, the class of each, and the network between them.

use super::HeatMap;
use crate::data::{Images, Rectangle, Transform, bilinear};
use crate::net::nn::{Mode, Network, Pass};
use crate::net::ops;
use crate::training::{Workers, check_size, outputs, outputs_beside, softmax};
use crate::{Error, Result};
use dfdx::prelude::*;

/// Images that are made and passed through the network at a time, so that thousands never lie in memory together.
pub(super) const AT_A_TIME: usize = 32;

/// What a heat map is made of: a network, images, and the class of each whose evidence is looked for. What methods share,
/// for those of the library and for a [`HeatMapMethod`](super::HeatMapMethod) of one's own.
pub struct Target<'a> {
    /// The network that is explained, in inference mode.
    pub network: &'a Network,
    /// The images, `N, H, W, C`.
    pub images: &'a Images,
    /// The class of each image.
    pub classes: &'a [usize],
    workers: Workers,
}

/// What the stages up to and including one put out for the images.
#[derive(Debug)]
pub struct Features {
    /// Name of the stage.
    pub stage: String,
    /// The activations, `N, H, W, C`.
    pub values: Images,
    /// Probability of the class of each image, 0 to 1.
    pub probabilities: Vec<f32>,
    /// The first stage after it.
    next: usize,
    /// What stages before it put out for heads.
    side: Vec<Images>,
}

impl<'a> Target<'a> {
    /// A single image with its class, both checked.
    ///
    /// # Errors
    /// [`Error::Invalid`] for more than one image, one that does not fit the network; [`Error::NotFound`] for a class
    /// that it does not have.
    pub fn new(network: &'a Network, image: &'a Images, class: &'a usize) -> Result<Self> {
        check_image(network, image)?;
        check_class(network, *class)?;
        Target::of(network, image, std::slice::from_ref(class))
    }

    /// Images with a class each, which were checked before.
    pub(super) fn of(network: &'a Network, images: &'a Images, classes: &'a [usize]) -> Result<Self> {
        Ok(Target { network, images, classes, workers: Workers::new(None)? })
    }

    /// `(H, W)` of the images.
    pub fn size(&self) -> (usize, usize) {
        (self.images.shape().1, self.images.shape().2)
    }

    /// The features after `stage`; where none is given, after the last before the head with more than 1 x 1 pixels.
    ///
    /// # Errors
    /// A stage that the network does not have; the head, or a stage of 1 x 1 pixels: there is no place to point at.
    pub fn features(&mut self, stage: Option<&str>) -> Result<Features> {
        let names: Vec<String> = self.network.stages().into_iter().map(String::from).collect();
        let name = self.network.name().to_string();
        let body = names.len().saturating_sub(1);
        let asked = match stage {
            None => None,
            Some(stage) => Some(names[..body].iter().position(|name| name == stage).ok_or_else(|| {
                let known = if body == 0 { "none".to_string() } else { names[..body].join(", ") };
                Error::NotFound(format!("{name} has no stage \"{stage}\" before its head; it has {known}"))
            })?),
        };
        // From stage to stage, so that one pass finds the last that has places, or says which others have.
        let mut with_places: Option<(usize, Images)> = None;
        let mut side: Vec<(usize, Images)> = Vec::new();
        let mut values = self.images.clone();
        for index in 0..asked.map_or(body, |asked| asked + 1) {
            values = outputs(&self.workers, self.network, index..index + 1, &values, &mut |_| {})?;
            let (_, h, w, _) = values.shape();
            if h * w > 1 {
                with_places = Some((index, values.clone()));
            }
            if self.network.is_looked_at(index) {
                side.push((index, values.clone()));
            }
        }
        let (index, values) = match (with_places, asked) {
            (Some((found, _)), Some(asked)) if found < asked => {
                return Err(Error::Invalid(format!(
                    "stage \"{}\" of {name} has 1 x 1 pixels for this image, and so no place to point at: \
                     ask for \"{}\"",
                    names[asked], names[found]
                )));
            }
            (Some(found), _) => found,
            (None, _) => {
                return Err(Error::Invalid(format!(
                    "{name} has no stage before its head with more than 1 x 1 pixels for this image: \
                     give it larger images, or build it with Network::of_stages and a stage before the head"
                )));
            }
        };
        let next = index + 1;
        // What the stage itself puts out for a head is in the pass that begins after it.
        let side: Vec<Images> = side.into_iter().filter(|(of, _)| *of < index).map(|(_, values)| values).collect();
        let logits = outputs_beside(&self.workers, self.network, next..names.len(), &values, &side, &mut |_| {})?;
        let rows: Vec<Vec<f32>> = (0..logits.len()).map(|image| logits.image(image).to_vec()).collect();
        let probabilities = softmax(&rows).iter().zip(self.classes).map(|(row, &class)| row[class]).collect();
        Ok(Features { stage: names[index].clone(), values, probabilities, next, side })
    }

    /// The gradient of the class's logit with respect to the features, `N, H, W, C`. (The logit and not the probability,
    /// whose gradient vanishes where the network is sure.)
    ///
    /// In inference mode no image of a batch knows of another, so the gradient of the sum of all logits is that of each.
    ///
    /// # Errors
    /// Features of another network; memory that runs out.
    pub fn gradient(&mut self, features: &Features) -> Result<Vec<f32>> {
        let Target { network, workers, classes, .. } = self;
        let x = features.values.to_tensor();
        let (stages, side) = (features.next..network.stages().len(), &features.side);
        let mut one_hot = vec![0.0; classes.len() * network.classes()];
        for (row, &class) in one_hot.chunks_exact_mut(network.classes()).zip(*classes) {
            row[class] = 1.0;
        }
        workers.run(|| {
            let mut pass = Pass::new(Mode::Inference, 0);
            pass.side_outputs = side.iter().map(|side| ops::start(side.to_tensor(), false, false)).collect();
            let logits = network.continue_stages(stages, ops::start(x.clone(), true, true), &mut pass)?;
            let (logits, recorder) = logits.split_tape();
            let tape = recorder.into_tape().unwrap_or_default();
            let one_hot = ops::tensor(one_hot, *logits.shape());
            let sum = (logits.put_tape(tape) * one_hot).sum::<Rank0, _>();
            let failed = |error| Error::Invalid(format!("the gradient of the class could not be computed: {error:?}"));
            let mut gradients = sum.try_backward().map_err(failed)?;
            Ok(gradients.get_or_alloc_mut(&x).map_err(failed)?.to_vec())
        })
    }

    /// The logits of `count` other images, of which `image` makes one at a time: `H, W, C`.
    ///
    /// # Errors
    /// Images of another size.
    pub fn logits(&mut self, count: usize, image: &dyn Fn(usize) -> Vec<f32>) -> Result<Vec<Vec<f32>>> {
        let (_, h, w, c) = self.images.shape();
        let (stages, classes) = (self.network.stages().len(), self.network.classes());
        let mut rows = Vec::with_capacity(count);
        for start in (0..count).step_by(AT_A_TIME) {
            let batch = start..count.min(start + AT_A_TIME);
            let images = Images::new((batch.len(), h, w, c), batch.flat_map(image).collect())?;
            let logits = outputs(&self.workers, self.network, 0..stages, &images, &mut |_| {})?;
            rows.extend(logits.values().chunks_exact(classes).map(<[f32]>::to_vec));
        }
        Ok(rows)
    }

    /// The probability of the single image's class in each of `count` images, as [`Target::logits`].
    ///
    /// # Errors
    /// As [`Target::logits`].
    pub fn probabilities(&mut self, count: usize, image: &dyn Fn(usize) -> Vec<f32>) -> Result<Vec<f64>> {
        let rows = softmax(&self.logits(count, image)?);
        Ok(rows.iter().map(|row| f64::from(row[self.classes[0]])).collect())
    }

    /// The heat map of a method that sums up the channels of image `index`, each times its weight.
    ///
    /// # Errors
    /// Values that are not numbers.
    pub fn map(&self, method: &str, features: &Features, index: usize, weights: &[f64]) -> Result<HeatMap> {
        let (_, h, w, _) = features.values.shape();
        let places = features.values.image(index).chunks_exact(weights.len());
        let sums = places.map(|place| place.iter().zip(weights).map(|(&a, w)| f64::from(a) * w).sum::<f64>() as f32);
        self.map_of_places(method, features, index, (h, w), &sums.collect::<Vec<f32>>())
    }

    /// The heat map of image `index` from the evidence at each of `h` x `w` places, row by row: what speaks against the
    /// class counts as 0, and the rest is interpolated to the size of the image.
    ///
    /// # Errors
    /// Values that are not numbers, or not one for each place.
    pub fn map_of_places(
        &self,
        method: &str,
        features: &Features,
        index: usize,
        (h, w): (usize, usize),
        places: &[f32],
    ) -> Result<HeatMap> {
        if places.len() != h * w {
            let count = places.len();
            return Err(Error::Invalid(format!("{method} came to {count} values for {h} x {w} places")));
        }
        let (height, width) = self.size();
        // The evidence against the class goes before the interpolation, or it would eat into that for it.
        let positive: Vec<f32> = places.iter().map(|&v| if v < 0.0 { 0.0 } else { v }).collect();
        let values = bilinear(&positive, (w, h), (width, height));
        let (class, probability) = (self.classes[index], features.probabilities[index]);
        HeatMap::new(method, class, probability, Some(&features.stage), (h, w), (height, width), values)
    }
}

/// An error unless `image` is a single one that the network is for, with numbers in it.
pub(super) fn check_image(network: &Network, image: &Images) -> Result<()> {
    check_size(image, network)?;
    if image.len() != 1 {
        return Err(Error::Invalid(format!("one image is explained at a time, and not {}: select one", image.len())));
    }
    if image.values().iter().any(|value| !value.is_finite()) {
        return Err(Error::Invalid("the image has pixel values that are not numbers: prepare it again".into()));
    }
    Ok(())
}

/// An error unless the network has the class.
pub(super) fn check_class(network: &Network, class: usize) -> Result<()> {
    let (name, classes) = (network.name(), network.classes());
    if class < classes {
        return Ok(());
    }
    Err(Error::NotFound(format!(
        "there is no class {class}: {name} tells {classes} apart, 0 to {}",
        classes.max(1) - 1
    )))
}

/// The image with each channel's mean everywhere.
pub(super) fn mean_image(image: &Images) -> Result<Images> {
    let (_, height, width, _) = image.shape();
    let all = Rectangle { top: 0, left: 0, height, width };
    Transform { erased: Some(all), ..Transform::default() }.apply(image)
}
