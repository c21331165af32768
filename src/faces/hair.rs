//! Hair: what lies behind the head, the fringe over the forehead, strands before the ears.

use super::canvas::{Canvas, Taper};
use super::curve::{Point, along, arc, bow, mix, spline};
use super::dice::Dice;
use super::look::{Fringe, HairFill, HairLook, Look};
use super::tone::{Shade, Tone};

/// All hair turns alike, and less than the face.
const HAIR_DEPTH: f32 = 0.35;

/// Half the width of the hair above the ears.
fn crown_width(look: &Look) -> f32 {
    look.width + 0.06 + look.hair.volume
}

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
    let (rx, ry) = (crown_width(look), 0.98 + hair.volume);
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
    canvas.at_depth(HAIR_DEPTH);
    let crown = crown(look, dice);
    let x = crown_width(look);
    let side = |sign: f32| -> Vec<Point> {
        let wave = |t: f32| hair.wave * (t * 9.0).sin();
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
        Fringe::Straight => (-0.44, -0.29 - 0.06 * (1.0 - x * x)),
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
    canvas.at_depth(HAIR_DEPTH);
    let strands = [strand(look, dice, 1.0), strand(look, dice, -1.0)];
    let [right, left] = &strands;
    let start = right[right.len() - 1];
    let stop = left[left.len() - 1];
    let (fringe, gaps) = fringe(look, dice, start, stop);
    let mut edge = right.clone();
    edge.extend(fringe);
    edge.extend(left.iter().rev());
    // The upper edge lies just inside the crown's line, which is there already.
    let inside = look.line * 0.5;
    let mut area = arc((0.0, -0.3), (crown_width(look) - inside, 0.98 + hair.volume - inside), 0.5, 1.0);
    area.extend(&edge);
    fill(canvas, look, &area);
    canvas.line(&edge, look.line, Taper::Even, look.ink);
    canvas.clip(&area);
    lines_in_fringe(canvas, look, dice, &gaps);
    canvas.unclip();
    canvas.at_depth(1.0);
}

/// The edge of one strand before an ear (or of a sideburn), from the outside over its tip to the temple.
fn strand(look: &Look, dice: &mut Dice, side: f32) -> Vec<Point> {
    let (w, x) = (look.width, crown_width(look));
    let long = look.hair.strands > 0.0;
    let end = if long { look.hair.strands - 0.1 } else { dice.between(0.05, 0.2) };
    let wide = if long { dice.between(0.05, 0.15) } else { 0.04 };
    let outside = if look.hair.length > 0.7 { x - 0.02 } else { w + 0.05 };
    let temple = if matches!(look.hair.fringe, Fringe::Curtains | Fringe::Bare) { -0.15 } else { -0.34 };
    let bend = side * dice.around(0.01, 0.02);
    let tip = (side * (w - 0.03) + bend, end);
    let mut edge = spline(&[
        (side * x, -0.3),
        (side * (0.4 * x + 0.6 * outside), -0.05),
        (side * (w + 0.03) + bend, 0.55 * end + 0.02),
        tip,
    ]);
    edge.extend(spline(&[tip, (side * (w - wide) + bend, 0.45 * end), (side * (w - wide + 0.02), temple)]));
    edge
}

/// The fringe's lower edge from the right temple to the left one, and the gaps between its locks.
fn fringe(look: &Look, dice: &mut Dice, start: Point, stop: Point) -> (Vec<Point>, Vec<Point>) {
    let hair = &look.hair;
    let bare = hair.fringe == Fringe::Bare;
    let locks = if hair.fringe == Fringe::Curtains || bare { 8 } else { hair.locks };
    let at = |i: f32| start.0 + (stop.0 - start.0) * i / locks as f32;
    let (mut edge, mut gaps) = (Vec::new(), Vec::new());
    let mut gap = start;
    for i in 0..locks {
        let next_x = at(i as f32 + 1.0 + dice.around(0.0, 0.12));
        let lift = if bare { 0.0 } else { dice.around(0.0, 0.05) };
        let next = if i + 1 == locks { stop } else { (next_x, hem(hair, next_x).0 + lift) };
        let middle = gap.0 + (next.0 - gap.0) * dice.between(0.35, 0.65);
        let deep = if bare { 0.0 } else { dice.around(0.0, 0.04) };
        let sway = match hair.fringe {
            Fringe::Swept => (middle - hair.parting).signum() * 0.12,
            Fringe::Spiky => hair.parting.signum() * 0.08 + dice.around(0.0, 0.05),
            _ => 0.0,
        };
        let tip = (middle + sway, hem(hair, middle).1 + deep);
        if hair.fringe == Fringe::Straight {
            // A cut end is broad.
            let (near, far) = (gap.0 + (next.0 - gap.0) * 0.1, gap.0 + (next.0 - gap.0) * 0.88);
            let slant = dice.around(0.0, 0.025);
            edge.extend(bow(gap, (near, 0.5 * (gap.1 + tip.1)), (near, tip.1 - slant)));
            edge.extend(bow((near, tip.1 - slant), (middle, tip.1 + 0.02), (far, tip.1 + slant)));
            edge.extend(bow((far, tip.1 + slant), (next.0, 0.5 * (next.1 + tip.1)), next));
        } else {
            edge.extend(bow(gap, (mix(gap, tip, 0.6).0 + 0.02, mix(gap, tip, 0.35).1), tip));
            edge.extend(bow(tip, (mix(tip, next, 0.4).0 - 0.02, mix(tip, next, 0.65).1), next));
        }
        gaps.push(next);
        gap = next;
    }
    (edge, gaps)
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
        let high = if hair.fringe == Fringe::Bare { 0.13 } else { 0.02 };
        let band = arc((0.0, -0.25), (0.76, 0.72 + high + hair.volume), 0.58, 0.92);
        let lower = dice.between(0.05, 0.12) - 0.3 * high;
        let teeth: Vec<_> = (0..22)
            .map(|i| {
                let (x, y) = along(&band, (i as f32 + dice.between(0.0, 0.8)) / 22.0);
                let long = lower * dice.between(0.4, 1.5);
                vec![(x, y - long), (x * 1.02, y), (x * 1.05, y + long)]
            })
            .collect();
        canvas.lines(&teeth, 0.038, Taper::Both, 245);
    }
}
