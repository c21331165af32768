//! What a network looks at: feature maps, heat maps, their faithfulness, and what covering a region costs.

use super::canvas::refused;
use super::picture::stretched;
use super::{Colour, Estimate, Figure, ImageGrid, IntervalRows, Line, LineChart, Mark, Picture, Scale, Tile};
use crate::Result;
use crate::data::{Images, LabelledImages, Rectangle};
use crate::explain::{Activations, Covering, Curve, Faithfulness, HeatMap};
use crate::metrics::{Interval, Mean};

/// Chosen channels of a layer, each twice: above as an activation map, the lighter the stronger; below as a heat map, from
/// blue (cold) to red (hot) (the report's figure 8). [`Activations::strongest`] chooses some.
///
/// Each map is stretched from its smallest value to its largest, which are written under it; a map that is the same
/// everywhere is shown as its smallest. The pixels of small maps stay squares.
///
/// An error if no channel is chosen, or one that the layer does not have.
pub fn activation_maps(activations: &Activations, channels: &[usize]) -> Result<Figure> {
    /// Most channels in a row.
    const COLUMNS: usize = 8;
    /// Largest side of a map in pixels.
    const SIDE: i32 = 96;
    let (h, w) = (activations.height(), activations.width());
    let title = format!("What {} puts out", activations.layer());
    if channels.is_empty() {
        return Err(refused(&title, "no channel was chosen"));
    }
    let note = format!(
        "{} of {} channels, {h} x {w} values each: activation map (lighter is stronger) over heat map (blue to red)",
        channels.len(),
        activations.channels()
    );
    // Enlarged by a whole number where there is room, so that pixels stay sharp.
    let longer = h.max(w) as i32;
    let side = Some((SIDE / longer).max(1) * longer).map(|side| side.min(SIDE));
    let mut grid = ImageGrid { note, side, columns: Some(COLUMNS), ..ImageGrid::new(&title) };
    for row in channels.chunks(COLUMNS) {
        let (mut light, mut hot) = (Vec::new(), Vec::new());
        for &channel in row {
            let values = activations.channel(channel)?;
            let (low, high) = values.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(l, u), &v| (l.min(v), u.max(v)));
            let amounts: Vec<f64> = stretched(&values).iter().map(|v| f64::from(v.unwrap_or(0.0))).collect();
            let levels: Vec<u8> = amounts.iter().map(|v| (255.0 * v).round() as u8).collect();
            light.push(Tile::picture(Picture::grey(w, h, &levels)?).above(&format!("channel {channel}")));
            hot.push(Tile::picture(Picture::heat(w, h, &amounts)?).below(&format!("{low:.2} to {high:.2}")));
        }
        grid.rows.extend([(String::new(), light), (String::new(), hot)]);
    }
    grid.draw()
}

/// The one `image` (`1, H, W, C`) as it is, and beside it each of its heat maps over it, from blue (cold) to red (hot): the
/// report's figures 8, 23 and 24. Each map is captioned with its method, its class and how probable the class is to the
/// network. `classes` are the names of the classes; where there are none their numbers are shown.
///
/// The image is shown in grey, from its smallest value as black to its largest as white, so that it does not matter how
/// its pixels were scaled.
///
/// An error if there is no map, one of another size, or a class without a name.
pub fn heat_maps(image: &Images, maps: &[HeatMap], classes: &[String]) -> Result<Figure> {
    const TITLE: &str = "Where the evidence is";
    /// How much of the colour is heat; the rest is the image.
    const OPACITY: f32 = 0.55;
    let (n, h, w, _) = image.shape();
    if n != 1 || maps.is_empty() {
        let why = format!("there are {n} images and {} maps: it shows one image and its maps", maps.len());
        return Err(refused(TITLE, why));
    }
    if let Some(map) = maps.iter().find(|map| (map.height(), map.width()) != (h, w)) {
        let why = format!("the {} map is {} x {}, the image {h} x {w}", map.method(), map.height(), map.width());
        return Err(refused(TITLE, why));
    }
    if let Some(map) = maps.iter().find(|map| !classes.is_empty() && map.class() >= classes.len()) {
        let why = format!("there are {} names of classes, and none of class {}", classes.len(), map.class());
        return Err(refused(TITLE, why));
    }
    let shown = Picture::of_images(image)?.remove(0);
    let overlay = |map: &HeatMap| {
        let pixel = |(&grey, &heat): (&u8, &f32)| {
            let mixed = |hue: u8| (OPACITY * f32::from(hue) + (1.0 - OPACITY) * f32::from(grey)).round() as u8;
            Colour::heat(f64::from(heat)).rgb().map(mixed)
        };
        Picture::rgb(w, h, &shown.pixels().iter().zip(map.values()).flat_map(pixel).collect::<Vec<_>>())
    };
    let mut tiles = vec![Tile::picture(shown.clone()).above("the image")];
    for map in maps {
        let class = classes.get(map.class()).cloned().unwrap_or_else(|| format!("class {}", map.class()));
        let tile = Tile::picture(overlay(map)?).above(map.method());
        let tile = tile.above(&format!("{class}, {:.1} %", 100.0 * map.probability()));
        tiles.push(if map.has_evidence() { tile } else { tile.above("no positive evidence") });
    }
    // Rows of equal length, of five at most.
    let columns = tiles.len().div_ceil(tiles.len().div_ceil(5)).max(4 * usize::from(tiles.len() < 4));
    let scale = Some(("no evidence".into(), "the most of this image".into()));
    ImageGrid { scale, ..ImageGrid::of(TITLE, columns, &tiles) }.draw()
}

