//! What came of training with a certain learning rate.

use crate::training::History;

/// How many times the loss of guessing is an explosion.
const EXPLODED: f64 = 10.0;
/// Below this fraction of the loss of guessing a network has learnt something.
const LEARNT: f64 = 0.95;

/// A short training with a certain learning rate, made by [`Experiment::try_rates`](crate::study::experiment::Experiment::try_rates).
#[derive(Clone, Debug, PartialEq)]
pub struct RateTrial {
    /// The learning rate of every step.
    pub learning_rate: f64,
    /// How many classes there are.
    pub classes: usize,
    /// The epochs that were finished: fewer than wanted, or none, where the loss became infinite or no number.
    pub history: History,
    /// What ended the training early: a loss that is infinite or no number.
    pub failure: Option<String>,
}

impl RateTrial {
    /// The learning rate with two digits, as `0.00048`: more say nothing.
    pub fn rate(&self) -> String {
        let rounded: f64 = format!("{:.1e}", self.learning_rate).parse().unwrap_or(self.learning_rate);
        rounded.to_string()
    }

    /// The loss of whoever gives each class the same probability: the logarithm of the number of classes.
    pub fn guessing(&self) -> f64 {
        (self.classes as f64).ln()
    }

    /// What the training loss of the last epoch says, beside that of [guessing](RateTrial::guessing):
    ///
    /// | verdict | training loss |
    /// |---|---|
    /// | `no number` | infinite or not a number |
    /// | `explodes` | over ten times that of guessing |
    /// | `learns` | less than 95 % of that of guessing |
    /// | `does not learn` | anything else: no better than guessing, as yet |
    ///
    /// ```
    /// use manga_expressions::lessons::RateTrial;
    /// use manga_expressions::training::History;
    ///
    /// let csv = "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,learning_rate,seconds,cpu_seconds
    /// 1,123.0,0.2,1.95,0.25,10,40,80";
    /// let history = History::from_csv(csv).unwrap();
    /// let trial = RateTrial { learning_rate: 10.0, classes: 7, history, failure: None };
    /// assert_eq!(trial.verdict(), "explodes");
    /// ```
    pub fn verdict(&self) -> &'static str {
        let times = self.history.epochs.last().map(|epoch| epoch.train_loss / self.guessing());
        match times {
            _ if self.failure.is_some() => "no number",
            Some(times) if times > EXPLODED => "explodes",
            Some(times) if times < LEARNT => "learns",
            _ => "does not learn",
        }
    }
}
