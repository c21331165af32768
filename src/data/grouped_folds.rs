//! Folds of whole groups.

use super::dataset::{check_classes, counts};
use super::folds::{FoldSettings, Folds, check_settings};
use crate::{Error, Result};
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::collections::BTreeMap;

/// A group and how many samples of each class it has.
type Group<'a> = (usize, &'a [usize]);

impl Folds {
    /// Folds of whole groups: samples with the same entry of `groups`, as all faces of one character, are never in two
    /// folds of a repeat, so that each test is of groups never seen. The groups are dealt out in a random order, each to
    /// the fold that has the fewest samples so far; the classes are spread as chance has it
    /// ([`Folds::stratified_grouped`] spreads them evenly). The like of scikit-learn's `GroupKFold(shuffle=True)`.
    ///
    /// # Errors
    /// [`Error::Invalid`] as [`Folds::stratified`]; [`Error::Data`] for fewer groups than folds.
    ///
    /// ```
    /// use manga_expressions::data::{FoldSettings, Folds};
    ///
    /// let characters = [0, 0, 1, 1, 2, 2, 3, 3];
    /// let folds = Folds::grouped(&characters, &FoldSettings { folds: 2, seeds: vec![1] })?;
    /// assert!(folds.check_apart(&characters).is_ok());
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn grouped(groups: &[usize], settings: &FoldSettings) -> Result<Folds> {
        let FoldSettings { folds, seeds } = settings;
        check_settings(settings)?;
        let mut names = groups.to_vec();
        names.sort_unstable();
        names.dedup();
        check_enough(names.len(), *folds)?;
        let deal = |&seed: &u64| {
            let mut order = names.clone();
            order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
            let (mut sizes, mut of) = (vec![0; *folds], vec![0; groups.len()]);
            for group in order {
                let smallest = (0..*folds).min_by_key(|&fold| sizes[fold]).unwrap_or(0);
                for (fold, _) in of.iter_mut().zip(groups).filter(|(_, other)| **other == group) {
                    *fold = smallest;
                    sizes[smallest] += 1;
                }
            }
            of
        };
        Ok(Folds { folds: *folds, of: seeds.iter().map(deal).collect(), seeds: seeds.clone() })
    }
    /// Folds of whole groups, as [`Folds::grouped`], that have as nearly the same number of each class as the groups allow.
    ///
    /// The like of scikit-learn's `StratifiedGroupKFold(shuffle=True)`: in a random order, but those whose classes are most
    /// uneven first, each group is dealt to the fold that leaves the classes spread most evenly over the folds. Sizes differ
    /// by more than those of [`Folds::stratified`].
    ///
    /// # Errors
    /// [`Error::Invalid`] as [`Folds::stratified`], and for not a group for each sample; [`Error::Data`] for labels that
    /// [`Split::new`](super::Split::new) would not take, fewer groups than folds, and a class that is in one fold alone, so
    /// that nothing could be learnt of it when that fold is the test.
    ///
    /// ```
    /// use manga_expressions::data::{FoldSettings, Folds};
    ///
    /// let classes = vec!["sad".to_string(), "happy".to_string()];
    /// let (labels, pages) = ([0, 0, 1, 1, 0, 1, 0, 1], [7, 7, 7, 7, 2, 2, 3, 3]);
    /// let folds = Folds::stratified_grouped(&classes, &labels, &pages, &FoldSettings { folds: 2, seeds: vec![1] })?;
    /// assert!(folds.check_apart(&pages).is_ok());
    /// assert_eq!((folds.test(0, 0).len(), folds.test(0, 1).len()), (4, 4));
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn stratified_grouped(
        classes: &[String],
        labels: &[usize],
        groups: &[usize],
        settings: &FoldSettings,
    ) -> Result<Folds> {
        let FoldSettings { folds, seeds } = settings;
        check_settings(settings)?;
        check_classes(classes, labels)?;
        if groups.len() != labels.len() {
            let (a, b) = (groups.len(), labels.len());
            return Err(Error::Invalid(format!("there are {a} groups for {b} samples: each needs its own")));
        }
        let mut held: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (&group, &label) in groups.iter().zip(labels) {
            held.entry(group).or_insert_with(|| vec![0; classes.len()])[label] += 1;
        }
        check_enough(held.len(), *folds)?;
        let totals = counts(classes.len(), labels);
        let deal = |&seed: &u64| {
            let mut order: Vec<Group> = held.iter().map(|(&group, counts)| (group, counts.as_slice())).collect();
            order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
            let (dealt, spread) = deal(order, &totals, *folds);
            for (class, name) in classes.iter().enumerate() {
                if spread.iter().any(|counts| counts[class] == totals[class]) {
                    return Err(Error::Data(format!(
                        "all samples of the class {name} are in one fold, with the seed {seed}: its groups are too few or too \
                         large to be divided into {folds} folds"
                    )));
                }
            }
            Ok(groups.iter().map(|group| dealt[group]).collect())
        };
        Ok(Folds { folds: *folds, of: seeds.iter().map(deal).collect::<Result<_>>()?, seeds: seeds.clone() })
    }
}

