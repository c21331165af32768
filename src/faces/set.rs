//! Sets of drawn faces: who shows which expression, and how large.

use rayon::prelude::*;

use super::dice::Dice;
use super::{Character, DrawnFace, check_side};
use crate::{Error, Result};

/// How many faces of a set show the same character, one after the other.
pub const FACES_PER_CHARACTER: usize = 7;

/// Photos of the real set, in the order of [`EXPRESSIONS`](crate::data::EXPRESSIONS).
const REAL_COUNTS: [usize; 7] = [56, 37, 102, 53, 55, 86, 66];
/// Median side of the real photos in pixels, the spread of its logarithm, and their smallest and largest side.
const REAL_SIDES: (f32, f32, f32, f32) = (187.0, 0.45, 65.0, 702.0);

/// How often each expression occurs in a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mix {
    /// As in the real set; 455 faces have exactly its counts.
    #[default]
    Real,
    /// Each as often as the others: every character shows all seven.
    Balanced,
}

/// How large the faces of a set are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sizes {
    /// 65 to 702 pixels, most near 190, as in the real set; but here the size says nothing about the expression.
    #[default]
    Real,
    /// All with this side in pixels.
    Fixed(u32),
}

/// A set of faces before it is drawn.
///
/// ```
/// use manga_expressions::faces::{FaceSet, Mix, Sizes};
///
/// let set = FaceSet { mix: Mix::Balanced, sizes: Sizes::Fixed(48), ..FaceSet::new(14, 1) }.draw()?;
/// assert_eq!(set.iter().filter(|face| face.expression == 2).count(), 2);
/// assert_eq!(set[13].character, 1);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaceSet {
    /// The number of faces.
    pub n: usize,
    /// The seed of everything in them.
    pub seed: u64,
    /// How often each expression occurs.
    pub mix: Mix,
    /// How large they are.
    pub sizes: Sizes,
}

impl FaceSet {
    /// `n` faces with the mix and the sizes of the real photos.
    pub fn new(n: usize, seed: u64) -> FaceSet {
        FaceSet { n, seed, mix: Mix::Real, sizes: Sizes::Real }
    }

    /// Draws the set; an error if its size cannot be drawn.
    pub fn draw(&self) -> Result<Vec<DrawnFace>> {
        const MOST: usize = 100_000;
        if self.n > MOST {
            return Err(Error::Invalid(format!("{} faces are too many to keep in memory: at most {MOST}", self.n)));
        }
        if let Sizes::Fixed(side) = self.sizes {
            check_side(side)?;
        }
        Ok(self.faces())
    }

    fn faces(&self) -> Vec<DrawnFace> {
        let deck = self.deck();
        (0..self.n).into_par_iter().map(|index| self.face(index, &deck)).collect()
    }

    /// Face number `index`, which does not depend on how many there are.
    fn face(&self, index: usize, deck: &[usize]) -> DrawnFace {
        let character = index / FACES_PER_CHARACTER;
        // One stream a character, from which its looks and the order of its expressions come, and one a face.
        let dice = &mut Dice::new(self.seed, 2 * character as u64);
        let looks = Character::new(dice.seed());
        let mut order: [usize; FACES_PER_CHARACTER] = std::array::from_fn(|i| i);
        for i in (1..order.len()).rev() {
            order.swap(i, dice.whole(0, i));
        }
        let place = character * FACES_PER_CHARACTER + order[index % FACES_PER_CHARACTER];
        let expression = deck[place % deck.len()];
        let dice = &mut Dice::new(self.seed, 2 * index as u64 + 1);
        let side = match self.sizes {
            Sizes::Fixed(side) => side,
            Sizes::Real => {
                let (median, spread, least, most) = REAL_SIDES;
                (median * dice.around(0.0, spread).exp()).clamp(least, most).round() as u32
            }
        };
        DrawnFace { character, ..looks.drawn(expression, expression, side, dice.seed()) }
    }

    /// The expressions in an order that repeats: spread so evenly that each beginning of it has nearly the wanted mix.
    fn deck(&self) -> Vec<usize> {
        let counts = match self.mix {
            Mix::Real => REAL_COUNTS,
            Mix::Balanced => [1; 7],
        };
        let total: usize = counts.iter().sum();
        let mut owed = [0_isize; 7];
        (0..total)
            .map(|_| {
                for (owed, &count) in owed.iter_mut().zip(&counts) {
                    *owed += count as isize;
                }
                let next = (0..7).rev().max_by_key(|&class| owed[class]).expect("seven classes");
                owed[next] -= total as isize;
                next
            })
            .collect()
    }
}

/// The default set: `n` faces with the mix and the sizes of the real photos. 455 faces have exactly the counts of the real set.
///
/// The same seed gives the same bytes, and `faces(n, seed)` is the beginning of each longer set of that seed.
///
/// ```
/// use manga_expressions::faces::faces;
///
/// let nine = faces(9, 1);
/// assert_eq!(nine[..5], faces(5, 1));
/// ```
pub fn faces(n: usize, seed: u64) -> Vec<DrawnFace> {
    FaceSet::new(n, seed).faces()
}
