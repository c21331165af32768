//! The methods of heat maps side by side, over many images: one image is an anecdote.

use super::{
    Faithfulness, FaithfulnessSettings, HeatMap, faithfulness_with, grad_cam, grad_cam_plus_plus, occlusion,
    random_map, score_cam,
};
use crate::data::{Images, LabelledImages};
use crate::metrics::Mean;
use crate::net::nn::Network;
use crate::{Error, Result};
use serde::Serialize;
use std::fmt;

/// A way to make heat maps that is not the library's: write this for a type of your own, and give it to all that compares
/// methods as [`Method::Own`].
///
/// ```
/// use manga_expressions::data::Images;
/// use manga_expressions::explain::{HeatMap, HeatMapMethod, Method, Target, maps_by};
/// use manga_expressions::net::models::small_cnn;
/// use manga_expressions::net::nn::Network;
/// use manga_expressions::Result;
///
/// /// The gradient times the activation, summed over the channels (A. Shrikumar et al. 2016).
/// #[derive(Debug)]
/// struct GradientTimesActivation;
///
/// impl HeatMapMethod for GradientTimesActivation {
///     fn map(&self, network: &Network, image: &Images, class: usize, stage: Option<&str>) -> Result<HeatMap> {
///         let mut target = Target::new(network, image, &class)?;
///         let features = target.features(stage)?;
///         let gradient = target.gradient(&features)?; // 1, H, W, C as the features
///         let (_, h, w, channels) = features.values.shape();
///         let products = gradient.iter().zip(features.values.values()).map(|(g, a)| g * a).collect::<Vec<f32>>();
///         let places = products.chunks_exact(channels).map(|place| place.iter().sum()).collect::<Vec<f32>>();
///         target.map_of_places("Gradient x activation", &features, 0, (h, w), &places)
///     }
/// }
///
/// let mut network = small_cnn((32, 32, 1), 7, 1);
/// let image = Images::new((1, 32, 32, 1), (0..1024).map(|i| (i % 37) as f32 / 37.0).collect())?;
/// let methods = [Method::GradCam, Method::Own(&GradientTimesActivation)];
/// let maps = maps_by(&mut network, &image, 2, None, &methods)?;
/// assert_eq!((maps[1].method(), maps[1].grid()), ("Gradient x activation", (4, 4)));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub trait HeatMapMethod: fmt::Debug + Sync {
    /// The map of `class` in one `image` (`1, H, W, C`); a method that looks inside looks after `stage`, or where none is
    /// given after the last that has places.
    ///
    /// # Errors
    /// An image, class or stage that does not fit the network.
    fn map(&self, network: &Network, image: &Images, class: usize, stage: Option<&str>) -> Result<HeatMap>;
}

/// A method that makes heat maps.
#[derive(Clone, Copy, Debug)]
pub enum Method {
    /// [`grad_cam`].
    GradCam,
    /// [`grad_cam_plus_plus`].
    GradCamPlusPlus,
    /// [`score_cam`] of so many channels.
    ScoreCam(usize),
    /// [`occlusion`] with the usual squares.
    Occlusion,
    /// [`random_map`] of this seed: the baseline.
    Random(u64),
    /// One that is not the library's.
    Own(&'static dyn HeatMapMethod),
}

impl Method {
    /// The four methods, with Score-CAM of 16 channels.
    pub const ALL: [Method; 4] = [Method::GradCam, Method::GradCamPlusPlus, Method::ScoreCam(16), Method::Occlusion];

