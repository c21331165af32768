//! Followed trainings in files: a table of their epochs, and a JSON that says what was trained.

use super::endings::{AboutFollowed, FollowedTraining};
use crate::base::files;
use crate::training::{Epoch, Glance, History, Snapshot, Trajectory};
use crate::{Error, Result};
use std::path::Path;

const HEADER: &str =
    "epoch,statistics,train_loss,train_accuracy,validation_loss,validation_accuracy,test_loss,test_accuracy,predicted";

impl FollowedTraining {
    /// Writes it into `folder`, made where it is missing. Each file is replaced whole.
    ///
    /// # Errors
    /// [`Error::Io`] for a folder that cannot be written.
    pub fn save(&self, folder: impl AsRef<Path>) -> Result<()> {
        let folder = folder.as_ref();
        std::fs::create_dir_all(folder).map_err(Error::io("cannot make", folder))?;
        let mut csv = format!("{HEADER}\n");
        for one in &self.trajectory.snapshots {
            let training = &self.trajectory.training.epochs[one.epoch - 1];
            let predicted: Vec<String> = one.test.predicted.iter().map(usize::to_string).collect();
            csv.push_str(&format!(
                "{},{},{},{},{},{},{},{},{}\n",
                one.epoch,
                one.statistics,
                training.train_loss,
                training.train_accuracy,
                one.validation.loss,
                one.validation.accuracy,
                one.test.loss,
                one.test.accuracy,
                predicted.join(" ")
            ));
        }
        let name = folder.join(format!("{}-seed{}", self.about.recipe, self.about.seed));
        files::replace_text(&name.with_extension("csv"), &csv)?;
        let about = serde_json::to_string_pretty(&self.about).map_err(|error| Error::output("JSON", error))?;
        files::replace_text(&name.with_extension("json"), &format!("{about}\n"))
    }

    /// What stands in `folder` under the name of a `recipe` and a `seed`; none where nothing does.
    ///
    /// # Errors
    /// [`Error::Data`] for a file that is not as [`FollowedTraining::save`] wrote it, with the line.
    pub fn open(folder: impl AsRef<Path>, recipe: &str, seed: u64) -> Result<Option<FollowedTraining>> {
        let about = folder.as_ref().join(format!("{recipe}-seed{seed}.json"));
        if about.exists() { FollowedTraining::read(&about).map(Some) } else { Ok(None) }
    }

    /// The one that the file `path` is about.
    fn read(path: &Path) -> Result<FollowedTraining> {
        let text = std::fs::read_to_string(path).map_err(Error::io("cannot read", path))?;
        let about: AboutFollowed = serde_json::from_str(&text)
            .map_err(|error| Error::Data(format!("{} is damaged: {error}", path.display())))?;
        let csv = path.with_extension("csv");
        let text = std::fs::read_to_string(&csv).map_err(Error::io("cannot read", &csv))?;
        let damaged = |line: usize| Error::Data(format!("{}, line {line} is damaged: make it again", csv.display()));
        let mut lines = text.lines();
        if lines.next() != Some(HEADER) {
            return Err(damaged(1));
        }
        let (mut training, mut snapshots) = (History::default(), Vec::new());
        for (index, line) in lines.enumerate() {
            let (epoch, snapshot) = snapshot(line, &about).ok_or_else(|| damaged(index + 2))?;
            if training.epochs.len() < epoch.epoch {
                training.epochs.push(epoch);
            }
            snapshots.push(snapshot);
        }
        Ok(FollowedTraining { about, trajectory: Trajectory { training, snapshots } })
    }

    /// All that stand in `folder`, by recipe and seed.
    ///
    /// # Errors
    /// As [`FollowedTraining::open`]; a folder that cannot be read.
    pub fn all_in(folder: impl AsRef<Path>) -> Result<Vec<FollowedTraining>> {
        let folder = folder.as_ref();
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(Error::io("cannot read", folder))? {
            let path = entry.map_err(Error::io("cannot read", folder))?.path();
            if path.extension().is_some_and(|end| end == "json") {
                found.push(FollowedTraining::read(&path)?);
            }
        }
        found.sort_by(|a, b| (&a.about.recipe, a.about.seed).cmp(&(&b.about.recipe, b.about.seed)));
        Ok(found)
    }
}

/// A row of the CSV: what it says of the training, and the snapshot.
fn snapshot(line: &str, about: &AboutFollowed) -> Option<(Epoch, Snapshot)> {
    let fields: Vec<&str> = line.split(',').collect();
    let [epoch, statistics, numbers @ .., predicted] = &fields[..] else { return None };
    let epoch: usize = epoch.parse().ok().filter(|&epoch| epoch > 0)?;
    let numbers: Option<Vec<f64>> = numbers.iter().map(|number| number.parse().ok()).collect();
    let [train_loss, train_accuracy, validation_loss, validation_accuracy, test_loss, test_accuracy] = numbers?[..]
    else {
        return None;
    };
    let class = |word: &str| word.parse::<usize>().ok().filter(|&class| class < about.classes.len());
    let predicted: Vec<usize> = predicted.split(' ').map(class).collect::<Option<_>>()?;
    if predicted.len() != about.truth.len() {
        return None;
    }
    let row = Epoch {
        epoch,
        train_loss,
        train_accuracy,
        validation_loss: None,
        validation_accuracy: None,
        learning_rate: 0.0,
        seconds: 0.0,
        cpu_seconds: 0.0,
    };
    let snapshot = Snapshot {
        epoch,
        statistics: statistics.parse().ok()?,
        validation: Glance { loss: validation_loss, accuracy: validation_accuracy, predicted: Vec::new() },
        test: Glance { loss: test_loss, accuracy: test_accuracy, predicted },
    };
    Some((row, snapshot))
}
