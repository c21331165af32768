//! Several runs side by side: one accuracy is an anecdote.

use super::RunRow;
use crate::base::compute_version;
use crate::metrics::ClassScores;
use crate::study::experiment::{Experiment, value};
use crate::training::{History, Run, differences};
use crate::{Error, Result};
use serde::Serialize;
use serde_json::Value;
use std::path::Path;

/// One class in a [`Comparison`]: means over the runs. A run that never predicts the class counts with a precision of
/// 0, as in its own report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClassRow {
    /// Name of the class.
    pub name: String,
    /// Mean precision.
    pub precision: f64,
    /// Mean recall.
    pub recall: f64,
    /// Mean of the runs' F1.
    #[serde(rename = "f1-score")]
    pub f1: f64,
    /// How many of a run's test photos are of this class, in the mean.
    pub support: f64,
}

/// Finished runs of one experiment that differ in their seeds; their mean and spread.
///
/// The deviation tells how much an accuracy owes to the seed, which decides the split, the first weights and the order.
/// The interval is another matter: how far an accuracy on so few test photos may lie from that on all such photos.
/// Each run has its own (Wilson's), and here stands the mean of their ends. The answers of all runs are not thrown
/// together into one sample for a narrower interval: the runs draw their test photos from the same few hundred, so that
/// many a photo would count more than once and none of them is new.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// What the runs' settings call them; of runs in folders that somebody named, what these names have in common
    /// before `-seedN`; else the network's name.
    pub name: String,
    /// The runs, in the order given.
    pub rows: Vec<RunRow>,
    /// Mean accuracy.
    pub mean_accuracy: f64,
    /// Standard deviation of the accuracies (that of a sample); none for a single run.
    pub deviation: Option<f64>,
    /// Mean of the lower ends of the runs' 95 % intervals.
    pub low: f64,
    /// Mean of the upper ends.
    pub high: f64,
    /// The classes, in the order of the labels.
    pub classes: Vec<ClassRow>,
}

impl Comparison {
    /// Compares the runs in these folders.
    ///
    /// # Errors
    /// No run, one that is not finished, two of one seed, or runs that differ in more than their seeds.
    pub fn of(folders: &[String]) -> Result<Comparison> {
        let mut groups = Group::all(folders)?;
        if let [first, other, ..] = &groups[..] {
            let (name, first_name, what) = (&other.rows[0].run, &first.rows[0].run, first.differences(other));
            return Err(Error::Invalid(format!("{name} is another experiment than {first_name}: {what}")));
        }
        Ok(Comparison::new(groups.swap_remove(0)))
    }

    /// Compares the runs in these folders, which may be of several experiments: a comparison for each, in the order in
    /// which they first appear. Runs belong together if they differ in seed and number of threads at most.
    ///
    /// # Errors
    /// No run, one that is not finished, two of one seed in an experiment, or two experiments of one name.
    pub fn groups(folders: &[String]) -> Result<Vec<Comparison>> {
        let groups = Group::all(folders)?;
        for (i, group) in groups.iter().enumerate() {
            let name = group.name();
            if let Some(other) = groups[..i].iter().find(|other| other.name() == name) {
                return Err(Error::Invalid(format!(
                    "{} is another experiment than {}, and both are called {name}: rename the folder of one that \
                     `manga train --run` made, or leave one out ({})",
                    group.rows[0].run,
                    other.rows[0].run,
                    other.differences(group)
                )));
            }
        }
        Ok(groups.into_iter().map(Comparison::new).collect())
    }

    fn new(group: Group) -> Comparison {
        let (name, rows) = (group.name(), group.rows);
        let class = |(i, class): (usize, &ClassScores)| ClassRow {
            name: class.name.clone(),
            precision: mean(&rows, |row| row.classes[i].scores.precision),
            recall: mean(&rows, |row| row.classes[i].scores.recall),
            f1: mean(&rows, |row| row.classes[i].scores.f1),
            support: mean(&rows, |row| row.classes[i].scores.support as f64),
        };
        let classes = rows[0].classes.iter().enumerate().map(class).collect();
        Comparison::of_rows(name, rows, classes)
    }

    /// Of at least one run.
    pub(super) fn of_rows(name: String, rows: Vec<RunRow>, classes: Vec<ClassRow>) -> Comparison {
        let mean_accuracy = mean(&rows, |row| row.accuracy);
        let squares: f64 = rows.iter().map(|row| (row.accuracy - mean_accuracy).powi(2)).sum();
        let deviation = (rows.len() > 1).then(|| (squares / (rows.len() - 1) as f64).sqrt());
        let (low, high) = (mean(&rows, |row| row.low), mean(&rows, |row| row.high));
        Comparison { name, rows, mean_accuracy, deviation, low, high, classes }
    }

