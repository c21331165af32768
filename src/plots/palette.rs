//! Colours and sizes shared by all figures.

use plotters::style::RGBColor;

pub(super) const INK: RGBColor = RGBColor(34, 34, 34);
pub(super) const GREY: RGBColor = RGBColor(95, 95, 95);
pub(super) const LINE: RGBColor = RGBColor(222, 222, 222);
pub(super) const WHITE: RGBColor = RGBColor(255, 255, 255);

/// Of Okabe and Ito's colours those that are legible as lines on white.
pub(super) const BLUE: RGBColor = RGBColor(0, 114, 178);
pub(super) const VERMILLION: RGBColor = RGBColor(213, 94, 0);
const GREEN: RGBColor = RGBColor(0, 158, 115);
const PURPLE: RGBColor = RGBColor(204, 121, 167);
const ORANGE: RGBColor = RGBColor(230, 159, 0);
const SKY: RGBColor = RGBColor(86, 180, 233);

/// A colour for series `index`; they repeat after six.
pub(super) fn series(index: usize) -> RGBColor {
    [BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY][index % 6]
}

/// White for 0 to dark blue for 1: the lightness alone tells the amount.
pub(super) fn shade(share: f64) -> RGBColor {
    ramp(&[[255.0, 255.0, 255.0], [86.0, 155.0, 204.0], [8.0, 48.0, 107.0]], share)
}

/// Blue (cold) for 0 over pale yellow to red (hot) for 1: the diverging scale "RdYlBu" of C. Brewer, turned round, whose
/// ends colour-blind people can tell apart.
pub(super) fn heat(share: f64) -> RGBColor {
    let stops =
        [[49.0, 54.0, 149.0], [116.0, 173.0, 209.0], [255.0, 255.0, 191.0], [244.0, 109.0, 67.0], [165.0, 0.0, 38.0]];
    ramp(&stops, share)
}

/// The colour at `share` of the way along evenly spaced `stops`.
fn ramp(stops: &[[f64; 3]], share: f64) -> RGBColor {
    let at = share.clamp(0.0, 1.0) * (stops.len() - 1) as f64;
    let first = (at as usize).min(stops.len() - 2);
    let (from, to, along) = (stops[first], stops[first + 1], at - first as f64);
    let mix = |i: usize| (from[i] + along * (to[i] - from[i])).round() as u8;
    RGBColor(mix(0), mix(1), mix(2))
}

/// Black or white, whichever is legible on `background`.
pub(super) fn text_on(background: RGBColor) -> RGBColor {
    let RGBColor(r, g, b) = background;
    let luma = 0.299 * f64::from(r) + 0.587 * f64::from(g) + 0.114 * f64::from(b);
    if luma > 140.0 { INK } else { WHITE }
}

/// Height of ordinary text in pixels.
pub(super) const TEXT: i32 = 14;
/// Height of the smallest text in pixels.
pub(super) const SMALL: i32 = 13;
/// Height of a figure's title in pixels.
pub(super) const TITLE: i32 = 17;

/// About how wide `text` is in pixels, in a usual sans-serif font of height `size`; rather too wide than too narrow.
pub(super) fn text_width(text: &str, size: i32) -> i32 {
    // Chinese and Japanese characters are as wide as they are high.
    let ems: f64 = text.chars().map(|c| if c >= '\u{2e80}' { 1.0 } else { 0.58 }).sum();
    (ems * f64::from(size)).ceil() as i32
}

/// The width of the longest of several texts, as [`text_width`].
pub(super) fn longest(texts: &[String], size: i32) -> i32 {
    texts.iter().map(|text| text_width(text, size)).max().unwrap_or(0)
}
