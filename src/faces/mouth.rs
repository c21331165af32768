//! The mouth.

use super::canvas::{Canvas, Taper};
use super::curve::{Point, ellipse, spline};
use super::look::Look;
use super::pose::{Lips, Mouth};

/// Draws the mouth.
pub(super) fn mouth(canvas: &mut Canvas, look: &Look, mouth: Mouth) {
    canvas.at_depth(1.1);
    match mouth.lips {
        Lips::Line => closed(canvas, look, mouth),
        Lips::Wavy => wavy(canvas, look, mouth),
        Lips::Open => open(canvas, look, mouth),
        Lips::Teeth => teeth(canvas, look, mouth),
    }
    canvas.at_depth(1.0);
}

fn closed(canvas: &mut Canvas, look: &Look, mouth: Mouth) {
    let (w, y, s) = (mouth.width * look.mouth_size, look.mouth, mouth.smile);
    let line =
        spline(&[(-w, y - s), (-0.5 * w, y + 0.35 * s), (0.0, y + 0.7 * s), (0.5 * w, y + 0.35 * s), (w, y - s)]);
    canvas.line(&line, look.line * 1.3, Taper::Both, look.ink);
    if s.abs() > 0.03 {
        // Dimples, or the folds of a frown.
        for side in [-1.0, 1.0] {
            let x = side * (w + 0.005);
            canvas.line(&[(x, y - s - 0.02), (x + side * 0.012, y - s + 0.02)], look.line, Taper::Both, look.ink);
        }
    }
    let below = y + 0.1 + 0.5 * s.abs();
    canvas.line(&[(-0.05, below), (0.05, below)], look.line * 0.8, Taper::Both, look.ink);
}

fn wavy(canvas: &mut Canvas, look: &Look, mouth: Mouth) {
    let (w, y) = (mouth.width.max(0.12) * look.mouth_size, look.mouth);
    let line: Vec<Point> = (0..=6)
        .map(|i| {
            let t = i as f32 / 3.0 - 1.0;
            (t * w, y - mouth.smile * t * t + if i % 2 == 0 { 0.024 } else { -0.024 })
        })
        .collect();
    canvas.line(&spline(&line), look.line * 1.3, Taper::Both, look.ink);
}

/// Upper and lower edge of an opened mouth, from left to right.
fn edges(look: &Look, mouth: Mouth) -> (Vec<Point>, Vec<Point>) {
    let (w, y, s) = (mouth.width * look.mouth_size, look.mouth - 0.3 * mouth.open, mouth.smile);
    let bottom = y + mouth.open + s.max(0.0) * 0.5;
    let shake = mouth.tremble * (0.2 * mouth.open).min(0.022);
    // Only a smile hangs from its corners; any other opened mouth is an O or a box, whose upper lip is arched too.
    let dome = mouth.open * (0.4 - 4.0 * s).clamp(0.0, 0.5) * (1.0 - 0.4 * mouth.boxy);
    let s = s - dome;
    let high = y - (1.0 - 0.5 * mouth.boxy) * 0.2 * dome;
    let slope = if s < 0.0 { 0.15 + 0.1 * mouth.boxy } else { -0.1 };
    let upper = spline(&[
        (-w, y - s),
        (-0.55 * w, high + slope * s.abs() - shake),
        (0.0, high + 0.18 * s.max(0.0) + shake),
        (0.55 * w, high + slope * s.abs() - shake),
        (w, y - s),
    ]);
    let (near, far) = (0.72 + 0.26 * mouth.boxy, 0.38 + 0.3 * mouth.boxy);
    let deep = 0.62 + 0.2 * mouth.boxy;
    let down = |part: f32| y - s + (bottom - y + s) * part;
    let lower = spline(&[
        (-w, y - s),
        (-w * near.max(0.9), down(0.4)),
        (-w * far * 1.2, down(deep + 0.22) + shake),
        (0.0, bottom - shake),
        (w * far * 1.2, down(deep + 0.22) + shake),
        (w * near.max(0.9), down(0.4)),
        (w, y - s),
    ]);
    (upper, lower)
}

fn open(canvas: &mut Canvas, look: &Look, mouth: Mouth) {
    let (upper, lower) = edges(look, mouth);
    let mut opening = upper.clone();
    opening.extend(lower.iter().rev());
    canvas.fill(&opening, look.mouth_inside.max(look.ink));
    let y = look.mouth - 0.3 * mouth.open;
    if mouth.open > 0.1 {
        canvas.clip(&opening);
        let tongue = ellipse((0.0, y + mouth.open * 1.02), (mouth.width * 0.62, mouth.open * 0.38));
        if look.mouth_inside < 200 {
            canvas.fill(&tongue, 215);
        } else {
            canvas.outline(&tongue, look.line * 0.8, look.ink);
        }
        if mouth.teeth {
            let mut row = upper.clone();
            row.extend(upper.iter().rev().map(|&(x, y)| (x, y + 0.045 + 0.1 * mouth.open)));
            canvas.fill(&row, 255);
            let edge: Vec<Point> = upper.iter().map(|&(x, y)| (x, y + 0.045 + 0.1 * mouth.open)).collect();
            canvas.line(&edge, look.line * 0.7, Taper::Even, look.ink);
        }
        canvas.unclip();
    }
    canvas.outline(&opening, look.line * 1.15, look.ink);
    let below = y + mouth.open + 0.085;
    canvas.line(&[(-0.05, below), (0.05, below)], look.line * 0.8, Taper::Both, look.ink);
}

/// Clenched teeth between opened lips.
fn teeth(canvas: &mut Canvas, look: &Look, mouth: Mouth) {
    let mouth = Mouth { boxy: 0.8, teeth: false, ..mouth };
    let (upper, lower) = edges(look, mouth);
    let mut opening = upper.clone();
    opening.extend(lower.iter().rev());
    canvas.fill(&opening, 255);
    canvas.clip(&opening);
    let (w, y) = (mouth.width * look.mouth_size, look.mouth - 0.3 * mouth.open);
    let middle: Vec<Point> = upper.iter().zip(&lower).map(|(a, b)| (0.5 * (a.0 + b.0), 0.5 * (a.1 + b.1))).collect();
    canvas.line(&middle, look.line * 0.8, Taper::Even, look.ink);
    let gaps: Vec<_> = (-3..=3)
        .map(|i| {
            let x = i as f32 * w / 3.7;
            vec![(x, y - 0.15), (x, y + mouth.open + 0.1)]
        })
        .collect();
    canvas.lines(&gaps, look.line * 0.6, Taper::Even, look.ink);
    canvas.unclip();
    canvas.outline(&opening, look.line * 1.2, look.ink);
}
