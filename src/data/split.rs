//! Dividing the samples into train, validation and test.

use super::dataset::{check_classes, counts};
use super::fold::Fold;
use crate::{Error, Result};
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};

/// How samples are drawn for the parts of a split.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SplitKind {
    /// Any sample with the same chance, as in the report; a small class may be missing from the test.
    Random,
    /// From each class its fraction, to within one sample, and each class in each part. The default: the small classes
    /// are what a random draw gets wrong.
    #[default]
    Stratified,
    /// Whole groups, as all faces of one character: no group is in two parts, so the test is of characters never seen.
    /// The fractions are met as closely as the groups allow.
    Grouped,
}

/// How to divide a data set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SplitSettings {
    /// How samples are drawn.
    pub kind: SplitKind,
    /// Fraction of all samples that is kept for the test, between 0 and 1.
    pub test: f64,
    /// Fraction of the *remaining* samples that is kept for validation, as Keras's `validation_split`; 0 for none.
    pub validation: f64,
    /// Seed of the random order.
    pub seed: u64,
    /// The test is a fold of a cross-validation instead: then `kind` and `test` mean nothing, and validation is drawn from
    /// each class of the other folds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fold: Option<Fold>,
}

impl Default for SplitSettings {
    /// The report's 80/20, stratified, and a tenth of the 80 for validation; seed 1.
    fn default() -> Self {
        SplitSettings { kind: SplitKind::Stratified, test: 0.2, validation: 0.1, seed: 1, fold: None }
    }
}

/// Which samples are for training, validation and test: every sample is in exactly one part.
///
/// The samples (or groups) are shuffled once, by the algorithm of Fisher and Yates with the random numbers of ChaCha with
/// 8 rounds, and first the test, then validation takes its own from the front. So the same labels, groups and settings
/// give the same split on every machine, and another fraction of validation leaves the test as it is. A fraction of a number
/// of samples is rounded down, but to no less than one sample.
///
/// ```
/// use manga_expressions::data::{Split, SplitSettings};
///
/// let classes = vec!["sad".to_string(), "happy".to_string()];
/// let labels = [0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1];
/// let settings = SplitSettings { validation: 0.25, ..SplitSettings::default() };
/// let split = Split::new(&classes, &labels, None, &settings)?;
/// assert_eq!((split.train().len(), split.validation().len(), split.test().len()), (9, 3, 3));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
pub struct Split {
    train: Vec<usize>,
    validation: Vec<usize>,
    test: Vec<usize>,
}

/// A split as it is read from a file, before it is checked.
#[derive(Deserialize)]
struct Parts {
    train: Vec<usize>,
    validation: Vec<usize>,
    test: Vec<usize>,
}

impl TryFrom<Parts> for Split {
    type Error = Error;

    fn try_from(parts: Parts) -> Result<Split> {
        Split::from_parts(parts.train, parts.validation, parts.test)
    }
}

impl Split {
    /// A split of samples with these `labels` (indices into `classes`) and, for [`SplitKind::Grouped`] and a fold by page,
    /// `groups`.
    ///
    /// It is an error if a fraction is out of range, a class or group is too small to be in every part that needs it, or
    /// no sample of a class is left for training.
    pub fn new(
        classes: &[String],
        labels: &[usize],
        groups: Option<&[usize]>,
        settings: &SplitSettings,
    ) -> Result<Split> {
        check_settings(settings)?;
        check_classes(classes, labels)?;
        if let Some(fold) = settings.fold {
            return Split::of_fold(classes, labels, groups, fold, settings);
        }
        let mut order: Vec<usize> = (0..labels.len()).collect();
        order.shuffle(&mut ChaCha8Rng::seed_from_u64(settings.seed));
        let (test, validation, train) = match settings.kind {
            SplitKind::Random => random(order, settings)?,
            SplitKind::Stratified => stratified(order, classes, labels, settings)?,
            SplitKind::Grouped => grouped(labels.len(), groups, settings)?,
        };
        let mut learnt = vec![false; classes.len()];
        train.iter().for_each(|&i| learnt[labels[i]] = true);
        if let Some(class) = learnt.iter().position(|&learnt| !learnt) {
            return Err(Error::Data(format!(
                "no sample of the class {} is left for training (it has {}): take another seed or smaller fractions{}",
                classes[class],
                counts(classes.len(), labels)[class],
                if settings.kind == SplitKind::Random { ", or split stratified" } else { "" }
            )));
        }
        Split::from_parts(train, validation, test)
    }

