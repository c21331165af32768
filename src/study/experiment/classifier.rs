//! A trained network that tells the classes of photos.

use super::{Experiment, TestTimeAugmentation};
use crate::base::csv::quoted;
use crate::base::files;
use crate::data::{Images, Photo, Preparation, Scaling};
use crate::net::models;
use crate::net::nn::Network;
use crate::net::weights::Weights;
use crate::training::{self, Run};
use crate::{Error, Result};
use serde::Serialize;
use std::path::Path;

/// A network with weights, and how photos must be prepared for it.
#[derive(Debug)]
pub struct Classifier {
    network: Network,
    preparation: Preparation,
    test_time: TestTimeAugmentation,
    classes: Vec<String>,
}

/// What a [`Classifier`] says of a photo.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Classification {
    /// Name of the photo.
    pub image: String,
    /// One logit for each class; of a photo that was looked at in several copies, the logarithm of the mean probability.
    pub logits: Vec<f32>,
    /// The softmax of the logits.
    pub probabilities: Vec<f32>,
    /// The most probable classes, the first first; at most five.
    pub top: Vec<Guess>,
    /// How pixel values were scaled.
    pub scaling: Scaling,
}

/// One class and its probability.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Guess {
    /// Place of the class among the logits.
    pub index: usize,
    /// Its name, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// How probable it is, 0 to 1.
    pub probability: f32,
}

impl Classification {
    /// Writes what was said of several photos as CSV: `image`, `expression`, `probability`, and a column for each class with
    /// its probability; of a network whose classes have no names, their places from 0. The file is replaced whole.
    ///
    /// # Errors
    /// [`Error::Io`] where it cannot be written.
    pub fn save_csv(all: &[Classification], classes: &[String], file: impl AsRef<Path>) -> Result<()> {
        let count = all.first().map_or(classes.len(), |one| one.probabilities.len());
        let name = |index: usize| classes.get(index).map_or_else(|| index.to_string(), |class| quoted(class));
        let names = (0..count).map(name).collect::<Vec<_>>();
        let mut text = format!("image,expression,probability,{}\n", names.join(","));
        for one in all {
            let best = one.top.first().map_or(0, |best| best.index);
            let each: Vec<String> = one.probabilities.iter().map(ToString::to_string).collect();
            text += &format!("{},{},{},{}\n", quoted(&one.image), names[best], one.probabilities[best], each.join(","));
        }
        files::replace_text(file.as_ref(), &text)
    }
}

/// How many classes are named.
const TOP: usize = 5;

impl Classifier {
    /// A trained network, how photos must be prepared for it, and the names of its classes, or none.
    ///
    /// # Errors
    /// A preparation or names that do not fit the network.
    pub fn new(network: Network, preparation: &Preparation, classes: &[String]) -> Result<Self> {
        let Preparation { size, channels, .. } = *preparation;
        let (name, input, count) = (network.name(), network.input(), network.classes());
        if input != (size, size, channels) || !(classes.is_empty() || classes.len() == count) {
            return Err(Error::Invalid(format!(
                "{name} is for images of {input:?} and {count} classes; the preparation makes images of \
                 {size} x {size} x {channels}, and there are {} names of classes",
                classes.len()
            )));
        }
        let (preparation, test_time) = (preparation.clone(), TestTimeAugmentation::default());
        Ok(Classifier { network, preparation, test_time, classes: classes.to_vec() })
    }

    /// The network of a run with the weights it keeps; photos are prepared, and copied, as they were for the run.
    ///
    /// # Errors
    /// A run without weights, or of another kind.
    pub fn of_run(run: &Run) -> Result<Self> {
        let (network, preparation) = super::load(run)?;
        let test_time = Experiment::of(run)?.test_time;
        Ok(Classifier { network, preparation, test_time, classes: run.settings().classes.clone() })
    }

