//! Networks side by side, and what they say.

use super::Table;
use crate::metrics::ConfidenceBin;
use crate::net::nn::{Mode, Network, SummaryRow};
use crate::study::experiment::Classification;
use crate::{Error, Result};

impl Table {
    /// Networks with what they are made of and what they cost, a row each: layers with a kernel (convolutions and dense
    /// layers, also those side by side and on shortcuts), parameters, how many of them learn, and millions of
    /// multiply-adds for one image in inference and in a step of training.
    ///
    /// # Errors
    /// A network whose layers do not fit its input.
    pub fn networks(networks: &mut [Network]) -> Result<Table> {
        let (mut names, mut inputs) = (Vec::new(), Vec::new());
        let (mut layers, mut total, mut trainable) = (Vec::new(), Vec::new(), Vec::new());
        let (mut inference, mut training) = (Vec::new(), Vec::new());
        for network in networks {
            let summary = network.summary()?;
            let (h, w, c) = summary.input;
            names.push(summary.network);
            inputs.push(format!("{h} x {w} x {c}"));
            layers.push(summary.layers.iter().filter(|layer: &&SummaryRow| layer.multiply_adds > 0).count());
            total.push(summary.total);
            trainable.push(summary.trainable);
            inference.push(network.multiply_adds(Mode::Inference)? as f64 / 1e6);
            training.push(network.multiply_adds(Mode::Training)? as f64 / 1e6);
        }
        let table = Table::new("Networks: parameters and work for one image")
            .with_text("network", &names)?
            .with_text("input", &inputs)?
            .with_integers("layers", &layers)?
            .with_integers("parameters", &total)?
            .with_integers("that learn", &trainable)?
            .with_numbers("inference", &inference, 0)?
            .with_numbers("training", &training, 0)?;
        Ok(table.with_note(
            "Inference and training: millions of multiply-adds. In training a layer that learns counts thrice.",
        ))
    }

    /// What a network says of several images: a row for each of `classes`, a column of probabilities (0 to 1) for each image
    /// by its name.
    ///
    /// # Errors
    /// Not a probability for each class; two images of one name.
    pub fn classifications(classes: &[String], said: &[Classification]) -> Result<Table> {
        let mut table = Table::new("Probability of each class").with_text("class", classes)?;
        for of_image in said {
            if of_image.probabilities.len() != classes.len() {
                let (count, names) = (of_image.probabilities.len(), classes.len());
                return Err(Error::Invalid(format!("{}: {count} probabilities of {names} classes", of_image.image)));
            }
            let probabilities: Vec<f64> = of_image.probabilities.iter().map(|&p| f64::from(p)).collect();
            table = table.with_numbers(&of_image.image, &probabilities, 3)?;
        }
        Ok(table)
    }

    /// Whether a network may be as sure as it is: photos by how probable the class that it names is to it, with the fraction
    /// that it named correctly and the 95 % interval of that, all in 0 to 1.
    ///
    /// # Errors
    /// None that depends on `bins`.
    pub fn confidence(bins: &[ConfidenceBin]) -> Result<Table> {
        let sure: Vec<String> =
            bins.iter().map(|bin| format!("{:.0} to {:.0} %", 100.0 * bin.from, 100.0 * bin.to)).collect();
        let photos: Vec<usize> = bins.iter().map(|bin| bin.photos).collect();
        let number = |value: &dyn Fn(&ConfidenceBin) -> Option<f64>| bins.iter().map(value).collect::<Vec<_>>();
        let fraction = |bin: &ConfidenceBin| (bin.photos > 0).then(|| bin.correct as f64 / bin.photos as f64);
        Table::new("How sure the network is, and how often it is right")
            .with_text("says it is sure", &sure)?
            .with_integers("photos", &photos)?
            .with_optional_numbers("mean confidence", &number(&|bin| bin.confidence), 3)?
            .with_optional_numbers("right", &number(&fraction), 3)?
            .with_optional_numbers("low", &number(&|bin| bin.interval.map(|interval| interval.low)), 3)?
            .with_optional_numbers("high", &number(&|bin| bin.interval.map(|interval| interval.high)), 3)
    }
}
