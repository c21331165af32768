//! Several experiments for one notebook: trained one after the other, judged in the same way.

use super::Budget;
use crate::base::progress::say;
use crate::data::{Dataset, Source};
use crate::net::weights::catalogue;
use crate::study::experiment::{Experiment, TrainedRun};
use crate::training::{History, Keep, Schedule, Settings};
use crate::{Error, Result};

/// An experiment that could not be done here.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftOut {
    /// What it is called.
    pub name: String,
    /// Why, and what to do.
    pub why: String,
}

/// Experiments trained one after the other: what a notebook compares.
///
/// Each is kept in a folder and found there again ([`Experiment::fit`]). One that begins with ImageNet's weights is left
/// out, and listed with what to do, where these are not in the cache: everything else still runs without a network.
#[derive(Clone, Debug, Default)]
pub struct Lessons {
    lessons: Vec<TrainedRun>,
    left_out: Vec<LeftOut>,
}

impl Lessons {
    /// Trains the experiments of these recipes within `budget` ([`Experiment::lesson`]) and evaluates each on its test
    /// photos, with a line an epoch on standard output.
    ///
    /// # Errors
    /// As [`Lessons::train_experiments`]; a recipe that is not there.
    pub fn train(recipes: &[&str], seed: u64, budget: Budget) -> Result<Lessons> {
        let experiments: Result<Vec<Experiment>> =
            recipes.iter().map(|recipe| Experiment::lesson(recipe, seed, budget)).collect();
        Lessons::train_experiments(recipes, &experiments?)
    }

    /// As [`Lessons::train`], of at most as many drawn faces as the real set has photos, 455: for a notebook whose lesson is
    /// shared by many large networks.
    ///
    /// # Errors
    /// As [`Lessons::train`].
    pub fn train_on_few(recipes: &[&str], seed: u64, budget: Budget) -> Result<Lessons> {
        Lessons::train_experiments(recipes, &on_few(recipes, seed, budget)?)
    }

    /// As [`Lessons::train_on_few`], with the test photos looked at after each epoch, as cited work 1 did: the validation in
    /// these histories is on the test photos. The experiments must choose nothing by it.
    ///
    /// # Errors
    /// As [`Lessons::train`]; a recipe that has a validation part, keeps the best epoch, stops early, or lowers its learning
    /// rate on a plateau.
    pub fn train_watched(recipes: &[&str], seed: u64, budget: Budget) -> Result<Lessons> {
        let experiments = on_few(recipes, seed, budget)?;
        for (name, experiment) in recipes.iter().zip(&experiments) {
            let Settings { keep, early_stopping, schedule, .. } = &experiment.training;
            let lowers = matches!(schedule, Schedule::ReduceOnPlateau(_));
            if *keep != Keep::Last || early_stopping.is_some() || lowers || experiment.split.validation > 0.0 {
                return Err(Error::Invalid(format!(
                    "{name} would choose by its test photos: watch them in a training without validation, early stopping \
                     and plateaus, and keep its last epoch"
                )));
            }
        }
        Lessons::train_all(recipes, &experiments, true)
    }

    /// Trains these experiments and evaluates each on its test photos; `names[i]` is what `experiments[i]` is called.
    ///
    /// # Errors
    /// Not a name for each; as [`Experiment::parts`], [`Experiment::build`] and [`Experiment::fit`].
    pub fn train_experiments(names: &[&str], experiments: &[Experiment]) -> Result<Lessons> {
        Lessons::train_all(names, experiments, false)
    }

    fn train_all(names: &[&str], experiments: &[Experiment], watched: bool) -> Result<Lessons> {
        if names.len() != experiments.len() {
            let (names, experiments) = (names.len(), experiments.len());
            return Err(Error::Invalid(format!("there are {names} names for {experiments} experiments")));
        }
        let mut lessons = Lessons::default();
        let mut loaded: Option<(Source, Dataset)> = None;
        for (name, experiment) in names.iter().zip(experiments) {
            if let Some(why) = missing_weights(experiment)? {
                say(&format!("{name} is left out: {why}"));
                lessons.left_out.push(LeftOut { name: name.to_string(), why });
                continue;
            }
            say(name);
            let dataset = match loaded.take() {
                Some((source, dataset)) if source == experiment.source => dataset,
                _ => experiment.source.load()?,
            };
            lessons.lessons.push(Lessons::train_one(name, experiment, &dataset, watched)?);
            loaded = Some((experiment.source.clone(), dataset));
        }
        Ok(lessons)
    }