    /// A split from its parts, which together must hold each of the numbers from 0 up exactly once; train and test
    /// may not be empty. Each part is sorted.
    pub fn from_parts(mut train: Vec<usize>, mut validation: Vec<usize>, mut test: Vec<usize>) -> Result<Split> {
        for (part, name) in [(&train, "train"), (&test, "test")] {
            if part.is_empty() {
                return Err(Error::Data(format!("a split without a sample in {name}")));
            }
        }
        let n = train.len() + validation.len() + test.len();
        let mut part_of = vec![None; n];
        for (part, name) in [(&train, "train"), (&validation, "validation"), (&test, "test")] {
            for &i in part {
                match part_of.get_mut(i) {
                    None => {
                        return Err(Error::Data(format!(
                            "a split of {n} samples that names sample {i} in {name}, but leaves out one below {n}"
                        )));
                    }
                    Some(Some(other)) => {
                        return Err(Error::Data(format!("a split with sample {i} twice, in {other} and in {name}")));
                    }
                    Some(free) => *free = Some(name),
                }
            }
        }
        [&mut train, &mut validation, &mut test].into_iter().for_each(|part| part.sort_unstable());
        Ok(Split { train, validation, test })
    }

    /// The samples that a network learns from.
    pub fn train(&self) -> &[usize] {
        &self.train
    }

    /// The samples that decide during training, as when to stop.
    pub fn validation(&self) -> &[usize] {
        &self.validation
    }

    /// The samples that are looked at only once training is over.
    pub fn test(&self) -> &[usize] {
        &self.test
    }

    /// Number of samples in all parts.
    pub fn len(&self) -> usize {
        self.train.len() + self.validation.len() + self.test.len()
    }

    /// Whether there is no sample; never so.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn check_settings(settings: &SplitSettings) -> Result<()> {
    let SplitSettings { test, validation, .. } = *settings;
    if !(test > 0.0 && test < 1.0) {
        return Err(Error::Invalid(format!("the fraction of the test is {test}: it must be above 0 and below 1")));
    }
    if !(0.0..1.0).contains(&validation) {
        return Err(Error::Invalid(format!(
            "the fraction of validation is {validation}: it must be 0 or more, below 1"
        )));
    }
    Ok(())
}

/// `fraction` of `n`, rounded down; shares are decimal fractions, so 0.29 of 100 is 29 though the product is below.
fn fraction_of(n: usize, fraction: f64) -> usize {
    (n as f64 * fraction + 1e-9).floor() as usize
}

/// Test, validation, train.
type Drawn = (Vec<usize>, Vec<usize>, Vec<usize>);

fn random(order: Vec<usize>, settings: &SplitSettings) -> Result<Drawn> {
    let take = |from: &mut Vec<usize>, fraction: f64| {
        let n = fraction_of(from.len(), fraction).max((fraction > 0.0) as usize).min(from.len());
        from.drain(..n).collect::<Vec<usize>>()
    };
    let mut rest = order;
    let test = take(&mut rest, settings.test);
    let validation = take(&mut rest, settings.validation);
    Ok((test, validation, rest))
}

