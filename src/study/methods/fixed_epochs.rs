//! A network trained for all its epochs on exactly the photos of a task.

use crate::data::{Dataset, Features, LabelledImages, Source};
use crate::net::nn::Network;
use crate::study::answers::{Answer, Answers};
use crate::study::experiment::{Experiment, fingerprint};
use crate::study::method::{Context, FoldTask, Method, Prepared};
use crate::training::{self, History, Keep, Progress, Schedule, stage_features};
use crate::{Error, Result};
use serde_json::{Value, json};

/// An experiment whose network learns from all photos that it is given, for all epochs: nothing is kept for validation,
/// early stopping and the best epoch do not count, and the seed is the experiment's in every fold. For learning curves,
/// where a few photos leave none for validation, and for tests that are watched. Each training is kept and found again,
/// as in [`Experiment::fit`].
#[derive(Clone, Debug)]
pub struct FixedEpochs {
    experiment: Experiment,
    watched: bool,
}

impl FixedEpochs {
    /// The trainings of this experiment.
    pub fn new(experiment: &Experiment) -> FixedEpochs {
        let mut experiment = experiment.clone();
        (experiment.training.early_stopping, experiment.training.keep) = (None, Keep::Last);
        FixedEpochs { experiment, watched: false }
    }

    /// With the test photos looked at after each epoch; nothing is chosen by them. They are the validation of the fits'
    /// [histories](Answers::history).
    pub fn watched(self) -> FixedEpochs {
        FixedEpochs { watched: true, ..self }
    }

    /// On these photos.
    pub(crate) fn on(&self, dataset: &Dataset) -> Result<TrainedOn> {
        Ok(TrainedOn { method: self.clone(), images: self.experiment.preparation.apply(dataset)? })
    }
}

impl Method for FixedEpochs {
    fn settings(&self) -> Result<Value> {
        Ok(
            json!({ "method": "fixed_epochs", "watched": self.watched, "experiment": self.experiment.without_source()? }),
        )
    }

    fn prepare(&self, on: &Context) -> Result<Box<dyn Prepared>> {
        let mut own = self.clone();
        own.experiment.training.threads = own.experiment.training.threads.or(on.threads);
        Ok(Box::new(own.on(on.dataset)?))
    }

    fn check(&self) -> Result<()> {
        if self.watched && matches!(self.experiment.training.schedule, Schedule::ReduceOnPlateau(_)) {
            return Err(Error::Invalid(
                "a learning rate that falls on a plateau would follow the test photos: take another schedule".into(),
            ));
        }
        Ok(())
    }

    fn source(&self) -> Option<Source> {
        Some(self.experiment.source.clone())
    }
}

/// Photos as the network takes them, to train it on any of them.
pub(crate) struct TrainedOn {
    method: FixedEpochs,
    pub images: LabelledImages,
}

impl TrainedOn {
    /// A network trained on `train`; a run's folder knows the photos by `which`.
    fn trained(
        &self,
        train: &LabelledImages,
        watched: Option<&LabelledImages>,
        which: Value,
        progress: Progress,
    ) -> Result<(Network, History)> {
        let FixedEpochs { experiment, .. } = &self.method;
        let mut network = experiment.build(self.images.classes.len())?;
        let history = experiment.fit_on(&mut network, (train, watched), which, progress)?;
        Ok((network, history))
    }

    /// What the last stage before the head puts out for all photos, averaged over each channel, after a training on
    /// those at `seen`.
    pub fn features(&self, seen: &[usize], name: &str, progress: Progress) -> Result<Features> {
        let (network, _) = self.trained(&self.images.select(seen), None, json!({ "train": seen }), progress)?;
        let stages = network.stages();
        let last = stages[stages.len().saturating_sub(2)].to_string();
        stage_features(&network, &self.images.images, &last, 1)?.named(name).learnt_from(seen)
    }
}

impl Prepared for TrainedOn {
    fn fit(&self, task: &FoldTask) -> Result<Answers> {
        let (train, test) = (self.images.select(&task.train), self.images.select(&task.test));
        let watched = self.method.watched.then_some(&test);
        let which = match watched {
            Some(test) => fingerprint::of_images(&[&train, test]),
            None => fingerprint::of_images(&[&train]),
        };
        let (network, history) = self.trained(&train, watched, which, Progress::quiet())?;
        let said = training::evaluate(&network, &test)?;
        let rows = said.predicted.into_iter().zip(said.probabilities);
        let answer = |(predicted, probabilities)| Answer { predicted, probabilities };
        let cpu_seconds = Some(history.epochs.iter().map(|epoch| epoch.cpu_seconds).sum());
        Ok(Answers { cpu_seconds, history: Some(history), ..Answers::new(rows.map(answer).collect()) })
    }
}
