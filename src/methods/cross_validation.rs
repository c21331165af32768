//! Repeated cross-validation of a method: every photo is judged by models that never saw it.

use super::fit::{Differing, Fit, parts};
use super::network::trained;
use super::ready::Ready;
use super::store::{Store, digest_of_photos};
use super::{Method, name_of};
use crate::data::{Dataset, Fold, FoldSettings, Source};
use crate::metrics::OutOfFold;
use crate::{Error, Result};
use cpu_time::ThreadTime;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// A method in repeated cross-validation: a fit for each fold of each repeat, each in a folder of its own.
///
/// A fit sees the photos of the other folds and makes all its choices among them: a network's validation and early
/// stopping, the scaling of features, `k`, penalties. Its seed is its own, drawn from the repeat's. So a fit can be done
/// anywhere and at any time, by itself ([`CrossValidation::fit`]), with the same result, and a cross-validation that was
/// killed goes on.
///
/// ```no_run
/// use manga_expressions::data::FoldSettings;
/// use manga_expressions::methods::{CrossValidation, Method};
///
/// let all = CrossValidation::new(Method::recipe("resnet50-frozen", 1)?, FoldSettings::default(), "runs/frozen")?;
/// println!("{}", all.run(2, &|fit, done| println!("{done}: {} {}", fit.name(), fit.accuracy))?.scores()?);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone)]
pub struct CrossValidation {
    pub(super) method: Method,
    source: Source,
    pub(super) settings: FoldSettings,
    pub(super) by_page: bool,
    folder: PathBuf,
    features: PathBuf,
    /// Those of an ensemble's members, each in its own folder.
    pub(super) members: Vec<CrossValidation>,
    shared: Arc<Mutex<Shared>>,
}

/// What is loaded and computed once, when the first fit needs it.
#[derive(Default)]
struct Shared {
    photos: Option<Arc<Photos>>,
    ready: Option<Arc<dyn Ready>>,
}

pub(super) struct Photos {
    pub dataset: Dataset,
    sha256: String,
}

impl CrossValidation {
    /// Of `method`, a [`Method`] or an [`Experiment`](crate::experiment::Experiment), whose own split means nothing but for its share of validation. Fits
    /// are kept under `folder`, and so are features of networks; the members of an ensemble beside it, in folders as
    /// [`CrossValidation::folder_of`] names them.
    ///
    /// The photos are the experiment's, or found as [`Source::find`] does.
    ///
    /// # Errors
    /// Fewer than two folds, or no seed; an ensemble's member that is no recipe, or is the ensemble itself.
    pub fn new(method: impl Into<Method>, settings: FoldSettings, folder: &str) -> Result<CrossValidation> {
        CrossValidation::within(method.into(), settings, Path::new(folder), &mut Vec::new())
    }

    /// `within` has the recipes of the ensembles that this is a member of.
    fn within(
        method: Method,
        settings: FoldSettings,
        folder: &Path,
        within: &mut Vec<String>,
    ) -> Result<CrossValidation> {
        let Some(&seed) = settings.seeds.first().filter(|_| settings.folds >= 2) else {
            let (folds, repeats) = (settings.folds, settings.seeds.len());
            return Err(Error::Invalid(format!(
                "{repeats} repeats of {folds} folds: cross-validation takes at least 1 of 2"
            )));
        };
        let source = match &method {
            Method::Network(experiment) => experiment.source.clone(),
            _ => Source::default(),
        };
        let mut members = Vec::new();
        if let Method::Ensemble(ensemble) = &method {
            let runs = folder.parent().unwrap_or(Path::new(""));
            for recipe in &ensemble.of {
                if within.contains(recipe) {
                    return Err(Error::Invalid(format!("the ensemble {recipe} is a member of itself")));
                }
                within.push(recipe.clone());
                let folder = PathBuf::from(CrossValidation::folder_of(&runs.to_string_lossy(), recipe, seed));
                let method = Method::recipe(recipe, seed)?;
                members.push(CrossValidation::within(method, settings.clone(), &folder, within)?);
                within.pop();
            }
        }
        let features = folder.join("features");
        let shared = Arc::default();
        Ok(CrossValidation {
            method,
            source,
            settings,
            by_page: false,
            folder: folder.into(),
            features,
            members,
            shared,
        })
    }

