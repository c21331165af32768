//! The signs that manga adds to a face: blush, tears, sweat, the anger vein, gloomy lines.

use std::f32::consts::FRAC_PI_2;

use super::canvas::{Canvas, Taper};
use super::curve::{Point, arc, bow, drop, ellipse, spline};
use super::dice::Dice;
use super::look::{Blush, Look};
use super::pose::{Expression, Lids};
use super::tone::{Shade, Tone};

/// Blush on the cheeks, and across the nose where it is strong.
pub(super) fn blush(canvas: &mut Canvas, look: &Look, face: &Expression, dice: &mut Dice) {
    let strength = if look.rosy { face.blush.max(0.3) } else { face.blush };
    if strength == 0.0 {
        return;
    }
    let y = 0.3 + 0.35 * look.eye.height;
    let (rx, ry) = (0.15 + 0.1 * strength, 0.07 + 0.07 * strength);
    let mut spots = vec![((-0.5, y), (rx, ry)), ((0.5, y), (rx, ry))];
    if face.across {
        spots.push(((0.0, y - 0.06), (0.42, ry * 0.7)));
    }
    let unit = canvas.unit();
    for (centre, radius) in spots {
        let strength = if centre.0 == 0.0 { 0.6 * strength } else { strength };
        if look.blush != Blush::Hatching {
            let shade =
                Shade::Spot(canvas.place(centre), (radius.0 * 1.25 * unit, radius.1 * 1.5 * unit), canvas.view().roll);
            let area = ellipse(centre, (radius.0 * 1.5, radius.1 * 2.0));
            canvas.tone(&area, &Tone { dark: 0.18 + 0.22 * strength, pitch: look.dots * unit, ink: 70, shade });
        }
        if look.blush != Blush::Dots {
            hatch(canvas, look, dice, centre, radius, strength);
        }
    }
}

/// Slanted strokes inside an ellipse.
fn hatch(canvas: &mut Canvas, look: &Look, dice: &mut Dice, centre: Point, radius: Point, strength: f32) {
    let gap = 0.075 - 0.02 * strength;
    let count = (2.0 * radius.0 / gap) as usize;
    let strokes: Vec<_> = (0..=count)
        .map(|i| {
            let t = 2.0 * (i as f32 + dice.around(0.0, 0.12)) / count.max(1) as f32 - 1.0;
            let half = radius.1 * (1.0 - 0.75 * t * t).max(0.2) * dice.between(0.85, 1.15);
            let x = centre.0 + t * radius.0;
            vec![(x + 0.45 * half, centre.1 - half), (x - 0.45 * half, centre.1 + half)]
        })
        .collect();
    canvas.lines(&strokes, look.line * 0.75, Taper::Both, look.ink.saturating_add(25));
}

/// Streams of tears from both eyes down to the jaw, inside the `outline` of the face.
pub(super) fn streams(canvas: &mut Canvas, look: &Look, face: &Expression, outline: &[Point], dice: &mut Dice) {
    let width = face.tears.stream;
    if width == 0.0 {
        return;
    }
    canvas.at_depth(0.5);
    canvas.clip(outline);
    canvas.at_depth(1.0);
    let end = look.chin + 0.1;
    for (eye, side) in face.eyes.iter().zip([-1.0, 1.0]) {
        let top = if eye.lids == Lids::Open { 0.7 * look.eye.height } else { 0.08 };
        let x = side * (look.eye.apart + dice.around(0.02, 0.04));
        let run = side * dice.around(0.03, 0.04);
        let mut edge = |sign: f32| {
            let mut at = |part: f32, wide: f32| {
                (x + run * part + sign * width * wide + dice.around(0.0, 0.1 * width), top + part * (end - top))
            };
            spline(&[at(0.0, 0.9), at(0.12, 0.5), at(0.4, 0.42), at(0.7, 0.55), at(1.0, 0.75)])
        };
        let (left, right) = (edge(-1.0), edge(1.0));
        let mut area = left.clone();
        area.extend(right.iter().rev());
        canvas.fill(&area, 255);
        canvas.lines(&[left, right], look.line * 0.6, Taper::Both, look.ink);
        let inside: Vec<_> = (0..3)
            .map(|_| {
                let dx = dice.around(0.0, width * 0.16);
                let (a, b) = (dice.between(0.1, 0.4), dice.between(0.5, 0.9));
                vec![(x + dx + run * a, top + a * (end - top)), (x + dx + run * b, top + b * (end - top))]
            })
            .collect();
        canvas.lines(&inside, look.line * 0.5, Taper::Both, look.ink.saturating_add(60));
    }
    canvas.unclip();
}

/// Drops of sweat on forehead, temple and cheek.
pub(super) fn sweat(canvas: &mut Canvas, look: &Look, count: usize, dice: &mut Dice) {
    let side = dice.side();
    let places = [(side * 0.78, -0.42), (-side * 0.74, 0.22), (side * 0.68, 0.42)];
    for &(x, y) in places.iter().take(count) {
        let long = dice.between(0.15, 0.26);
        let tip = (x + dice.around(0.0, 0.03), y + dice.around(0.0, 0.04));
        let bead = drop(tip, long, FRAC_PI_2 + dice.around(0.0, 0.15));
        canvas.fill(&bead, 255);
        canvas.outline(&bead, look.line * 0.9, look.ink);
        canvas.line(
            &arc((tip.0, tip.1 + long * 0.7), (long * 0.14, long * 0.14), 0.3, 0.5),
            look.line * 0.6,
            Taper::Both,
            look.ink,
        );
    }
}

/// The vein that stands out in anger: four bent strokes around a point.
pub(super) fn vein(canvas: &mut Canvas, look: &Look, dice: &mut Dice) {
    let side = dice.side();
    let (x, y) = (side * dice.between(0.5, 0.72), -dice.between(0.5, 0.78));
    let (size, turn) = (dice.between(0.13, 0.2), dice.around(0.2, 0.2));
    // White behind it keeps it readable on dark hair.
    canvas.fill(&ellipse((x, y), (size * 1.05, size * 1.05)), 255);
    let strokes: Vec<_> = (0..4)
        .map(|i| {
            let (sin, cos) = (turn + i as f32 * FRAC_PI_2).sin_cos();
            let at = |(u, v): Point| (x + size * (u * cos - v * sin), y + size * (u * sin + v * cos));
            bow(at((0.95, 0.2)), at((0.2, 0.2)), at((0.2, 0.95)))
        })
        .collect();
    canvas.lines(&strokes, size * 0.24, Taper::Both, look.ink);
}

/// Vertical lines from the forehead down: dread, or a heavy heart.
pub(super) fn gloom(canvas: &mut Canvas, look: &Look, length: f32, outline: &[Point], dice: &mut Dice) {
    if length == 0.0 {
        return;
    }
    canvas.at_depth(0.5);
    canvas.clip(outline);
    canvas.at_depth(0.8);
    let count = dice.whole(14, 22);
    let lines: Vec<_> = (0..count)
        .map(|i| {
            let x = 0.95 * (2.0 * (i as f32 + dice.between(0.2, 0.8)) / count as f32 - 1.0);
            // Longer at the temples, so that the eyes stay free.
            let end = -0.5 + length * (0.35 + 0.65 * x * x) * dice.between(0.7, 1.1);
            vec![(x, -0.9), (x, -0.5), (x, end)]
        })
        .collect();
    canvas.lines(&lines, look.line * 0.85, Taper::Tail, look.ink);
    canvas.unclip();
    canvas.at_depth(1.0);
}
