//! Repeated cross-validation of a method: every photo is judged by models that never saw it.

use super::fit::Fit;
use super::name_of;
use super::store::digest_of_photos;
use crate::data::{Dataset, Fold, FoldSettings, Folds, Source, check_settings};
use crate::metrics::OutOfFoldPredictions;
use crate::study::answers::Cost;
use crate::study::folds::{self, OnFailure, pairs};
use crate::study::method::{Context, FoldTask, Method, Prepared};
use crate::{COMPUTE_VERSION, Error, Result};
use cpu_time::ThreadTime;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// A method in repeated cross-validation: a fit for each fold of each repeat, each in a folder of its own.
///
/// A fit sees the photos of the other folds and makes all its choices among them: a network's validation and early
/// stopping, the scaling of features, `k`, penalties. Its seed is its own, drawn from the repeat's. So a fit can be done
/// anywhere and at any time, by itself ([`CrossValidation::fit`]), with the same result, and a cross-validation that was
/// killed goes on.
///
/// ```no_run
/// use manga_expressions::data::FoldSettings;
/// use manga_expressions::study::methods::{CrossValidation, recipe};
///
/// let all = CrossValidation::new(recipe("resnet50-frozen", 1)?, FoldSettings::default(), "runs/frozen")?;
/// println!("{}", all.run(2, &|fit, done| println!("{done}: {} {}", fit.name(), fit.accuracy))?.scores()?);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone)]
pub struct CrossValidation {
    pub(in crate::study) method: Arc<dyn Method>,
    source: Source,
    pub(in crate::study) settings: FoldSettings,
    pub(in crate::study) by_page: bool,
    folder: PathBuf,
    features: PathBuf,
    threads: Option<usize>,
    learnt_only: bool,
    shared: Arc<Mutex<Shared>>,
}

/// What is loaded and computed once, when the first fit needs it.
#[derive(Default)]
struct Shared {
    photos: Option<Arc<Photos>>,
    prepared: Option<Arc<dyn Prepared>>,
}

pub(super) struct Photos {
    pub dataset: Dataset,
    folds: Folds,
    sha256: String,
}

impl CrossValidation {
    /// Of `method`. The split of an [`Experiment`](crate::study::experiment::Experiment) means nothing here but for its fraction of validation.
    /// Fits are kept under `folder`, and so are features of networks; the members of an ensemble beside it, in folders as
    /// [`CrossValidation::folder_of`] names them.
    ///
    /// The photos are the method's, or found as [`Source::find`] does.
    ///
    /// # Errors
    /// Fewer than two folds, or no seed; as [`Method::check`].
    pub fn new(
        method: impl Method + 'static,
        settings: FoldSettings,
        folder: impl AsRef<Path>,
    ) -> Result<CrossValidation> {
        CrossValidation::of(Arc::new(method), settings, folder.as_ref())
    }

    fn of(method: Arc<dyn Method>, settings: FoldSettings, folder: &Path) -> Result<CrossValidation> {
        check_settings(&settings)?;
        method.check()?;
        let source = method.source().unwrap_or_default();
        let (features, shared) = (folder.join("features"), Arc::default());
        let (threads, by_page, learnt_only) = (None, false, false);
        let folder = folder.into();
        Ok(CrossValidation { method, source, settings, by_page, folder, features, threads, learnt_only, shared })
    }

    /// Where a recipe's fits are kept in the folder `runs`: `RECIPE-seedSEED`, with the seed of the first repeat.
    pub fn folder_of(runs: impl AsRef<Path>, recipe: &str, seed: u64) -> String {
        runs.as_ref().join(format!("{}-seed{seed}", name_of(recipe))).to_string_lossy().into_owned()
    }

    /// On these photos.
    pub fn on(self, source: Source) -> CrossValidation {
        CrossValidation { source, shared: Arc::default(), ..self }
    }

    /// In folds that keep photos of one page together, as far as the names of their files tell pages
    /// ([`Dataset::page_groups`]): no fit is asked about a page that it has learnt from. Fits are others, and belong into
    /// another folder.
    pub fn grouped_by_page(self) -> CrossValidation {
        CrossValidation { by_page: true, shared: Arc::default(), ..self }
    }

    /// With features of networks in this folder, to share them with other cross-validations.
    pub fn features_in(self, folder: impl AsRef<Path>) -> CrossValidation {
        CrossValidation { features: folder.as_ref().into(), shared: Arc::default(), ..self }
    }

    /// With so many threads for each fit; no result depends on it.
    pub fn threads(self, threads: Option<usize>) -> CrossValidation {
        CrossValidation { threads, shared: Arc::default(), ..self }
    }

    /// With runs that keep only the weights that learnt, as [`Training::learnt_only`](crate::training::Training::learnt_only).
    pub fn learnt_only(self) -> CrossValidation {
        CrossValidation { learnt_only: true, shared: Arc::default(), ..self }
    }

    /// Every repeat and fold, in order.
    pub fn fits(&self) -> Vec<(usize, usize)> {
        pairs(self.settings.seeds.len(), self.settings.folds).collect()
    }

    /// The folder of a fit.
    pub fn folder(&self, repeat: usize, fold: usize) -> String {
        let name = format!("repeat{}-fold{}", repeat + 1, fold + 1);
        self.folder.join(name).to_string_lossy().into_owned()
    }

