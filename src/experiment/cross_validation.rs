//! Repeated cross-validation of an experiment: every photo is judged by networks that never saw it.

use super::Experiment;
use crate::data::{Fold, FoldSettings};
use crate::metrics::{Accuracy, OutOfFold, OutOfFoldRow};
use crate::training::Progress;
use crate::{Error, Result};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// An experiment in repeated cross-validation: a fit for each fold of each repeat, each in a folder of its own.
///
/// A fit is [`Experiment::run`] with the fold as its test and everything else inside the other folds: validation, early
/// stopping, scaling. Its seed is its own, drawn from the repeat's. So a fit can be done anywhere and at any time, by
/// itself ([`CrossValidation::fit`]), with the same result, and a cross-validation that was killed goes on.
///
/// ```no_run
/// use manga_expressions::data::FoldSettings;
/// use manga_expressions::experiment::{CrossValidation, Experiment};
///
/// let all = CrossValidation::new(Experiment::recipe("resnet50-frozen", 1)?, FoldSettings::default(), "runs/frozen")?;
/// println!("{}", all.run(2, &|fit, done| println!("{done}: {} {}", fit.name(), fit.accuracy))?.scores()?);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct CrossValidation {
    experiment: Experiment,
    settings: FoldSettings,
    folder: String,
}

/// One fit that is done.
#[derive(Clone, Debug)]
pub struct Fit {
    /// The repeat, from 0.
    pub repeat: usize,
    /// The fold that was its test.
    pub fold: Fold,
    /// How it did there.
    pub accuracy: Accuracy,
    /// Processor seconds of its training.
    pub cpu_seconds: f64,
    rows: Vec<OutOfFoldRow>,
}

impl CrossValidation {
    /// Of `experiment`, whose own split means nothing but for its share of validation; runs are kept under `folder`.
    ///
    /// # Errors
    /// Fewer than two folds, or no seed.
    pub fn new(experiment: Experiment, settings: FoldSettings, folder: &str) -> Result<CrossValidation> {
        if settings.folds < 2 || settings.seeds.is_empty() {
            let (folds, repeats) = (settings.folds, settings.seeds.len());
            return Err(Error::Invalid(format!(
                "{repeats} repeats of {folds} folds: cross-validation takes at least 1 of 2"
            )));
        }
        Ok(CrossValidation { experiment, settings, folder: folder.into() })
    }

    /// Every repeat and fold, in order.
    pub fn fits(&self) -> Vec<(usize, usize)> {
        let FoldSettings { folds, seeds } = &self.settings;
        (0..seeds.len()).flat_map(|repeat| (0..*folds).map(move |fold| (repeat, fold))).collect()
    }

    /// The folder of a fit.
    pub fn folder(&self, repeat: usize, fold: usize) -> String {
        let name = format!("repeat{}-fold{}", repeat + 1, fold + 1);
        Path::new(&self.folder).join(name).to_string_lossy().into_owned()
    }

    /// Does one fit: trains it, goes on with it, or finds it finished.
    ///
    /// # Errors
    /// A repeat or fold that there is not; as [`Experiment::run`].
    pub fn fit(&self, repeat: usize, fold: usize) -> Result<Fit> {
        let FoldSettings { folds, ref seeds } = self.settings;
        let (Some(&seed), true) = (seeds.get(repeat), fold < folds) else {
            let (repeats, repeat, fold) = (seeds.len(), repeat + 1, fold + 1);
            return Err(Error::Invalid(format!(
                "there is no fold {fold} of repeat {repeat}: there are {folds} folds, {repeats} repeats"
            )));
        };
        let fold = Fold { fold, folds, seed };
        let mut experiment = self.experiment.clone();
        experiment.split.fold = Some(fold);
        // A seed of its own for each fit, so that no two share their first weights and their order.
        let own = seed.wrapping_mul(folds as u64).wrapping_add(fold.fold as u64);
        (experiment.split.seed, experiment.training.seed) = (own, own);
        let outcome = experiment.run(&self.folder(repeat, fold.fold), true, Progress::quiet())?;
        let said = &outcome.evaluation.predictions;
        let row = |i: usize| OutOfFoldRow {
            image: said.names[i].clone(),
            repeat,
            fold: fold.fold,
            truth: said.truth[i],
            predicted: said.predicted[i],
            probabilities: said.probabilities[i].iter().map(|&p| f64::from(p)).collect(),
        };
        Ok(Fit {
            repeat,
            fold,
            accuracy: outcome.evaluation.accuracy,
            cpu_seconds: outcome.history.epochs.iter().map(|epoch| epoch.cpu_seconds).sum(),
            rows: (0..said.names.len()).map(row).collect(),
        })
    }

    /// Does all fits, `jobs` at a time, and puts their predictions together. The observer hears of each that is done, with
    /// how many are. A fit that fails is tried again when the others are done; they are kept whatever happens.
    ///
    /// Several fits of one thread each use cores better than one fit of several: the experiment says the threads of a fit,
    /// one where it does not and there are several jobs.
    ///
    /// # Errors
    /// The first fit that failed twice, with its name.
    pub fn run(&self, jobs: usize, observer: &(dyn Fn(&Fit, usize) + Sync)) -> Result<OutOfFold> {
        let mut own = self.clone();
        if jobs > 1 {
            own.experiment.training.threads.get_or_insert(1);
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
        OutOfFold::new(self.experiment.source.load()?.classes(), rows)
    }
}

impl Fit {
    /// Its name for people, who count from 1.
    pub fn name(&self) -> String {
        format!("repeat {}, fold {}", self.repeat + 1, self.fold.fold + 1)
    }
}

/// What a thread that panicked left is as good as ever: it only appends.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