    /// Where a recipe's fits are kept in the folder `runs`: `RECIPE-seedSEED`, with the seed of the first repeat.
    pub fn folder_of(runs: &str, recipe: &str, seed: u64) -> String {
        Path::new(runs).join(format!("{}-seed{seed}", name_of(recipe))).to_string_lossy().into_owned()
    }

    /// On these photos.
    pub fn on(mut self, source: Source) -> CrossValidation {
        if let Method::Network(experiment) = &mut self.method {
            experiment.source = source.clone();
        }
        self.members = self.members.into_iter().map(|member| member.on(source.clone())).collect();
        CrossValidation { source, shared: Arc::default(), ..self }
    }

    /// In folds that keep photos of one page together, as far as the names of their files tell pages
    /// ([`Dataset::page_groups`]): no fit is asked about a page that it has learnt from. Fits are others, and belong into
    /// another folder.
    pub fn grouped_by_page(mut self) -> CrossValidation {
        self.members = self.members.into_iter().map(CrossValidation::grouped_by_page).collect();
        CrossValidation { by_page: true, ..self }
    }

    /// With features of networks in this folder, to share them with other cross-validations.
    pub fn features_in(mut self, folder: &str) -> CrossValidation {
        self.members = self.members.into_iter().map(|member| member.features_in(folder)).collect();
        CrossValidation { features: folder.into(), ..self }
    }

    /// With so many threads for each training of a network; no result depends on it.
    pub fn threads(mut self, threads: Option<usize>) -> CrossValidation {
        if let Method::Network(experiment) = &mut self.method {
            experiment.training.threads = threads;
        }
        self.members = self.members.into_iter().map(|member| member.threads(threads)).collect();
        self
    }

    /// Every repeat and fold, in order.
    pub fn fits(&self) -> Vec<(usize, usize)> {
        let FoldSettings { folds, seeds } = &self.settings;
        (0..seeds.len()).flat_map(|repeat| (0..*folds).map(move |fold| (repeat, fold))).collect()
    }

    /// The folder of a fit.
    pub fn folder(&self, repeat: usize, fold: usize) -> String {
        let name = format!("repeat{}-fold{}", repeat + 1, fold + 1);
        self.folder.join(name).to_string_lossy().into_owned()
    }

    /// Does one fit, or finds it finished; the training of a network goes on where it stopped.
    ///
    /// # Errors
    /// A repeat or fold that there is not; a folder with a fit of other settings; as
    /// [`Experiment::run`](crate::experiment::Experiment::run).
    pub fn fit(&self, repeat: usize, fold: usize) -> Result<Fit> {
        let FoldSettings { folds, ref seeds } = self.settings;
        let (Some(&seed), true) = (seeds.get(repeat), fold < folds) else {
            let (repeats, repeat, fold) = (seeds.len(), repeat + 1, fold + 1);
            return Err(Error::Invalid(format!(
                "there is no fold {fold} of repeat {repeat}: there are {folds} folds, {repeats} repeats"
            )));
        };
        let fold = Fold { fold, folds, seed, by_page: self.by_page };
        let (photos, folder) = (self.photos()?, PathBuf::from(self.folder(repeat, fold.fold)));
        let ready = self.ready(&photos)?;
        let told = self.told(fold, &photos, ready.as_ref().map_or(Vec::new(), |ready| ready.keys()))?;
        let found = match &self.method {
            // Its members may have changed; they are found, and their mean is quickly taken.
            Method::Ensemble(_) => None,
            // Other settings than those of the run are for the training to refuse.
            Method::Network(_) => Fit::find(&folder, &told, (repeat, fold), &photos.dataset, Differing::Forget)?,
            _ => Fit::find(&folder, &told, (repeat, fold), &photos.dataset, Differing::Refuse)?,
        };
        if let Some(fit) = found {
            return Ok(fit);
        }
        let (said, cpu_seconds) = match (&self.method, ready) {
            (Method::Network(experiment), _) => trained(experiment, fold, &folder)?,
            (Method::Ensemble(ensemble), _) => {
                let fits = self.members.iter().map(|member| member.fit(repeat, fold.fold));
                let fits: Vec<Fit> = fits.collect::<Result<_>>()?;
                (ensemble.mean(&fits)?, fits.iter().map(|fit| fit.cpu_seconds).sum())
            }
            (_, Some(ready)) => {
                let (train, test) = parts(&photos.dataset, fold)?;
                let cpu = ThreadTime::now();
                (ready.fit(&train, &test)?, cpu.elapsed().as_secs_f64())
            }
            (other, None) => return Err(Error::Invalid(format!("{other:?} was not made ready"))),
        };
        let fit = Fit::new(repeat, fold, &photos.dataset, said, cpu_seconds)?;
        fit.keep(&folder, &told)?;
        Ok(fit)
    }