    /// Trains `experiment` once with each of these seeds, which decide the split, the first weights and the order; each is
    /// called by its seed.
    ///
    /// # Errors
    /// As [`Lessons::train_experiments`].
    pub fn train_seeds(experiment: &Experiment, seeds: &[u64]) -> Result<Lessons> {
        let with = |&seed: &u64| {
            let mut experiment = experiment.clone();
            (experiment.split.seed, experiment.training.seed) = (seed, seed);
            experiment
        };
        let names: Vec<String> = seeds.iter().map(|seed| format!("seed {seed}")).collect();
        let experiments: Vec<Experiment> = seeds.iter().map(with).collect();
        Lessons::train_experiments(&names.iter().map(String::as_str).collect::<Vec<_>>(), &experiments)
    }

    /// How each training ended, a line each.
    pub fn conclusions(&self) -> String {
        let line = |lesson: &TrainedRun| format!("{}: {}", lesson.name, lesson.history.conclusion());
        self.lessons.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// Whether each fits its training photos too closely or not closely enough, by its curves, a line each
    /// ([`History::diagnosis`]).
    pub fn fittings(&self) -> String {
        let line = |lesson: &TrainedRun| {
            let said = lesson.history.diagnosis(lesson.evaluation.predictions.classes.len());
            format!("{}: {}", lesson.name, said.map_or("no validation".into(), |said| said.to_string()))
        };
        self.lessons.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// Those that were trained, in their order.
    pub fn all(&self) -> &[TrainedRun] {
        &self.lessons
    }

    /// Those that could not be.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// The one called `name`.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none: with the names of those there are, or why it was left out.
    pub fn get(&self, name: &str) -> Result<&TrainedRun> {
        if let Some(lesson) = self.find(name) {
            return Ok(lesson);
        }
        Err(Error::NotFound(match self.left_out.iter().find(|left| left.name == name) {
            Some(left) => format!("{name} was left out: {}", left.why),
            None => format!("there is no lesson \"{name}\"; there are {}", self.names().join(", ")),
        }))
    }

    /// The one called `name`, if it was trained.
    pub fn find(&self, name: &str) -> Option<&TrainedRun> {
        self.lessons.iter().find(|lesson| lesson.name == name)
    }

    /// What they are called.
    pub fn names(&self) -> Vec<String> {
        self.lessons.iter().map(|lesson| lesson.name.clone()).collect()
    }

    /// Their histories, as for [`learning_curves_of`](crate::show::plots::learning_curves_of).
    pub fn histories(&self) -> Vec<History> {
        self.lessons.iter().map(|lesson| lesson.history.clone()).collect()
    }
}

impl Lessons {
    fn train_one(name: &str, experiment: &Experiment, dataset: &Dataset, watched: bool) -> Result<TrainedRun> {
        let mut parts = experiment.parts(dataset)?;
        if watched {
            parts.validation = parts.test.clone();
        }
        let mut network = experiment.build(dataset.classes().len())?;
        let history = experiment.fit(&mut network, &parts)?;
        let evaluation = experiment.evaluate(&mut network, dataset, &parts)?;
        Ok(TrainedRun { name: name.to_string(), experiment: experiment.clone(), history, evaluation })
    }
}

/// The experiments of [`Lessons::train_on_few`].
fn on_few(recipes: &[&str], seed: u64, budget: Budget) -> Result<Vec<Experiment>> {
    /// As many as the data set has photos.
    const FEW: usize = 455;
    let of = |recipe: &&str| {
        let mut experiment = Experiment::lesson(recipe, seed, budget)?;
        if let Source::Drawn { count, .. } = &mut experiment.source {
            *count = FEW.min(*count);
        }
        Ok(experiment)
    };
    recipes.iter().map(of).collect()
}

impl Experiment {
    /// The lesson ([`Experiment::lesson`]) of the first of these recipes that can be trained here. One that begins with
    /// ImageNet's weights is passed over where these are not in the cache, with a line on standard output that says so.
    ///
    /// # Errors
    /// As [`Experiment::lesson`]; none of them can be trained here, with the reasons.
    pub fn first_lesson(recipes: &[&str], seed: u64, budget: Budget) -> Result<Experiment> {
        let mut reasons = Vec::new();
        for recipe in recipes {
            let experiment = Experiment::lesson(recipe, seed, budget)?;
            match missing_weights(&experiment)? {
                None => return Ok(experiment),
                Some(why) => {
                    say(&format!("Not {recipe}: {why}"));
                    reasons.push(format!("{recipe}: {why}"));
                }
            }
        }
        Err(Error::Invalid(format!("none of these recipes can be trained here: {}", reasons.join("; "))))
    }
}

/// What to do where an experiment begins with ImageNet's weights and these are not here.
fn missing_weights(experiment: &Experiment) -> Result<Option<String>> {
    if experiment.weights.as_deref() != Some("imagenet") {
        return Ok(None);
    }
    let entry = catalogue()?.into_iter().find(|entry| entry.network == experiment.network && !entry.cached);
    Ok(entry.map(|entry| format!("ImageNet's weights are not here yet; {}", entry.advice())))
}
