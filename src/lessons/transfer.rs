//! Transfer learning in the time that a notebook has: from ImageNet's photographs, and from faces drawn here.

use super::Budget;
use crate::data::{Source, SplitSettings};
use crate::metrics::Accuracy;
use crate::net::weights::catalogue;
use crate::study::experiment::{Experiment, lessons_folder};
use crate::training::Progress;
use crate::{Error, Result};

/// Seed of the faces that a network is pre-trained on: other characters than those of the lessons, which have seed 1.
const OTHER_CHARACTERS: u64 = 1_000;

/// A network that was pre-trained: where its weights are, and how it does on new pictures of the kind it learnt from.
#[derive(Clone, Debug)]
pub struct Pretrained {
    /// The file of its weights, for [`Experiment::beginning_with`].
    pub weights: String,
    /// Accuracy on the test part of what it was pre-trained on.
    pub accuracy: Accuracy,
}

impl Experiment {
    /// As [`Experiment::lesson`] with seed 1, for a notebook that trains some ten networks: where the budget is less than
    /// the report's there are fewer epochs, smaller images, and no more drawn faces than the real set has photos.
    ///
    /// # Errors
    /// As [`Experiment::lesson`].
    pub fn transfer_lesson(recipe: &str, budget: Budget) -> Result<Experiment> {
        let mut experiment = Experiment::lesson(recipe, 1, budget)?;
        let (epochs, size, faces) = match budget {
            Budget::Smoke => (2, 32, 140),
            Budget::Class => (8, 48, 455),
            Budget::Report => return Ok(experiment),
        };
        experiment.training.epochs = experiment.training.epochs.min(epochs);
        experiment.preparation.size = experiment.preparation.size.min(size);
        if let Source::Drawn { count, .. } = &mut experiment.source {
            *count = faces;
        }
        Ok(experiment)
    }

    /// ResNet-50 learning from scratch on drawn faces of other characters than any that the notebooks show, as a first
    /// training before the one that counts. It has no photo of the data set to see, so nothing of the test can leak.
    ///
    /// # Errors
    /// As [`Experiment::lesson`].
    pub fn first_training(budget: Budget) -> Result<Experiment> {
        let mut experiment = Experiment::lesson("resnet50", 1, budget)?;
        let (faces, size, epochs) = match budget {
            Budget::Smoke => (140, 32, 2),
            Budget::Class => (800, 48, 8),
            Budget::Report => (1_200, 64, 8),
        };
        experiment.source = Source::Drawn { count: faces, seed: OTHER_CHARACTERS };
        experiment.preparation.size = size;
        experiment.split = SplitSettings { test: 0.1, validation: 0.1, ..experiment.split };
        experiment.training.epochs = epochs;
        experiment.training.early_stopping = None;
        experiment.training.batch_norm_momentum = Some(0.9);
        Ok(experiment)
    }

    /// Trains this experiment as [`Experiment::fit`] does, and puts its weights into a file, to begin another with.
    ///
    /// # Errors
    /// As [`Experiment::fit`]; a file that cannot be written.
    pub fn pretrain(&self) -> Result<Pretrained> {
        let dataset = self.source.load()?;
        let parts = self.parts(&dataset)?;
        let mut network = self.build(dataset.classes().len())?;
        self.fit_showing(&mut network, &parts, Progress::lines())?;
        let accuracy = self.evaluate(&mut network, &dataset, &parts)?.accuracy;
        // Named after all that decides them: a file that is there has the same weights.
        let file = lessons_folder().join(format!("{}.safetensors", self.digest_with(&parts.fingerprint()?)?));
        if !file.exists() {
            network.save_weights_for(&file, Some(self.preparation.scaling), dataset.classes())?;
        }
        Ok(Pretrained { weights: file.to_string_lossy().into_owned(), accuracy })
    }

    /// The same experiment with other weights to begin with (`imagenet`, or a file), its photos scaled as these expect it.
    ///
    /// # Errors
    /// Weights that are not there or cannot be read.
    pub fn beginning_with(&self, weights: &str) -> Result<Experiment> {
        let mut other = Experiment { weights: Some(weights.into()), own_scaling: false, ..self.clone() };
        other.scale_as_weights_expect()?;
        Ok(other)
    }
}

impl Pretrained {
    /// `imagenet` where ImageNet's weights for the network `name` are in the cache, else the file of these.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a network that ImageNet's weights cannot be fetched for.
    pub fn or_imagenet(&self, name: &str) -> Result<String> {
        let entry = catalogue()?.into_iter().find(|entry| entry.network == name);
        let entry = entry.ok_or_else(|| Error::Invalid(format!("ImageNet's weights cannot be fetched for {name}")))?;
        Ok(if entry.cached { "imagenet".into() } else { self.weights.clone() })
    }
}
