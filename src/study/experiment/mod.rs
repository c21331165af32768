//! The report's whole method in one piece: a data set is prepared and split, a network trained on one part and judged
//! on another. Each step is a call of the modules that the notebooks use one by one.

mod build;
mod changes;
mod classifier;
mod endings;
mod evaluation;
pub(crate) mod fingerprint;
mod kept_endings;
mod pretraining;
mod recipe;
mod test_time;
mod timings;
mod trained_run;

pub use build::load;
pub(crate) use changes::{Changes, over, table_of, with_changes};
pub use classifier::{Classification, Classifier, Guess};
pub use endings::{AboutFollowed, Ending, EndingRow, FollowedTraining, endings};
pub use evaluation::{Evaluation, evaluate, evaluate_run};
pub use pretraining::Pretraining;
pub use recipe::{RECIPES, Recipe};
pub(crate) use recipe::{comment, recipes};
pub use test_time::TestTimeAugmentation;
pub use timings::{Timing, timings};
pub use trained_run::{RunOptions, TrainedRun};

use crate::data::{Dataset, LabelledImages, Preparation, Source, Split, SplitSettings};
use crate::net::models;
use crate::net::nn::{Head, Network};
use crate::training::{History, Progress, Run, Settings, Training};
use crate::{COMPUTE_VERSION, Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// All that decides the result of a run. It is saved with the run, which can so be evaluated and repeated.
///
/// ```no_run
/// use manga_expressions::study::experiment::Experiment;
/// use manga_expressions::training::Progress;
///
/// let outcome = Experiment::new("resnet50v2", 1).run("runs/first", false, Progress::terminal())?;
/// println!("{}\n{}", outcome.evaluation.accuracy, outcome.evaluation.report);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Experiment {
    /// Name of the network, one of [`models::NETWORKS`].
    pub network: String,
    /// Weights to begin with, for all of the network but its head: `imagenet`, or a file as for
    /// [`Weights::open`](crate::net::weights::Weights::open); drawn from the seed where none are given.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::base::optional::or_false")]
    pub weights: Option<String>,
    /// A first training on drawn faces, which begins with these weights.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::base::optional::or_false")]
    pub pretraining: Option<Pretraining>,
    /// Whether [`Preparation::scaling`] is meant although the weights expect another: the mistake "right weights, wrong
    /// preprocessing", on purpose. Without it, a scaling that does not fit the weights is an error.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_scaling: bool,
    /// The last stage that is frozen, as `layer3`, or `nothing`; as the network is built where none is given, which for
    /// `vgg16` is the report's: all convolutions.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::base::optional::or_false")]
    pub freeze: Option<String>,
    /// Heads in place of the network's own; their logits are averaged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heads: Vec<Head>,
    /// Where the photos come from.
    #[serde(default)]
    pub source: Source,
    /// How they become images.
    #[serde(default)]
    pub preparation: Preparation,
    /// How they are divided.
    #[serde(default)]
    pub split: SplitSettings,
    /// How the network is trained; its seed is also that of the network's first weights.
    #[serde(default)]
    pub training: Settings,
    /// A digest of the network, where it is one that was [registered](models::register): set when a run is kept, so that a
    /// run of another network of the same name is not taken for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered: Option<String>,
    /// Which copies of each photo the trained network is asked about.
    #[serde(default, skip_serializing_if = "TestTimeAugmentation::is_none")]
    pub test_time: TestTimeAugmentation,
}

/// A data set divided, its photos prepared.
#[derive(Debug)]
pub struct Parts {
    /// Which photo is in which part.
    pub split: Split,
    /// What the network learns from.
    pub train: LabelledImages,
    /// What decides during training; may be empty.
    pub validation: LabelledImages,
    /// What is looked at when training is over.
    pub test: LabelledImages,
}

impl Experiment {
    /// The report's protocol for `network`, with everything drawn from `seed`, for images of the size that the network is
    /// for; the photos are found as [`Source::find`] does.
    pub fn new(network: &str, seed: u64) -> Self {
        Experiment {
            network: network.into(),
            weights: None,
            pretraining: None,
            own_scaling: false,
            freeze: None,
            heads: Vec::new(),
            source: Source::default(),
            preparation: Preparation { channels: 3, ..Preparation::default() },
            split: SplitSettings { seed, ..SplitSettings::default() },
            training: Settings { seed, ..Settings::default() },
            registered: None,
            test_time: TestTimeAugmentation::default(),
        }
    }

    /// Trains `network` on the parts in a folder of its own under `runs/lessons` in the project, with a line an epoch on
    /// standard output. The folder's name has a digest of all settings and photos: the same experiment finds its run
    /// there, goes on with it if it was interrupted, and does not train again what is finished. A finished run of the
    /// same settings and photos anywhere else under `runs`, as `manga train` makes them, is found too, and said to be.
    /// The network must be as [`Experiment::build`] gave it.
    ///
    /// # Errors
    /// As [`Training::run`].
    pub fn fit(&self, network: &mut Network, parts: &Parts) -> Result<History> {
        self.fit_showing(network, parts, Progress::lines())
    }

    /// As [`Experiment::fit`], with another progress.
    pub(crate) fn fit_showing(&self, network: &mut Network, parts: &Parts, progress: Progress) -> Result<History> {
        let validation = (!parts.validation.is_empty()).then_some(&parts.validation);
        self.fit_on(network, (&parts.train, validation), parts.fingerprint()?, progress)
    }

