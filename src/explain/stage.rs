//! Which stage of a network still tells places apart.

use crate::data::Images;
use crate::net::nn::Network;
use crate::training::{Workers, outputs};
use crate::{Error, Result};

/// The last stage before the head whose output has at least `places` rows and columns: the deepest layers know most about
/// classes, but of a small image they have only a few places left to point at. For the `stage` of
/// [`grad_cam`](super::grad_cam) and its kin.
///
/// # Errors
/// No stage before the head with so many places.
///
/// ```
/// use manga_expressions::prelude::*;
///
/// let mut network = resnet50v2((48, 48, 3), 7, 1);
/// assert_eq!(stage_with_places(&mut network, 3)?, "conv3");
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn stage_with_places(network: &Network, places: usize) -> Result<String> {
    let (h, w, c) = network.input();
    let names: Vec<String> = network.stages().into_iter().map(String::from).collect();
    let workers = Workers::new(None)?;
    let mut found = None;
    let mut values = Images::new((1, h, w, c), vec![0.0; h * w * c])?;
    for (index, name) in names.iter().enumerate().take(names.len().saturating_sub(1)) {
        values = outputs(&workers, network, index..index + 1, &values, &mut |_| {})?;
        let (_, rows, columns, _) = values.shape();
        if rows.min(columns) >= places {
            found = Some(name.clone());
        }
    }
    found.ok_or_else(|| {
        Error::Invalid(format!(
            "no stage of {} before its head has {places} x {places} places for images of {h} x {w}: ask for fewer",
            network.name()
        ))
    })
}
