//! What covering each region of the images costs.

use super::axis::Axis;
use super::canvas::Label;
use super::image_row::{grey, levels};
use super::palette::{BLUE, GREY, INK, LINE, SMALL, TEXT, VERMILLION};
use super::{Figure, Picture, WIDTH};
use crate::data::LabelledImages;
use crate::explain::Covering;
use crate::metrics::Mean;
use crate::{Error, Result};
use plotters::coord::ranged1d::Ranged;
use plotters::style::Color;

/// By how much the probability of `class` falls when each region of its images is covered, as bars with their 95 %
/// intervals; each bar is at the height of its region's middle, beside the mean of the images of the class.
///
/// An error if `images` are not those that were covered, or fewer than two are of the class.
pub fn covering(images: &LabelledImages, covering: &Covering, class: &str) -> Result<Figure> {
    const TOP: i32 = 66;
    const SIDE: i32 = 300;
    let title = format!("What each covered region costs \"{class}\"");
    let chosen = images.of_class(class)?.images;
    let (n, h, w, _) = chosen.shape();
    if images.labels != covering.labels {
        return Err(Error::output(format!("figure {title:?}"), "these are not the images that were covered"));
    }
    let falls: Vec<Mean> =
        (0..covering.regions.len()).map(|region| covering.fall(Some(class), region)).collect::<Result<_>>()?;
    let all = grey(&chosen);
    let mut mean = vec![0.0; h * w];
    all.chunks_exact(h * w).for_each(|image| mean.iter_mut().zip(image).for_each(|(sum, v)| *sum += v / n as f32));
    let picture = Picture::grey(w, h, &levels(&mean))?;
    let axis = around_zero(&falls);
    let (left, right) = (16 + SIDE + 150, WIDTH as i32 - 40);
    Figure::draw(&title, (WIDTH, (TOP + SIDE + 54) as u32), |canvas| {
        canvas.text(16, TOP - 16, Label::new(SMALL), &format!("mean of the {n} images of the class"))?;
        canvas.text(left, TOP - 16, Label::new(SMALL), "fall of its probability, with the 95 % interval")?;
        canvas.picture(&picture, (16, TOP), (SIDE, SIDE))?;
        let x = |value: f64| axis.map(&value, (left, right));
        for (value, text) in &axis.ticks {
            let colour = if *value == 0.0 { GREY } else { LINE };
            canvas.line(&[(x(*value), TOP), (x(*value), TOP + SIDE)], colour.stroke_width(1))?;
            canvas.text(x(*value), TOP + SIDE + 18, Label::new(SMALL).centred(), text)?;
        }
        let scale = f64::from(SIDE) / h as f64;
        for ((fall, &(top, _, height, _)), name) in falls.iter().zip(&covering.regions).zip(&covering.names) {
            let (from, rows) = (TOP + (top as f64 * scale).round() as i32, (height as f64 * scale).round() as i32);
            let (middle, thick) = (from + rows / 2, (rows - 6).clamp(4, 22));
            canvas.line(&[(16, from), (16 + SIDE, from)], VERMILLION.stroke_width(1))?;
            canvas.text(left - 10, middle, Label::new(TEXT).right(), name)?;
            let (zero, end) = (x(0.0), x(fall.mean));
            canvas.filled((zero.min(end), middle - thick / 2), ((end - zero).abs(), thick), BLUE)?;
            canvas.line(&[(x(fall.low), middle), (x(fall.high), middle)], INK.stroke_width(2))?;
        }
        canvas.text(
            left,
            TOP + SIDE + 40,
            Label::new(SMALL).grey(),
            "right of 0: the class is less probable where it is covered",
        )
    })
}

/// An axis of probabilities from the lowest to the highest interval, with 0 in it.
fn around_zero(falls: &[Mean]) -> Axis {
    const STEPS: [f64; 5] = [0.02, 0.05, 0.1, 0.2, 0.5];
    let low = falls.iter().fold(0.0_f64, |low, fall| low.min(fall.low));
    let high = falls.iter().fold(0.02_f64, |high, fall| high.max(fall.high));
    let step = STEPS.into_iter().find(|step| (high - low) / step <= 8.0).unwrap_or(1.0);
    let (first, last) = ((low / step).floor() as i32, (high / step).ceil() as i32);
    let ticks = (first..=last).map(|tick| f64::from(tick) * step).map(|value| (value, format!("{value:.2}")));
    Axis { from: f64::from(first) * step, to: f64::from(last) * step, ticks: ticks.collect() }
}