fn stratified(order: Vec<usize>, classes: &[String], labels: &[usize], settings: &SplitSettings) -> Result<Drawn> {
    let validates = (settings.validation > 0.0) as usize;
    let counts = counts(classes.len(), labels);
    let parts = 2 + validates;
    if let Some(small) = counts.iter().position(|&count| count < parts) {
        return Err(Error::Data(format!(
            "the class {} has {} of the {parts} samples it needs to be in each part of the split",
            classes[small], counts[small]
        )));
    }
    let for_test = fractions(&counts, settings.test, 1 + validates);
    let left: Vec<usize> = counts.iter().zip(&for_test).map(|(count, taken)| count - taken).collect();
    let for_validation = if validates == 1 { fractions(&left, settings.validation, 1) } else { vec![0; left.len()] };

    let mut seen = vec![0; classes.len()];
    let (mut test, mut validation, mut train) = (Vec::new(), Vec::new(), Vec::new());
    for i in order {
        let class = labels[i];
        let part = match seen[class] {
            n if n < for_test[class] => &mut test,
            n if n < for_test[class] + for_validation[class] => &mut validation,
            _ => &mut train,
        };
        part.push(i);
        seen[class] += 1;
    }
    Ok((test, validation, train))
}

/// How many of each class: its fraction rounded down, and the classes with the largest remainders (of equal ones the first)
/// one more until the fraction of all is reached; at least 1, and at least `keep` are left.
fn fractions(counts: &[usize], fraction: f64, keep: usize) -> Vec<usize> {
    let mut taken: Vec<usize> = counts.iter().map(|&count| fraction_of(count, fraction)).collect();
    let missing = fraction_of(counts.iter().sum(), fraction).saturating_sub(taken.iter().sum());
    // In whole millionths, for 0.2 of 37 and of 102 to leave the same.
    let remainder = |class: usize| ((counts[class] as f64 * fraction).fract() * 1e6).round() as u64 % 1_000_000;
    let mut classes: Vec<usize> = (0..counts.len()).collect();
    classes.sort_by_key(|&class| std::cmp::Reverse(remainder(class)));
    classes.iter().take(missing).for_each(|&class| taken[class] += 1);
    taken.iter().zip(counts).map(|(&taken, &count)| taken.clamp(1, count - keep)).collect()
}

fn grouped(n: usize, groups: Option<&[usize]>, settings: &SplitSettings) -> Result<Drawn> {
    let groups = groups.filter(|groups| groups.len() == n).ok_or_else(|| {
        Error::Invalid("a grouped split needs the group of each sample, as its character: split stratified".to_string())
    })?;
    let mut names = groups.to_vec();
    names.sort_unstable();
    names.dedup();
    let validates = (settings.validation > 0.0) as usize;
    if names.len() < 2 + validates {
        return Err(Error::Data(format!(
            "{} groups cannot be divided into {} parts without a group in two",
            names.len(),
            2 + validates
        )));
    }
    names.shuffle(&mut ChaCha8Rng::seed_from_u64(settings.seed));
    let members = |group: usize| (0..n).filter(move |&i| groups[i] == group);
    let mut rest: Vec<Vec<usize>> = names.iter().map(|&group| members(group).collect()).collect();
    let test = take_groups(&mut rest, settings.test, 1 + validates);
    let validation = if validates == 1 { take_groups(&mut rest, settings.validation, 1) } else { Vec::new() };
    Ok((test, validation, rest.concat()))
}

/// Takes groups from the front while that brings their number of samples closer to the fraction; at least one group, and
/// at least `keep` groups are left.
fn take_groups(groups: &mut Vec<Vec<usize>>, fraction: f64, keep: usize) -> Vec<usize> {
    let wanted = fraction * groups.iter().map(Vec::len).sum::<usize>() as f64;
    let mut taken = groups.remove(0);
    let mut next = 0;
    while groups.len() > keep && next < groups.len() {
        if taken.len() as f64 + groups[next].len() as f64 / 2.0 <= wanted {
            taken.extend(groups.remove(next));
        } else {
            next += 1;
        }
    }
    taken
}
