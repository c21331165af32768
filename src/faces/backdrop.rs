//! What is behind the head.

use super::canvas::Canvas;
use super::dice::Dice;
use super::tone::{Shade, Tone};

/// Draws the background; `burst` is the probability of lines that run towards the head.
pub(super) fn backdrop(canvas: &mut Canvas, dots: f32, burst: f32, dice: &mut Dice) {
    if dice.chance(burst) {
        return rays(canvas, dice);
    }
    let side = canvas.side();
    let pitch = dots * canvas.unit();
    let dark = dice.between(0.08, 0.5);
    let corner = (dice.whole(0, 1) as f32 * side, dice.whole(0, 1) as f32 * side);
    let fade = Shade::Fade(corner, (side - corner.0, side - corner.1));
    match dice.pick(&[(6.0, 0), (0.8, 1), (1.3, 2), (0.8, 3), (0.6, 4)]) {
        0 => {}
        1 => canvas.cover(&Tone { dark, pitch, ink: 60, shade: Shade::Even }),
        2 => canvas.cover(&Tone { dark: dark + 0.25, pitch, ink: 60, shade: fade }),
        // Plain grey, and black.
        3 => canvas.cover(&Tone { dark: 1.0, pitch, ink: 255 - (dark * 255.0) as u8, shade: Shade::Even }),
        _ => canvas.cover(&Tone { dark: 1.0, pitch: 1.0, ink: 30, shade: Shade::Even }),
    }
}

/// Lines from the edge of the picture towards its middle.
fn rays(canvas: &mut Canvas, dice: &mut Dice) {
    let side = canvas.side();
    let middle = (side * dice.around(0.5, 0.05), side * dice.around(0.5, 0.05));
    let count = dice.whole(36, 80);
    let lines: Vec<_> = (0..count)
        .map(|i| {
            let angle = (i as f32 + dice.between(0.0, 0.9)) / count as f32 * std::f32::consts::TAU;
            let at = |radius: f32| (middle.0 + radius * side * angle.cos(), middle.1 + radius * side * angle.sin());
            (at(0.8), at(dice.between(0.3, 0.45)), side * dice.between(0.006, 0.022))
        })
        .collect();
    canvas.rays(&lines, 30);
}
