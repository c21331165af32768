//! The networks, one a file.

mod resnet;
mod resnet_v2;

pub use resnet::resnet50;
pub use resnet_v2::resnet50v2;

use crate::data::LARGEST;
use crate::nn::Network;
use crate::{Error, Result};

/// The names of all networks, as the command line takes them.
pub const NETWORKS: [&str; 2] = ["resnet50", "resnet50v2"];

/// The network called `name`, for images of `input` = `(H, W, C)` and `classes`, with weights drawn from `seed`.
///
/// # Errors
/// A name that is not in [`NETWORKS`]; a size that no network here is for.
///
/// ```
/// use manga_expressions::models;
///
/// assert_eq!(models::by_name("resnet50v2", (100, 100, 3), 7, 1)?.classes(), 7);
/// assert!(models::by_name("resnet", (100, 100, 3), 7, 1).unwrap_err().to_string().contains("resnet50v2"));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn by_name(name: &str, input: (usize, usize, usize), classes: usize, seed: u64) -> Result<Network> {
    let (height, width, channels) = input;
    let limits = [
        ("height", height, LARGEST),
        ("width", width, LARGEST),
        ("number of channels", channels, 64),
        ("number of classes", classes, 10_000),
    ];
    if let Some((what, value, most)) = limits.into_iter().find(|(_, value, most)| !(1..=*most).contains(value)) {
        return Err(Error::Invalid(format!("the {what} is {value}: it must be 1 to {most}")));
    }
    match name {
        "resnet50" => Ok(resnet50(input, classes, seed)),
        "resnet50v2" => Ok(resnet50v2(input, classes, seed)),
        _ => Err(Error::Invalid(format!("there is no network \"{name}\"; there are {}", NETWORKS.join(", ")))),
    }
}
