//! What describes a photo to a method that is no network: named in a recipe, computed once, kept.

use crate::Result;
use crate::data::{Dataset, Features, Hog, Images, Photo, Preparation};
use crate::net::models;
use crate::net::nn::Network;
use crate::net::weights::{Part, Weights};
use crate::study::neighbours::Distance;
use crate::training::Pooling;
use serde::{Deserialize, Serialize};

/// A row of numbers for each photo, as a recipe names it.
///
/// None of them depends on the classes, or on which photos are for training: they are computed once for all folds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FeatureSet {
    /// The width of the file in pixels, and nothing else: what the size of the files gives away.
    Width,
    /// The grey values of the photo at `size` x `size` pixels.
    Pixels {
        /// Height and width.
        size: usize,
    },
    /// Histograms of oriented gradients ([`Hog::default`]) of the photo at `size` x `size` pixels.
    Hog {
        /// Height and width.
        size: usize,
    },
    /// What a stage of a network with pre-trained weights puts out, the network as it is.
    Network(NetworkFeatures),
}

/// What one stage of a pre-trained network puts out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkFeatures {
    /// Name of the network.
    pub network: String,
    /// Its weights: `imagenet`, which is what is meant where nothing is said, or a file as for [`Weights::open`]. They must
    /// not have seen the photos.
    #[serde(default = "imagenet")]
    pub weights: String,
    /// The stage, as `layer3`.
    pub stage: String,
    /// How its maps become a row.
    pub pooling: Pooling,
    /// Height and width of the photos; they are scaled as the weights expect.
    pub size: usize,
}

fn imagenet() -> String {
    "imagenet".into()
}

impl FeatureSet {
    /// The features of all photos as they are, or mirrored, without a network.
    pub(super) fn plain(&self, dataset: &Dataset, mirrored: bool) -> Result<Option<Features>> {
        let images = |size: usize| {
            let images = Preparation { size, ..Preparation::default() }.images(dataset.photos());
            images.map(|images| if mirrored { images.mirrored() } else { images })
        };
        Ok(match *self {
            FeatureSet::Width => Some(Features::widths(dataset)?),
            FeatureSet::Pixels { size } => Some(Features::pixels(&images(size)?)?),
            FeatureSet::Hog { size } => Some(Hog::default().features(&images(size)?)?),
            FeatureSet::Network(_) => None,
        })
    }

    /// How rows of it are compared where a recipe does not say: those of a network by their angle, since photos of more
    /// contrast have larger values all over.
    pub(super) fn usual_distance(&self) -> Distance {
        if matches!(self, FeatureSet::Network(_)) { Distance::Cosine } else { Distance::Euclidean }
    }
}

impl std::fmt::Display for FeatureSet {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            FeatureSet::Width => f.write_str("width of the file"),
            FeatureSet::Pixels { size } => write!(f, "pixels {size} x {size}"),
            FeatureSet::Hog { size } => write!(f, "HOG {size} x {size}"),
            FeatureSet::Network(NetworkFeatures { network, stage, size, .. }) => {
                write!(f, "{network} {stage}, {size} px")
            }
        }
    }
}

/// A network that photos pass through once for all its stages that are asked for.
pub(super) struct Extractor {
    pub network: Network,
    preparation: Preparation,
}

impl Extractor {
    pub fn new(of: &NetworkFeatures) -> Result<Extractor> {
        let NetworkFeatures { network, weights, size, .. } = of;
        let weights = if weights == "imagenet" { Weights::imagenet(network)? } else { Weights::open(weights)? };
        // The head takes no part; two classes are the fewest it can have.
        let mut network = models::by_name(network, (*size, *size, 3), 2, 1)?;
        weights.load_into(&mut network, Part::Body)?;
        let preparation =
            Preparation { size: *size, channels: 3, scaling: weights.scaling(), ..Preparation::default() };
        Ok(Extractor { network, preparation })
    }

    /// All that decides what comes out, for the file that keeps it.
    pub fn config(&self) -> (String, &Preparation) {
        (self.network.digest(), &self.preparation)
    }

    /// Parameters without the head, which takes no part.
    pub fn parameters(&self) -> usize {
        let count = |parameters: Vec<&crate::net::ops::Parameter>| parameters.iter().map(|p| p.len()).sum::<usize>();
        count(self.network.parameters()) - count(self.network.head_parameters())
    }

    /// The photos as the network takes them.
    pub fn images(&self, photos: &[Photo], mirrored: bool) -> Result<Images> {
        let images = self.preparation.images(photos)?;
        Ok(if mirrored { images.mirrored() } else { images })
    }
}
