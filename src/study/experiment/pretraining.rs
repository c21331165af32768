//! A first training on faces that are drawn here.

use super::{Experiment, runs_folder};
use crate::data::{Dataset, Source, SplitSettings};
use crate::faces::FaceSet;
use crate::net::weights::Weights;
use crate::training::{Keep, Progress, Run, Settings};
use crate::{COMPUTE_VERSION, Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Faces that the library draws, on which a network is trained before it sees a photo: by the settings of the experiment,
/// but for those that stand here. Its body then begins with what it learnt there; the heads begin again.
///
/// Drawn faces are no photos: none of the test is among them, so that one such training serves all folds.
///
/// ```
/// use manga_expressions::study::experiment::{Experiment, Pretraining};
///
/// let experiment = Experiment::recipe("resnet50-drawn-128", 1)?;
/// assert_eq!(experiment.pretraining, Some(Pretraining { faces: 4000, epochs: 2, seed: 101 }));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pretraining {
    /// How many faces are drawn: the first ones of `manga draw`. A tenth of them is kept back, to tell how well they are known.
    pub faces: usize,
    /// How often each is shown.
    pub epochs: usize,
    /// Seed of this training; of its own, so that all fits begin with the same weights.
    pub seed: u64,
}

/// Where the faces and these trainings are kept.
const FOLDER: &str = "pretraining";

/// Seed of the faces, as that of `manga draw`; and of those for who has no photos but the drawn faces of that seed in their
/// place, so that none is learnt before it is the test.
const FACES_SEEDS: (u64, u64) = (1, 1_000);

impl Experiment {
    /// The weights after the first training, which is done where it has not been: in a folder of its own under
    /// `runs/pretraining` in the project, with its lines [beside the results](Progress::lines_beside_results). Of several programs that need it at a time one trains
    /// and the others wait.
    pub(super) fn weights_after(&self, pretraining: &Pretraining) -> Result<Weights> {
        let folder = self.pretraining_folder(pretraining)?;
        if !is_finished(&folder) {
            let Pretraining { faces, epochs, .. } = pretraining;
            let progress = Progress::lines_beside_results();
            progress.print(&format!(
                "{} is trained on {faces} drawn faces first, {epochs} epochs; once, in {}",
                self.network,
                folder.display()
            ));
            let mut first = self.on_faces(pretraining);
            first.source = Source::Folder(drawn(*faces, self.faces_seed())?.to_string_lossy().into_owned());
            first.run(&folder, true, progress)?;
        }
        Run::open(&folder)?.kept_weights()
    }

    /// An error where photos of `dataset` are among the faces of the first training, as in a folder of `manga draw`: it would
    /// have learnt them before they are the test. Compared are the first faces, which every such folder has.
    pub(super) fn check_not_learnt_before(&self, dataset: &Dataset) -> Result<()> {
        const COMPARED: usize = 70;
        let Some(pretraining) = &self.pretraining else {
            return Ok(());
        };
        let seed = self.faces_seed();
        let faces = FaceSet::new(pretraining.faces.min(COMPARED), seed).draw()?;
        let learnt: HashSet<&[u8]> = faces.iter().map(|face| face.pixels.as_slice()).collect();
        match dataset.photos().iter().find(|photo| learnt.contains(photo.grey())) {
            None => Ok(()),
            Some(photo) => Err(Error::Data(format!(
                "{} is among the {} drawn faces of seed {seed} that {} learns in its pretraining: it would know the test. Take \
                 photos, or faces of another seed",
                photo.name(),
                pretraining.faces,
                self.network
            ))),
        }
    }

    /// Processor seconds of the first training; nothing where there is none, or where it has not been done.
    pub(crate) fn pretraining_cpu_seconds(&self) -> Result<f64> {
        let Some(pretraining) = &self.pretraining else {
            return Ok(0.0);
        };
        let folder = self.pretraining_folder(pretraining)?;
        if !is_finished(&folder) {
            return Ok(0.0);
        }
        let history = Run::open(&folder)?.history()?;
        Ok(history.epochs.iter().map(|epoch| epoch.cpu_seconds).sum())
    }

    fn pretraining_folder(&self, pretraining: &Pretraining) -> Result<PathBuf> {
        Ok(runs_folder().join(FOLDER).join(self.on_faces(pretraining).digest_with(&Value::Null)?))
    }

    fn faces_seed(&self) -> u64 {
        let (usual, other) = FACES_SEEDS;
        if matches!(self.source, Source::Drawn { seed, .. } if seed == usual) { other } else { usual }
    }

    /// This experiment on drawn faces.
    fn on_faces(&self, &Pretraining { faces, epochs, seed }: &Pretraining) -> Experiment {
        Experiment {
            pretraining: None,
            source: Source::Drawn { count: faces, seed: self.faces_seed() },
            split: SplitSettings { test: 0.1, validation: 0.0, seed, ..SplitSettings::default() },
            training: Settings { epochs, seed, early_stopping: None, keep: Keep::Last, ..self.training.clone() },
            ..self.clone()
        }
    }
}

fn is_finished(folder: &Path) -> bool {
    Run::open(folder).is_ok_and(|run| run.is_finished())
}

/// The folder of so many drawn faces. They are files, so that one can look at them.
fn drawn(count: usize, seed: u64) -> Result<PathBuf> {
    let all = runs_folder().join(FOLDER);
    let folder = all.join(format!("faces-{count}-seed{seed}-version{COMPUTE_VERSION}"));
    if folder.is_dir() {
        return Ok(folder);
    }
    std::fs::create_dir_all(&all).map_err(Error::io("cannot make", &all))?;
    // Drawn beside it and then renamed: what is there is whole, also where two programs draw at a time.
    let begun = tempfile::tempdir_in(&all).map_err(Error::io("cannot make a folder in", &all))?;
    let faces = begun.path().join("faces");
    Dataset::from_faces(&FaceSet::new(count, seed))?.save(&faces)?;
    match std::fs::rename(&faces, &folder) {
        Err(_) if folder.is_dir() => Ok(folder),
        done => done.map_err(Error::io("cannot make", &folder)).map(|()| folder),
    }
}
