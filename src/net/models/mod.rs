//! The networks, one a file.

mod dcnn;
mod densenet;
mod googlenet;
mod own;
mod resnet;
mod resnet_v2;
mod small_cnn;
mod vgg;

pub use dcnn::dcnn;
pub use densenet::densenet201;
pub use googlenet::googlenet;
pub(crate) use own::digest_of_registered;
pub use own::register;
pub use resnet::{resnet50, resnet50_v1_5};
pub use resnet_v2::resnet50v2;
pub use small_cnn::small_cnn;
pub use vgg::vgg16;

use crate::data::LARGEST;
use crate::net::nn::{Dense, GlobalAvgPool, Initializer, Network, Sequential, Stage};
use crate::{Error, Result};

/// A network that can be had by its name.
#[derive(Clone, Copy, Debug)]
pub struct Architecture {
    /// Its name, as the command line takes it.
    pub name: &'static str,
    /// Its name in prose.
    pub title: &'static str,
    /// Where it was first described.
    pub paper: &'static str,
    /// `(H, W, C)` of the images it is for where nothing else is said.
    pub input: (usize, usize, usize),
    /// The least height and width that it can work with.
    pub smallest: usize,
    /// The largest height and width for which it is made here.
    pub largest: usize,
    build: fn((usize, usize, usize), usize, u64) -> Network,
}

/// The size of the report's photos.
const REPORT: (usize, usize, usize) = (100, 100, 3);

/// All networks.
pub const ARCHITECTURES: [Architecture; 8] = [
    Architecture {
        name: "vgg16",
        title: "VGG-16",
        paper: "Simonyan, Zisserman: Very Deep Convolutional Networks for Large-Scale Image Recognition (2014)",
        input: REPORT,
        smallest: 32,
        largest: LARGEST,
        build: vgg16,
    },
    Architecture {
        name: "googlenet",
        title: "GoogLeNet",
        paper: "Szegedy et al.: Going Deeper with Convolutions (2014)",
        input: REPORT,
        smallest: 65,
        // The auxiliary heads' dense layers grow with the image.
        largest: 1024,
        build: googlenet,
    },
    Architecture {
        name: "resnet50",
        title: "ResNet-50",
        paper: "He et al.: Deep Residual Learning for Image Recognition (2015)",
        input: REPORT,
        smallest: 1,
        largest: LARGEST,
        build: resnet50,
    },
    Architecture {
        name: "resnet50-v1.5",
        title: "ResNet-50 v1.5",
        paper: "He et al.: Deep Residual Learning for Image Recognition (2015), as torchvision has it",
        input: REPORT,
        smallest: 1,
        largest: LARGEST,
        build: resnet50_v1_5,
    },
    Architecture {
        name: "resnet50v2",
        title: "ResNet-50 V2",
        paper: "He et al.: Identity Mappings in Deep Residual Networks (2016)",
        input: REPORT,
        smallest: 1,
        largest: LARGEST,
        build: resnet50v2,
    },
    Architecture {
        name: "densenet201",
        title: "DenseNet-201",
        paper: "Huang et al.: Densely Connected Convolutional Networks (2016)",
        input: REPORT,
        smallest: 29,
        largest: LARGEST,
        build: densenet201,
    },
    Architecture {
        name: "dcnn",
        title: "DCNN",
        paper: "Hitesh Kumar: Emotion Detection using DCNN (a notebook on Kaggle)",
        input: (128, 128, 1),
        smallest: 8,
        // Its first dense layer grows with the image.
        largest: 512,
        build: dcnn,
    },
    Architecture {
        name: "small_cnn",
        title: "small CNN",
        paper: "LeCun et al.: Gradient-Based Learning Applied to Document Recognition (1998), in a form of today",
        input: (32, 32, 1),
        smallest: 8,
        // Its dense layer grows with the image.
        largest: 512,
        build: small_cnn,
    },
];

/// The names of all networks, as the command line takes them.
pub const NETWORKS: [&str; ARCHITECTURES.len()] = {
    let mut names = [""; ARCHITECTURES.len()];
    let mut i = 0;
    while i < names.len() {
        names[i] = ARCHITECTURES[i].name;
        i += 1;
    }
    names
};

/// What is known of the network called `name`: one of [`NETWORKS`], or one that was [registered](register).
///
/// # Errors
/// A name of no network.
pub fn architecture(name: &str) -> Result<&'static Architecture> {
    let registered = own::all();
    let all = || ARCHITECTURES.iter().chain(registered.iter().copied());
    all().find(|architecture| architecture.name == name).ok_or_else(|| {
        let known: Vec<&str> = all().map(|architecture| architecture.name).collect();
        Error::NotFound(format!("there is no network \"{name}\"; there are {}", known.join(", ")))
    })
}

/// `(H, W, C)` of the images that the network called `name` is for where nothing else is said.
///
/// # Errors
/// A name that is not in [`NETWORKS`].
///
/// ```
/// use manga_expressions::net::models;
///
/// assert_eq!(models::default_input("dcnn")?, (128, 128, 1));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn default_input(name: &str) -> Result<(usize, usize, usize)> {
    architecture(name).map(|architecture| architecture.input)
}

/// The network called `name`, for images of `input` = `(H, W, C)` and `classes`, with weights drawn from `seed`.
///
/// # Errors
/// A name that is not in [`NETWORKS`]; a size that the network is not for.
///
/// ```
/// use manga_expressions::net::models;
///
/// assert_eq!(models::by_name("resnet50v2", (100, 100, 3), 7, 1)?.classes(), 7);
/// assert!(models::by_name("resnet", (100, 100, 3), 7, 1).unwrap_err().to_string().contains("resnet50v2"));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn by_name(name: &str, input: (usize, usize, usize), classes: usize, seed: u64) -> Result<Network> {
    let &Architecture { smallest, largest, build, .. } = architecture(name)?;
    let (height, width, channels) = input;
    let limits = [
        ("height", height, smallest, largest),
        ("width", width, smallest, largest),
        ("number of channels", channels, 1, 64),
        ("number of classes", classes, 1, 10_000),
    ];
    match limits.into_iter().find(|(_, value, least, most)| !(*least..=*most).contains(value)) {
        Some((what, value, least, most)) => {
            Err(Error::Invalid(format!("the {what} is {value}: for {name} it must be {least} to {most}")))
        }
        None => Ok(build(input, classes, seed)),
    }
}

/// The head of most networks: the mean of each of `channels`, and one dense layer.
fn pooled_head(pool: &str, dense: &str, init: &Initializer, channels: usize, classes: usize) -> Stage {
    let layers = Sequential::new()
        .then(Box::new(GlobalAvgPool::new(pool)))
        .then(Box::new(Dense::new(dense, init, channels, classes)));
    Stage::new("head", Box::new(layers))
}
