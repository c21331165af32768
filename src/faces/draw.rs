//! One face, from the background to the last drop.

use super::backdrop::backdrop;
use super::canvas::{Canvas, View};
use super::dice::Dice;
use super::look::Look;
use super::pose::{Expression, Lips};
use super::scan::scan;
use super::{eyes, hair, head, marks, mouth};

/// Draws the character `look` with this expression, but with the mouth of the expression `mouth`, as `side` x `side` grey
/// values.
pub(super) fn draw(look: &Look, expression: usize, mouth: usize, side: u32, seed: u64) -> Vec<u8> {
    // Separate streams: how many numbers one part uses does not change the others.
    let mut face = Expression::sample(expression, &mut Dice::new(seed, 0));
    if mouth != expression {
        face.mouth = Expression::sample(mouth, &mut Dice::new(seed, 0)).mouth;
    }
    let mut canvas = Canvas::new(side, view(&face, &mut Dice::new(seed, 1)));
    backdrop(&mut canvas, look.dots, face.burst, &mut Dice::new(seed, 2));
    portrait(&mut canvas, look, &face, &mut Dice::new(seed, 3));
    let mut pixels = canvas.into_grey();
    scan(&mut pixels, side as usize, &mut Dice::new(seed, 4));
    pixels
}

/// The pose of the head and the crop around it, which say nothing about the expression but for its nod.
fn view(face: &Expression, dice: &mut Dice) -> View {
    let scale = dice.between(0.38, 0.455);
    View {
        centre: (0.5 + dice.around(0.0, 0.022), 0.5 + dice.around(0.02, 0.022)),
        scale,
        roll: dice.around(0.0, 0.075),
        yaw: dice.around(0.0, 0.15),
        pitch: face.pitch,
    }
}

/// The character itself, from the back to the front.
fn portrait(canvas: &mut Canvas, look: &Look, face: &Expression, dice: &mut Dice) {
    hair::behind(canvas, look);
    head::neck(canvas, look);
    if look.hair.length < 0.7 {
        head::ears(canvas, look);
    }
    let gape = if face.mouth.lips == Lips::Open { 0.25 * (face.mouth.open - 0.1).max(0.0) } else { 0.0 };
    let outline = head::outline(look, gape);
    head::face(canvas, look, &outline);
    marks::gloom(canvas, look, face.gloom, &outline, dice);
    marks::blush(canvas, look, face, dice);
    head::nose(canvas, look);
    mouth::mouth(canvas, look, face.mouth);
    for (&eye, side) in face.eyes.iter().zip([-1.0, 1.0]) {
        eyes::eye(canvas, look, eye, side);
    }
    hair::front(canvas, look);
    eyes::brows(canvas, look, face.brow);
    if look.glasses {
        head::glasses(canvas, look);
    }
    marks::streams(canvas, look, face, &outline, dice);
    for (&eye, side) in face.eyes.iter().zip([-1.0, 1.0]) {
        eyes::tears_at(canvas, look, eye, side, face.tears);
    }
    marks::sweat(canvas, look, face.sweat, dice);
    if face.vein {
        marks::vein(canvas, look, dice);
    }
}
