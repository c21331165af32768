//! Whether images can be given to a network.

use crate::data::{Images, LabelledImages};
use crate::net::nn::Network;
use crate::{Error, Result};

/// An error unless `images` can be given to `network`.
pub(crate) fn check_images(which: &str, images: &LabelledImages, network: &Network) -> Result<()> {
    let invalid = |what: String| Err(Error::Invalid(what));
    if images.is_empty() {
        return invalid(format!("there are no {which} images"));
    }
    if images.images.len() != images.len() {
        return invalid(format!("there are {} labels for {} {which} images", images.len(), images.images.len()));
    }
    check_size(&images.images, network)?;
    if images.classes.len() != network.classes() {
        let (a, b) = (images.classes.len(), network.classes());
        return invalid(format!("the {which} images have {a} classes, and {} tells {b} apart", network.name()));
    }
    for (index, &label) in images.labels.iter().enumerate() {
        let name = images.names.get(index).map_or("without a name", String::as_str);
        if label >= images.classes.len() {
            return invalid(format!(
                "{which} image {name} has the label {label}, and there are {} classes",
                images.classes.len()
            ));
        }
        if images.images.image(index).iter().any(|value| !value.is_finite()) {
            return invalid(format!("{which} image {name} has pixel values that are not numbers: prepare it again"));
        }
    }
    Ok(())
}

/// An error unless `images` have the size that `network` is for.
pub(crate) fn check_size(images: &Images, network: &Network) -> Result<()> {
    let (_, h, w, c) = images.shape();
    if (h, w, c) == network.input() {
        return Ok(());
    }
    let (name, wanted) = (network.name(), network.input());
    Err(Error::Invalid(format!(
        "{name} is for images of (rows, columns, channels) {wanted:?}, and these are {:?}",
        (h, w, c)
    )))
}
