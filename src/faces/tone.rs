//! Screentone: grey made of dots on a grid turned by 45 degrees, as the sheets that manga artists cut and paste.

use tiny_skia::{FillRule, Mask, Path, Pixmap, Transform};

use super::curve::Point;

/// Where a tone is how dark.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shade {
    /// Everywhere the same.
    Even,
    /// Full at the first point (pixels), gone at the second.
    Fade(Point, Point),
    /// Full in the middle of an ellipse (centre and radii in pixels, and how far it is turned in radians), gone at its edge.
    Spot(Point, Point, f32),
}

/// A sheet of screentone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tone {
    /// Part of the paper that is covered by ink, 0 to 1.
    pub dark: f32,
    /// Distance of the dots, in pixels.
    pub pitch: f32,
    /// The grey of the ink.
    pub ink: u8,
    /// Where it is how dark.
    pub shade: Shade,
}

impl Tone {
    /// Prints the tone inside `path`, and inside `clip` where there is one.
    pub fn print(&self, pixmap: &mut Pixmap, path: &Path, clip: Option<&Mask>) {
        let (width, height) = (pixmap.width(), pixmap.height());
        let bounds = path.bounds();
        let range =
            |low: f32, high: f32, end: u32| (low.floor().max(0.0) as u32, (high.ceil().max(0.0) as u32 + 1).min(end));
        let (x0, x1) = range(bounds.left(), bounds.right(), width);
        let (y0, y1) = range(bounds.top(), bounds.bottom(), height);
        let Some(mut area) = Mask::new(width, height) else { return };
        area.fill_path(path, FillRule::Winding, true, Transform::identity());
        let pixels = pixmap.data_mut();
        for y in y0..y1 {
            for x in x0..x1 {
                let i = (y * width + x) as usize;
                let covered = area.data()[i] as f32 * clip.map_or(1.0, |clip| clip.data()[i] as f32 / 255.0);
                if covered > 0.0 {
                    let ink = self.ink_at((x as f32 + 0.5, y as f32 + 0.5)) * covered / 255.0;
                    let grey = pixels[4 * i] as f32;
                    let grey = (grey + (self.ink as f32 - grey).min(0.0) * ink + 0.5) as u8;
                    pixels[4 * i..4 * i + 3].fill(grey);
                }
            }
        }
    }

    /// How much ink lies on the pixel at this place, 0 to 1.
    fn ink_at(&self, (x, y): Point) -> f32 {
        let dark = self.dark * self.shade.at((x, y));
        // Dots closer than about two pixels would only make moiré: they become plain grey, as a coarse scan does.
        if self.pitch < 2.2 {
            return dark;
        }
        let (u, v) = ((x + y) * std::f32::consts::FRAC_1_SQRT_2, (x - y) * std::f32::consts::FRAC_1_SQRT_2);
        // To the nearest dot; the shift keeps the number positive, so that cutting its fraction off rounds it.
        let offset = |w: f32| w - ((w / self.pitch + 8192.5) as i32 - 8192) as f32 * self.pitch;
        let radius = self.pitch * (dark / std::f32::consts::PI).sqrt();
        if radius < 0.15 {
            0.0
        } else {
            {
                let (du, dv) = (offset(u), offset(v));
                (radius - (du * du + dv * dv).sqrt() + 0.5).clamp(0.0, 1.0)
            }
        }
    }
}

impl Shade {
    fn at(&self, (x, y): Point) -> f32 {
        match *self {
            Shade::Even => 1.0,
            Shade::Fade(full, gone) => {
                let (dx, dy) = (gone.0 - full.0, gone.1 - full.1);
                let part = ((x - full.0) * dx + (y - full.1) * dy) / (dx * dx + dy * dy).max(1e-6);
                (1.0 - part).clamp(0.0, 1.0)
            }
            Shade::Spot(centre, radius, turn) => {
                let ((sin, cos), (dx, dy)) = (turn.sin_cos(), (x - centre.0, y - centre.1));
                let (u, v) = ((dx * cos + dy * sin) / radius.0, (dy * cos - dx * sin) / radius.1);
                (1.0 - (u * u + v * v)).clamp(0.0, 1.0).sqrt()
            }
        }
    }
}