    /// As [`Experiment::fit`], on these training and validation photos, of which `fingerprint` says which they are.
    pub(crate) fn fit_on(
        &self,
        network: &mut Network,
        (train, validation): (&LabelledImages, Option<&LabelledImages>),
        fingerprint: Value,
        progress: Progress,
    ) -> Result<History> {
        let folder = lessons_folder().join(self.digest_with(&fingerprint)?);
        self.training_in(&folder, fingerprint)?
            // Notebooks make many runs, most of them with the same weights frozen.
            .learnt_only(true)
            .resume(true)
            .or_finished_in(runs_folder())
            .progress(progress)
            .run(network, train, validation)
    }

    /// The name of a lesson's folder: the network, and a digest of all that decides the result.
    pub(crate) fn digest_with(&self, fingerprint: &Value) -> Result<String> {
        let all = format!("{COMPUTE_VERSION} {} {fingerprint}", self.config()?);
        let digest = format!("{:x}", Sha256::digest(all));
        Ok(format!("{}-{}", self.network, &digest[..12]))
    }

    /// The experiment of a run.
    ///
    /// # Errors
    /// A run that was made in another way, as by a cell of a notebook.
    pub fn of(run: &Run) -> Result<Self> {
        serde_json::from_value(value(&run.settings().data)?).map_err(|error| {
            let folder = run.folder().display();
            Error::File(format!("{folder} does not say how its photos were chosen and prepared ({error})"))
        })
    }

    /// Divides `dataset` and prepares its photos.
    ///
    /// # Errors
    /// A class too small for the split, a preparation that cannot work, or photos that the [`Pretraining`] has learnt.
    pub fn parts(&self, dataset: &Dataset) -> Result<Parts> {
        self.check_not_learnt_before(dataset)?;
        let split = dataset.split(&self.split)?;
        let images = self.preparation.apply(dataset)?;
        Ok(Parts {
            train: images.select(split.train()),
            validation: images.select(split.validation()),
            test: images.select(split.test()),
            split,
        })
    }

    /// Trains in `folder`, or goes on there with `resume`, and evaluates on the test photos.
    ///
    /// # Errors
    /// As loading, splitting and [`Training::run`].
    pub fn run(&self, folder: impl AsRef<Path>, resume: bool, progress: Progress) -> Result<TrainedRun> {
        self.run_with(folder, RunOptions { resume, progress, ..RunOptions::default() })
    }

    /// As [`Experiment::run`], with more to say of the run.
    ///
    /// # Errors
    /// As there.
    pub fn run_with(&self, folder: impl AsRef<Path>, options: RunOptions) -> Result<TrainedRun> {
        let (folder, RunOptions { resume, mut progress, learnt_only, name }) = (folder.as_ref(), options);
        let dataset = self.source.load()?;
        progress.tell_left_out(&dataset);
        let parts = self.parts(&dataset)?;
        let mut network = self.build(dataset.classes().len())?;
        let validation = (!parts.validation.is_empty()).then_some(&parts.validation);
        let training = self.training_in(folder, parts.fingerprint()?)?.learnt_only(learnt_only).named(name.as_deref());
        let history = training.resume(resume).progress(progress).run(&mut network, &parts.train, validation)?;
        let evaluation = self.evaluate(&mut network, &dataset, &parts)?;
        Run::open(folder)?.write_report(&evaluation.to_string(), &value(&evaluation)?)?;
        Ok(TrainedRun {
            name: name.unwrap_or_else(|| self.network.clone()),
            experiment: self.clone(),
            history,
            evaluation,
        })
    }
}

impl Experiment {
    /// What a run's folder keeps of this experiment: no result depends on the number of threads.
    pub(crate) fn config(&self) -> Result<Value> {
        let training = Settings { threads: None, ..self.training.clone() };
        let registered = models::digest_of_registered(&self.network)?;
        value(&Experiment { training, registered, ..self.clone() })
    }

    /// All that decides its results, as JSON: the number of threads and where the photos lie are not among it.
    ///
    /// # Errors
    /// A registered network that does not work.
    pub fn without_source(&self) -> Result<Value> {
        let mut settings = self.config()?;
        settings.as_object_mut().map(|settings| settings.remove("source"));
        Ok(settings)
    }

    /// Where [`Experiment::fit`] keeps its run.
    pub(crate) fn folder(&self, parts: &Parts) -> Result<PathBuf> {
        Ok(lessons_folder().join(self.digest_with(&parts.fingerprint()?)?))
    }

    /// The training of this experiment, kept in `folder`, on photos of which `fingerprint` says which they are.
    fn training_in(&self, folder: &Path, fingerprint: Value) -> Result<Training> {
        Ok(Training::new(&self.training).in_folder(folder).with_data(self.config()?, fingerprint))
    }
}

impl Parts {
    /// Which photo is in which part, and a digest of all of them, by which a run knows its photos again.
    pub(crate) fn fingerprint(&self) -> Result<Value> {
        let mut digest = Sha256::new();
        for part in [&self.train, &self.validation, &self.test] {
            part.labels.iter().for_each(|label| digest.update((*label as u64).to_le_bytes()));
            part.images.values().iter().for_each(|value| digest.update(value.to_le_bytes()));
        }
        let mut fingerprint = value(&self.split)?;
        fingerprint["sha256"] = format!("{:x}", digest.finalize()).into();
        Ok(fingerprint)
    }
}

/// Where runs are kept that notebooks and the command line make.
fn runs_folder() -> PathBuf {
    crate::project::runs()
}

/// Where notebooks keep theirs.
pub(crate) fn lessons_folder() -> PathBuf {
    runs_folder().join("lessons")
}

pub(crate) fn value<T: Serialize>(of: &T) -> Result<Value> {
    serde_json::to_value(of).map_err(|error| Error::output("JSON", error))
}
