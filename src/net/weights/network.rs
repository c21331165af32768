//! A network's weights to a file, and back.

use super::about::{About, KEY};
use super::{Part, Weights};
use crate::Result;
use crate::data::Scaling;
use crate::net::nn::Network;
use crate::net::nn::weights::{Order, parameter_tensors, write};
use crate::net::ops::Parameter;
use sha2::{Digest, Sha256};
use std::path::Path;

impl Network {
    /// Writes all parameters to a safetensors file as PyTorch has them: convolutions `C_out, C_in, KH, KW`, dense layers
    /// `out, in`, under the parameters' names. Where those are torchvision's, `load_state_dict` takes the file.
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io) or [`Error::Weights`](crate::Error::Weights) where the file cannot be written; a
    /// file of that name is then as it was.
    pub fn save_weights(&self, path: impl AsRef<Path>) -> Result<()> {
        self.save(path.as_ref(), About::default())
    }

    /// [`Network::save_weights`] with what one needs to use them: the scaling of the pixel values that the network was
    /// trained with, if it is known, and the names of the classes in the order of the logits.
    ///
    /// # Errors
    /// As [`Network::save_weights`].
    pub fn save_weights_for(&self, path: impl AsRef<Path>, scaling: Option<Scaling>, classes: &[String]) -> Result<()> {
        self.save(path.as_ref(), About { scaling, classes: classes.to_vec(), ..About::default() })
    }

    /// [`Network::save_weights_for`] without what is frozen: only a network that is frozen in the same way, and has the same
    /// there, can take the file.
    pub(crate) fn save_learnt_weights_for(
        &self,
        path: &Path,
        scaling: Option<Scaling>,
        classes: &[String],
    ) -> Result<()> {
        let about = About { scaling, classes: classes.to_vec(), frozen: self.frozen_digest(), ..About::default() };
        self.save(path, about)
    }

    /// SHA-256 of all values that no training changes, in hexadecimal digits; none where every one may change.
    pub(super) fn frozen_digest(&self) -> Option<String> {
        let frozen: Vec<&Parameter> = self.parameters().into_iter().filter(|p| !p.changes()).collect();
        let mut digest = Sha256::new();
        for parameter in &frozen {
            let bytes: Vec<u8> = parameter.values().into_iter().flat_map(f32::to_le_bytes).collect();
            digest.update(bytes);
        }
        (!frozen.is_empty()).then(|| format!("{:x}", digest.finalize()))
    }

    fn save(&self, path: &Path, about: About) -> Result<()> {
        let (height, width, _) = self.input();
        let size = (height == width).then_some(height);
        let about = About { network: Some(self.name().to_string()), size, ..about };
        let all = self.parameters().into_iter().zip(parameter_tensors(self, "", Order::Torch));
        let written = all.filter(|(parameter, _)| about.frozen.is_none() || parameter.changes());
        write(path, written.map(|(_, tensor)| tensor).collect(), KEY, &about.to_json()?)
    }

    /// Takes all parameters from a file: one that [`Network::save_weights`] wrote, or any other that [`Weights::open`]
    /// reads.
    ///
    /// # Errors
    /// [`Error::Weights`](crate::Error::Weights) naming the tensor where one is missing, has another shape or is not of
    /// this network, or where the file is damaged, or [not whole](Weights::is_whole) and what it lacks is not in the network.
    /// The network is then as it was.
    pub fn load_weights(&mut self, path: impl AsRef<Path>) -> Result<()> {
        Weights::open(path)?.load_into(self, Part::All)
    }
}