    /// The map of `class` in one `image` (`1, H, W, C`); methods that look inside look after `stage`.
    ///
    /// # Errors
    /// As [`grad_cam`].
    pub fn map(self, network: &Network, image: &Images, class: usize, stage: Option<&str>) -> Result<HeatMap> {
        match self {
            Method::GradCam => grad_cam(network, image, class, stage),
            Method::GradCamPlusPlus => grad_cam_plus_plus(network, image, class, stage),
            Method::ScoreCam(channels) => score_cam(network, image, class, stage, Some(channels)),
            Method::Occlusion => occlusion(network, image, class, None),
            Method::Random(seed) => random_map(network, image, class, stage, seed),
            Method::Own(method) => method.map(network, image, class, stage),
        }
    }
}

/// The maps of one image by each of `methods`.
///
/// # Errors
/// As [`grad_cam`].
pub fn maps_by(
    network: &Network,
    image: &Images,
    class: usize,
    stage: Option<&str>,
    methods: &[Method],
) -> Result<Vec<HeatMap>> {
    methods.iter().map(|method| method.map(network, image, class, stage)).collect()
}

/// The maps of one image by one method for every class of the network.
///
/// # Errors
/// As [`grad_cam`].
pub fn maps_of_classes(network: &Network, image: &Images, stage: Option<&str>, method: Method) -> Result<Vec<HeatMap>> {
    (0..network.classes()).map(|class| method.map(network, image, class, stage)).collect()
}

/// How faithful one method is over many images, beside random maps that are as coarse.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MethodRow {
    /// Name of the method.
    pub method: String,
    /// Mean area under the deletion curve; less is better.
    pub deletion: f64,
    /// By how much the area is less than that of random maps of the same image, with its interval; above 0 is better than
    /// chance.
    pub deletion_gain: Mean,
    /// Mean area under the insertion curve; more is better.
    pub insertion: f64,
    /// By how much the area is more than that of random maps of the same image, with its interval.
    pub insertion_gain: Mean,
    /// Number of images on which it is better than random at both.
    pub beats_random: usize,
    /// Number of images.
    pub images: usize,
}

/// The faithfulness of the maps of `methods` over all `images`, each explained for its true class: as
/// [`faithfulness_with`], and then the mean over the images. It takes `2 (steps + 1)` passes an image for each method, and
/// as many for each random map of each grid.
///
/// # Errors
/// Fewer than two images; no method; else as [`faithfulness_with`].
pub fn compare_methods(
    network: &Network,
    images: &LabelledImages,
    stage: Option<&str>,
    methods: &[Method],
    settings: &FaithfulnessSettings,
) -> Result<Vec<MethodRow>> {
    if images.len() < 2 || methods.is_empty() {
        return Err(Error::Invalid(format!(
            "{} methods cannot be compared over {} images: it takes a method and two images",
            methods.len(),
            images.len()
        )));
    }
    let mut results: Vec<Vec<Faithfulness>> = vec![Vec::new(); methods.len()];
    for (index, &class) in images.labels.iter().enumerate() {
        let image = images.images.select(&[index]);
        let maps = maps_by(network, &image, class, stage, methods)?;
        // Another image, other random maps: chance is not to be lucky or unlucky in the same way throughout.
        let settings = FaithfulnessSettings { seed: settings.seed.wrapping_add(index as u64), ..settings.clone() };
        let faithful = faithfulness_with(network, &image, &maps, &settings)?;
        results.iter_mut().zip(faithful).for_each(|(of_method, result)| of_method.push(result));
    }
    results.iter().map(|of_method| MethodRow::of(of_method)).collect()
}

impl MethodRow {
    fn of(results: &[Faithfulness]) -> Result<MethodRow> {
        let mean = |area: fn(&Faithfulness) -> f64| results.iter().map(area).sum::<f64>() / results.len() as f64;
        let gain = |gain: fn(&Faithfulness) -> f64| Mean::of(&results.iter().map(gain).collect::<Vec<_>>());
        Ok(MethodRow {
            method: results[0].method.clone(),
            deletion: mean(|result| result.deletion.area()),
            deletion_gain: gain(|result| result.random_deletion.area() - result.deletion.area())?,
            insertion: mean(|result| result.insertion.area()),
            insertion_gain: gain(|result| result.insertion.area() - result.random_insertion.area())?,
            beats_random: results.iter().filter(|result| result.beats_random()).count(),
            images: results.len(),
        })
    }
}
