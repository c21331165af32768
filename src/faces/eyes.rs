//! Eyes and brows.

use super::canvas::{Canvas, Taper};
use super::curve::{Point, arc, bow, drop, ellipse, spline};
use super::look::{HairFill, Iris, Look};
use super::pose::{Brow, Eye, Lids, Tears};
use super::tone::{Shade, Tone};

/// One eye of a character in one state, in its own coordinates: u runs outwards from its middle, v down.
struct Drawn<'a> {
    look: &'a Look,
    eye: Eye,
    /// -1 for the eye at the left of the picture, 1 for the right one.
    side: f32,
}

/// Draws the eye at `side`.
pub(super) fn eye(canvas: &mut Canvas, look: &Look, eye: Eye, side: f32) {
    let drawn = Drawn { look, eye, side };
    match eye.lids {
        Lids::Open => drawn.open(canvas),
        Lids::Blank => drawn.blank(canvas),
        Lids::Arch | Lids::Droop => drawn.closed(canvas),
        Lids::Squeezed => drawn.squeezed(canvas),
    }
}

impl Drawn<'_> {
    fn at(&self, (u, v): Point) -> Point {
        (self.side * (self.look.eye.apart + u), v)
    }

    fn all(&self, points: &[Point]) -> Vec<Point> {
        points.iter().map(|&point| self.at(point)).collect()
    }

    /// The straight line between the corners of the eye.
    fn corners(&self, part: f32) -> f32 {
        0.3 * self.look.eye.height - self.look.eye.tilt * part
    }

    /// Upper and lower lid at `part` of the way from the inner (-1) to the outer corner (1).
    fn lids(&self, part: f32) -> (f32, f32) {
        let (eye, high) = (&self.eye, self.look.eye.height);
        let base = self.corners(part);
        let arch = 1.0 - (part + 0.06).abs().min(1.0).powf(2.5);
        let lower =
            base + (1.0 - part.abs().powf(2.2)) * high * 0.72 * (1.0 - eye.cheek) * (0.55 + 0.45 * eye.open.max(0.6));
        // An angry lid comes down at the nose and a sorrowful one at the outer corner.
        let inner = eye.slant.max(0.0) * (0.62 - 0.55 * part);
        let outer = (-eye.slant).max(0.0) * (0.45 + 0.5 * part);
        let upper = base - arch * high * 1.22 * eye.open * (1.0 - (0.85 * inner + 0.7 * outer).min(0.75));
        (upper.min(lower - 0.01), lower)
    }

    fn lid_line(&self, which: fn((f32, f32)) -> f32) -> Vec<Point> {
        let width = self.look.eye.width;
        (0..=16)
            .map(|i| {
                let part = i as f32 / 8.0 - 1.0;
                self.at((part * width, which(self.lids(part))))
            })
            .collect()
    }

    fn open(&self, canvas: &mut Canvas) {
        let (look, eye) = (self.look, &self.look.eye);
        let upper = self.lid_line(|lids| lids.0);
        let lower = self.lid_line(|lids| lids.1);
        let mut opening = upper.clone();
        opening.extend(lower.iter().rev());
        canvas.fill(&opening, 255);
        canvas.clip(&opening);
        self.iris(canvas);
        // The lid's shadow on the eyeball.
        canvas.line(&upper, eye.lid * 1.9, Taper::Even, 110.min(look.ink + 70));
        canvas.unclip();
        canvas.line(&upper, eye.lid * (0.8 + 0.2 * self.eye.open), Taper::Lid, look.ink);
        canvas.line(&upper, look.line, Taper::Even, look.ink);
        canvas.line(&lower[6..], look.line * 0.9, Taper::Both, look.ink);
        self.lashes(canvas, self.lids(1.0).0, -1.0);
        if eye.crease {
            let lift = 0.045 + 0.03 * self.eye.open;
            let crease: Vec<_> = (3..=13)
                .map(|i| {
                    let part = i as f32 / 8.0 - 1.0;
                    self.at((part * eye.width, self.lids(part).0 - lift))
                })
                .collect();
            canvas.line(&crease, look.line * 0.7, Taper::Both, look.ink);
        }
    }

    fn iris(&self, canvas: &mut Canvas) {
        let (look, eye) = (self.look, &self.look.eye);
        let size = eye.iris_size * self.eye.iris;
        let ry = (eye.height * 1.1).max(eye.width * 0.62) * size;
        let rx = (ry * 0.84).min(eye.width * 0.68) * size.max(0.8);
        // The gaze is the same for both eyes, so it must not be mirrored.
        let u = self.side * self.eye.gaze.0 * eye.width * 0.34;
        let v = -0.1 * eye.height + self.eye.gaze.1 * eye.height * 0.45;
        let whole = self.all(&ellipse((u, v), (rx, ry)));
        let unit = canvas.unit();
        match eye.iris {
            Iris::Black => canvas.fill(&whole, look.ink),
            Iris::Ringed => canvas.fill(&whole, 255),
            Iris::Grey => {
                canvas.fill(&whole, 165);
                canvas.fill(&self.all(&arc((u, v), (rx, ry), 0.5, 1.0)), 85);
            }
            Iris::Dotted => {
                canvas.fill(&whole, 255);
                let shade = Shade::Fade(canvas.place(self.at((u, v - ry))), canvas.place(self.at((u, v + 1.5 * ry))));
                canvas.tone(&whole, &Tone { dark: 0.95, pitch: look.dots * unit * 0.8, ink: 30, shade });
            }
        }
        if eye.iris != Iris::Black {
            let pupil = if eye.iris == Iris::Ringed { 0.42 } else { 0.5 };
            canvas.fill(&self.all(&ellipse((u, v - 0.05 * ry), (rx * pupil, ry * pupil))), look.ink);
        } else {
            canvas.fill(&self.all(&arc((u, v + 0.1 * ry), (rx * 0.68, ry * 0.66), 0.08, 0.42)), 120);
        }
        canvas.outline(&whole, look.line * 1.2, look.ink);
        // Light falls from the same side into both eyes.
        let light = self.side * eye.light;
        let large = (0.34 + 0.12 * self.eye.shimmer).min(0.45);
        canvas.fill(&self.all(&ellipse((u + light * rx * 0.36, v - ry * 0.42), (rx * large, ry * large * 0.95))), 255);
        canvas.fill(&self.all(&ellipse((u - light * rx * 0.4, v + ry * 0.42), (rx * 0.17, ry * 0.15))), 255);
        if self.eye.shimmer > 0.35 {
            let small = 0.2 * self.eye.shimmer;
            canvas
                .fill(&self.all(&ellipse((u + light * rx * 0.3, v + ry * 0.55), (rx * small * 1.6, ry * small))), 255);
            canvas.fill(
                &self.all(&ellipse((u - light * rx * 0.5, v - ry * 0.1), (rx * small * 0.8, ry * small * 0.8))),
                255,
            );
        }
    }

    /// Single lashes at the outer corner, which lies at height `v`; they point up (-1) or down (1).
    fn lashes(&self, canvas: &mut Canvas, v: f32, up: f32) {
        let eye = &self.look.eye;
        if eye.lashes == 0 {
            return;
        }
        let lashes: Vec<_> = (0..eye.lashes)
            .map(|i| {
                let part = 1.0 - 0.16 * i as f32;
                let root = if up < 0.0 { self.lids(part).0 } else { v };
                let from = (part * eye.width, root);
                let tip = (from.0 + 0.085 - 0.018 * i as f32, from.1 + up * (0.03 + 0.022 * i as f32));
                self.all(&bow(from, (tip.0, from.1), tip))
            })
            .collect();
        canvas.lines(&lashes, eye.lid * 0.55, Taper::Tail, self.look.ink);
    }

    /// A large white eye with a dot.
    fn blank(&self, canvas: &mut Canvas) {
        let (look, eye) = (self.look, &self.look.eye);
        let radius = (eye.width * 0.95, (eye.height * self.eye.open * 0.95).max(eye.width * 0.8));
        let whole = self.all(&ellipse((0.0, -0.03), radius));
        canvas.fill(&whole, 255);
        canvas.outline(&whole, look.line * 1.5, look.ink);
        let upper = self.all(&arc((0.0, -0.03), radius, 0.54, 0.96));
        canvas.line(&upper, eye.lid * 0.7, Taper::Both, look.ink);
        let pupil = 0.1 * self.eye.iris;
        let dot =
            ellipse((self.side * self.eye.gaze.0 * 0.05, -0.03), (eye.width * pupil * 1.5, eye.width * pupil * 1.7));
        canvas.fill(&self.all(&dot), look.ink);
    }

    fn closed(&self, canvas: &mut Canvas) {
        let (look, eye) = (self.look, &self.look.eye);
        let up = if self.eye.lids == Lids::Arch { -1.0 } else { 1.0 };
        let (w, h) = (eye.width, 0.55 * eye.height.max(0.16));
        let base = if up < 0.0 { 0.07 } else { 0.04 };
        let slant = 0.1 * self.eye.slant.min(0.0);
        let lid = self.all(&spline(&[
            (-w, base + slant),
            (-0.55 * w, base + up * h * 0.78),
            (0.0, base + up * h),
            (0.55 * w, base + up * h * 0.72),
            (w, base - slant - eye.tilt),
        ]));
        canvas.line(&lid, eye.lid * 0.95, Taper::Lid, look.ink);
        canvas.line(&lid, look.line, Taper::Even, look.ink);
        self.lashes(canvas, base - slant - eye.tilt, 1.0);
        if eye.crease && up > 0.0 {
            canvas.line(
                &self.all(&bow((-0.6 * w, base - 0.12), (0.1 * w, base - 0.1 + h * 0.6), (0.8 * w, base - 0.12))),
                look.line * 0.7,
                Taper::Both,
                look.ink,
            );
        }
    }

    /// Pressed shut: two lines that meet at the nose side, like > <.
    fn squeezed(&self, canvas: &mut Canvas) {
        let (look, eye) = (self.look, &self.look.eye);
        let (w, h) = (eye.width * 0.95, 0.55 * eye.height.max(0.17));
        let fold = (-0.85 * w, 0.05);
        let upper = self.all(&bow((w, -h * 0.75), (0.0, -h * 0.5), fold));
        let lower = self.all(&bow((w * 0.85, h * 1.05), (0.0, h * 0.75), fold));
        canvas.line(&upper, eye.lid * 0.9, Taper::Both, look.ink);
        canvas.line(&lower, eye.lid * 0.7, Taper::Both, look.ink);
        let wrinkles: Vec<_> = [-0.05, 0.04]
            .iter()
            .map(|&dv| {
                self.all(&bow((-1.02 * w, 0.05 + dv), (-1.15 * w, 0.04 + 1.4 * dv), (-1.32 * w, 0.03 + 2.4 * dv)))
            })
            .collect();
        canvas.lines(&wrinkles, look.line * 0.8, Taper::Both, look.ink);
    }
}

