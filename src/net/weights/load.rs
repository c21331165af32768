//! From named tensors into a network.

use super::{Weights, recognise};
use crate::data::EXPRESSIONS;
use crate::net::models::{self, NETWORKS};
use crate::net::nn::Network;
use crate::net::nn::weights::{from_torch, torch_shape};
use crate::net::ops::Parameter;
use crate::{Error, Result};
use std::collections::HashSet;

/// Which part of a network takes weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All but the head, and but auxiliary heads, which keep what they have: for another set of classes. Keras's
    /// `include_top=False`.
    Body,
    /// Every parameter.
    All,
}

/// How the names begin of what knows the classes, in torchvision, timm and Keras. Where only the body is taken, such
/// tensors of a file need not be those of this network.
const HEADS: [&str; 10] =
    ["fc.", "fc1.", "fc2.", "classifier.", "head.", "pre_logits.", "predictions.", "aux1.", "aux2.", "dense"];

/// How the message on a tensor that is not there begins.
const MISSING: &str = "has no tensor";

/// How the names of auxiliary heads begin.
const AUXILIARY: &str = "aux";

impl Weights {
    /// Gives a network these weights.
    ///
    /// # Errors
    /// [`Error::Weights`] that names the tensor where one is missing, has another shape, or is not of this network, and
    /// where the file says that it is of another network, or [is not whole](Weights::is_whole) and the network has other
    /// weights where it is frozen. The network is then as it was.
    pub fn load_into(&self, network: &mut Network, part: Part) -> Result<()> {
        let heads: HashSet<String> = network.head_parameters().into_iter().map(|p| p.name.clone()).collect();
        let is_head = |p: &Parameter| heads.contains(&p.name) || p.name.starts_with(AUXILIARY);
        let takes = |p: &Parameter| (part == Part::All || !is_head(p)) && (self.is_whole() || p.changes());
        if !self.is_whole() && self.about.frozen != network.frozen_digest() {
            let what = "has only what a training changed, and the rest of this network is not what that training began with: \
                        open the run in whose folder the file lies; if that is what says this, the weights that it began \
                        with are others now, and it must be trained again";
            return Err(self.refuse(network, what.into()));
        }

        let wanted: Vec<&Parameter> = network.parameters().into_iter().filter(|p| takes(p)).collect();
        for parameter in &wanted {
            self.check(parameter, is_head(parameter)).map_err(|what| self.refuse(network, what))?;
        }
        let known: HashSet<&str> = network.parameters().into_iter().map(|p| p.name.as_str()).collect();
        let surplus = |name: &&String| {
            let of_a_head = part == Part::Body && HEADS.iter().any(|head| name.starts_with(head));
            !known.contains(name.as_str()) && !of_a_head
        };
        if let Some(name) = self.tensors.keys().find(surplus) {
            return Err(self.refuse(network, format!("has a tensor {name} that this network does not have")));
        }
        self.check_name(network)?;

        for parameter in network.parameters_mut() {
            if takes(parameter) {
                let values = self.tensors[&parameter.name].values.clone();
                parameter.set_values(&from_torch(values, parameter.shape()));
            }
        }
        Ok(())
    }

    /// The network `name` for images of `size` x `size`, with these weights in it: the number of classes, and that of
    /// colour channels, is theirs.
    ///
    /// # Errors
    /// As [`models::by_name`] and [`Weights::load_into`].
    pub fn build(&self, name: &str, size: usize) -> Result<Network> {
        let mut network = self.shaped(name, size)?;
        self.load_into(&mut network, Part::All)?;
        Ok(network)
    }

    /// An error unless the body of the network `name` can take these weights.
    pub(super) fn check_body(&self, name: &str) -> Result<()> {
        let (size, ..) = models::default_input(name)?;
        self.load_into(&mut self.shaped(name, size)?, Part::Body)
    }

    /// The network `name` with first weights, of as many channels and classes as there are here.
    fn shaped(&self, name: &str, size: usize) -> Result<Network> {
        let (.., channels) = models::default_input(name)?;
        let first = models::by_name(name, (size, size, channels), EXPRESSIONS.len(), 1)?;
        let of = |parameter: Option<&&Parameter>, axis: usize| self.shape(&parameter?.name)?.get(axis).copied();
        let channels = of(first.parameters().first(), 1).unwrap_or(channels);
        let classes = of(first.head_parameters().last(), 0).unwrap_or(first.classes());
        if (channels, classes) == (first.input().2, first.classes()) {
            return Ok(first);
        }
        models::by_name(name, (size, size, channels), classes, 1)
    }

    /// What is wrong with the tensor for a parameter.
    fn check(&self, parameter: &Parameter, is_head: bool) -> Result<(), String> {
        let (name, wanted) = (&parameter.name, torch_shape(parameter.shape()));
        let Some(tensor) = self.tensors.get(name) else {
            return Err(match self.unfit.get(name) {
                Some(kind) => format!("tensor {name} is of type {kind}; weights are F32, or F64, F16 or BF16"),
                None => format!("{MISSING} {name}"),
            });
        };
        if let Some(place) = tensor.values.iter().position(|value| !value.is_finite()) {
            let value = tensor.values[place];
            return Err(format!("tensor {name} has the value {value} at place {place}: weights must be numbers"));
        }
        if tensor.shape == wanted {
            return Ok(());
        }
        let what = format!("tensor {name} has the shape {:?}, and this network wants {wanted:?}", tensor.shape);
        let other_classes = if is_head { ": for other classes, take all weights but the head's" } else { "" };
        Err(what + other_classes)
    }

    /// An error unless the file is of this network, or one of the two is not of [`NETWORKS`].
    fn check_name(&self, network: &Network) -> Result<()> {
        let known = |name: &str| NETWORKS.contains(&name);
        match self.network() {
            Some(other) if other != network.name() && known(other) && known(network.name()) => {
                let what = format!("holds the weights of {other}, and this network is {}", network.name());
                Err(Error::weights(&self.path, what))
            }
            _ => Ok(()),
        }
    }

    /// The first names that are there, for one who has to find out whose they are.
    fn there(&self) -> String {
        const SHOWN: usize = 3;
        let names: Vec<&str> = self.tensors.keys().take(SHOWN).map(String::as_str).collect();
        let more = if self.tensors.len() > SHOWN { ", …" } else { "" };
        let beside = self.beside.as_ref().map(|beside| format!(" ({beside})")).unwrap_or_default();
        format!("it has {} tensors: {}{more}{beside}", self.tensors.len(), names.join(", "))
    }

    /// The error, with a word on whose weights these are where that is known or can be guessed.
    fn refuse(&self, network: &Network, what: String) -> Error {
        let whose = match (self.network(), recognise::looks_like(&self.tensors)) {
            (Some(other), _) => format!(" (the file is of {other})"),
            (None, Some(other)) if other != network.name() => format!(": this looks like {other}"),
            (None, None) if what.starts_with(MISSING) => format!("; {}", self.there()),
            _ => String::new(),
        };
        Error::weights(&self.path, what + &whose)
    }
}
