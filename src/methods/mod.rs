//! Methods: all that can be cross-validated, and how.
//!
//! A network and its training is one ([`Experiment`]); the others are what it has to beat, or is made of: the most
//! frequent class, nearest neighbours, ridge regression on features of networks that nobody trained on these photos, and
//! the mean of several methods. A recipe's file says which it is.
//!
//! [`CrossValidation`] treats them all alike: a fit for each fold of each repeat, which sees the training photos of that
//! fold and chooses everything by them, and whose answers for the others are kept.

mod cross_validated;
mod cross_validation;
mod ensemble;
mod features;
mod fit;
mod judged;
mod majority;
mod neighbours;
mod network;
mod ready;
mod recipe;
mod ridge;
mod store;
mod summary;

pub use cross_validated::cross_validated;
pub use cross_validation::CrossValidation;
pub use ensemble::Ensemble;
pub use features::{FeatureSet, NetworkFeatures};
pub use fit::Fit;
pub use judged::Judged;
pub use majority::Majority;
pub use neighbours::NeighbourVote;
pub use recipe::{RECIPES, name_of};
pub use ridge::RidgeClassifier;
pub use summary::MethodSummary;

use crate::experiment::Experiment;
use crate::{Error, Result};
use serde::Serialize;
use serde_json::{Value, json};

/// What can be cross-validated.
#[derive(Clone, Debug, PartialEq)]
pub enum Method {
    /// A network that is trained.
    Network(Box<Experiment>),
    /// Always the most frequent class: recipes with `method = "majority"`.
    Majority(Majority),
    /// The vote of the nearest photos: `method = "neighbours"`.
    Neighbours(NeighbourVote),
    /// Ridge regression on features: `method = "ridge"`.
    Ridge(RidgeClassifier),
    /// The mean of other methods' probabilities: `method = "ensemble"`.
    Ensemble(Ensemble),
}

impl From<Experiment> for Method {
    fn from(experiment: Experiment) -> Method {
        Method::Network(Box::new(experiment))
    }
}

impl Method {
    /// Its settings as JSON, as far as results depend on them: neither the number of threads nor where the photos lie is
    /// among them.
    ///
    /// # Errors
    /// None that could happen here.
    pub fn settings(&self) -> Result<Value> {
        match self {
            Method::Network(experiment) => {
                let mut experiment = experiment.as_ref().clone();
                experiment.training.threads = None;
                let mut settings = value(&experiment)?;
                settings.as_object_mut().map(|settings| settings.remove("source"));
                Ok(settings)
            }
            Method::Majority(settings) => told("majority", settings),
            Method::Neighbours(settings) => told("neighbours", settings),
            Method::Ridge(settings) => told("ridge", settings),
            Method::Ensemble(settings) => told("ensemble", settings),
        }
    }
}

fn told<T: Serialize>(method: &str, settings: &T) -> Result<Value> {
    let mut told = json!({ "method": method });
    if let (Some(all), Value::Object(own)) = (told.as_object_mut(), value(settings)?) {
        all.extend(own);
    }
    Ok(told)
}

fn value<T: Serialize>(of: &T) -> Result<Value> {
    serde_json::to_value(of).map_err(|error| Error::output("JSON", error))
}