/// The probability of the class while the hottest pixels are deleted (left: the faster it falls the better) or inserted
/// (right: the faster it rises the better), a line for each map, and dashed that of random maps.
///
/// An error if there is no map, or more than one class.
pub fn faithfulness_curves(results: &[Faithfulness]) -> Result<Figure> {
    const TITLE: &str = "Deletion and insertion of the hottest pixels";
    let class = results.first().map(|result| result.class);
    if class.is_none() || results.iter().any(|result| Some(result.class) != class) {
        return Err(refused(TITLE, format!("{} results are not those of one class", results.len())));
    }
    let points = |curve: &Curve| -> Vec<(f64, f64)> {
        curve.fractions.iter().copied().zip(curve.probabilities.iter().copied()).collect()
    };
    let panel = |title: &str, done: &str, curves: fn(&Faithfulness) -> (&Curve, &Curve)| {
        let mut lines: Vec<Line> =
            results.iter().map(|result| Line::new(&result.method, &points(curves(result).0))).collect();
        for random in results.iter().map(|result| points(curves(result).1)) {
            let line = Line { dashed: true, ..Line::coloured("random maps (mean)", &random, Colour::GREY) };
            // Maps of one grid have the same random maps: each is drawn once.
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        let (title, x) = (format!("{title}: probability of the class"), format!("fraction of the pixels {done}"));
        LineChart { x: Scale::Percent, y: Scale::Percent, lines, height: 330, ..LineChart::new(&title, &x, "") }
    };
    let charts = [
        panel("Deletion", "deleted", |result| (&result.deletion, &result.random_deletion)),
        panel("Insertion", "inserted", |result| (&result.insertion, &result.random_insertion)),
    ];
    LineChart::grid(TITLE, 2, &charts)
}

/// By how much the probability of `class` falls when each region of its images is covered, with its 95 % interval, beside
/// the mean of the images of the class, on which the regions are framed and numbered.
///
/// An error if `images` are not those that were covered, or fewer than two are of the class.
pub fn covering(images: &LabelledImages, covering: &Covering, class: &str) -> Result<Figure> {
    let title = format!("Fall of the probability of \"{class}\", with the 95 % interval");
    let chosen = images.of_class(class)?.images;
    let (n, h, w, channels) = chosen.shape();
    if images.labels != covering.labels {
        return Err(refused(&title, "these are not the images that were covered"));
    }
    let mut rows = IntervalRows::new(&title, Scale::FromZero);
    rows.axis_name = "right of 0: the class is less probable where it is covered".into();
    rows.levels.push((Mark::Line, Colour::GREY, String::new(), 0.0));
    for (number, name) in covering.names.iter().enumerate() {
        let Mean { mean, low, high, .. } = covering.fall(Some(class), number)?;
        let interval = Some(Interval { low, high });
        let estimate = Estimate { interval, text: format!("{mean:.3}"), ..Estimate::new("", mean) };
        rows.rows.push((format!("{}  {name}", number + 1), vec![estimate]));
    }
    let mut mean = vec![0.0; h * w * channels];
    for image in chosen.values().chunks_exact(h * w * channels) {
        mean.iter_mut().zip(image).for_each(|(sum, v)| *sum += v / n as f32);
    }
    let mean = Picture::of_images(&Images::new((1, h, w, channels), mean)?)?.remove(0);
    let tile = Tile::picture(mean).below(&format!("mean of the {n} images of the class"));
    let framed = |tile: Tile, (number, &(top, left, height, width)): (usize, &(usize, usize, usize, usize))| {
        tile.frame(&Rectangle { top, left, height, width }, &(number + 1).to_string())
    };
    let tile = covering.regions.iter().enumerate().fold(tile, framed);
    let image = ImageGrid::of("The covered regions", 1, &[tile]).draw()?;
    Ok(Figure::beside(&[&image, &rows.draw()?]))
}