/// Draws both brows, and the furrows between them. By an old convention of manga they are seen through the hair.
pub(super) fn brows(canvas: &mut Canvas, look: &Look, brow: Brow) {
    let (eye, at_rest) = (&look.eye, &look.brow);
    let v = -eye.height - at_rest.above - brow.raise;
    let lift = brow.slant * at_rest.length;
    for side in [-1.0, 1.0] {
        let at = |(u, v): Point| (side * (eye.apart + 0.02 - 0.07 * brow.knit + u), v);
        let l = at_rest.length;
        // Sorrow bends the inner half up, anger bends the whole brow down.
        let bend = at_rest.arch * (1.0 - 0.6 * brow.slant.abs());
        let inner = at((-l, v + lift * if brow.slant < 0.0 { 1.15 } else { 1.0 }));
        let outer = at((l, v - lift * 0.75 + 0.03));
        let line = spline(&[
            inner,
            at((-0.45 * l, v + 0.4 * lift - bend * 0.75)),
            at((0.35 * l, v - 0.32 * lift - bend)),
            outer,
        ]);
        if look.hair.fill == HairFill::Black {
            canvas.line(&line, at_rest.thick + 1.5 * look.line, Taper::Both, 255);
        }
        canvas.line(&line, at_rest.thick, Taper::Tail, look.ink);
        if brow.knit > 0.35 {
            let u = -l - 0.04;
            let furrow = at((u, v + lift + 0.02));
            let strokes = bow(furrow, at((u - 0.03, v + lift * 0.5 + 0.06)), at((u - 0.015, v + lift + 0.13)));
            canvas.line(&strokes, look.line * 0.9, Taper::Both, look.ink);
        }
    }
}

