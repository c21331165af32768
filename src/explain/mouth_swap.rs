//! Whether the mouth decides a class: drawn faces whose mouths are exchanged. Covering shows a network what it has never
//! seen; here every picture is a whole face.

use crate::data::{EXPRESSIONS, Photo, Preparation};
use crate::faces::Character;
use crate::metrics::Mean;
use crate::net::nn::Network;
use crate::training::probabilities;
use crate::{Error, Result};
use serde::Serialize;

/// Side of the drawn faces in pixels, before they are prepared.
const SIDE: u32 = 160;

/// How probable one class is for faces of each expression with the mouth of each expression.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MouthSwap {
    /// The class whose probability is looked at, an index into [`EXPRESSIONS`].
    pub class: usize,
    /// The probabilities, 0 to 1: `[character][expression of the face][expression of the mouth]`.
    pub probabilities: Vec<[[f64; 7]; 7]>,
}

/// Draws so many `characters` with each expression and the mouth of each, 49 faces each, and asks the network how probable
/// `class` is. The characters are drawn from `seed`; take another than that of the faces which the network learnt from.
///
/// # Errors
/// A network with other classes than the expressions, or a preparation that does not fit it; fewer than two characters.
pub fn swap_mouths(
    network: &Network,
    preparation: &Preparation,
    class: usize,
    characters: usize,
    seed: u64,
) -> Result<MouthSwap> {
    let count = EXPRESSIONS.len();
    if network.classes() != count || class >= count || characters < 2 {
        return Err(Error::Invalid(format!(
            "mouths are exchanged between the {count} expressions of two or more characters: {} tells {} classes apart, \
             class {class} of {characters} characters was asked for",
            network.name(),
            network.classes()
        )));
    }
    let of_character = |number: usize| -> Result<[[f64; 7]; 7]> {
        let pose = seed.wrapping_mul(1_000_003).wrapping_add(number as u64);
        let character = Character::new(pose);
        let mut photos = Vec::with_capacity(count * count);
        for face in 0..count {
            for mouth in 0..count {
                let drawn = character.draw_with_mouth(face, mouth, SIDE, pose)?;
                photos.push(Photo::from_grey("drawn", SIDE as usize, SIDE as usize, drawn.pixels)?);
            }
        }
        let rows = probabilities(network, &preparation.images(&photos)?)?;
        Ok(std::array::from_fn(|face| std::array::from_fn(|mouth| f64::from(rows[face * count + mouth][class]))))
    };
    Ok(MouthSwap { class, probabilities: (0..characters).map(of_character).collect::<Result<_>>()? })
}

impl MouthSwap {
    /// Mean probability over the characters, of faces of the expression `face` with the mouth of `mouth`.
    pub fn mean(&self, face: usize, mouth: usize) -> f64 {
        self.probabilities.iter().map(|of| of[face][mouth]).sum::<f64>() / self.probabilities.len() as f64
    }

    /// By how much the class is more probable when a face of another expression gets its mouth instead of its own; a value
    /// for each character, the mean over the other expressions.
    ///
    /// # Errors
    /// Fewer than two characters.
    pub fn mouth_effect(&self) -> Result<Mean> {
        self.effect(&|of, other| of[other][self.class] - of[other][other])
    }

    /// By how much the class is more probable when a face of another expression gets all of its face but the mouth.
    ///
    /// # Errors
    /// Fewer than two characters.
    pub fn rest_effect(&self) -> Result<Mean> {
        self.effect(&|of, other| of[self.class][other] - of[other][other])
    }

    fn effect(&self, of_face: &dyn Fn(&[[f64; 7]; 7], usize) -> f64) -> Result<Mean> {
        let others = || (0..EXPRESSIONS.len()).filter(|&face| face != self.class);
        let count = others().count() as f64;
        let each = self.probabilities.iter().map(|of| others().map(|other| of_face(of, other)).sum::<f64>() / count);
        Mean::of(&each.collect::<Vec<_>>())
    }
}