    /// Does all fits, `jobs` at a time, and puts their predictions together. The observer hears of each that is done, with
    /// how many are. A fit that fails is tried again when the others are done; they are kept whatever happens.
    ///
    /// Several fits of one thread each use cores better than one fit of several: the method says the threads of a
    /// training, one where it does not and there are several jobs.
    ///
    /// # Errors
    /// The first fit that failed twice, with its name.
    pub fn run(&self, jobs: usize, observer: &(dyn Fn(&Fit, usize) + Sync)) -> Result<OutOfFold> {
        let mut own = self.clone();
        if jobs > 1 {
            own.one_thread();
        }
        let fits = own.fits();
        let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let (kept, failed) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
        let attempt = |(repeat, fold)| {
            let fit = own.fit(repeat, fold)?;
            observer(&fit, done.fetch_add(1, Ordering::Relaxed) + 1);
            lock(&kept).extend(fit.rows);
            Ok::<(), Error>(())
        };
        thread::scope(|scope| {
            for _ in 0..jobs.clamp(1, fits.len()) {
                scope.spawn(|| {
                    while let Some(&fit) = fits.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if attempt(fit).is_err() {
                            lock(&failed).push(fit);
                        }
                    }
                });
            }
        });
        for &(repeat, fold) in lock(&failed).iter() {
            attempt((repeat, fold)).map_err(|error| {
                Error::Invalid(format!("fold {} of repeat {} failed twice: {error}", fold + 1, repeat + 1))
            })?;
        }
        let rows = std::mem::take(&mut *lock(&kept));
        OutOfFold::new(self.photos()?.dataset.classes(), rows)
    }

    /// All that decides the result of a fit.
    fn told(&self, fold: Fold, photos: &Photos, keys: Vec<String>) -> Result<Value> {
        Ok(json!({
            "version": env!("CARGO_PKG_VERSION"), "settings": self.method.settings()?, "fold": fold,
            "photos": photos.sha256, "features": keys,
        }))
    }

    pub(super) fn photos(&self) -> Result<Arc<Photos>> {
        let mut shared = lock(&self.shared);
        if let Some(photos) = &shared.photos {
            return Ok(photos.clone());
        }
        let dataset = self.source.load()?;
        let photos = Arc::new(Photos { sha256: digest_of_photos(&dataset), dataset });
        Ok(shared.photos.insert(photos).clone())
    }

    /// The method with all that depends on no fold; none for a network and an ensemble, which have nothing to make ready.
    /// Who asks while another computes it waits.
    pub(super) fn ready(&self, photos: &Photos) -> Result<Option<Arc<dyn Ready>>> {
        let mut shared = lock(&self.shared);
        if let Some(ready) = &shared.ready {
            return Ok(Some(ready.clone()));
        }
        let store = Store::new(&self.features, &photos.dataset);
        let ready = match &self.method {
            Method::Network(_) | Method::Ensemble(_) => return Ok(None),
            Method::Majority(majority) => majority.ready(&photos.dataset),
            Method::Neighbours(neighbours) => neighbours.ready(&store)?,
            Method::Ridge(ridge) => ridge.ready(&store)?,
        };
        Ok(Some(shared.ready.insert(Arc::from(ready)).clone()))
    }

    /// One thread a training, unless the method says otherwise.
    fn one_thread(&mut self) {
        if let Method::Network(experiment) = &mut self.method {
            experiment.training.threads.get_or_insert(1);
        }
        self.members.iter_mut().for_each(CrossValidation::one_thread);
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
