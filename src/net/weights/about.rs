//! Named tensors, and what must travel with them.

use super::{catalogue, formats, recognise};
use crate::data::Scaling;
use crate::net::nn::weights::{Tensor, Values, Written, write};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Key of a safetensors file under which [`About`] stands, as JSON.
pub(super) const KEY: &str = "manga-expressions";

/// What travels with weights in a file of this program.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct About {
    /// Name of the network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The scaling that the network was trained with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scaling: Option<Scaling>,
    /// Height and width of the images that the network was trained with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<usize>,
    /// The names of the classes, in the order of the logits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// Where they come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// On what terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// SHA-256 of the weights that are not here, because the training left them as they were; none where all are here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frozen: Option<String>,
}

impl About {
    /// As it stands in a file.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| Error::output("JSON", error))
    }
}

/// The tensors of a file of weights, under torchvision's names and in PyTorch's order of axes, with the scaling of pixel
/// values that they expect.
///
/// ```
/// use manga_expressions::data::Scaling;
/// use manga_expressions::net::models::resnet50v2;
/// use manga_expressions::net::weights::{Part, Weights};
///
/// let folder = tempfile::tempdir().unwrap();
/// let file = folder.path().join("first.safetensors").to_string_lossy().into_owned();
/// resnet50v2((32, 32, 3), 7, 1).save_weights(&file)?;
///
/// let weights = Weights::open(&file)?;
/// assert_eq!(weights.network(), Some("resnet50v2"));
/// assert_eq!(weights.shape("predictions.weight"), Some(&[7, 2048][..]));
/// // Keras's V2 wants pixel values from -1 to 1.
/// assert_eq!(weights.scaling(), Scaling::MinusOneToOne);
///
/// // All but the head, for another number of classes.
/// weights.load_into(&mut resnet50v2((32, 32, 3), 5, 2), Part::Body)?;
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone)]
pub struct Weights {
    pub(super) path: PathBuf,
    pub(super) about: About,
    pub(super) tensors: BTreeMap<String, Tensor>,
    /// What the file holds beside them, in words; nothing where it holds them alone.
    pub(super) beside: Option<String>,
    /// The types of tensors that are not floating-point numbers, by name.
    pub(super) unfit: BTreeMap<String, String>,
}

impl Weights {
    /// The weights in a file, whose format is told by its content: see the [table](super).
    ///
    /// # Errors
    /// [`Error::Io`] where the file cannot be read, [`Error::Weights`] where it is damaged, of no known format, or holds
    /// something other than floating-point numbers.
    pub fn open(path: impl AsRef<Path>) -> Result<Weights> {
        formats::read(path.as_ref())
    }

    /// ImageNet's weights for a network, from the cache.
    ///
    /// # Errors
    /// [`Error::Invalid`] where they are not there; it says how they get there.
    pub fn imagenet(network: &str) -> Result<Weights> {
        catalogue::imagenet(network)
    }

    /// The network they are of, where the file says so.
    pub fn network(&self) -> Option<&str> {
        self.about.network.as_deref()
    }

    /// The scaling of pixel values that they expect: what the file says; where it says nothing, that of whoever gave the
    /// tensors these names, which is torchvision's but for the networks that torchvision does not have.
    pub fn scaling(&self) -> Scaling {
        self.about.scaling.unwrap_or_else(|| recognise::scaling(self.network(), &self.tensors))
    }

    /// Height and width of the images that the network was trained with, where the file says so.
    pub fn size(&self) -> Option<usize> {
        self.about.size
    }

    /// The names of the classes in the order of the logits; empty where the file does not say.
    pub fn classes(&self) -> &[String] {
        &self.about.classes
    }

    /// Where they come from, where the file says so.
    pub fn source(&self) -> Option<&str> {
        self.about.source.as_deref()
    }

    /// On what terms they may be used, where the file says so.
    pub fn licence(&self) -> Option<&str> {
        self.about.licence.as_deref()
    }

    /// Whether all weights of the network are here. The file of a lesson's run lacks those that were frozen: they are in the
    /// file that the training began with.
    pub fn is_whole(&self) -> bool {
        self.about.frozen.is_none()
    }

    /// What the file of a training holds beside the network and is not taken, in words: an optimizer's moments, a moving
    /// average. None where it holds the network alone.
    pub fn ignored(&self) -> Option<&str> {
        self.beside.as_deref()
    }

    /// The names of the tensors, sorted.
    pub fn names(&self) -> Vec<&str> {
        self.tensors.keys().map(String::as_str).collect()
    }

    /// The shape of a tensor in PyTorch's order: `C_out, C_in, KH, KW` of a convolution, `out, in` of a dense layer.
    pub fn shape(&self, name: &str) -> Option<&[usize]> {
        self.tensors.get(name).map(|tensor| tensor.shape.as_slice())
    }

    /// Writes them to a safetensors file, with all that travels with them.
    ///
    /// # Errors
    /// [`Error::Io`] or [`Error::Weights`] where the file cannot be written; a file of that name is then as it was.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let written = self.tensors.iter().map(|(name, tensor)| Written {
            name: name.clone(),
            shape: tensor.shape.clone(),
            values: Values::Slice(&tensor.values),
        });
        write(path, written.collect(), KEY, &self.about.to_json()?)
    }
}

impl std::fmt::Debug for Weights {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let network = self.network().unwrap_or("a network it does not name");
        write!(f, "Weights({}: {} tensors of {network})", self.path.display(), self.tensors.len())
    }
}
