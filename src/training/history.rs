//! What a training did, epoch by epoch.

use serde::{Deserialize, Serialize};

/// One row of a training's history. Equivalent to a row of Keras's `History.history`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// Number of the epoch, from 1.
    pub epoch: usize,
    /// Mean loss over the training images, as they were seen during the epoch: that of the main head, without what
    /// auxiliary heads add to it in training, so that it can be compared with that of the validation.
    pub train_loss: f64,
    /// Fraction of training images classified correctly during the epoch, 0 to 1.
    pub train_accuracy: f64,
    /// Loss on the validation images after the epoch.
    pub validation_loss: Option<f64>,
    /// Accuracy on the validation images after the epoch, 0 to 1.
    pub validation_accuracy: Option<f64>,
    /// Learning rate of the epoch's last step: that of the head, where the body has another.
    pub learning_rate: f64,
    /// Wall-clock time of the epoch, training and validation, in seconds. The first that is trained has the time that
    /// images took through frozen stages, too.
    pub seconds: f64,
    /// Processor time of the epoch over all threads, in seconds.
    pub cpu_seconds: f64,
}

/// All epochs of a training, and how it ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// The epochs, in order.
    pub epochs: Vec<Epoch>,
    /// The epoch whose weights were kept, from 1.
    pub best_epoch: Option<usize>,
    /// Why training ended, as a sentence: all epochs done, or what early stopping saw.
    pub stopped: Option<String>,
}

/// First line of a history as CSV: the fields of [`Epoch`].
const HEADER: &str =
    "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,learning_rate,seconds,cpu_seconds";

impl History {
    /// The epoch with the lowest validation loss, the first of equals; none without validation.
    pub fn lowest_validation_loss(&self) -> Option<&Epoch> {
        let validated = self.epochs.iter().filter(|epoch| epoch.validation_loss.is_some_and(|loss| !loss.is_nan()));
        validated.reduce(|best, epoch| if epoch.validation_loss < best.validation_loss { epoch } else { best })
    }

    /// How it ended, in sentences: why, at which epoch the validation loss was lowest, and whose weights were kept.
    ///
    /// ```
    /// use manga_expressions::training::History;
    ///
    /// let csv = "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,learning_rate,seconds,cpu_seconds
    /// 1,1.9,0.2,1.95,0.25,0.001,40,80
    /// 2,1.7,0.3,1.99,0.2,0.001,40,80";
    /// let history = History::from_csv(csv).unwrap();
    /// assert!(history.conclusion().contains("the optimal number of epochs observed is 1"));
    /// ```
    pub fn conclusion(&self) -> String {
        let mut sentences: Vec<String> = self.stopped.iter().cloned().collect();
        if let Some((epoch, loss)) = self.lowest_validation_loss().and_then(|e| Some((e.epoch, e.validation_loss?))) {
            sentences.push(format!(
                "The validation loss was lowest after epoch {epoch} ({loss:.4}): the optimal number of epochs observed is {epoch}."
            ));
        }
        if let Some(epoch) = self.best_epoch {
            sentences.push(format!("The weights after epoch {epoch} are kept."));
        }
        sentences.join(" ")
    }

    /// The epochs as CSV with a line of names; every number in full, and nothing where there was no validation.
    pub fn to_csv(&self) -> String {
        let number = |value: Option<f64>| value.map(|v| v.to_string()).unwrap_or_default();
        let mut csv = format!("{HEADER}\n");
        for e in &self.epochs {
            let validation = format!("{},{}", number(e.validation_loss), number(e.validation_accuracy));
            let row = format!("{},{},{},{validation}", e.epoch, e.train_loss, e.train_accuracy);
            csv.push_str(&format!("{row},{},{},{}\n", e.learning_rate, e.seconds, e.cpu_seconds));
        }
        csv
    }

    /// The epochs that [`History::to_csv`] wrote, equal to the bit, or what is wrong with the text.
    pub fn from_csv(csv: &str) -> Result<History, String> {
        let mut lines = csv.lines();
        if lines.next() != Some(HEADER) {
            return Err(format!("the first line is not {HEADER}"));
        }
        let rows = lines.enumerate().map(|(index, line)| {
            row(line).filter(|epoch| epoch.epoch == index + 1).ok_or(format!(
                "line {} is not epoch {}",
                index + 2,
                index + 1
            ))
        });
        Ok(History { epochs: rows.collect::<Result<_, _>>()?, best_epoch: None, stopped: None })
    }
}

fn row(line: &str) -> Option<Epoch> {
    let fields: Vec<&str> = line.split(',').collect();
    let [epoch, numbers @ ..] = fields.as_slice() else { return None };
    let numbers: Vec<Option<f64>> = numbers.iter().map(|field| field.parse().ok()).collect();
    let [loss, accuracy, validation_loss, validation_accuracy, rate, seconds, cpu_seconds] = numbers[..] else {
        return None;
    };
    Some(Epoch {
        epoch: epoch.parse().ok()?,
        train_loss: loss?,
        train_accuracy: accuracy?,
        validation_loss,
        validation_accuracy,
        learning_rate: rate?,
        seconds: seconds?,
        cpu_seconds: cpu_seconds?,
    })
}
