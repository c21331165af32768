//! What a method is: the trait that everything which can be evaluated implements.

use super::answers::{Answers, Cost};
use crate::data::{Dataset, Fold, FoldSettings, Source};
use crate::{Error, Result};
use serde::Serialize;
use serde_json::{Value, json};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A way to classify photos that can be evaluated: a network and its training, nearest neighbours, ridge regression,
/// the majority class, a mean of methods, or one of your own. scikit-learn's estimator.
///
/// A method is prepared on a data set once, which gives a [`Prepared`], and then fitted once for each fold. That is all
/// that [`CrossValidation`](crate::study::methods::CrossValidation) and
/// [`learning_curve`](crate::study::methods::learning_curve) know of it.
///
/// A method of one's own, which always answers with the class of the photo before:
///
/// ```
/// use manga_expressions::data::{FoldSettings, Source};
/// use manga_expressions::study::methods::{Answer, Answers, Context, CrossValidation, FoldTask, Method, Prepared};
/// use manga_expressions::Result;
///
/// #[derive(Debug)]
/// struct Before;
/// struct Labels(Vec<usize>, usize);
///
/// impl Method for Before {
///     fn settings(&self) -> Result<serde_json::Value> {
///         Ok(serde_json::json!({ "method": "before" }))
///     }
///     fn prepare(&self, on: &Context) -> Result<Box<dyn Prepared>> {
///         Ok(Box::new(Labels(on.dataset.labels().to_vec(), on.dataset.classes().len())))
///     }
/// }
///
/// impl Prepared for Labels {
///     fn fit(&self, task: &FoldTask) -> Result<Answers> {
///         let before = |&photo: &usize| task.train.iter().rev().find(|&&other| other < photo).unwrap_or(&task.train[0]);
///         let answer = |photo| Answer::certain(self.0[*before(photo)], self.1);
///         Ok(Answers::new(task.test.iter().map(answer).collect()))
///     }
/// }
///
/// let folder = tempfile::tempdir().unwrap();
/// let settings = FoldSettings { folds: 2, seeds: vec![1] };
/// let all = CrossValidation::new(Before, settings, folder.path())?;
/// let predictions = all.on(Source::Drawn { count: 28, seed: 1 }).run(1, &|_, _| ())?;
/// assert_eq!(predictions.images(), 28);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub trait Method: fmt::Debug + Send + Sync {
    /// Its settings as JSON, so far as results depend on them: neither the number of threads nor where the photos lie
    /// is among them. Fits are kept under these settings, and a fit of others is never taken for one of these.
    ///
    /// # Errors
    /// Settings that cannot be written as JSON.
    fn settings(&self) -> Result<Value>;

    /// Computes what depends on the photos and on no fold, as features. Only labels of the training part may be looked
    /// at later, in [`Prepared::fit`].
    ///
    /// # Errors
    /// Settings that cannot work on these photos.
    fn prepare(&self, on: &Context) -> Result<Box<dyn Prepared>>;

    /// Settings that cannot work on any photos are an error before the first fit.
    ///
    /// # Errors
    /// Such settings.
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// Where its photos come from, if its settings say so.
    fn source(&self) -> Option<Source> {
        None
    }
}

/// A [`Method`] with all that it needs of a data set and that depends on no fold.
pub trait Prepared: Send + Sync {
    /// Learns from the training photos of the task, makes every choice among them, and answers for its test photos. It
    /// works on the thread that calls it, and on as many more as the task allows.
    ///
    /// # Errors
    /// Whatever keeps it from learning.
    fn fit(&self, task: &FoldTask) -> Result<Answers>;

    /// What it costs beside the fits.
    ///
    /// # Errors
    /// A model that cannot be built.
    fn cost(&self) -> Result<Cost> {
        Ok(Cost::default())
    }

    /// What distinguishes its features from others, if there are any: part of what a fit is kept under.
    fn keys(&self) -> Vec<String> {
        Vec::new()
    }

    /// What is done with a fit that the task's folder keeps.
    fn reuse(&self) -> Reuse {
        Reuse::Refuse
    }
}

/// What a method is prepared on.
pub struct Context<'a> {
    /// The photos.
    pub dataset: &'a Dataset,
    /// Where they come from.
    pub source: &'a Source,
    /// The folds that it will be fitted on.
    pub folds: &'a FoldSettings,
    /// Whether folds keep photos of one page together.
    pub by_page: bool,
    /// A folder for what is computed once and takes long, as features of networks; shared by all methods.
    pub features: &'a Path,
    /// The folder in which methods have their folders of fits.
    pub runs: &'a Path,
    /// Threads of a fit; all cores where none is given. No result depends on it.
    pub threads: Option<usize>,
    /// Whether the runs of trainings keep only the weights that learnt
    /// ([`Training::learnt_only`](crate::training::Training::learnt_only)).
    pub learnt_only: bool,
}

/// One fit to be done.
#[derive(Clone, Debug)]
pub struct FoldTask {
    /// The repeat, from 0.
    pub repeat: usize,
    /// The fold that is the test, with the seed by which photos are divided.
    pub fold: Fold,
    /// The photos to learn from, by index, sorted.
    pub train: Vec<usize>,
    /// The photos to answer for, by index, sorted.
    pub test: Vec<usize>,
    /// Which fraction of the photos of the other folds `train` has: 1, but in a learning curve.
    pub fraction: f64,
    /// A folder of this fit's own, for what it keeps to go on after an interruption.
    pub folder: PathBuf,
}

/// What is done with a fit that a folder already keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reuse {
    /// It is taken if it is the same; one of other settings is an error that names them.
    Refuse,
    /// It is taken if it is the same; one of other settings is for the method itself to refuse, or made again.
    Refit,
    /// It is made again: that takes no time, and what it is made of may have changed.
    Never,
}

impl FoldTask {
    /// An error unless all photos of the other folds are there to learn from, for a method that takes them from the
    /// fold itself.
    ///
    /// # Errors
    /// A part of them.
    pub fn check_whole(&self, method: &str) -> Result<()> {
        if self.fraction == 1.0 {
            return Ok(());
        }
        Err(Error::Invalid(format!(
            "{method} takes all photos of the other folds and was given a fraction of {} of them: for a learning curve of a \
             network take FixedEpochs",
            self.fraction
        )))
    }
}

impl Method for Arc<dyn Method> {
    fn settings(&self) -> Result<Value> {
        self.as_ref().settings()
    }

    fn prepare(&self, on: &Context) -> Result<Box<dyn Prepared>> {
        self.as_ref().prepare(on)
    }

    fn check(&self) -> Result<()> {
        self.as_ref().check()
    }

    fn source(&self) -> Option<Source> {
        self.as_ref().source()
    }
}

/// Settings with the name of their method, as a recipe has them.
pub(crate) fn with_name<T: Serialize>(method: &str, settings: &T) -> Result<Value> {
    let mut all = json!({ "method": method });
    if let (Some(all), Value::Object(own)) = (all.as_object_mut(), value(settings)?) {
        all.extend(own);
    }
    Ok(all)
}

pub(crate) fn value<T: Serialize>(of: &T) -> Result<Value> {
    serde_json::to_value(of).map_err(|error| Error::output("JSON", error))
}