/// Tears that stand on the lower lid, and drops beside the eye.
pub(super) fn tears_at(canvas: &mut Canvas, look: &Look, eye: Eye, side: f32, tears: Tears) {
    let Tears { pool, drops, .. } = tears;
    let drawn = Drawn { look, eye, side };
    let w = look.eye.width;
    let bottom = if matches!(eye.lids, Lids::Open) { drawn.lids(0.0).1 } else { 0.1 };
    if pool > 0.0 {
        for (part, size) in [(0.75, 0.085), (-0.55, 0.065)] {
            let size = size * (0.6 + 0.6 * pool);
            let v = if matches!(eye.lids, Lids::Open) { drawn.lids(part).1 } else { 0.09 };
            let bead = drawn.all(&ellipse((part * w, v), (size, size * 0.62)));
            canvas.fill(&bead, 255);
            canvas.outline(&bead, look.line * 0.7, look.ink);
        }
    }
    for i in 0..drops {
        let part = [0.85, -0.3, 0.35][i % 3];
        let long = 0.2 + 0.05 * (i % 2) as f32;
        let tip = drawn.at((part * w, bottom - 0.02 + 0.1 * i as f32));
        let bead = drop(tip, long, std::f32::consts::FRAC_PI_2 - side * 0.35 * part);
        canvas.fill(&bead, 255);
        canvas.outline(&bead, look.line * 0.85, look.ink);
        canvas.line(
            &arc((tip.0, tip.1 + long * 0.7), (long * 0.13, long * 0.15), 0.1, 0.3),
            look.line * 0.6,
            Taper::Both,
            look.ink,
        );
    }
}