    /// Does one fit, or finds it finished; the training of a network goes on where it stopped. A fit of another
    /// [`COMPUTE_VERSION`] is made again.
    ///
    /// # Errors
    /// A repeat or fold that there is not; a folder with a fit of other settings; as
    /// [`Experiment::run`](crate::study::experiment::Experiment::run).
    pub fn fit(&self, repeat: usize, fold: usize) -> Result<Fit> {
        let FoldSettings { folds, seeds } = &self.settings;
        let task = self.tasks()?.into_iter().find(|task| (task.repeat, task.fold.fold) == (repeat, fold));
        let task = task.ok_or_else(|| {
            let (repeats, repeat, fold) = (seeds.len(), repeat + 1, fold + 1);
            Error::NotFound(format!(
                "there is no fold {fold} of repeat {repeat}: there are {folds} folds, {repeats} repeats"
            ))
        })?;
        self.fit_task(&task)
    }

    /// The tasks of all fits, in the order of [`CrossValidation::fits`].
    fn tasks(&self) -> Result<Vec<FoldTask>> {
        let mut tasks = folds::tasks(&self.photos()?.folds);
        for task in &mut tasks {
            task.fold.by_page = self.by_page;
            task.folder = self.folder(task.repeat, task.fold.fold).into();
        }
        Ok(tasks)
    }

    fn fit_task(&self, task: &FoldTask) -> Result<Fit> {
        let photos = self.photos()?;
        let prepared = self.prepared(&photos)?;
        let fingerprint = self.fingerprint(task.fold, &photos, prepared.keys())?;
        if let Some(fit) = Fit::find(task, &fingerprint, &photos.dataset, prepared.reuse())? {
            return Ok(fit);
        }
        let cpu = ThreadTime::now();
        let answers = prepared.fit(task)?;
        let cpu_seconds = answers.cpu_seconds.unwrap_or_else(|| cpu.elapsed().as_secs_f64());
        let fit = Fit::new(task, &photos.dataset, answers, cpu_seconds)?;
        fit.keep(&task.folder, &fingerprint)?;
        Ok(fit)
    }

    /// Does all fits, `jobs` at a time, and puts their predictions together. The observer hears of each that is done, with
    /// how many are. A fit that fails is tried again when the others are done; they are kept whatever happens.
    ///
    /// Several fits of one thread each use cores better than one fit of several: the method says the threads of a
    /// training, one where it does not and there are several jobs.
    ///
    /// # Errors
    /// The first fit that failed twice, with its name. [`Error::Stopped`] where a signal asked for the end
    /// ([`Stop`](crate::training::Stop)): what was done is kept, and goes on there.
    pub fn run(&self, jobs: usize, observer: &(dyn Fn(&Fit, usize) + Sync)) -> Result<OutOfFoldPredictions> {
        let mut own = self.clone();
        if jobs > 1 && own.threads.is_none() {
            own = own.threads(Some(1));
        }
        let done = AtomicUsize::new(0);
        let fits = folds::fit_each(&own.tasks()?, jobs, OnFailure::Retry, |task| {
            let fit = own.fit_task(task)?;
            observer(&fit, done.fetch_add(1, Ordering::Relaxed) + 1);
            Ok(fit)
        })?;
        let rows = fits.into_iter().flat_map(|fit| fit.rows).collect();
        OutOfFoldPredictions::new(own.photos()?.dataset.classes(), rows)
    }

    /// All that decides the result of a fit.
    fn fingerprint(&self, fold: Fold, photos: &Photos, keys: Vec<String>) -> Result<Value> {
        Ok(json!({
            "version": COMPUTE_VERSION, "settings": self.method.settings()?, "fold": fold,
            "photos": photos.sha256, "features": keys,
        }))
    }

    pub(super) fn photos(&self) -> Result<Arc<Photos>> {
        let mut shared = lock(&self.shared);
        if let Some(photos) = &shared.photos {
            return Ok(photos.clone());
        }
        let dataset = self.source.load()?;
        let folds = dataset.folds(&self.settings, self.by_page)?;
        let photos = Arc::new(Photos { sha256: digest_of_photos(&dataset), folds, dataset });
        Ok(shared.photos.insert(photos).clone())
    }

    /// The photos.
    ///
    /// # Errors
    /// As [`Source::load`], and as [`Dataset::folds`].
    pub fn with_dataset<T>(&self, look: impl FnOnce(&Dataset) -> T) -> Result<T> {
        Ok(look(&self.photos()?.dataset))
    }

    /// The method with all that depends on no fold. Concurrent callers block until it is computed.
    pub(super) fn prepared(&self, photos: &Photos) -> Result<Arc<dyn Prepared>> {
        let mut shared = lock(&self.shared);
        if let Some(prepared) = &shared.prepared {
            return Ok(prepared.clone());
        }
        let prepared = self.method.prepare(&Context {
            dataset: &photos.dataset,
            source: &self.source,
            folds: &self.settings,
            by_page: self.by_page,
            features: &self.features,
            runs: self.folder.parent().unwrap_or(Path::new("")),
            threads: self.threads,
            learnt_only: self.learnt_only,
        })?;
        Ok(shared.prepared.insert(Arc::from(prepared)).clone())
    }

    /// What it costs beside the fits.
    pub(in crate::study) fn cost(&self) -> Result<Cost> {
        self.prepared(&*self.photos()?)?.cost()
    }
}

impl std::fmt::Debug for CrossValidation {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "CrossValidation({:?} on {}, in {})", self.method, self.source, self.folder.display())
    }
}

/// What a thread that panicked left is as good as ever: it only appends.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
