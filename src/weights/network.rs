//! A network's weights to a file, and back.

use super::about::{About, KEY};
use super::{Part, Weights};
use crate::Result;
use crate::data::Scaling;
use crate::nn::Network;
use crate::nn::weights::{Order, parameter_tensors, write};

impl Network {
    /// Writes all parameters to a safetensors file as PyTorch has them: convolutions `C_out, C_in, KH, KW`, dense layers
    /// `out, in`, under the parameters' names. Where those are torchvision's, `load_state_dict` takes the file.
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io) or [`Error::Weights`](crate::Error::Weights) where the file cannot be written; a
    /// file of that name is then as it was.
    pub fn save_weights(&self, path: &str) -> Result<()> {
        self.save(path, About::default())
    }

    /// [`Network::save_weights`] with what one needs to use them: the scaling of the pixel values that the network was
    /// trained with, if it is known, and the names of the classes in the order of the logits.
    ///
    /// # Errors
    /// As [`Network::save_weights`].
    pub fn save_weights_for(&self, path: &str, scaling: Option<Scaling>, classes: &[String]) -> Result<()> {
        self.save(path, About { scaling, classes: classes.to_vec(), ..About::default() })
    }

    fn save(&self, path: &str, about: About) -> Result<()> {
        let (height, width, _) = self.input();
        let size = (height == width).then_some(height);
        let about = About { network: Some(self.name().to_string()), size, ..about };
        write(path.as_ref(), parameter_tensors(self, "", Order::Torch), KEY, &about.to_json()?)
    }

    /// Takes all parameters from a file: one that [`Network::save_weights`] wrote, or any other that [`Weights::open`]
    /// reads.
    ///
    /// # Errors
    /// [`Error::Weights`](crate::Error::Weights) naming the tensor where one is missing, has another shape or is not of
    /// this network, or where the file is damaged. The network is then as it was.
    pub fn load_weights(&mut self, path: &str) -> Result<()> {
        Weights::open(path)?.load_into(self, Part::All)
    }
}
