//! Notebook 8: activation maps and heat maps.

use super::Verdict;
use crate::Result;
use crate::data::Rectangle;
use crate::explain::{Covering, HeatMap};

/// The fraction of the heat that lies in the bottom half of the image, from 0 to 1.
///
/// # Errors
/// None; a map without evidence has no fraction, and the verdict says so.
pub fn heat_in_bottom_half(map: &HeatMap, answer: f64) -> Result<Verdict> {
    let Some(fraction) = map.fraction_in(&Rectangle::bottom_half((map.height(), map.width()))) else {
        return Ok(Verdict::not_yet("This map has no evidence at all, and so no fraction: choose another face."));
    };
    let mistakes = [
        (100.0 * fraction, "That is in percent; give the fraction, from 0 to 1."),
        (1.0 - fraction, "That is the upper half."),
    ];
    let why =
        "Compare it with 0.5, which a map has that knows nothing: heat alone does not say that covering would matter.";
    Ok(Verdict::number(answer, fraction, 0.006, why, &mistakes))
}

/// Whether region `a` decides `class` more than region `b`: 1 yes, -1 the other way round, 0 undecided.
///
/// # Errors
/// As [`Covering::difference`].
pub fn decided(covering: &Covering, class: &str, a: usize, b: usize, answer: f64) -> Result<Verdict> {
    let difference = covering.difference(Some(class), a, b)?;
    let expected = f64::from(i8::from(difference.is_above(0.0)) - i8::from(difference.is_below(0.0)));
    let interval = format!("The difference is {difference}.");
    let sign = difference.mean.signum();
    let mistakes = if expected == 0.0 {
        vec![
            (sign, "The mean has this sign, but look at its interval: 0 lies in it."),
            (-sign, "The mean has the other sign, and 0 lies in its interval."),
        ]
    } else {
        vec![
            (0.0, "The interval leaves 0 out: this many faces do decide it."),
            (-expected, "It is the other way round: which difference is meant, and what is its sign?"),
        ]
    };
    Ok(Verdict::number(answer, expected, 0.1, &interval, &mistakes))
}

/// How alike the maps of a trained and an untrained network are: the correlation of their pixels, -1 to 1; 0 where one of
/// them has no evidence.
///
/// # Errors
/// Maps of different size.
pub fn sanity(trained: &HeatMap, untrained: &HeatMap, answer: f64) -> Result<Verdict> {
    if trained == untrained {
        return Ok(Verdict::not_yet("Both maps are the same: make the second with a network that was not trained."));
    }
    // A map without evidence is the same everywhere, and so like no other.
    let correlation = trained.correlation(untrained)?.unwrap_or(0.0);
    let why = if correlation.abs() < 0.5 {
        "The map changes with the weights, as it must if it is to explain the network."
    } else {
        "Much of the map is there without any training: it shows the image and the shape of the network."
    };
    let mistakes = [(correlation * correlation, "That is its square.")];
    Ok(Verdict::number(answer, correlation, 0.006, why, &mistakes))
}
