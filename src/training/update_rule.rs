//! Optimizers that are not the library's.

use super::optimizer::Optimizer;
use crate::{Error, Result};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::sync::{PoisonError, RwLock};

/// How one tensor of weights follows its gradient: write this for a type of your own, and [`Optimizer::own`] makes an
/// optimizer of it that trainings, checkpoints and cross-validation take like those of the library.
///
/// ```
/// use manga_expressions::training::{Optimizer, Settings, Update, UpdateRule};
///
/// /// The sign of the gradient alone (J. Bernstein et al.: signSGD, 2018).
/// #[derive(Debug)]
/// struct SignSgd;
///
/// impl UpdateRule for SignSgd {
///     fn name(&self) -> &'static str {
///         "sign_sgd"
///     }
///     fn update(&self, of: Update) {
///         let rate = of.learning_rate as f32;
///         of.weights.iter_mut().zip(of.gradient).for_each(|(w, g)| *w -= rate * g.signum());
///     }
/// }
///
/// let settings = Settings { optimizer: Optimizer::own(&SignSgd, 0.001)?, ..Settings::default() };
/// assert_eq!(settings.optimizer.learning_rate(), 0.001);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub trait UpdateRule: fmt::Debug + Sync {
    /// Its name, in settings of runs; no other rule may have it.
    fn name(&self) -> &'static str;

    /// Names of what it keeps for each weight from step to step, as `velocity`.
    fn moments(&self) -> &'static [&'static str] {
        &[]
    }

    /// Changes the weights.
    fn update(&self, of: Update);
}

/// One tensor of weights in one step.
#[derive(Debug)]
pub struct Update<'a> {
    /// The step, from 1.
    pub step: i32,
    /// The learning rate of these weights in this step.
    pub learning_rate: f64,
    /// The weights, to be changed.
    pub weights: &'a mut [f32],
    /// The gradient of the loss with respect to each.
    pub gradient: &'a [f32],
    /// What the rule keeps, in the order of [`UpdateRule::moments`]; zeros before the first step.
    pub moments: Vec<&'a mut [f32]>,
}

/// A rule that is known by its name.
#[derive(Clone, Copy, Debug)]
pub struct KnownRule(pub(super) &'static dyn UpdateRule);

static KNOWN: RwLock<Vec<KnownRule>> = RwLock::new(Vec::new());

impl Optimizer {
    /// An optimizer that follows `rule`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a name that is empty, and for one that another rule has already.
    pub fn own(rule: &'static dyn UpdateRule, learning_rate: f64) -> Result<Optimizer> {
        let (rule, name) = (KnownRule(rule), rule.name());
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        let taken = known.iter().any(|other| *other == rule && format!("{other:?}") != format!("{rule:?}"));
        if name.trim().is_empty() || taken {
            return Err(Error::Invalid(format!("\"{name}\" cannot be the name of this optimizer: choose another")));
        }
        known.retain(|other| *other != rule);
        known.push(rule);
        Ok(Optimizer::Own { rule, learning_rate })
    }
}

impl PartialEq for KnownRule {
    fn eq(&self, other: &KnownRule) -> bool {
        self.0.name() == other.0.name()
    }
}

impl Serialize for KnownRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl<'de> Deserialize<'de> for KnownRule {
    /// The rule of that name, which the program must have made an optimizer of before.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<KnownRule, D::Error> {
        let name = String::deserialize(deserializer)?;
        let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().copied().find(|rule| rule.0.name() == name).ok_or_else(|| {
            serde::de::Error::custom(format!("no optimizer \"{name}\" was made by Optimizer::own in this program"))
        })
    }
}
