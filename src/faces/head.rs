//! Face outline, ears, nose, neck, collar and glasses.

use super::canvas::{Canvas, Taper};
use super::curve::{Point, arc, bow, ellipse, mirrored, spline};
use super::dice::Dice;
use super::look::{Look, Nose};
use super::tone::{Shade, Tone};

/// The outline of the face; an opened mouth pulls the chin down by `drop`.
pub(super) fn outline(look: &Look, drop: f32) -> Vec<Point> {
    let (w, chin) = (look.width, look.chin + drop);
    let jaw = 0.5 + 0.13 * look.jaw;
    let half = spline(&[
        (0.0, -1.12),
        (0.55 * w, -1.02),
        (0.93 * w, -0.6),
        (w, -0.1),
        (0.97 * w, 0.28),
        (jaw * 1.21, chin * 0.6),
        (jaw * 0.72, chin * 0.85),
        (look.blunt + 0.02, chin - 0.012),
        (look.blunt * 0.2, chin),
    ]);
    let mut whole = half.clone();
    whole.extend(mirrored(&half));
    whole
}

/// Neck, collar and shoulders.
pub(super) fn neck(canvas: &mut Canvas, look: &Look) {
    let chin = look.chin;
    canvas.at_depth(0.15);
    let shoulders = {
        let mut right = spline(&[(0.34, chin + 0.22), (0.62, chin + 0.4), (1.25, chin + 0.55), (1.9, chin + 1.0)]);
        right.push((1.9, chin + 2.4));
        let mut whole = right.clone();
        whole.extend(mirrored(&right));
        whole
    };
    canvas.fill(&shoulders, look.clothes);
    canvas.outline(&shoulders, look.line, look.ink);
    let side = bow((0.36, 0.55), (0.31, chin + 0.1), (0.37, chin + 0.3));
    let mut skin = side.clone();
    skin.push((0.0, chin + 0.75));
    skin.extend(mirrored(&side));
    canvas.fill(&skin, 255);
    // The head's shadow on the neck.
    let shadow = [(-0.36, 0.5), (0.36, 0.5), (0.33, chin + 0.03), (0.05, chin + 0.2), (-0.3, chin + 0.06)];
    let pitch = look.dots * canvas.unit();
    canvas.tone(&shadow, &Tone { dark: 0.33 + look.skin, pitch, ink: 60, shade: Shade::Even });
    canvas.line(&side, look.line, Taper::Even, look.ink);
    canvas.line(&mirrored(&side), look.line, Taper::Even, look.ink);
    let collar = bow((0.37, chin + 0.3), (0.3, chin + 0.55), (0.0, chin + 0.75));
    canvas.line(&collar, look.line * 1.2, Taper::Even, look.ink);
    canvas.line(&mirrored(&collar), look.line * 1.2, Taper::Even, look.ink);
    canvas.at_depth(1.0);
}

/// Both ears; the hair covers them where it is long.
pub(super) fn ears(canvas: &mut Canvas, look: &Look) {
    canvas.at_depth(0.2);
    for side in [-1.0, 1.0] {
        let x = side * (look.width + 0.02);
        let outside = spline(&[
            (x - side * 0.06, -0.06),
            (x + side * 0.09, -0.13),
            (x + side * 0.14, 0.05),
            (x + side * 0.05, 0.3),
            (x - side * 0.06, 0.36),
        ]);
        canvas.fill(&outside, 255);
        canvas.outline(&outside, look.line, look.ink);
        canvas.line(
            &bow((x + side * 0.07, -0.03), (x - side * 0.02, 0.02), (x + side * 0.04, 0.2)),
            look.line * 0.7,
            Taper::Both,
            look.ink,
        );
    }
    canvas.at_depth(1.0);
}

/// The skin and the line around it.
pub(super) fn face(canvas: &mut Canvas, look: &Look, outline: &[Point]) {
    canvas.at_depth(0.5);
    canvas.fill(outline, 255);
    if look.skin > 0.0 {
        let pitch = look.dots * canvas.unit();
        canvas.tone(outline, &Tone { dark: look.skin, pitch, ink: 60, shade: Shade::Even });
    }
    canvas.outline(outline, look.line * 1.15, look.ink);
    canvas.at_depth(1.0);
}

/// The nose; it points where the head looks.
pub(super) fn nose(canvas: &mut Canvas, look: &Look) {
    let y = 0.5 * look.mouth + 0.08;
    let side = if canvas.view().yaw < 0.0 { -1.0 } else { 1.0 };
    canvas.at_depth(1.25);
    let line = look.line * 0.9;
    match look.nose {
        Nose::Stroke => canvas.line(
            &bow((0.0, y - 0.09), (side * 0.035, y - 0.02), (side * 0.02, y + 0.01)),
            line,
            Taper::Both,
            look.ink,
        ),
        Nose::Corner => {
            let corner = [(side * 0.01, y - 0.06), (side * 0.05, y), (-side * 0.02, y + 0.015)];
            canvas.line(&corner, line, Taper::Both, look.ink);
        }
        Nose::Nostrils => {
            for nostril in [-0.045, 0.045] {
                canvas.line(&[(nostril - 0.018, y), (nostril + 0.018, y + 0.004)], line * 1.2, Taper::Both, look.ink);
            }
        }
        Nose::Ridge => {
            canvas.line(
                &bow((side * 0.02, y - 0.32), (side * 0.045, y - 0.1), (side * 0.1, y)),
                line,
                Taper::Both,
                look.ink,
            );
            canvas.line(
                &bow((side * 0.1, y), (side * 0.03, y + 0.05), (-side * 0.03, y + 0.02)),
                line,
                Taper::Both,
                look.ink,
            );
        }
    }
    canvas.at_depth(1.0);
}

/// Round or square glasses.
pub(super) fn glasses(canvas: &mut Canvas, look: &Look) {
    let dice = &mut Dice::new(look.seed, 4);
    let round = dice.chance(0.5);
    let eye = &look.eye;
    let (rx, ry) = (eye.width * 1.35, (eye.height * 1.3).max(0.23));
    let line = look.line * dice.between(0.9, 1.7);
    for side in [-1.0, 1.0] {
        let centre = (side * eye.apart, 0.03);
        let frame = if round {
            ellipse(centre, (rx, ry))
        } else {
            let (x, y) = centre;
            vec![
                (x - rx, y - ry * 0.75),
                (x + rx, y - ry * 0.75),
                (x + rx * 0.93, y + ry * 0.8),
                (x - rx * 0.93, y + ry * 0.8),
            ]
        };
        canvas.outline(&frame, line, look.ink);
        canvas.line(&[(side * (eye.apart + rx), -0.04), (side * look.width, -0.07)], line, Taper::Even, look.ink);
    }
    let bridge = arc((0.0, 0.03), (eye.apart - rx, 0.06), 0.5, 1.0);
    canvas.line(&bridge, line, Taper::Even, look.ink);
}
