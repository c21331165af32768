//! The look of all figures: colours, sizes and the font. Another look means a change of this file alone.

/// A colour by its red, green and blue, 0 to 255 each.
///
/// ```
/// use manga_expressions::show::plots::Colour;
///
/// assert_eq!(Colour::series(0), Colour::BLUE);
/// assert_ne!(Colour::series(0), Colour::series(1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    /// Text and what stands for a mean.
    pub const INK: Colour = Colour(34, 34, 34);
    /// Text that explains, and what is compared with, such as the majority class.
    pub const GREY: Colour = Colour(95, 95, 95);
    /// Lines of a grid and outlines of pictures.
    pub const LINE: Colour = Colour(222, 222, 222);
    /// The background: white, so that figures look the same on dark pages.
    pub const WHITE: Colour = Colour(255, 255, 255);
    /// The first series. Like all series one of the colours of M. Okabe and K. Ito (Color Universal Design, 2008), which
    /// colour-blind people can tell apart.
    pub const BLUE: Colour = Colour(0, 114, 178);
    /// The second series, and frames on pictures.
    pub const VERMILLION: Colour = Colour(213, 94, 0);
    /// The third series.
    pub const GREEN: Colour = Colour(0, 158, 115);

    /// The colour of series `index`; they repeat after six.
    pub fn series(index: usize) -> Colour {
        const OTHERS: [Colour; 3] = [Colour(204, 121, 167), Colour(230, 159, 0), Colour(86, 180, 233)];
        [Colour::BLUE, Colour::VERMILLION, Colour::GREEN, OTHERS[0], OTHERS[1], OTHERS[2]][index % 6]
    }

    /// White for 0 to dark blue for 1: the lightness alone tells the amount.
    pub fn shade(amount: f64) -> Colour {
        ramp(&[[255.0, 255.0, 255.0], [86.0, 155.0, 204.0], [8.0, 48.0, 107.0]], amount)
    }

    /// Blue (cold) for 0 over pale yellow to red (hot) for 1: the diverging scale "RdYlBu" of C. Brewer, reversed, whose
    /// ends colour-blind people can tell apart.
    pub fn heat(amount: f64) -> Colour {
        const STOPS: [[f64; 3]; 5] = [
            [49.0, 54.0, 149.0],
            [116.0, 173.0, 209.0],
            [255.0, 255.0, 191.0],
            [244.0, 109.0, 67.0],
            [165.0, 0.0, 38.0],
        ];
        ramp(&STOPS, amount)
    }

    /// A grey level.
    pub fn level(value: u8) -> Colour {
        Colour(value, value, value)
    }

    /// Black or white, whichever is legible on this colour.
    pub(super) fn of_text(self) -> Colour {
        let luma = 0.299 * f64::from(self.0) + 0.587 * f64::from(self.1) + 0.114 * f64::from(self.2);
        if luma > 140.0 { Colour::INK } else { Colour::WHITE }
    }

    /// Red, green and blue.
    pub(super) fn rgb(self) -> [u8; 3] {
        [self.0, self.1, self.2]
    }
}

/// The colour at `amount` of the way along evenly spaced `stops`.
fn ramp(stops: &[[f64; 3]], amount: f64) -> Colour {
    let at = amount.clamp(0.0, 1.0) * (stops.len() - 1) as f64;
    let first = (at as usize).min(stops.len() - 2);
    let (from, to, along) = (stops[first], stops[first + 1], at - first as f64);
    let mix = |i: usize| (from[i] + along * (to[i] - from[i])).round() as u8;
    Colour(mix(0), mix(1), mix(2))
}

/// How much of a band's colour is seen.
pub(super) const BAND: f64 = 0.13;
/// How much of a thin line's colour is seen.
pub(super) const PALE: f64 = 0.4;
/// Lengths of a dash and of the gap after it in pixels.
pub(super) const DASHES: (i32, i32) = (6, 4);

/// Width of most figures in pixels: that of a notebook's outputs.
pub(super) const WIDTH: i32 = 900;
/// Height of ordinary text in pixels.
pub(super) const TEXT: i32 = 15;
/// Height of the smallest text in pixels.
pub(super) const SMALL: i32 = 14;
/// Height of a figure's title in pixels.
pub(super) const TITLE: i32 = 18;
/// Height of a line of the smallest text in pixels.
pub(super) const LINE_HEIGHT: i32 = 18;
/// Where a figure begins below its title, in pixels.
pub(super) const TOP: i32 = 42;
/// The font of all text.
pub(super) const FONT: &str = "sans-serif";

/// About how wide `text` is in pixels, in a usual sans-serif font of height `size`; rather too wide than too narrow.
pub(super) fn text_width(text: &str, size: i32) -> i32 {
    // Chinese and Japanese characters are as wide as they are high.
    let ems: f64 = text.chars().map(|c| if c >= '\u{2e80}' { 1.0 } else { 0.58 }).sum();
    (ems * f64::from(size)).ceil() as i32
}

/// The width of the longest of several texts, as [`text_width`].
pub(super) fn longest<'a>(texts: impl IntoIterator<Item = &'a String>, size: i32) -> i32 {
    texts.into_iter().map(|text| text_width(text, size)).max().unwrap_or(0)
}

/// `text`, or as much of its beginning as `width` pixels hold, with "…" at its end.
pub(super) fn shortened(text: &str, size: i32, width: i32) -> String {
    if text_width(text, size) <= width {
        return text.to_string();
    }
    let mut kept = String::new();
    for character in text.chars() {
        if text_width(&kept, size) + 2 * size > width {
            break;
        }
        kept.push(character);
    }
    kept.trim_end().to_string() + "…"
}