    /// The network called `name` with the weights of a file, for images of `size` x `size`; where none is given, of the
    /// size that the file says, or else the network's usual one. Photos are grey, as the report's, and scaled as the
    /// weights expect it; [`Classifier::with`] changes that.
    ///
    /// # Errors
    /// As [`Weights::build`].
    pub fn of_weights(name: &str, weights: &Weights, size: Option<usize>) -> Result<Self> {
        let size = match size.or(weights.size()) {
            Some(size) => size,
            None => models::default_input(name)?.0,
        };
        let network = weights.build(name, size)?;
        let preparation =
            Preparation { size, channels: network.input().2, scaling: weights.scaling(), ..Preparation::default() };
        let named = weights.classes().len() == network.classes();
        let classes = if named { weights.classes().to_vec() } else { Vec::new() };
        Ok(Classifier { network, preparation, test_time: TestTimeAugmentation::default(), classes })
    }

    /// The names of the classes in the order of the logits; empty where they are not known.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The network, for its layers and for heat maps of [`crate::explain`].
    pub fn network(&mut self) -> &mut Network {
        &mut self.network
    }

    /// How photos are prepared.
    pub fn preparation(&self) -> &Preparation {
        &self.preparation
    }

    /// The same with photos prepared in another way, as with a scaling that the weights do not expect, to see what that
    /// does.
    pub fn with(self, preparation: Preparation) -> Self {
        Classifier { preparation, ..self }
    }

    /// What the network says of each photo.
    ///
    /// # Errors
    /// A preparation that the network is not for, or that cannot work.
    pub fn classify(&mut self, photos: &[Photo]) -> Result<Vec<Classification>> {
        let names: Vec<&str> = photos.iter().map(Photo::name).collect();
        let images = self.preparation.images(photos)?;
        let sized = self.test_time.sized(&self.preparation, photos)?;
        self.classify_sized(&images, &sized, &names)
    }

    /// What the network says of images that are prepared already, as [`Classifier::preparation`] does it, and may have
    /// been changed since then ([`Transform`](crate::data::Transform)); `names[i]` is what image `i` is called. Where the
    /// run's photos are looked at in several sizes, these images are in theirs only: other sizes are made from photos.
    ///
    /// # Errors
    /// Images that the network is not for; not a name for each.
    pub fn classify_images(&mut self, images: &Images, names: &[&str]) -> Result<Vec<Classification>> {
        self.classify_sized(images, &[], names)
    }

    fn classify_sized(&mut self, images: &Images, sized: &[Images], names: &[&str]) -> Result<Vec<Classification>> {
        if names.len() != images.len() {
            return Err(Error::Invalid(format!("there are {} names for {} images", names.len(), images.len())));
        }
        let logits = self.test_time.logits(&mut self.network, images, sized)?;
        let probabilities = training::softmax(&logits);
        let all = names.iter().zip(logits).zip(probabilities);
        let each = all.map(|((name, logits), probabilities)| Classification {
            image: name.to_string(),
            top: self.top(&probabilities),
            scaling: self.preparation.scaling,
            logits,
            probabilities,
        });
        Ok(each.collect())
    }

    fn top(&self, probabilities: &[f32]) -> Vec<Guess> {
        let mut order: Vec<usize> = (0..probabilities.len()).collect();
        order.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]));
        let guess =
            |index: usize| Guess { index, class: self.classes.get(index).cloned(), probability: probabilities[index] };
        order.into_iter().take(TOP).map(guess).collect()
    }
}

/// `photo.jpg: happy 81.2 %, pleased 10.0 %, …`
impl std::fmt::Display for Classification {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let named = |guess: &Guess| {
            let class = guess.class.clone().unwrap_or_else(|| format!("class {}", guess.index));
            format!("{class} {:.1} %", 100.0 * guess.probability)
        };
        write!(f, "{}: {}", self.image, self.top.iter().map(named).collect::<Vec<_>>().join(", "))
    }
}