fn check_enough(groups: usize, folds: usize) -> Result<()> {
    if groups < folds {
        return Err(Error::Data(format!("{groups} groups cannot be dealt out to {folds} folds")));
    }
    Ok(())
}

/// The fold of each group, and how many samples of each class each fold then has. Groups are dealt out in this order, but
/// those with the most uneven counts first; `totals` are the samples of each class.
fn deal(mut order: Vec<Group>, totals: &[usize], folds: usize) -> (BTreeMap<usize, usize>, Vec<Vec<usize>>) {
    // Their variance, times the square of the number of classes: whole numbers, in which equal ones are equal.
    let unevenness = |counts: &[usize]| {
        let (sum, squares) = counts.iter().fold((0, 0), |(sum, squares), n| (sum + n, squares + n * n));
        counts.len() * squares - sum * sum
    };
    order.sort_by_key(|(_, counts)| std::cmp::Reverse(unevenness(counts)));
    let (mut dealt, mut spread) = (BTreeMap::new(), vec![vec![0; totals.len()]; folds]);
    for (group, counts) in order {
        let mut best = (0, f64::INFINITY, usize::MAX);
        for fold in 0..folds {
            let with =
                |other: usize, class: usize| spread[other][class] + if other == fold { counts[class] } else { 0 };
            let uneven = (0..totals.len()).map(|class| deviation(folds, totals[class], &|other| with(other, class)));
            let uneven = uneven.sum::<f64>() / totals.len() as f64;
            let size: usize = spread[fold].iter().sum();
            // As even to five digits is as even: then the smaller fold gets it.
            let as_even = (uneven - best.1).abs() <= 1e-8 + 1e-5 * best.1;
            if uneven < best.1 || (as_even && size < best.2) {
                best = (fold, uneven, size);
            }
        }
        dealt.insert(group, best.0);
        spread[best.0].iter_mut().zip(counts).for_each(|(sum, n)| *sum += n);
    }
    (dealt, spread)
}

/// The standard deviation over the folds of the fraction of a class that each has.
fn deviation(folds: usize, total: usize, count: &dyn Fn(usize) -> usize) -> f64 {
    let fraction = |fold: usize| count(fold) as f64 / total as f64;
    let mean = (0..folds).map(fraction).sum::<f64>() / folds as f64;
    ((0..folds).map(|fold| (fraction(fold) - mean).powi(2)).sum::<f64>() / folds as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::{BTreeMap, Group, counts, deal};
    use serde_json::Value;

    /// tests/golden/grouped_folds.py made the numbers.
    #[test]
    fn groups_are_dealt_out_as_by_scikit_learn() {
        let golden: Value = serde_json::from_str(include_str!("../../tests/golden/grouped_folds.json")).unwrap();
        let indices = |array: &Value| -> Vec<usize> {
            array.as_array().unwrap().iter().map(|value| value.as_u64().unwrap() as usize).collect()
        };
        let cases = golden["cases"].as_array().unwrap();
        assert_eq!(cases.len(), 4);
        for case in cases {
            let (labels, groups) = (indices(&case["labels"]), indices(&case["groups"]));
            let (classes, folds) = (labels.iter().max().unwrap() + 1, case["folds"].as_u64().unwrap() as usize);
            let mut held: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
            for (&group, &label) in groups.iter().zip(&labels) {
                held.entry(group).or_insert_with(|| vec![0; classes])[label] += 1;
            }
            let order: Vec<Group> = held.iter().map(|(&group, counts)| (group, counts.as_slice())).collect();
            let (dealt, _) = deal(order, &counts(classes, &labels), folds);
            let ours: Vec<usize> = groups.iter().map(|group| dealt[group]).collect();
            assert_eq!(ours, indices(&case["of"]), "{folds} folds");
        }
    }
}
