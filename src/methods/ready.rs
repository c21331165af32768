//! A method that is ready to be fitted.

use crate::Result;
use crate::training::argmax;

/// A method with all that it needs of a data set and that depends on no fold, as features of networks.
pub(super) trait Ready: Send + Sync {
    /// Learns from the photos `train`, makes every choice among them, and says what it thinks of the photos `test`. It
    /// works on the thread that calls it.
    fn fit(&self, train: &[usize], test: &[usize]) -> Result<Said>;

    /// What it costs beside the fits.
    fn cost(&self) -> Cost;

    /// What tells the features from others, if there are any.
    fn keys(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What a method costs apart from its fits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Cost {
    /// Processor seconds of what is computed once for all fits.
    pub cpu_seconds: f64,
    /// Numbers that one fit holds, pre-trained ones included.
    pub parameters: usize,
    /// Those among them that are learnt from the photos.
    pub trainable: usize,
}

/// What a fit says of its test photos.
pub(super) struct Said {
    /// A row for each photo.
    pub rows: Vec<Answer>,
    /// What it chose for itself, as `k = 13`; nothing where there was nothing to choose.
    pub chosen: String,
}

/// What is said of one photo.
pub(super) struct Answer {
    /// The class.
    pub predicted: usize,
    /// The probability of each class. Of 32 bits, so that they are the same after they were written as text and read.
    pub probabilities: Vec<f32>,
}

impl Answer {
    /// The most probable class, the first of equals.
    pub fn of(probabilities: Vec<f32>) -> Answer {
        Answer { predicted: argmax(&probabilities), probabilities }
    }
}
