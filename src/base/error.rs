//! The one error type: what was wrong, where, and what to do about it.

use crate::training::StopReason;
use std::path::{Path, PathBuf};

/// The result of everything here that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, where, and what to do.
///
/// Each message is a whole sentence for the person who reads it; no error needs its source chain to be understood. The
/// variants are for programs, which may go on after some of them:
///
/// ```
/// use manga_expressions::Error;
/// use manga_expressions::study::experiment::Experiment;
/// use manga_expressions::training::Run;
///
/// assert!(matches!(Experiment::recipe("resnet51", 1), Err(Error::NotFound(_))));
/// assert!(matches!(Run::open("no/such/run"), Err(Error::NotFound(_))));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{what} {}: {source}", path.display())]
    Io {
        /// What was being done, as "cannot read".
        what: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's word on it.
        source: std::io::Error,
    },
    /// A folder of photos is not a data set: missing, without photos, with an empty class, one class, or the same bytes
    /// in two.
    #[error("{0}")]
    Data(String),
    /// A setting, argument or shape that cannot work.
    #[error("{0}")]
    Invalid(String),
    /// Something that was named is not there: a recipe, network, class, stage, layer, photo, fold or run.
    #[error("{0}")]
    NotFound(String),
    /// A file is damaged, or is something else than it was taken for; see [`Error::Weights`] for weights and
    /// [`Error::Data`] for photos and tables.
    #[error("{0}")]
    File(String),
    /// What a folder keeps is of other settings, of another compute version, not finished, or in the way. It is left as
    /// it is.
    #[error("{0}")]
    Conflict(String),
    /// The loss of a training step was not a number.
    #[error(
        "the loss became {loss} in epoch {epoch}, batch {batch}, at learning rate {learning_rate}: \
         train again with a smaller learning rate, in another folder. What the epochs before came to is kept"
    )]
    NotFinite {
        /// Epoch, from 1.
        epoch: usize,
        /// Batch within the epoch, from 1.
        batch: usize,
        /// Learning rate of the step.
        learning_rate: f64,
        /// The loss.
        loss: f32,
    },
    /// A training was asked to end before it was over ([`Stop`](crate::training::Stop)).
    #[error("stopped by {reason} {done}")]
    Stopped {
        /// Who asked for it.
        reason: StopReason,
        /// After what, what is kept of it, and how to go on.
        done: String,
    },
    /// A file of weights or a checkpoint does not fit the network, or is damaged.
    #[error("{}: {what}", path.display())]
    Weights {
        /// The file.
        path: PathBuf,
        /// What does not fit, with the tensor's name.
        what: String,
    },
    /// A figure could not be drawn or a table not be made.
    #[error("cannot make the {what}: {why}")]
    Output {
        /// The figure or table.
        what: String,
        /// Why.
        why: String,
    },
    /// Setting up or running the notebooks failed.
    #[error("{0}")]
    Lab(String),
}

impl Error {
    /// An [`Error::Io`] about `path`; for `map_err`.
    ///
    /// ```
    /// use manga_expressions::{Error, Result};
    ///
    /// fn read(path: &str) -> Result<String> {
    ///     std::fs::read_to_string(path).map_err(Error::io("cannot read", path))
    /// }
    /// assert!(read("no/such/file").unwrap_err().to_string().starts_with("cannot read no/such/file: "));
    /// ```
    pub fn io(what: &'static str, path: impl AsRef<Path>) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.as_ref().to_path_buf();
        move |source| Error::Io { what, path, source }
    }

    /// An [`Error::Weights`] about `path`.
    pub fn weights(path: impl AsRef<Path>, what: impl Into<String>) -> Error {
        Error::Weights { path: path.as_ref().to_path_buf(), what: what.into() }
    }

    /// An [`Error::Output`] that says why `what` could not be made.
    pub fn output(what: impl Into<String>, why: impl std::fmt::Display) -> Error {
        Error::Output { what: what.into(), why: why.to_string() }
    }
}
