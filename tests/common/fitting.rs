//! What tests of trainings share.

#![allow(dead_code)] // Each test file uses its own part.

use manga_expressions::Result;
use manga_expressions::data::LabelledImages;
use manga_expressions::net::nn::Network;
use manga_expressions::training::{Epoch, History, Settings, fit};
use serde_json::Value;

/// [`fit`] that nobody watches.
pub fn quietly(
    network: &mut Network,
    train: &LabelledImages,
    validation: Option<&LabelledImages>,
    settings: &Settings,
) -> Result<History> {
    fit(network, train, validation, settings, &mut |_| {})
}

/// The losses and accuracies of all epochs, bit by bit.
pub fn curve(history: &History) -> Vec<u64> {
    let numbers = |e: &Epoch| [Some(e.train_loss), Some(e.train_accuracy), e.validation_loss, e.validation_accuracy];
    history.epochs.iter().flat_map(numbers).map(|value| value.map_or(0, f64::to_bits)).collect()
}

/// An epoch with this loss, and an accuracy that falls from epoch to epoch.
pub fn epoch(epoch: usize, loss: f64) -> Epoch {
    Epoch {
        epoch,
        train_loss: loss,
        train_accuracy: 0.2 / epoch as f64,
        validation_loss: Some(loss),
        validation_accuracy: Some(0.1),
        learning_rate: 0.001,
        seconds: 1.5,
        cpu_seconds: 3.0,
    }
}

pub fn numbers(array: &Value) -> Vec<f64> {
    array.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

pub fn floats(array: &Value) -> Vec<f32> {
    numbers(array).into_iter().map(|v| v as f32).collect()
}

pub fn doubles(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&v| v as f64).collect()
}

pub fn near(ours: &[f64], theirs: &[f64], tolerance: f64) {
    assert_eq!(ours.len(), theirs.len());
    for (a, b) in ours.iter().zip(theirs) {
        assert!((a - b).abs() <= tolerance, "{ours:?} and {theirs:?}");
    }
}
