//! The sheet that a face is drawn on: it turns and tilts the head, and knows lines that swell and taper like a pen's.

use tiny_skia::{FillRule, LineJoin, Mask, Paint, PathBuilder, Pixmap, Rect, Stroke, Transform};

use super::curve::Point;
use super::tone::Tone;

/// How the width of a line runs from its start to its end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Taper {
    /// The same everywhere.
    Even,
    /// Thin at both ends.
    Both,
    /// Thick near the start, thin at the end.
    Tail,
    /// An upper lid: thin at the inner corner, thickest before the outer one.
    Lid,
}

impl Taper {
    fn width(self, t: f32) -> f32 {
        match self {
            Taper::Even => 1.0,
            Taper::Both => 0.15 + 0.85 * (std::f32::consts::PI * t).sin().max(0.0).sqrt(),
            Taper::Tail => (0.05 + 0.95 * (1.0 - t).powf(0.7)) * (0.4 + 10.0 * t).min(1.0),
            Taper::Lid => 0.25 + 0.75 * (t / 0.65).min(1.0).powf(0.8) * ((1.0 - t) / 0.2).clamp(0.15, 1.0),
        }
    }
}

/// Where the head is and which way it looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct View {
    /// Where the point between the eyes lies, in parts of the picture's side.
    pub centre: Point,
    /// One face unit in parts of the picture's side.
    pub scale: f32,
    /// Tilt to the shoulder, in radians, clockwise.
    pub roll: f32,
    /// Turn to the side, in radians, positive to the right of the picture.
    pub yaw: f32,
    /// Nod, in radians, positive down.
    pub pitch: f32,
}

/// A grey picture and the pose of what is drawn on it. Points and widths are in face units.
#[derive(Debug)]
pub(super) struct Canvas {
    pixmap: Pixmap,
    view: View,
    /// Pixels per face unit.
    unit: f32,
    /// How far in front of the head's middle the points lie: 1 for features of the face, 0 for what does not turn.
    depth: f32,
    clip: Option<Mask>,
}

impl Canvas {
    /// A white square of `side` pixels.
    pub fn new(side: u32, view: View) -> Canvas {
        let mut pixmap = Pixmap::new(side, side).expect("the side was checked to be positive and not huge");
        pixmap.fill(tiny_skia::Color::WHITE);
        Canvas { pixmap, view, unit: view.scale * side as f32, depth: 1.0, clip: None }
    }

    /// The side in pixels.
    pub fn side(&self) -> f32 {
        self.pixmap.width() as f32
    }

    /// Pixels per face unit.
    pub fn unit(&self) -> f32 {
        self.unit
    }

    /// Where the head is and which way it looks.
    pub fn view(&self) -> View {
        self.view
    }

    /// What follows lies this far in front of the head's middle (1: features of the face, 0: does not turn).
    pub fn at_depth(&mut self, depth: f32) {
        self.depth = depth;
    }

    /// Where a point in face units lies, in pixels.
    pub fn place(&self, (x, y): Point) -> Point {
        let View { centre, roll, yaw, pitch, .. } = self.view;
        // A face bulges towards the viewer: its middle moves most when the head turns, its far side narrows.
        let bulge = self.depth * (-0.55 * x * x - 0.18 * y * y).exp();
        let (x, y) = (x * (self.depth * yaw).cos() + bulge * yaw.sin(), y * pitch.cos() + bulge * pitch.sin());
        let (sin, cos) = roll.sin_cos();
        let side = self.side();
        (centre.0 * side + self.unit * (x * cos - y * sin), centre.1 * side + self.unit * (x * sin + y * cos))
    }

    fn placed(&self, points: &[Point]) -> Vec<Point> {
        points.iter().map(|&point| self.place(point)).collect()
    }

    /// The area inside `outline`, in one grey.
    pub fn fill(&mut self, outline: &[Point], grey: u8) {
        let mut builder = PathBuilder::new();
        trace(&mut builder, &self.placed(outline));
        self.ink(builder, grey);
    }

    /// The area inside `outline`, in screentone.
    pub fn tone(&mut self, outline: &[Point], tone: &Tone) {
        let mut builder = PathBuilder::new();
        trace(&mut builder, &self.placed(outline));
        if let Some(path) = builder.finish() {
            tone.print(&mut self.pixmap, &path, self.clip.as_ref());
        }
    }

