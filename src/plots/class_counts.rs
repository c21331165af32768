//! How many photos each class has.

use super::canvas::Label;
use super::palette::{BLUE, TEXT, longest};
use super::{Figure, WIDTH};
use crate::{Error, Result};

/// A bar for each class, as long as it has photos, with their number and share.
///
/// An error if there is no class, or not one count for each.
pub fn class_counts(classes: &[String], counts: &[usize]) -> Result<Figure> {
    const TITLE: &str = "Photos per class";
    const TOP: i32 = 44;
    const ROW: i32 = 30;
    if classes.is_empty() || classes.len() != counts.len() {
        let why = format!("there are {} classes and {} counts", classes.len(), counts.len());
        return Err(Error::output(format!("figure {TITLE:?}"), why));
    }
    let (total, most) = (counts.iter().sum::<usize>().max(1), counts.iter().copied().max().unwrap_or(0).max(1));
    let height = TOP + ROW * classes.len() as i32 + 14;
    Figure::draw(TITLE, (WIDTH, height as u32), |canvas| {
        let left = 24 + longest(classes, TEXT);
        let longest_bar = (WIDTH as i32 - left - 140).max(100);
        for (i, (class, &count)) in classes.iter().zip(counts).enumerate() {
            let middle = TOP + ROW * i as i32 + ROW / 2;
            let bar = (f64::from(longest_bar) * count as f64 / most as f64).round() as i32;
            let share = 100.0 * count as f64 / total as f64;
            canvas.text(left - 8, middle, Label::new(TEXT).right(), class)?;
            canvas.filled((left, middle - 10), (bar, 20), BLUE)?;
            canvas.text(left + bar + 8, middle, Label::new(TEXT), &format!("{count} ({share:.1} %)"))?;
        }
        Ok(())
    })
}
