//! Exercises of notebook 1, the data set.

use super::Verdict;
use crate::data::{Dataset, Features, FoldSettings, Folds, Split, SplitKind, SplitSettings};
use crate::study::neighbours::{Distance, cross_validate};
use crate::{Error, Result};

/// Easy: the fraction of photos that are happy or pleased, from 0 to 1.
///
/// # Errors
/// A data set without these classes.
///
/// ```
/// use manga_expressions::data::Source;
/// use manga_expressions::lessons::exercises::data_set::happy_or_pleased;
///
/// let dataset = Source::Drawn { count: 455, seed: 1 }.load()?;
/// assert!(happy_or_pleased(&dataset, 123.0 / 455.0)?.is_right());
/// assert!(!happy_or_pleased(&dataset, f64::NAN)?.is_right());
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn happy_or_pleased(dataset: &Dataset, answer: f64) -> Result<Verdict> {
    let (happy, pleased) = (count(dataset, "happy")?, count(dataset, "pleased")?);
    let all = dataset.len() as f64;
    let fraction = (happy + pleased) / all;
    let wrong = [
        (happy / all, "That is happy alone."),
        (pleased / all, "That is pleased alone."),
        (100.0 * fraction, "That is in percent; give the fraction, from 0 to 1."),
        (happy + pleased, "That is how many; divide by the number of all photos."),
    ];
    let why = "More than a quarter of the photos smile, and telling the two smiles apart is one of the hard borders.";
    Ok(Verdict::number(answer, fraction, 0.002, why, &wrong))
}

/// Middle: how many photos of the smallest class are in the test of a random split with `seed`.
///
/// # Errors
/// As [`Dataset::split`].
pub fn smallest_class_in_test(dataset: &Dataset, seed: u64, answer: f64) -> Result<Verdict> {
    let counts = dataset.counts();
    let smallest = (0..counts.len()).min_by_key(|&class| counts[class]).unwrap_or(0);
    let of = |part: &[usize]| part.iter().filter(|&&photo| dataset.labels()[photo] == smallest).count() as f64;
    let split = |kind| dataset.split(&SplitSettings { kind, seed, ..SplitSettings::default() });
    let (random, stratified): (Split, Split) = (split(SplitKind::Random)?, split(SplitKind::Stratified)?);
    let wrong = [
        (of(random.train()), "That is in the training part."),
        (of(stratified.test()), "That is what the stratified split has; here chance decides."),
        (counts[smallest] as f64, "That is the whole class; how many of it are in split.test()?"),
    ];
    let why = format!(
        "The stratified split has {}. With so few, one photo more or less moves the class's recall by many points.",
        of(stratified.test())
    );
    Ok(Verdict::number(answer, of(random.test()), 0.1, &why, &wrong))
}

/// Harder: the accuracy of k-nearest neighbours, k = 15, on mean brightness alone, in five folds five times
/// ([`FoldSettings::default`]), as a fraction from 0 to 1.
///
/// # Errors
/// As [`cross_validate`].
pub fn brightness_alone(dataset: &Dataset, answer: f64) -> Result<Verdict> {
    let score = |features: &Features| -> Result<(f64, f64)> {
        let (labels, classes) = (dataset.labels(), dataset.classes());
        let folds = Folds::stratified(classes, labels, &FoldSettings::default())?;
        let result = cross_validate(features, labels, classes, &folds, Distance::Euclidean, 50)?;
        Ok((result.scores[14].accuracy, result.best().accuracy))
    };
    let (right, best) = score(&Features::brightness(dataset)?)?;
    let (width, _) = score(&Features::widths(dataset)?)?;
    let wrong = [
        (100.0 * right, "That is in percent; give the fraction, from 0 to 1."),
        (best, "That is the highest of all k: chosen on the photos that it is measured on. Take scores[14], k = 15."),
        (width, "That is the width. Take Features::brightness(&dataset)?."),
    ];
    let majority = 100.0 * dataset.majority().1;
    let why = format!("Always answering with the majority class has {majority:.1} %: is brightness worth a warning?");
    Ok(Verdict::number(answer, right, 0.002, &why, &wrong))
}

fn count(dataset: &Dataset, class: &str) -> Result<f64> {
    let label = dataset.classes().iter().position(|name| name == class);
    let label = label.ok_or_else(|| Error::Invalid(format!("this data set has no class \"{class}\"")))?;
    Ok(dataset.counts()[label] as f64)
}
