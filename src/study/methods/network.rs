//! A network and its training as a method.

use crate::Result;
use crate::data::{Fold, Source};
use crate::study::answers::{Answer, Answers, Cost};
use crate::study::experiment::{Experiment, RunOptions};
use crate::study::method::{Context, FoldTask, Method, Prepared, Reuse};
use crate::training::{Progress, set_aside_outdated};
use serde_json::Value;

impl Method for Experiment {
    fn settings(&self) -> Result<Value> {
        self.without_source()
    }

    fn prepare(&self, on: &Context) -> Result<Box<dyn Prepared>> {
        let mut experiment = Experiment { source: on.source.clone(), ..self.clone() };
        experiment.training.threads = experiment.training.threads.or(on.threads);
        Ok(Box::new(Trainings { experiment, classes: on.dataset.classes().len(), learnt_only: on.learnt_only }))
    }

    fn source(&self) -> Option<Source> {
        Some(self.source.clone())
    }
}

struct Trainings {
    experiment: Experiment,
    classes: usize,
    learnt_only: bool,
}

impl Prepared for Trainings {
    /// Trains a network on all photos but those of the fold, or goes on with its training. Its validation photos are a part
    /// of those of the task, which the experiment takes by itself. A training of another compute version stays, beside it.
    fn fit(&self, task: &FoldTask) -> Result<Answers> {
        task.check_whole("this network's training")?;
        let mut experiment = self.experiment.clone();
        experiment.split.fold = Some(task.fold);
        (experiment.split.seed, experiment.training.seed) = (own_seed(task.fold), own_seed(task.fold));
        if let Some(aside) = set_aside_outdated(&task.folder)? {
            Progress::lines_beside_results().print(&format!(
                "{} was trained by another compute version and is now {}; it is trained again",
                task.folder.display(),
                aside.display()
            ));
        }
        let options = RunOptions { resume: true, learnt_only: self.learnt_only, ..RunOptions::default() };
        let outcome = experiment.run_with(&task.folder, options)?;
        let predictions = outcome.evaluation.predictions;
        let answer = |(predicted, probabilities)| Answer { predicted, probabilities };
        let rows = predictions.predicted.into_iter().zip(predictions.probabilities).map(answer).collect();
        let cpu_seconds = outcome.history.epochs.iter().map(|epoch| epoch.cpu_seconds).sum();
        Ok(Answers { cpu_seconds: Some(cpu_seconds), history: Some(outcome.history), ..Answers::new(rows) })
    }

    fn cost(&self) -> Result<Cost> {
        let summary = self.experiment.build(self.classes)?.summary()?;
        let cpu_seconds = self.experiment.pretraining_cpu_seconds()?;
        Ok(Cost { cpu_seconds, parameters: summary.total, trainable: summary.trainable })
    }

    /// Other settings than those of the run are for the training to refuse.
    fn reuse(&self) -> Reuse {
        Reuse::Refit
    }
}

/// A seed for each fit, so that no two share their first weights and their order.
fn own_seed(fold: Fold) -> u64 {
    fold.seed.wrapping_mul(fold.folds as u64).wrapping_add(fold.fold as u64)
}