    /// The mean of a number over the runs.
    pub(crate) fn mean(&self, value: fn(&RunRow) -> f64) -> f64 {
        mean(&self.rows, value)
    }

    /// The compute versions that made the runs, each once, as `2` or `1 and 2`.
    pub fn compute_versions(&self) -> String {
        compute_version::together(self.rows.iter().map(|row| row.compute_version.as_str()))
    }

    /// The histories of the runs, for a figure.
    ///
    /// # Errors
    /// A run whose history cannot be read.
    pub fn histories(&self) -> Result<Vec<History>> {
        self.rows.iter().map(|row| Run::open(&row.run)?.history()).collect()
    }
}

fn mean(rows: &[RunRow], value: impl Fn(&RunRow) -> f64) -> f64 {
    rows.iter().map(value).sum::<f64>() / rows.len() as f64
}

/// Runs of one experiment, at least one.
struct Group {
    /// All that decides their results but the seed.
    protocol: Value,
    rows: Vec<RunRow>,
    /// What the runs' settings call them.
    names: Vec<Option<String>>,
}

impl Group {
    /// The runs in these folders, by experiment; at least one.
    fn all(folders: &[String]) -> Result<Vec<Group>> {
        let mut groups: Vec<Group> = Vec::new();
        for folder in folders {
            let run = Run::open(folder)?;
            let mut experiment = Experiment::of(&run)?;
            let row = RunRow::of(folder, &run, &experiment)?;
            (experiment.split.seed, experiment.training.seed, experiment.training.threads) = (0, 0, None);
            let protocol = value(&experiment)?;
            match groups.iter_mut().find(|group| group.protocol == protocol) {
                Some(group) => group.add(row, run.settings().name.clone())?,
                None => groups.push(Group { protocol, rows: vec![row], names: vec![run.settings().name.clone()] }),
            }
        }
        if groups.is_empty() {
            return Err(Error::Invalid("there is no run to compare".into()));
        }
        Ok(groups)
    }

    fn add(&mut self, row: RunRow, name: Option<String>) -> Result<()> {
        let RunRow { run, seed, .. } = &row;
        if let Some(same) = self.rows.iter().find(|other| other.seed == *seed) {
            let (first, what) = (&same.run, "compare runs of different seeds");
            return Err(Error::Invalid(format!("{run} is a second run of seed {seed}, beside {first}: {what}")));
        }
        let names = |row: &RunRow| row.classes.iter().map(|class| class.name.clone()).collect::<Vec<_>>().join(", ");
        let (first, classes) = (&self.rows[0], names(&row));
        if names(first) != classes {
            let (first, known) = (&first.run, names(first));
            return Err(Error::Invalid(format!("{run} has the classes {classes}, and {first} has {known}")));
        }
        self.rows.push(row);
        self.names.push(name);
        Ok(())
    }

    /// The name in the runs' settings; where they have none, or not the same, what the names of their folders have in
    /// common before `-seedN`; else the network's.
    fn name(&self) -> String {
        if let Some(name) = self.names[0].as_ref().filter(|_| self.names.iter().all(|name| *name == self.names[0])) {
            return name.clone();
        }
        let mut common = parts_of_name(&self.rows[0].run);
        for row in &self.rows[1..] {
            let same = common.iter().zip(parts_of_name(&row.run)).take_while(|(a, b)| *a == b).count();
            common.truncate(same);
        }
        let name = common.join("-");
        if name.is_empty() { self.rows[0].network.clone() } else { name }
    }

    /// In what `other` is another experiment.
    fn differences(&self, other: &Group) -> String {
        let mut found = Vec::new();
        differences("", &self.protocol, &other.protocol, &mut found);
        found.join("; ")
    }
}

/// A folder's name without `-seedN` at its end, divided at its hyphens.
fn parts_of_name(folder: &str) -> Vec<String> {
    let name = Path::new(folder).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let before = name.rsplit_once("-seed").filter(|(_, seed)| seed.parse::<u64>().is_ok());
    before.map_or(&name[..], |(before, _)| before).split('-').map(String::from).collect()
}

impl std::fmt::Display for Comparison {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "mean accuracy {:.1} % over {} runs", 100.0 * self.mean_accuracy, self.rows.len())?;
        self.deviation.map_or(Ok(()), |deviation| write!(f, ", standard deviation {:.1} points", 100.0 * deviation))
    }
}
