//! Manga faces that the library draws itself: a data set for those who have no photos, and pictures that may be shown anywhere.
//!
//! A [`Character`] has its looks: hair, the shape of eyes and face, the pen and the screentone of its artist. It is then drawn with any of
//! the seven [`EXPRESSIONS`], each time a little differently: another turn of the head, another strength of the
//! feeling, other signs (tears, blush, sweat, a vein). What tells the expressions apart is in the features; size, pose, crop, line width
//! and background tell next to nothing. As in the real set, neighbours overlap: pleased and happy, sad and crying, embarrassed and shock.
//!
//! [`faces`] draws a whole set. The same seed gives the same bytes, on any number of threads, and a longer set begins with the shorter one.

mod backdrop;
mod canvas;
mod curve;
mod dice;
mod draw;
mod expression;
mod eyes;
mod hair;
mod head;
mod look;
mod marks;
mod mouth;
mod pose;
mod scan;
mod set;
mod tone;

pub use set::{FACES_PER_CHARACTER, FaceSet, Mix, Sizes, faces};

use crate::{Error, Result};
use look::Look;

/// The seven expressions in the report's order (section 2.1.1, counted from 0 as in its tables of results).
pub const EXPRESSIONS: [&str; 7] = ["sad", "pleased", "shock", "angry", "crying", "happy", "embarrassed"];

/// The smallest and the largest side of a drawn face, in pixels.
pub const SIDES: (u32, u32) = (16, 2048);

/// Somebody who can be drawn with any expression and stays the same person.
///
/// ```
/// use manga_expressions::data::EXPRESSIONS;
/// use manga_expressions::faces::Character;
///
/// let somebody = Character::new(3);
/// let angry = EXPRESSIONS.iter().position(|&name| name == "angry").unwrap();
/// let face = somebody.draw(angry, 64, 1)?;
/// assert_eq!((face.width, face.height, face.pixels.len()), (64, 64, 64 * 64));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Character {
    look: Look,
}

/// A drawn face.
#[derive(Clone, PartialEq, Eq)]
pub struct DrawnFace {
    /// Its expression, an index into [`EXPRESSIONS`].
    pub expression: usize,
    /// The number of its character within the set, for a split by character; 0 for a face that was drawn on its own.
    pub character: usize,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Grey values, row by row: 0 is black, 255 white.
    pub pixels: Vec<u8>,
}

impl Character {
    /// The character with this seed.
    pub fn new(seed: u64) -> Character {
        Character { look: Look::new(seed) }
    }

    /// Draws the character with this expression (an index into [`EXPRESSIONS`]), `side` x `side` pixels.
    ///
    /// The seed chooses the pose, the strength and all that varies between two pictures of one expression. An error if there is no such
    /// expression, or if the side is outside [`SIDES`].
    pub fn draw(&self, expression: usize, side: u32, seed: u64) -> Result<DrawnFace> {
        self.draw_with_mouth(expression, expression, side, seed)
    }

    /// As [`Character::draw`], but with the mouth that the same seed gives the expression `mouth`: all else is the same to
    /// the line. It shows what the mouth alone does.
    ///
    /// # Errors
    /// As [`Character::draw`].
    pub fn draw_with_mouth(&self, expression: usize, mouth: usize, side: u32, seed: u64) -> Result<DrawnFace> {
        if let Some(none) = [expression, mouth].into_iter().find(|&number| number >= EXPRESSIONS.len()) {
            return Err(Error::NotFound(format!(
                "there is no expression {none}: they are numbered 0 to 6 in the order {EXPRESSIONS:?}"
            )));
        }
        check_side(side)?;
        Ok(self.drawn(expression, mouth, side, seed))
    }

    /// [`Character::draw_with_mouth`] with expressions and a side that were checked.
    fn drawn(&self, expression: usize, mouth: usize, side: u32, seed: u64) -> DrawnFace {
        let pixels = draw::draw(&self.look, expression, mouth, side, seed);
        DrawnFace { expression, character: 0, width: side, height: side, pixels }
    }
}

fn check_side(side: u32) -> Result<()> {
    let (least, most) = SIDES;
    if (least..=most).contains(&side) {
        return Ok(());
    }
    Err(Error::Invalid(format!("a face cannot be drawn {side} pixels wide: choose {least} to {most}")))
}

impl std::fmt::Debug for DrawnFace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let DrawnFace { expression, character, width, height, .. } = self;
        write!(f, "DrawnFace({}, character {character}, {width}x{height})", EXPRESSIONS[*expression])
    }
}
