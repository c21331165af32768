//! Pre-trained weights: files of PyTorch, Keras and this program, with what must travel with them.
//!
//! | step | |
//! |---|---|
//! | a file of any of these formats becomes named tensors, with torchvision's names and PyTorch's order of axes | [`Weights::open`] |
//! | ImageNet's weights, from the cache that `manga weights NETWORK` fills | [`Weights::imagenet`], [`fetch()`], [`adopt`] |
//! | which pixel values they expect | [`Weights::scaling`] |
//! | into a network: all of them, or all but the head | [`Weights::load_into`], [`Part`] |
//! | a network's own, to a file that PyTorch reads | [`Network::save_weights`](crate::net::nn::Network::save_weights) |
//!
//! | file | whose | read by |
//! |---|---|---|
//! | `.safetensors` | torchvision's and timm's names; this program's own | `safetensors` |
//! | `.pth`, `.pt` | torchvision's names, in any container that `torch.save` has written | `pytorch-reader` |
//! | `.h5` | Keras's `*_notop.h5` and others of `ResNet50`, `ResNet50V2`, `VGG16`, `DenseNet201` | `hdf5-pure` |
//! | `model.json` | TensorFlow.js, of Keras's `ResNet50` | `serde_json` |
//! | `.onnx` | Keras's `VGG16`, its convolutions | `prost` |

mod about;
mod catalogue;
mod fetch;
mod formats;
mod load;
mod names;
mod network;
mod recognise;

pub use about::Weights;
pub use catalogue::{Entry, Package, catalogue};
pub use fetch::{adopt, fetch};
pub use load::Part;
