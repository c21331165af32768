//! Options that change what a recipe says.

use super::scaling::ScalingName;
use clap::Args;
use manga_expressions::data::Scaling;
use manga_expressions::{Error, Result};

/// Any field of a recipe.
#[derive(Args, PartialEq, Default)]
pub struct Set {
    /// A field of the recipe and its value, as training.mixup=0.2; once for each field.
    ///
    /// The key is the field's name in the recipe's file, with the table it stands in before it. The value is as in the file:
    /// a number, true or false, a word, a list, or a table, as
    /// --set 'training.optimizer={ name = "adamw", learning_rate = 1e-3, weight_decay = 0.05 }'.
    /// `false` takes away what may be absent: --set training.early_stopping=false
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<KeyValue>,
}

/// A change of one field.
#[derive(Clone, PartialEq)]
struct KeyValue {
    key: String,
    value: String,
}

impl std::str::FromStr for KeyValue {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let (key, value) = word
            .split_once('=')
            .ok_or_else(|| format!("'{word}' has no =: write the field, = and its value, as training.mixup=0.2"))?;
        Ok(KeyValue { key: key.trim().into(), value: value.trim().into() })
    }
}

/// Fields that have options of their own, which would take the place of a change.
const OPTIONS: [(&str, &str); 2] = [("source", "--data"), ("training.threads", "--threads")];

impl Set {
    /// Keys and values.
    ///
    /// # Errors
    /// A field that has an option of its own; those in `more` too, with their options.
    pub fn changes(&self, more: &[(&str, &str)]) -> Result<Vec<(String, String)>> {
        let changes: Vec<_> = self.set.iter().map(|KeyValue { key, value }| (key.clone(), value.clone())).collect();
        for (field, option) in OPTIONS.iter().chain(more) {
            let is_field = |key: &str| key == *field || key.starts_with(&format!("{field}."));
            if let Some((key, _)) = changes.iter().find(|(key, _)| is_field(key)) {
                return Err(Error::Invalid(format!("--set {key}: that is what {option} says")));
            }
        }
        Ok(changes)
    }
}

/// Short forms of `--set` for the fields that are changed most, and `--set` itself.
#[derive(Args, PartialEq, Default)]
#[command(next_help_heading = "Other than in the recipe")]
pub struct Changes {
    /// Epochs to train, at most: short for --set training.epochs=COUNT
    #[arg(long, value_name = "COUNT")]
    epochs: Option<usize>,
    /// Stop when the validation loss has not fallen for so many epochs, and take the best weights back; `no` for never: short
    /// for --set training.early_stopping.patience=PATIENCE or training.early_stopping=false
    #[arg(long, value_name = "PATIENCE", num_args = 0..=1, require_equals = true, default_missing_value = "5")]
    early_stopping: Option<Patience>,
    /// Whose weights are kept where there is no early stopping, those of the epoch with the lowest validation loss or of the
    /// last one, as Keras's `fit` does: short for --set training.keep=best or last
    #[arg(long, value_parser = ["best", "last"])]
    keep: Option<String>,
    /// Learning rate: short for --set training.optimizer.learning_rate=RATE
    #[arg(long, value_name = "RATE")]
    learning_rate: Option<f64>,
    /// Fraction of the old in batch norms' running statistics: short for --set training.batch_norm_momentum=SHARE. On few
    /// photos 0.9 lets validation see the network as it is much sooner than Keras's 0.99
    #[arg(long, value_name = "SHARE")]
    batch_norm_momentum: Option<f64>,
    /// Weights to begin with, imagenet or a file, with the scaling they expect: short for --set weights=FILE
    #[arg(long, value_name = "FILE")]
    weights: Option<String>,
    /// How pixels are scaled, also where weights expect another scaling, to see what that mistake does: short for
    /// --set preparation.scaling=SCALING --set own_scaling=true
    #[arg(long, value_enum)]
    scaling: Option<ScalingName>,
    /// Height and width that photos are resized to: short for --set preparation.size=PIXELS
    #[arg(long, value_name = "PIXELS")]
    size: Option<usize>,
    #[command(flatten)]
    set: Set,
}

/// How long early stopping waits.
#[derive(Clone, Copy, PartialEq)]
struct Patience(Option<usize>);

impl std::str::FromStr for Patience {
    type Err = std::num::ParseIntError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Ok(Patience(if word == "no" { None } else { Some(word.parse()?) }))
    }
}

impl Changes {
    /// All of them, as keys and values.
    ///
    /// # Errors
    /// As [`Set::changes`].
    pub fn all(&self) -> Result<Vec<(String, String)>> {
        let mut changes = self.set.changes(&[])?;
        let mut add = |key: &str, value: Option<String>| changes.extend(value.map(|value| (key.to_string(), value)));
        add("training.epochs", self.epochs.map(|count| count.to_string()));
        add("training.keep", self.keep.clone());
        add("training.optimizer.learning_rate", self.learning_rate.map(number));
        add("training.batch_norm_momentum", self.batch_norm_momentum.map(number));
        add("weights", self.weights.as_deref().map(text));
        add("preparation.scaling", self.scaling.map(|name| Scaling::from(name).to_string()));
        add("own_scaling", self.scaling.map(|_| "true".into()));
        add("preparation.size", self.size.map(|pixels| pixels.to_string()));
        match self.early_stopping {
            Some(Patience(None)) => add("training.early_stopping", Some("false".into())),
            Some(Patience(Some(patience))) => add("training.early_stopping.patience", Some(patience.to_string())),
            None => {}
        }
        Ok(changes)
    }
}

/// As TOML writes it: `nan` in small letters.
fn number(value: f64) -> String {
    format!("{value:?}").to_lowercase()
}

/// In quotation marks, since a file may be called 7; JSON's are TOML's.
fn text(word: &str) -> String {
    serde_json::Value::from(word).to_string()
}

/// As the library takes them.
pub fn borrowed(changes: &[(String, String)]) -> Vec<(&str, &str)> {
    changes.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}
