//! Over-fitting and under-fitting, told from a training's curves.

use super::history::{Epoch, History};
use std::fmt;

/// Below this fraction of the loss of guessing something has been learnt.
const LEARNT: f64 = 0.8;
/// How many times its lowest value the validation loss must be to count as risen.
const RISEN: f64 = 1.1;

/// Whether a network fits its training images too closely, or not closely enough (section 2.2.3 of the report).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fitting {
    /// High loss on training and validation images alike: the training loss never came below 80 % of that of guessing.
    Under,
    /// The training photos are learnt, and others are not: at the end the validation loss is over 80 % of that of
    /// guessing; or it is over 110 % of its lowest, and the training loss lower than it was then.
    Over,
    /// Neither.
    Good,
}

/// What [`History::diagnosis`] says, with the numbers that say it.
#[derive(Clone, Debug, PartialEq)]
pub struct CurveDiagnosis {
    /// The verdict.
    pub fitting: Fitting,
    /// The loss of whoever gives each class the same probability.
    pub guessing: f64,
    /// The lowest training loss.
    pub lowest_train_loss: f64,
    /// The epoch with the lowest validation loss.
    pub best: Epoch,
    /// The last epoch.
    pub last: Epoch,
}

impl History {
    /// Whether the network under-fits or over-fits, by the curves alone; `classes` is how many it tells apart. None without
    /// an epoch, or without validation.
    ///
    /// ```
    /// use manga_expressions::training::{Fitting, History};
    ///
    /// let csv = "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,learning_rate,seconds,cpu_seconds
    /// 1,1.9,0.2,1.9,0.25,0.001,40,80
    /// 2,1.2,0.5,1.7,0.4,0.001,40,80
    /// 3,0.4,0.9,2.4,0.4,0.001,40,80";
    /// let diagnosis = History::from_csv(csv).unwrap().diagnosis(7).unwrap();
    /// assert_eq!(diagnosis.fitting, Fitting::Over);
    /// assert!(diagnosis.to_string().contains("the validation loss 2.40 (lowest: 1.70, after epoch 2)"));
    /// ```
    pub fn diagnosis(&self, classes: usize) -> Option<CurveDiagnosis> {
        let (best, last) = (self.lowest_validation_loss()?.clone(), self.epochs.last()?.clone());
        let guessing = (classes as f64).ln();
        let lowest_train_loss = self.epochs.iter().map(|epoch| epoch.train_loss).fold(f64::INFINITY, f64::min);
        let (lowest, at_end) = (best.validation_loss?, last.validation_loss?);
        let turned = at_end > RISEN * lowest && last.train_loss < best.train_loss;
        let fitting = match () {
            () if lowest_train_loss > LEARNT * guessing => Fitting::Under,
            () if turned || at_end > LEARNT * guessing => Fitting::Over,
            () => Fitting::Good,
        };
        Some(CurveDiagnosis { fitting, guessing, lowest_train_loss, best, last })
    }
}

/// The verdict and its reason, in a sentence.
impl fmt::Display for CurveDiagnosis {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let CurveDiagnosis { best, last, guessing, lowest_train_loss, .. } = self;
        let loss = |epoch: &Epoch| epoch.validation_loss.unwrap_or(f64::NAN);
        let (lowest, at_end) = (loss(best), loss(last));
        match self.fitting {
            Fitting::Under => write!(
                f,
                "Under-fitting: the training loss never came below {lowest_train_loss:.2}, with {guessing:.2} for \
                 guessing, and the validation loss never below {lowest:.2}."
            ),
            Fitting::Over => write!(
                f,
                "Over-fitting: at the end the training loss is {:.2} and the validation loss {at_end:.2} (lowest: \
                 {lowest:.2}, after epoch {}), with {guessing:.2} for guessing; {:.0} % of the training photos are \
                 classified correctly, and {:.0} % of those for validation.",
                last.train_loss,
                best.epoch,
                100.0 * last.train_accuracy,
                100.0 * last.validation_accuracy.unwrap_or(f64::NAN),
            ),
            Fitting::Good => write!(
                f,
                "Neither over- nor under-fitting: the training loss came down to {lowest_train_loss:.2}, with \
                 {guessing:.2} for guessing, and the validation loss is {at_end:.2} at the end, not far above its lowest \
                 ({lowest:.2})."
            ),
        }
    }
}
