//! The paths of optimisers on a loss of two weights, seen from above.

use super::canvas::{Label, Stroke, refused};
use super::marks::{Key, Mark};
use super::palette::{Colour, SMALL, TOP, WIDTH};
use super::{Figure, Picture};
use crate::{Error, Result};

/// Title of the figure.
const TITLE: &str = "Paths of optimisers on a loss of two weights";

/// Steps of shading between the lowest and the highest loss shown.
const BANDS: f64 = 12.0;

/// The loss of two weights as a map, darker where it is higher, and on it the path of each optimiser: a dot for each step.
///
/// The map reaches from `-reach.0` to `reach.0` to the right and from `-reach.1` to `reach.1` upwards; a path that leaves it
/// ends there. Its bands are equally wide in the logarithm of the loss, since near the lowest point losses differ by little.
/// `names[i]` is that of `paths[i]`, whose points are the weights before the first step and after each.
///
/// # Errors
/// [`Error::Output`] where there is no path, one without a point, or not a name for each; for a reach that is not above 0.
///
/// ```
/// use manga_expressions::show::plots::loss_surface;
///
/// let valley = |a: f64, b: f64| 0.5 * (a * a + 20.0 * b * b);
/// let path = vec![(-4.0, 1.0), (-3.0, -0.5), (-2.0, 0.2)];
/// let figure = loss_surface(valley, (5.0, 2.0), &["SGD".into()], &[path])?;
/// assert!(figure.svg().contains("SGD"));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn loss_surface(
    loss: fn(f64, f64) -> f64,
    reach: (f64, f64),
    names: &[String],
    paths: &[Vec<(f64, f64)>],
) -> Result<Figure> {
    const LEFT: i32 = 70;
    const MAP: (i32, i32) = (WIDTH - LEFT - 24, 380);
    if paths.is_empty() || paths.len() != names.len() || paths.iter().any(Vec::is_empty) {
        let (names, paths) = (names.len(), paths.len());
        return Err(error(&format!("there are {names} names for {paths} paths, each of which needs a point")));
    }
    if !(reach.0 > 0.0 && reach.1 > 0.0 && reach.0.is_finite() && reach.1.is_finite()) {
        return Err(error(&format!("the map reaches to {reach:?}; both must be above 0")));
    }
    let mut key = Key::default();
    names.iter().enumerate().for_each(|(i, name)| key.add(Mark::Line, Colour::series(i), name));
    let top = TOP + key.height(WIDTH - 36);
    let place = |(a, b): (f64, f64)| {
        let along = |value: f64, reach: f64| (value / reach + 1.0) / 2.0;
        let x = along(a, reach.0) * f64::from(MAP.0);
        let y = (1.0 - along(b, reach.1)) * f64::from(MAP.1);
        (LEFT + x.round() as i32, top + y.round() as i32)
    };
    Figure::draw(TITLE, (WIDTH, top + MAP.1 + 60), |canvas| {
        key.draw(canvas, (18, TOP), WIDTH - 36)?;
        canvas.picture(&map(loss, reach, (MAP.0 as usize / 2, MAP.1 as usize / 2))?, (LEFT, top), MAP)?;
        canvas.outline((LEFT, top), MAP, Stroke::new(Colour::INK, 1))?;
        for tick in [-1.0, -0.5, 0.0, 0.5, 1.0] {
            let text = |reach: f64| format!("{}", tick * reach);
            let (x, _) = place((tick * reach.0, 0.0));
            let (_, y) = place((0.0, tick * reach.1));
            canvas.text((x, top + MAP.1 + 14), Label::new(SMALL).centred(), &text(reach.0))?;
            canvas.text((LEFT - 8, y), Label::new(SMALL).right(), &text(reach.1))?;
        }
        canvas.text((LEFT + MAP.0 / 2, top + MAP.1 + 38), Label::new(SMALL).centred(), "first weight")?;
        let upwards = Label { upwards: true, ..Label::new(SMALL).centred() };
        canvas.text((18, top + MAP.1 / 2), upwards, "second weight")?;
        for (i, path) in paths.iter().enumerate() {
            let points: Vec<(i32, i32)> = within(path, reach).into_iter().map(place).collect();
            canvas.line(&points, Stroke::new(Colour::WHITE, 4))?;
            canvas.line(&points, Stroke::new(Colour::series(i), 2))?;
            for &point in &points {
                canvas.dot(point, 3, Colour::series(i))?;
            }
        }
        let start = place(paths[0][0]);
        canvas.ring(start, 7, Stroke::new(Colour::INK, 2))
    })
}

/// The points of a path up to where it leaves the map; there it ends on the border.
fn within(path: &[(f64, f64)], reach: (f64, f64)) -> Vec<(f64, f64)> {
    let inside = |&(a, b): &(f64, f64)| a.abs() <= reach.0 && b.abs() <= reach.1;
    let count = path.iter().take_while(|point| inside(point)).count();
    let mut points = path[..count].to_vec();
    if let (Some(&(a, b)), Some(&(c, d))) = (points.last(), path.get(count))
        && c.is_finite()
        && d.is_finite()
    {
        // The fraction of this step at which one of the two weights comes to the border.
        let part = |from: f64, to: f64, reach: f64| match to.abs() > reach {
            true => (reach * to.signum() - from) / (to - from),
            false => 1.0,
        };
        let part = part(a, c, reach.0).min(part(b, d, reach.1));
        points.push((a + part * (c - a), b + part * (d - b)));
    }
    points
}

/// The map as a picture.
fn map(loss: fn(f64, f64) -> f64, reach: (f64, f64), (width, height): (usize, usize)) -> Result<Picture> {
    let at = |place: usize, count: usize| (2.0 * place as f64 + 1.0) / count as f64 - 1.0;
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (at(x, width), -at(y, height))));
    let losses: Vec<f64> = places.map(|(a, b)| loss(a * reach.0, b * reach.1)).collect();
    let lowest = losses.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = losses.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // A hundredth of the range more than the lowest counts as low.
    let depth = |loss: f64| ((loss - lowest) / (highest - lowest).max(f64::MIN_POSITIVE) + 0.01).ln();
    let (from, to) = (depth(lowest), depth(highest));
    let colour = |loss: f64| {
        let amount = (depth(loss) - from) / (to - from);
        Colour::shade(0.6 * (amount * BANDS).floor() / BANDS).rgb()
    };
    Picture::rgb(width, height, &losses.into_iter().flat_map(colour).collect::<Vec<u8>>())
}

fn error(why: &str) -> Error {
    refused(TITLE, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_leaves_the_map_ends_on_its_border() {
        let path = [(0.0, 0.0), (1.0, 1.0), (4.0, 2.0), (0.0, 0.0)];
        assert_eq!(within(&path, (2.5, 5.0)), [(0.0, 0.0), (1.0, 1.0), (2.5, 1.5)]);
        assert_eq!(within(&path, (5.0, 5.0)), path);
        assert_eq!(within(&[(0.0, 0.0), (f64::NAN, 0.0)], (1.0, 1.0)), [(0.0, 0.0)]);
        assert!(within(&[(9.0, 0.0)], (1.0, 1.0)).is_empty());
    }
}
