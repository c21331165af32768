//! What a fit of a method gives, and what the method costs.

use crate::training::{History, argmax};

/// The answers of a fit for its test photos.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    /// One for each test photo.
    pub rows: Vec<Answer>,
    /// What the fit chose for itself, as `k = 13`; empty where there was nothing to choose.
    pub chosen: String,
    /// Processor seconds of the fit, where it counts them itself; else those of the thread that it worked on count.
    pub cpu_seconds: Option<f64>,
    /// The training, epoch by epoch, of what is trained in epochs.
    pub history: Option<History>,
}

/// The answer for one photo.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The class.
    pub predicted: usize,
    /// The probability of each class. Of 32 bits, so that they are the same after they were written as text and read.
    pub probabilities: Vec<f32>,
}

impl Answers {
    /// Answers of a fit that had nothing to choose.
    pub fn new(rows: Vec<Answer>) -> Answers {
        Answers { rows, chosen: String::new(), cpu_seconds: None, history: None }
    }
}

impl Answer {
    /// The most probable class, the first of equals.
    pub fn of(probabilities: Vec<f32>) -> Answer {
        Answer { predicted: argmax(&probabilities), probabilities }
    }

    /// A class of which a method that knows no probabilities is certain.
    pub fn certain(predicted: usize, classes: usize) -> Answer {
        Answer { predicted, probabilities: (0..classes).map(|class| f32::from(u8::from(class == predicted))).collect() }
    }
}

/// What a method costs apart from its fits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cost {
    /// Processor seconds of what is computed once for all fits.
    pub cpu_seconds: f64,
    /// Numbers that one fit holds, pre-trained ones included.
    pub parameters: usize,
    /// Those among them that are learnt from the photos.
    pub trainable: usize,
}
