//! What a network says of one image.

use super::canvas::Label;
use super::palette::{BLUE, LINE, SMALL, TEXT, longest};
use super::{Figure, WIDTH};
use crate::{Error, Result};
use plotters::style::Color;

/// A bar for each class, as long as it is probable; all of them together are 100 %. The line marks what a network has that
/// knows nothing: the same for each class.
///
/// An error if there is no class, or not one probability, from 0 to 1, for each.
pub fn probabilities(classes: &[String], probabilities: &[f32]) -> Result<Figure> {
    const TITLE: &str = "How probable each class is";
    const TOP: i32 = 44;
    const ROW: i32 = 30;
    if classes.is_empty()
        || classes.len() != probabilities.len()
        || probabilities.iter().any(|share| !(0.0..=1.0).contains(share))
    {
        let why = format!("{probabilities:?} are not the probabilities of {} classes", classes.len());
        return Err(Error::output(format!("figure {TITLE:?}"), why));
    }
    let bottom = TOP + ROW * classes.len() as i32;
    Figure::draw(TITLE, (WIDTH, (bottom + 34) as u32), |canvas| {
        let left = 24 + longest(classes, TEXT);
        let all = WIDTH as i32 - left - 90;
        let length = |share: f64| (f64::from(all) * share).round() as i32;
        let chance = left + length(1.0 / classes.len() as f64);
        for (i, (class, &share)) in classes.iter().zip(probabilities).enumerate() {
            let (middle, bar) = (TOP + ROW * i as i32 + ROW / 2, length(f64::from(share)));
            canvas.text(left - 8, middle, Label::new(TEXT).right(), class)?;
            canvas.filled((left, middle - 10), (all, 20), LINE)?;
            canvas.filled((left, middle - 10), (bar, 20), BLUE)?;
            canvas.text(left + all + 8, middle, Label::new(TEXT), &format!("{:.1} %", 100.0 * share))?;
        }
        canvas.line(&[(chance, TOP), (chance, bottom + 6)], plotters::style::BLACK.stroke_width(1))?;
        canvas.text(chance + 4, bottom + 16, Label::new(SMALL).grey(), "all the same")
    })
}
