//! Heat maps over their image.

use super::canvas::Label;
use super::image_row::{grey, levels};
use super::palette::{LINE, SMALL, heat};
use super::sample_faces::fit;
use super::{Figure, Picture, WIDTH};
use crate::data::Images;
use crate::explain::HeatMap;
use crate::{Error, Result};
use plotters::style::RGBColor;

/// Title of the figure.
const TITLE: &str = "Where the evidence is";
/// How much of the colour is heat; the rest is the image.
const OPACITY: f32 = 0.55;
/// Most pictures in a row.
const COLUMNS: usize = 6;
const GAP: i32 = 14;
/// Height of the three lines above a picture.
const CAPTION: i32 = 56;

/// The one `image` (`1, H, W, C`) as it is, and under each of its heat maps, from blue (cold) to red (hot): the report's
/// figures 8, 23 and 24. Each map is captioned with its method, its class and how probable the class is to the network.
/// `classes` are the names of the classes; where there are none their numbers are shown.
///
/// The image is shown in grey, from its smallest value as black to its largest as white, so that it does not matter how
/// its pixels were scaled.
///
/// An error if there is no map, one of another size, or a class without a name.
pub fn heat_maps(image: &Images, maps: &[HeatMap], classes: &[String]) -> Result<Figure> {
    const TOP: i32 = 40;
    const LEGEND: i32 = 34;
    let (n, h, w, _) = image.shape();
    let refused = |why: String| Err(Error::output(format!("figure {TITLE:?}"), why));
    if n != 1 || maps.is_empty() {
        return refused(format!("there are {n} images and {} maps: it shows one image and its maps", maps.len()));
    }
    if let Some(map) = maps.iter().find(|map| (map.height(), map.width()) != (h, w)) {
        return refused(format!("the {} map is {} x {}, the image {h} x {w}", map.method(), map.height(), map.width()));
    }
    if let Some(map) = maps.iter().find(|map| !classes.is_empty() && map.class() >= classes.len()) {
        return refused(format!("there are {} names of classes, and none of class {}", classes.len(), map.class()));
    }
    let grey = grey(image);
    let mut tiles = vec![(vec!["the image".to_string()], Picture::grey(w, h, &levels(&grey))?)];
    for map in maps {
        let pixels: Vec<u8> = grey.iter().zip(map.values()).flat_map(|(&v, &share)| overlay(v, share)).collect();
        tiles.push((caption(map, classes), Picture::rgb(w, h, &pixels)?));
    }
    let columns = tiles.len().min(COLUMNS);
    let side = (WIDTH as i32 - GAP) / columns.max(4) as i32 - GAP;
    let (width, height) = fit(&tiles[0].1, side);
    let rows = tiles.len().div_ceil(columns) as i32;
    let bottom = TOP + rows * (CAPTION + height + GAP);
    Figure::draw(TITLE, (WIDTH, (bottom + LEGEND) as u32), |canvas| {
        for (index, (lines, picture)) in tiles.iter().enumerate() {
            let x = GAP + (index % columns) as i32 * (side + GAP);
            let y = TOP + (index / columns) as i32 * (CAPTION + height + GAP);
            // The lines stand on the picture: the first of a short caption is not far above it.
            let first = y + CAPTION - 16 * lines.len() as i32;
            for (line, text) in (0..).zip(lines) {
                let label =
                    if line == 0 { Label { bold: true, ..Label::new(SMALL) } } else { Label::new(SMALL).grey() };
                canvas.text(x, first + 16 * line, label, text)?;
            }
            canvas.outline((x - 1, y + CAPTION - 1), (width + 1, height + 1), LINE.into())?;
            canvas.picture(picture, (x, y + CAPTION), (width, height))?;
        }
        let scale: Vec<u8> = (0..=255).flat_map(|i| rgb(heat(f64::from(i) / 255.0))).collect();
        canvas.text(GAP, bottom + 12, Label::new(SMALL).grey(), "no evidence")?;
        canvas.picture(&Picture::rgb(256, 1, &scale)?, (GAP + 84, bottom + 6), (256, 12))?;
        canvas.text(GAP + 348, bottom + 12, Label::new(SMALL).grey(), "the most of this image")
    })
}

/// The lines above a map.
fn caption(map: &HeatMap, classes: &[String]) -> Vec<String> {
    let class = classes.get(map.class()).cloned().unwrap_or_else(|| format!("class {}", map.class()));
    let mut lines = vec![map.method().to_string(), format!("{class}, {:.1} %", 100.0 * map.probability())];
    if !map.has_evidence() {
        lines.push("no positive evidence".to_string());
    }
    lines
}

/// A grey pixel under the colour of its heat.
fn overlay(grey: f32, share: f32) -> [u8; 3] {
    rgb(heat(f64::from(share))).map(|hue| (OPACITY * f32::from(hue) + (1.0 - OPACITY) * 255.0 * grey).round() as u8)
}

/// Red, green and blue of a colour.
pub(super) fn rgb(RGBColor(red, green, blue): RGBColor) -> [u8; 3] {
    [red, green, blue]
}
