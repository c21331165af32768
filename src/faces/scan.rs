//! From the drawn sheet to something like the scan of a printed page.

use super::dice::Dice;

/// Softens a picture of `side` x `side` a little, greys paper and ink, and adds the grain of a scanner.
pub(super) fn scan(pixels: &mut Vec<u8>, side: usize, dice: &mut Dice) {
    let soft = if dice.chance(0.5) { dice.between(0.0, 0.9) } else { 0.0 };
    if soft > 0.05 {
        *pixels = softened(pixels, side, soft);
    }
    let (paper, ink) = (dice.between(242.0, 255.0), dice.between(0.0, 14.0));
    let grain = dice.between(0.0, 4.0);
    for pixel in pixels.iter_mut() {
        let grey = ink + (paper - ink) * (*pixel as f32 / 255.0) + dice.between(-grain, grain);
        *pixel = (grey + 0.5) as u8;
    }
}

/// Each pixel mixed with its eight neighbours: `soft` 0 leaves it alone, 1 is a 3x3 binomial filter.
fn softened(pixels: &[u8], side: usize, soft: f32) -> Vec<u8> {
    let blur = |values: &[f32], step: usize, place: &dyn Fn(usize) -> usize| -> Vec<f32> {
        (0..values.len())
            .map(|i| {
                let before = if place(i) == 0 { i } else { i - step };
                let after = if place(i) + 1 == side { i } else { i + step };
                values[i] + soft * (0.25 * values[before] + 0.25 * values[after] - 0.5 * values[i])
            })
            .collect()
    };
    let values: Vec<f32> = pixels.iter().map(|&grey| grey as f32).collect();
    let rows = blur(&values, 1, &|i| i % side);
    blur(&rows, side, &|i| i / side).iter().map(|grey| (grey + 0.5) as u8).collect()
}
