//! Exercises of notebook 3, preparing the photos.

use super::Verdict;
use crate::Result;
use crate::data::{Dataset, Scaling, Split};
use crate::{Error, data::Preparation};
use std::collections::HashSet;

/// Easy: what a pixel of the grey value `grey` (0 to 255) is to the network after `preparation`'s scaling, in the first
/// channel.
///
/// ```
/// use manga_expressions::data::Preparation;
/// use manga_expressions::lessons::exercises::preparation::scaled;
///
/// assert!(scaled(&Preparation::default(), 51, 0.2).is_right());
/// assert_eq!(scaled(&Preparation::default(), 51, 51.0).to_string(), "Not yet. That is the pixel as it is in the file.");
/// ```
pub fn scaled(preparation: &Preparation, grey: u8, answer: f64) -> Verdict {
    let by = |scaling: Scaling| f64::from(scaling.apply(f32::from(grey), 0));
    let right = by(preparation.scaling);
    let wrong = [
        (f64::from(grey), "That is the pixel as it is in the file."),
        (1.0 - right, "That is counted from white; black is 0."),
        (by(Scaling::MinusOneToOne), "That is between -1 and 1; this preparation scales otherwise."),
        (f64::from(grey) / 256.0, "Nearly: white, 255, must become 1."),
    ];
    Verdict::number(answer, right, 0.0005, "Black is 0, white is 1, and this lies between.", &wrong)
}

/// Middle: by how many points (hundredths) the accuracy on the test changes with one photo.
pub fn one_test_photo(split: &Split, answer: f64) -> Verdict {
    let test = split.test().len() as f64;
    let wrong = [
        (1.0 / test, "That is the fraction; in points it is a hundred times as much."),
        (100.0 / split.len() as f64, "That is one of all photos; only those of the test count."),
        (100.0 / split.train().len() as f64, "That is one of the training photos."),
    ];
    let why = format!("So 50 % and 51 % on {test} photos differ by less than a single face.");
    Verdict::number(answer, 100.0 / test, 0.01, &why, &wrong)
}

/// Harder: how many characters of the test are in the training part, too. `dataset` must know its characters, as drawn
/// faces do.
///
/// # Errors
/// [`Error::Invalid`] for a data set that does not know its characters, and a split of another.
pub fn characters_on_both_sides(dataset: &Dataset, split: &Split, answer: f64) -> Result<Verdict> {
    let characters = dataset.groups().filter(|groups| groups.len() == split.len()).ok_or_else(|| {
        Error::Invalid(
            "the characters of these photos are not known, or the split is of others: take drawn faces".into(),
        )
    })?;
    let of = |part: &[usize]| part.iter().map(|&photo| characters[photo]).collect::<HashSet<usize>>();
    let (train, test) = (of(split.train()), of(split.test()));
    let both = test.intersection(&train).count();
    let photos = split.test().iter().filter(|&&photo| train.contains(&characters[photo])).count();
    let wrong = [
        (test.len() as f64, "That is how many characters the test has; which of them are in the training part?"),
        (train.len() as f64, "That is how many characters the training part has."),
        (photos as f64, "That is how many faces; count each character once."),
    ];
    let why = format!("{both} of {} test characters had been seen before.", test.len());
    Ok(Verdict::number(answer, both as f64, 0.1, &why, &wrong))
}
