//! The one loop over folds: whatever is cross-validated is fitted here.

use super::method::{FoldTask, Prepared};
use crate::data::{Fold, Folds};
use crate::metrics::{CurvePoint, LearningCurve};
use crate::training::Stop;
use crate::{Error, Result};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// What is done about a fit that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnFailure {
    /// Nothing else is begun.
    Stop,
    /// The others are done first, and then it is tried once more.
    Retry,
}

/// A task for each fold of each repeat, in order: all photos of the other folds to learn from, those of the fold to
/// answer for. The tasks have no folder.
pub(crate) fn tasks(folds: &Folds) -> Vec<FoldTask> {
    let task = |(repeat, fold): (usize, usize)| FoldTask {
        repeat,
        fold: Fold { fold, folds: folds.folds(), seed: folds.seeds()[repeat], by_page: false },
        train: folds.train(repeat, fold),
        test: folds.test(repeat, fold),
        folder: PathBuf::new(),
        fraction: 1.0,
    };
    pairs(folds.repeats(), folds.folds()).map(task).collect()
}

/// All pairs of repeat and fold, in order.
pub(crate) fn pairs(repeats: usize, folds: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..repeats).flat_map(move |repeat| (0..folds).map(move |fold| (repeat, fold)))
}

/// Does `fit` for each task, `jobs` at a time, and gives what came of them in the order of the tasks.
///
/// # Errors
/// That of the first task whose fit failed; of one that was tried again, with its name. [`Error::Stopped`] where a signal
/// asked for the end ([`Stop`]) before all were done.
pub(crate) fn fit_each<T: Send>(
    tasks: &[FoldTask],
    jobs: usize,
    on_failure: OnFailure,
    fit: impl Fn(&FoldTask) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let done: Vec<Mutex<Option<Result<T>>>> = tasks.iter().map(|_| Mutex::new(None)).collect();
    let stop = Stop::by_signals();
    let work = || {
        while stop.reason().is_none() && (on_failure == OnFailure::Retry || !failed.load(Ordering::Relaxed)) {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(task) = tasks.get(place) else { return };
            let result = fit(task);
            failed.fetch_or(result.is_err(), Ordering::Relaxed);
            *lock(&done[place]) = Some(result);
        }
    };
    match jobs.clamp(1, tasks.len().max(1)) {
        1 => work(),
        jobs => thread::scope(|scope| (0..jobs).for_each(|_| drop(scope.spawn(work)))),
    }
    if let Some(reason) = stop.reason() {
        let whole = done.iter().filter(|done| matches!(*lock(done), Some(Ok(_)))).count();
        if whole < tasks.len() {
            let all = tasks.len();
            let kept = "what has a folder is kept there, and the same command goes on with it";
            return Err(Error::Stopped { reason, done: format!("after {whole} of {all} fits: {kept}") });
        }
    }
    let done = tasks.iter().zip(done).filter_map(|(task, done)| {
        let result = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)?;
        Some(match (result, on_failure) {
            (Err(error), OnFailure::Retry) if cannot_work(&error) => Err(error),
            (Err(_), OnFailure::Retry) => fit(task).map_err(|error| {
                let (fold, repeat) = (task.fold.fold + 1, task.repeat + 1);
                Error::Invalid(format!("fold {fold} of repeat {repeat} failed twice: {error}"))
            }),
            (result, _) => result,
        })
    });
    done.collect()
}

/// Whether trying again would end in the same way: what is asked for does not fit the photos or the method.
fn cannot_work(error: &Error) -> bool {
    matches!(error, Error::Data(_) | Error::Invalid(_))
}

/// The learning curve of a prepared method over `fractions` of the training photos of each fold and repeat
/// ([`Folds::train_fraction`]); the test of each fold stays the same. `labels` are the classes of all photos.
///
/// # Errors
/// Those of the method; [`Error::Invalid`] for no fraction, fractions that do not ascend or are none, labels that are
/// not those of the folds, and a method that does not answer for each photo.
///
/// ```
/// use manga_expressions::data::{FoldSettings, Folds};
/// use manga_expressions::study::methods::{Answer, Answers, FoldTask, Prepared, learning_curve_of};
///
/// /// Right only when it has seen enough.
/// struct Late(Vec<usize>);
///
/// impl Prepared for Late {
///     fn fit(&self, task: &FoldTask) -> manga_expressions::Result<Answers> {
///         let answer = |&photo: &usize| Answer::certain(if task.train.len() < 20 { 0 } else { self.0[photo] }, 2);
///         Ok(Answers::new(task.test.iter().map(answer).collect()))
///     }
/// }
///
/// let (classes, labels) = (["sad".to_string(), "happy".to_string()], [0, 1].repeat(30));
/// let folds = Folds::stratified(&classes, &labels, &FoldSettings::default())?;
/// let curve = learning_curve_of("late", &Late(labels.clone()), &labels, &folds, &[0.25, 0.5, 1.0])?;
/// assert_eq!(curve.points.iter().map(|point| point.accuracy).collect::<Vec<_>>(), [0.5, 1.0, 1.0]);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn learning_curve_of(
    name: &str,
    prepared: &dyn Prepared,
    labels: &[usize],
    folds: &Folds,
    fractions: &[f64],
) -> Result<LearningCurve> {
    if fractions.is_empty() || fractions.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err(Error::Invalid(format!("{fractions:?} are no fractions for a learning curve: they must ascend")));
    }
    let point = |&fraction: &f64| {
        let part = |task: FoldTask| {
            let train = folds.train_fraction(labels, task.repeat, task.fold.fold, fraction)?;
            Ok(FoldTask { train, fraction, ..task })
        };
        let tasks: Vec<FoldTask> = tasks(folds).into_iter().map(part).collect::<Result<_>>()?;
        let mut right = vec![0.0; labels.len()];
        for (task, answers) in tasks.iter().zip(fit_each(&tasks, 1, OnFailure::Stop, |task| prepared.fit(task))?) {
            if answers.rows.len() != task.test.len() {
                let (a, b) = (answers.rows.len(), task.test.len());
                return Err(Error::Invalid(format!("{name} named {a} classes for {b} photos")));
            }
            let rows = task.test.iter().zip(&answers.rows);
            rows.filter(|&(&photo, answer)| labels[photo] == answer.predicted)
                .for_each(|(&photo, _)| right[photo] += 1.0);
        }
        let repeats = folds.repeats() as f64;
        right.iter_mut().for_each(|count| *count /= repeats);
        let learnt: usize = tasks.iter().map(|task| task.train.len()).sum();
        CurvePoint::new(learnt as f64 / (repeats * folds.folds() as f64), right)
    };
    let points = fractions.iter().map(point).collect::<Result<_>>()?;
    Ok(LearningCurve::new(name, points, labels))
}

/// What a thread that panicked left is as good as ever: it is written once.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
