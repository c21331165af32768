//! The feature maps of a layer: activation maps and heat maps (the report's figure 8).

use super::canvas::Label;
use super::heat_maps::rgb;
use super::palette::{LINE, SMALL, heat};
use super::sample_faces::fit;
use super::{Figure, Picture, WIDTH};
use crate::explain::Activations;
use crate::{Error, Result};

/// Most channels in a row.
const COLUMNS: usize = 8;

/// Chosen channels of a layer, each twice: above as an activation map, the lighter the stronger; below as a heat map, from
/// blue (cold) to red (hot). [`Activations::strongest`] chooses some.
///
/// Each map is stretched from its smallest value to its largest, which are written under it; a map that is the same
/// everywhere is shown as its smallest. The pixels of small maps stay squares.
///
/// An error if no channel is chosen, or one that the layer does not have.
pub fn activation_maps(activations: &Activations, channels: &[usize]) -> Result<Figure> {
    const TOP: i32 = 62;
    const GAP: i32 = 12;
    const TEXT_ABOVE: i32 = 20;
    const TEXT_BELOW: i32 = 24;
    let (h, w) = (activations.height(), activations.width());
    let title = format!("What {} puts out", activations.layer());
    if channels.is_empty() {
        return Err(Error::output(format!("figure {title:?}"), "no channel was chosen"));
    }
    let most = (WIDTH as i32 - GAP) / COLUMNS as i32 - GAP;
    // Enlarged by a whole number where there is room, so that pixels stay sharp.
    let longer = h.max(w) as i32;
    let side = (most / longer).max(1) * longer;
    let mut tiles = Vec::new();
    for &channel in channels {
        let values = activations.channel(channel)?;
        let (low, high) = values.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(l, u), &v| (l.min(v), u.max(v)));
        let share = |v: f32| if high > low { f64::from((v - low) / (high - low)) } else { 0.0 };
        let light: Vec<u8> = values.iter().map(|&v| (255.0 * share(v)).round() as u8).collect();
        let hot: Vec<u8> = values.iter().flat_map(|&v| rgb(heat(share(v)))).collect();
        tiles.push((
            channel,
            [Picture::grey(w, h, &light)?, Picture::rgb(w, h, &hot)?],
            format!("{low:.2} to {high:.2}"),
        ));
    }
    let (width, height) = fit(&tiles[0].1[0], side.min(most));
    let rows = channels.len().div_ceil(COLUMNS) as i32;
    let row_height = TEXT_ABOVE + 2 * height + 4 + TEXT_BELOW;
    Figure::draw(&title, (WIDTH, (TOP + rows * row_height + 4) as u32), |canvas| {
        let about = format!(
            "{} of {} channels, {h} x {w} values each: activation map (lighter is stronger) over heat map (blue to red)",
            channels.len(),
            activations.channels()
        );
        canvas.text(16, 46, Label::new(SMALL).grey(), &about)?;
        for (index, (channel, pictures, range)) in tiles.iter().enumerate() {
            let x = GAP + (index % COLUMNS) as i32 * (most + GAP);
            let y = TOP + (index / COLUMNS) as i32 * row_height;
            canvas.text(x, y + 10, Label::new(SMALL), &format!("channel {channel}"))?;
            for (picture, y) in pictures.iter().zip([y + TEXT_ABOVE, y + TEXT_ABOVE + height + 4]) {
                canvas.outline((x - 1, y - 1), (width + 1, height + 1), LINE.into())?;
                canvas.picture(picture, (x, y), (width, height))?;
            }
            canvas.text(x, y + row_height - TEXT_BELOW + 8, Label::new(SMALL).grey(), range)?;
        }
        Ok(())
    })
}
