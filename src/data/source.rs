//! Where photos come from, and where they are looked for.

use super::Dataset;
use crate::Result;
use crate::faces::FaceSet;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The folder where the photos are looked for when nothing else is said.
pub const DEFAULT_FOLDER: &str = "data/manga-facial-expressions";

/// Where a data set comes from: a folder of photos, or faces that are drawn here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A folder with a folder for each class.
    Folder(String),
    /// So many drawn faces.
    Drawn {
        /// How many.
        count: usize,
        /// Of which seed.
        seed: u64,
    },
}

impl Default for Source {
    /// As [`Source::find`] without a folder.
    fn default() -> Self {
        Source::find(None)
    }
}

impl Source {
    /// The photos, where there are any: in the folder `given`, else in the one that `MANGA_DATA` names, else in
    /// [`DEFAULT_FOLDER`] here or in the project; where there are none, as many drawn faces as the real set has photos.
    ///
    /// A folder that is named is used: if it is not there, loading it says so, and nothing is drawn in its place.
    pub fn find(given: Option<&str>) -> Source {
        let named =
            given.map(String::from).or_else(|| std::env::var("MANGA_DATA").ok().filter(|name| !name.is_empty()));
        // Absolute, so that a run finds its photos again from anywhere.
        let absolute = |folder: &Path| std::path::absolute(folder).unwrap_or(folder.to_path_buf());
        if let Some(folder) = named {
            return Source::Folder(absolute(Path::new(&folder)).to_string_lossy().into_owned());
        }
        let project = crate::project::folder().join(DEFAULT_FOLDER);
        match [Path::new(DEFAULT_FOLDER), &project].into_iter().find(|folder| folder.is_dir()) {
            Some(folder) => Source::Folder(absolute(folder).to_string_lossy().into_owned()),
            None => Source::Drawn { count: 455, seed: 1 },
        }
    }

    /// The same with at most `count` drawn faces, for what would take too long with all of them; photos are as many as
    /// there are.
    pub fn drawing_at_most(self, count: usize) -> Source {
        match self {
            Source::Drawn { count: all, seed } => Source::Drawn { count: all.min(count), seed },
            photos => photos,
        }
    }

    /// The data set.
    ///
    /// # Errors
    /// As [`Dataset::from_folder`].
    pub fn load(&self) -> Result<Dataset> {
        match self {
            Source::Folder(folder) => Dataset::from_folder(folder),
            Source::Drawn { count, seed } => Dataset::from_faces(&FaceSet::new(*count, *seed)),
        }
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Source::Folder(folder) => write!(f, "the photos in {folder}"),
            Source::Drawn { count, seed } => write!(f, "{count} drawn faces (seed {seed})"),
        }
    }
}