    /// The whole picture, in screentone.
    pub fn cover(&mut self, tone: &Tone) {
        if let Some(all) = Rect::from_xywh(0.0, 0.0, self.side(), self.side()) {
            tone.print(&mut self.pixmap, &PathBuilder::from_rect(all), None);
        }
    }

    /// The closed line around `outline`.
    pub fn outline(&mut self, outline: &[Point], width: f32, grey: u8) {
        let mut builder = PathBuilder::new();
        trace(&mut builder, &self.placed(outline));
        let Some(path) = builder.finish() else { return };
        let stroke = Stroke { width: self.pen(width), line_join: LineJoin::Round, ..Stroke::default() };
        self.pixmap.stroke_path(&path, &paint(grey), &stroke, Transform::identity(), self.clip.as_ref());
    }

    /// A line through `points`.
    pub fn line(&mut self, points: &[Point], width: f32, taper: Taper, grey: u8) {
        self.lines(&[points.to_vec()], width, taper, grey);
    }

    /// Many lines of one kind at once, which is much quicker than one by one.
    pub fn lines(&mut self, lines: &[Vec<Point>], width: f32, taper: Taper, grey: u8) {
        let width = self.pen(width);
        let mut builder = PathBuilder::new();
        for line in lines {
            trace(&mut builder, &ribbon(&self.placed(line), width, taper));
        }
        self.ink(builder, grey);
    }

    /// Lines that are given in pixels, tapering from their start, which is `width` pixels wide.
    pub fn rays(&mut self, lines: &[(Point, Point, f32)], grey: u8) {
        let mut builder = PathBuilder::new();
        for &(from, to, width) in lines {
            trace(&mut builder, &ribbon(&[from, to], width, Taper::Tail));
        }
        self.ink(builder, grey);
    }

    /// From here on only what lies inside `outline` is drawn; see [`Canvas::unclip`].
    pub fn clip(&mut self, outline: &[Point]) {
        let mut builder = PathBuilder::new();
        trace(&mut builder, &self.placed(outline));
        let mut mask = Mask::new(self.pixmap.width(), self.pixmap.height()).expect("as large as the picture");
        if let Some(path) = builder.finish() {
            mask.fill_path(&path, FillRule::Winding, true, Transform::identity());
        }
        self.clip = Some(mask);
    }

    /// The end of [`Canvas::clip`].
    pub fn unclip(&mut self) {
        self.clip = None;
    }

    /// The grey values, row by row.
    pub fn into_grey(self) -> Vec<u8> {
        self.pixmap.data().iter().step_by(4).copied().collect()
    }

    /// A width in pixels; thinner than this a line of a small picture would fade away.
    fn pen(&self, width: f32) -> f32 {
        (width * self.unit).max(0.7)
    }

    fn ink(&mut self, builder: PathBuilder, grey: u8) {
        if let Some(path) = builder.finish() {
            self.pixmap.fill_path(&path, &paint(grey), FillRule::Winding, Transform::identity(), self.clip.as_ref());
        }
    }
}

/// Adds a closed polygon.
fn trace(builder: &mut PathBuilder, points: &[Point]) {
    let Some((&(x, y), rest)) = points.split_first() else { return };
    builder.move_to(x, y);
    for &(x, y) in rest {
        builder.line_to(x, y);
    }
    builder.close();
}

/// The outline of a line of varying width.
fn ribbon(points: &[Point], width: f32, taper: Taper) -> Vec<Point> {
    let last = points.len() - 1;
    let side = |sign: f32, i: usize| {
        let (a, b) = (points[i.saturating_sub(1)], points[(i + 1).min(last)]);
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let length = (dx * dx + dy * dy).sqrt().max(1e-6);
        let half = sign * 0.5 * width * taper.width(i as f32 / last.max(1) as f32) / length;
        (points[i].0 - dy * half, points[i].1 + dx * half)
    };
    (0..=last).map(|i| side(1.0, i)).chain((0..=last).rev().map(|i| side(-1.0, i))).collect()
}

fn paint(grey: u8) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(grey, grey, grey, 255);
    paint.anti_alias = true;
    paint
}
