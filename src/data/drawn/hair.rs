//! Hair: what lies behind the head, the fringe over the forehead, strands before the ears.

use super::canvas::{Canvas, Taper};
use super::curve::{Point, along, arc, bow, mix, spline};
use super::dice::Dice;
use super::look::{Fringe, HairFill, HairLook, Look};
use super::tone::{Shade, Tone};

/// Grey of the strokes inside the hair.
fn strand_grey(look: &Look) -> u8 {
    if look.hair.fill == HairFill::Black { 150 } else { look.ink }
}

/// Fills an area with hair and draws its outline.
fn fill(canvas: &mut Canvas, look: &Look, area: &[Point]) {
    match look.hair.fill {
        HairFill::White => canvas.fill(area, 255),
        HairFill::Black => canvas.fill(area, look.ink),
        HairFill::Tone(dark) => {
            canvas.fill(area, 255);
            let pitch = look.dots * canvas.unit();
            canvas.tone(area, &Tone { dark, pitch, ink: 45, shade: Shade::Even });
        }
    }
    canvas.outline(area, look.line, look.ink);
}

/// The crown's arc from the left temple over the top to the right one, with spikes where the hair has them.
fn crown(look: &Look, dice: &mut Dice) -> Vec<Point> {
    let hair = &look.hair;
    let (rx, ry) = (look.width + 0.06 + hair.volume, 0.98 + hair.volume);
    let smooth = arc((0.0, -0.3), (rx, ry), 0.5, 1.0);
    if hair.spikes == 0.0 {
        return smooth;
    }
    let count = 9;
    let lean = hair.parting.signum() * 0.4;
    let mut edge = vec![smooth[0]];
    for i in 0..count {
        let part = |t: f32| along(&smooth, t);
        let (from, to) = (part(i as f32 / count as f32), part((i + 1) as f32 / count as f32));
        let middle = mix(from, to, 0.5);
        let long = hair.spikes * dice.between(0.5, 1.2);
        let tip = (middle.0 * (1.0 + long * 0.8) + lean * long, -0.3 + (middle.1 + 0.3) * (1.0 + long));
        edge.extend(bow(from, mix(mix(from, tip, 0.5), (middle.0, middle.1), -0.25), tip));
        edge.extend(bow(tip, mix(mix(tip, to, 0.5), (middle.0, middle.1), 0.35), to));
    }
    edge
}

/// The hair behind the face.
pub(super) fn behind(canvas: &mut Canvas, look: &Look) {
    let dice = &mut Dice::new(look.seed, 1);
    let hair = &look.hair;
    canvas.at_depth(0.1);
    let crown = crown(look, dice);
    let x = look.width + 0.06 + hair.volume;
    let side = |sign: f32| -> Vec<Point> {
        let wave = |t: f32| hair.wave * (t * 9.0 + sign).sin();
        let short = hair.length < 0.7;
        let narrow = if short { 0.12 } else { 0.0 };
        spline(
            &(0..=8)
                .map(|i| {
                    let t = i as f32 / 8.0;
                    let y = -0.3 + (hair.length + 0.3) * t;
                    (sign * (x + hair.flare * t * t + wave(t) - narrow * t), y)
                })
                .collect::<Vec<_>>(),
        )
    };
    let mut area = crown;
    area.extend(side(1.0));
    // The lower edge: the ends of the locks.
    let (left, right) = (-(x + hair.flare), x + hair.flare);
    let ends = 8;
    for i in 0..ends {
        let at = |t: f32| right + (left - right) * t / ends as f32;
        let (from, to) = ((at(i as f32), hair.length), (at(i as f32 + 1.0), hair.length));
        let tip = (at(i as f32 + dice.between(0.3, 0.7)), hair.length + dice.between(0.02, 0.12));
        area.extend([from, tip, to]);
    }
    let mut left = side(-1.0);
    left.reverse();
    area.extend(left);
    fill(canvas, look, &area);
    let mut fine = Vec::new();
    for _ in 0..hair.fine {
        let sign = dice.side();
        let start = sign * dice.between(0.82, 1.0) * x;
        let (top, end) = (dice.between(-0.5, 0.2), hair.length - dice.between(0.0, 0.25));
        let middle = (start + sign * 0.3 * hair.flare + dice.around(hair.wave * sign, 0.02), 0.5 * (top + end));
        fine.push(spline(&[(start, top), middle, (start + sign * hair.flare * 0.9, end)]));
    }
    canvas.lines(&fine, look.line * 0.7, Taper::Both, strand_grey(look));
    canvas.at_depth(1.0);
}

/// Height of the fringe's gaps and of its tips at `x`.
fn hem(hair: &HairLook, x: f32) -> (f32, f32) {
    let off = (x - hair.parting).abs();
    match hair.fringe {
        Fringe::Straight => (-0.52, -0.27 - 0.05 * (1.0 - x * x)),
        Fringe::Swept => (-0.88 + 0.5 * off.min(1.0), -0.72 + 0.55 * off.powf(0.8).min(1.0)),
        Fringe::Curtains => {
            let curtain = -1.0 + 0.98 * (off / 0.95).powf(0.85);
            (curtain - 0.03, curtain + 0.04)
        }
        Fringe::Spiky => (-0.68, -0.2),
        Fringe::Bare => (-0.78 + 0.55 * x * x, -0.78 + 0.55 * x * x),
    }
}

/// The hair over the forehead, and its strands before the ears.
pub(super) fn front(canvas: &mut Canvas, look: &Look) {
    let dice = &mut Dice::new(look.seed, 2);
    let hair = &look.hair;
    canvas.at_depth(0.4);
    if hair.strands > 0.0 {
        for side in [-1.0, 1.0] {
            strand(canvas, look, dice, side);
        }
    }
    // The area's upper edge is the crown, a little inside the outline that is already there.
    let temple = look.width + 0.03;
    let top = arc((0.0, -0.3), (temple + hair.volume * 0.9, 0.97 + hair.volume * 0.95), 0.5, 1.0);
    let mut area = top.clone();
    let locks = if hair.fringe == Fringe::Curtains || hair.fringe == Fringe::Bare { 8 } else { hair.locks };
    let end = if hair.fringe == Fringe::Bare { -0.25 } else { 0.02 };
    area.push((temple, end));
    let mut gaps = Vec::new();
    let at = |i: f32| temple * (1.0 - 2.0 * i / locks as f32);
    let mut gap = (temple * 0.98, end);
    for i in 0..locks {
        let middle = at(i as f32 + dice.between(0.35, 0.65));
        let (_, tip_y) = hem(hair, middle);
        let next_x = at(i as f32 + 1.0 + dice.around(0.0, 0.1));
        let next =
            if i + 1 == locks { (-temple * 0.98, end) } else { (next_x, hem(hair, next_x).0 + dice.around(0.0, 0.05)) };
        let sway = match hair.fringe {
            Fringe::Swept => (middle - hair.parting).signum() * 0.12,
            Fringe::Spiky => hair.parting.signum() * 0.08 + dice.around(0.0, 0.05),
            _ => 0.0,
        };
        let deep = if hair.fringe == Fringe::Bare { 0.0 } else { dice.around(0.0, 0.045) };
        let tip = (middle + sway, tip_y + deep);
        // Locks bulge a little on the side that they hang from.
        area.extend(bow(gap, (mix(gap, tip, 0.6).0 + 0.02, mix(gap, tip, 0.35).1), tip));
        area.extend(bow(tip, (mix(tip, next, 0.4).0 - 0.02, mix(tip, next, 0.65).1), next));
        gaps.push(next);
        gap = next;
    }
    area.push((-temple, end));
    fill(canvas, look, &area);
    canvas.clip(&area);
    lines_in_fringe(canvas, look, dice, &gaps);
    canvas.unclip();
    canvas.at_depth(1.0);
}

/// One strand before an ear.
fn strand(canvas: &mut Canvas, look: &Look, dice: &mut Dice, side: f32) {
    let x = side * (look.width + 0.02);
    let end = -0.1 + look.hair.strands;
    let wide = dice.between(0.1, 0.2);
    let bend = side * dice.around(0.02, 0.03);
    let inner = spline(&[(x - side * wide, -0.6), (x - side * wide * 0.8 + bend, end * 0.4), (x - side * 0.03, end)]);
    let outer = spline(&[(x - side * 0.03, end), (x + side * 0.07 + bend, end * 0.4), (x + side * 0.12, -0.6)]);
    let mut area = inner;
    area.extend(outer);
    fill(canvas, look, &area);
    let middle = bow((x - side * wide * 0.3, -0.4), (x + bend, end * 0.4), (x - side * 0.02, end * 0.9));
    canvas.line(&middle, look.line * 0.7, Taper::Both, strand_grey(look));
}

/// The lines that part the locks, fine lines between them, and the gloss of black hair.
fn lines_in_fringe(canvas: &mut Canvas, look: &Look, dice: &mut Dice, gaps: &[Point]) {
    let hair = &look.hair;
    let whorl = (hair.parting, -1.22 - hair.volume);
    let stroke = |from: Point, reach: f32| {
        let to = mix(from, whorl, reach);
        let outwards = (from.0 - whorl.0) * 0.35;
        bow(from, (mix(from, to, 0.5).0 + outwards * reach, mix(from, to, 0.6).1), to)
    };
    let parted: Vec<_> = gaps.iter().map(|&gap| stroke(gap, dice.between(0.4, 0.9))).collect();
    canvas.lines(&parted, look.line * 0.9, Taper::Tail, strand_grey(look));
    let mut fine = Vec::new();
    for _ in 0..hair.fine + 4 {
        let x = dice.between(-0.9, 0.9);
        let y = hem(hair, x).0 - dice.between(-0.1, 0.2);
        fine.push(stroke((x, y), dice.between(0.2, 0.6)));
    }
    canvas.lines(&fine, look.line * 0.6, Taper::Both, strand_grey(look));
    if hair.fill == HairFill::Black {
        let band = arc((0.0, -0.25), (0.72, 0.72 + hair.volume), 0.57, 0.93);
        let lower = dice.between(0.05, 0.14);
        let teeth: Vec<_> = (0..22)
            .map(|i| {
                let (x, y) = along(&band, (i as f32 + dice.between(0.0, 0.8)) / 22.0);
                let long = lower * dice.between(0.4, 1.5);
                vec![(x, y - long), (x * 1.02, y), (x * 1.05, y + long)]
            })
            .collect();
        canvas.lines(&teeth, 0.05, Taper::Both, 245);
    }
}
